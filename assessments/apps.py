from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import assessments.receivers  # noqa: F401 (connects the signals)
        import assessments.tasks  # noqa: F401 (registers the handlers)
        from core.domain import menu

        menu.register("trainer", _("Questions"), "assessments:questions", "circle-question-mark", order=30, short=_("Questions"),
                      also=("assessments:question", "assessments:question_", "assessments:paste", "assessments:import_file",
                            "assessments:export_file", "assessments:correct_key"))
        menu.register("trainer", _("Quizzes"), "assessments:quizzes", "list-checks", order=40, short=_("Quizzes"),
                      also=("assessments:quiz", "assessments:quiz_", "assessments:section_", "assessments:question_statistics"))
        menu.register("trainer", _("Grading"), "assessments:grading", "clipboard-check", order=45, short=_("Grading"), also=("assessments:grade",))
        menu.register("hr", _("Accommodations"), "assessments:accommodations", "hand-heart", order=65,
                      also=("assessments:accommodation", "assessments:accommodation_"))
