from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "improvement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.domain import seeding
        from improvement import receivers, tasks  # noqa: F401 (connects the signals, registers the jobs)
        from improvement.domain import navigation
        from improvement.domain.seeding import seed_remedy_rules

        navigation.register()
        seeding.register(70, seed_remedy_rules)
