from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.domain import seeding
        from performance import tasks  # noqa: F401 (handlers)
        from performance.domain.seeding import seed

        seeding.register(30, seed)
