"""Celery is the alarm clock, not the memory: messages carry a Job's id, the Job row in the database holds the work (architecture §5)."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

from django.conf import settings  # noqa: E402

app = Celery("bina")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks(["core"])

if not settings.REDIS_URL:
    for _folder in (settings.QUEUE_DIR, settings.QUEUE_DIR / "in", settings.QUEUE_DIR / "control"):
        # The folder broker does not make its folders; only this account may look into them.
        Path(_folder).mkdir(mode=0o700, parents=True, exist_ok=True)
if not settings.PRODUCTION:
    warnings.filterwarnings("ignore", message=r"(?s).*superuser privileges")  # a trial as root on a fresh machine is fine


@setup_logging.connect
def _keep_our_logging(**_kwargs: object) -> None:
    """Celery would put its own format over LOGGING."""
