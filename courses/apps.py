from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from assessments.domain import context
        from core.domain import menu, seeding
        from courses import receivers, tasks  # noqa: F401  connects the signals, registers the jobs
        from courses.domain import hours, quiz_places, shelves

        seeding.register(50, hours.seed_targets)
        seeding.register(51, shelves.seed_shelves)
        context.register("enrolment", quiz_places.place_of, together=quiz_places.counted_with)
        reading = (
            "courses:catalogue",
            "courses:course",
            "courses:enrol",
            "courses:lesson",
            "courses:leave",
            "courses:quiz_start",
        )
        menu.register("learner", _("My courses"), "courses:mine", "book-open", order=20, short=_("Learning"), also=reading)
        menu.register(
            "trainer",
            _("My classes"),
            "courses:studio",
            "graduation-cap",
            order=10,
            short=_("Classes"),
            also=("courses:studio_", "courses:review"),
        )
