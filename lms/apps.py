from django.apps import AppConfig


class LmsConfig(AppConfig):
    """Wiring only: makes the Celery app known to every process, so that a commit anywhere can wake a worker."""

    name = "lms"

    def ready(self) -> None:
        from lms import celery  # noqa: F401
