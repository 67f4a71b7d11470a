from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class LmsConfig(AppConfig):
    """Wiring only: makes the Celery app known to every process, so that a commit anywhere can wake a worker, and says who operates."""

    name = "lms"

    def ready(self) -> None:
        from core.domain import menu, operators
        from lms import celery  # noqa: F401
        from people.enums import Role
        from people.models import scope_of

        operators.register(lambda user: scope_of(user).has(Role.ADMIN))
        menu.register("admin", _("Health"), "core:health", "activity", order=10, short=_("Health"), also=("core:job_decide",))


class BinaStaticFilesConfig(StaticFilesConfig):
    """``static/*/parts`` are the sources that ``build_assets`` joins; they are not served."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "parts"]
