from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from people import tasks  # noqa: F401 (registers the jobs)
        from people.domain.areas import register_areas

        register_areas()
