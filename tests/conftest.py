"""The ground under every test: one language, a fast hasher, a kept test database, no queue, files in a temporary folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import translation

from tests import kept_database

pytest_plugins = ["tests.fixtures_cast"]

ROOT = Path(__file__).resolve().parent.parent
_blocker: list = []  # pytest-django's guard of the database, once there is one


def _migrations_stamp() -> str:
    """Changes whenever a migration does, so that a kept test database is made anew without anybody thinking of it."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def django_db_createdb(request, django_db_createdb):
    """Keep the SQLite test database between runs, unless it was made by other migrations."""
    name = settings.DATABASES["default"].get("TEST", {}).get("NAME")
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3" or not name:
        return django_db_createdb
    stamp, now = Path(f"{name}.stamp"), _migrations_stamp()
    is_current = Path(name).exists() and stamp.exists() and stamp.read_text() == now
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    return django_db_createdb or not is_current


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        kept_database.remember()
    _blocker[:] = [django_db_blocker]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """The rows of the migrations come back after a test that emptied the tables (see kept_database)."""
    result = yield
    if _blocker and kept_database.is_transactional(item):
        with _blocker[0].unblock():
            kept_database.put_back()
    return result


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path_factory):
    """Indonesian, files in a temporary folder, an empty cache; the queue stays silent: jobs run only when a test drains the outbox."""
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.BINA_BACKUP_DIR = folder, str(folder / "media"), str(folder / "backups")
    (folder / "media").mkdir()
    for name in settings.CACHES:
        caches[name].clear()
    with translation.override("id"):
        yield
