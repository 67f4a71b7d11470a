"""The settings of an installation without servers, made quick and silent for tests; nothing here touches a real data directory."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.gettempdir()) / f"bina-test-{os.getuid()}"
os.environ["BINA_DATA_DIR"] = str(_FOLDER)
os.environ.setdefault("BINA_SECRET_KEY", "tests-only-0123456789-0123456789-0123456789-0123456789")
os.environ.setdefault("BINA_HASH_KEY", "tests-only-hash-key")
os.environ.setdefault("BINA_NOTES_KEYS", "dGVzdHMtb25seS0wMTIzNDU2Nzg5MDEyMzQ1Njc4OTA=")
os.environ.pop("BINA_PRODUCTION", None)

from lms.settings import *  # noqa: E402, F403
from lms.settings import DATABASES, STORAGES  # noqa: E402

_FOLDER.mkdir(mode=0o700, exist_ok=True)
if not os.environ.get("DATABASE_URL"):
    # A file, kept between runs: making the tables costs 12 seconds of processor time.
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("BINA_TEST_DB") or str(_FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "core.hashers.Argon2Hasher"]
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in ("default", "database", "local")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
BINA_OUTBOX_WAKES = False  # jobs run when a test drains the outbox
BINA_AUDIT_GUARD = False  # the test case classes empty the tables; tests/core/test_audit.py puts the triggers in
SHOWS_STYLEGUIDE = True  # /gaya/, where the browser tests look at every component
BINA_REQUIRE_SECOND_STEP = False  # tests/people/test_second_step.py switches it on
