"""Settings of the processes in the arena: the real ones, plus the toy work."""

from lms.settings import *  # noqa: F403
from lms.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.toys.apps.ToysConfig"]
BINA_AUDIT_GUARD = False
