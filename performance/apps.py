from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.domain import seeding
        from people.domain import imports
        from performance import tasks  # noqa: F401 (registers the jobs)
        from performance.domain.seeding import seed
        from performance.importers.evaluations import EvaluationsImporter

        seeding.register(30, seed)
        imports.register(EvaluationsImporter())
