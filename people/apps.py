from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from people import tasks  # noqa: F401 (registers the jobs)
        from people.domain import imports
        from people.domain.areas import register_areas
        from people.importers.people import PeopleImporter

        register_areas()
        imports.register(PeopleImporter())
