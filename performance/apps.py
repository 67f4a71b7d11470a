from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


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
        self._register_menu()

    def _register_menu(self) -> None:
        from core.domain import menu

        below = ("performance:standard", "performance:indicator", "performance:period", "performance:rule", "performance:predicates",
                 "performance:cell", "performance:standard_", "performance:indicators", "performance:indicator_", "performance:periods",
                 "performance:period_", "performance:rules", "performance:rule_")  # fmt: skip
        for area in ("hr", "auditor"):
            menu.register(area, _("Standards and rules"), "performance:standards", "sliders-horizontal", order=50, also=below)
        measuring = ("performance:measure", "performance:evaluation", "performance:evaluation_")
        menu.register(
            "evaluator", _("Measurements"), "performance:measuring", "scale", order=10, short=_("Measure"), also=measuring
        )
        menu.register("superior", _("Measurements"), "performance:measuring", "scale", order=50, also=measuring)
