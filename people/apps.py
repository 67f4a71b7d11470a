from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.domain import key_change, menu
        from people import receivers, tasks  # noqa: F401 (register signals and jobs)
        from people.domain import imports, my_data, second_factor
        from people.domain.areas import register_areas
        from people.importers.people import PeopleImporter

        register_areas()
        imports.register(PeopleImporter())
        key_change.register(second_factor.renew_secrets)
        my_data.register("people", _("Account, places, roles and notices"), my_data.own_part)
        my_data.register_words(my_data.OWN_WORDS)
        for area in ("hr", "admin"):
            menu.register(area, _("Data import"), "people:import_list", "file-up", order=60, short=_("Data"), also=("people:import_",))
            menu.register(area, _("Roles and access"), "people:roles", "key-round", order=80, also=("people:access", "people:access_"))
