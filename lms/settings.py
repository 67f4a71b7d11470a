"""Settings of the Bina project; every choice of an installation comes from environment variables (table: docs/operations.md)."""

import os
import sys
from urllib.parse import parse_qsl, unquote, urlparse

from lms import environment as env

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()

# --- What kind of installation this is ------------------------------------------------------------------------------------------------
PRODUCTION = env.flag("BINA_PRODUCTION")
DEBUG = env.flag("BINA_DEBUG") and not PRODUCTION
BINA_DEMO = env.flag("BINA_DEMO") and not PRODUCTION
BINA_DEMO_PASSWORD = env.text("BINA_DEMO_PASSWORD")
BASE_URL = env.text("BINA_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.listing("BINA_ALLOWED_HOSTS") or (
    [urlparse(BASE_URL).hostname or ""] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)

# --- Secrets: given in production, otherwise made once and kept in the data directory -----------------------------------------------


def _secret(name: str, file_name: str, make) -> str:
    given = env.text(name)
    return given or ("" if PRODUCTION else env.kept_secret(DATA_DIR, file_name, make))


def _fernet_key() -> str:
    import base64

    return base64.urlsafe_b64encode(os.urandom(32)).decode()


SECRET_KEY = _secret("BINA_SECRET_KEY", "secret_key", lambda: env.secrets.token_urlsafe(64))
SECRET_KEY_FALLBACKS = env.listing("BINA_SECRET_KEY_FALLBACKS")
# Names in audit hashes and logs must stay comparable when the secret key is changed.
BINA_HASH_KEY = _secret("BINA_HASH_KEY", "hash_key", lambda: env.secrets.token_urlsafe(64))
BINA_NOTES_KEYS = [key for key in _secret("BINA_NOTES_KEYS", "notes_keys", _fernet_key).split(",") if key]

# --- What is in the house ---------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "lms.apps.LmsConfig",
    "improvement",
    "certificates",
    "courses",
    "assessments",
    "performance",
    "feedback",
    "people",
    "core",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "lms.apps.BinaStaticFilesConfig",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.ContentPolicyMiddleware",
    "core.middleware.CompressionMiddleware",
    "core.middleware.RequestGuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "people.middleware.AccountMiddleware",
    "core.middleware.LanguageMiddleware",
    "core.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RuleViolationMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database: truth lives here (architecture §5) -----------------------------------------------------------------------------------------


def _sqlite(name) -> dict:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Plain BEGIN failed 282 of 320 read-then-write transactions, IMMEDIATE none; NORMAL may lose the last commits at power loss.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _database(url: str) -> dict:
    if not url:
        return _sqlite(DATA_DIR / "bina.sqlite3")
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path))
    query = dict(parse_qsl(parts.query))
    limits = "-c lock_timeout=15000 -c idle_in_transaction_session_timeout=300000"
    if timeout := env.number("BINA_STATEMENT_TIMEOUT_MS", 0):
        limits += f" -c statement_timeout={timeout}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": query.pop("port", str(parts.port or "")),
        # A connection for every request costs eight times the processor time of a kept one.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": limits, "connect_timeout": 5, **query},
    }


DATABASES = {"default": _database(env.text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
env.number("BINA_STATEMENT_TIMEOUT_MS", 0)

# --- Cache and queue: helpers only, the site works without them ---------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL")
_DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache", "OPTIONS": {"MAX_ENTRIES": 50_000}}
CACHES = {
    # Sign-in limits count here: shared by all processes; falls back to the database when Redis is away, never to "allowed".
    "default": {"BACKEND": "core.caches.RedisOrDatabaseCache", "LOCATION": REDIS_URL} if REDIS_URL else _DATABASE_CACHE,
    "database": _DATABASE_CACHE,
    # Rendered fragments of one process.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "bina", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}
BINA_JOB_LEASE_SECONDS = env.number("BINA_JOB_LEASE_SECONDS", 45, least=2)
BINA_SWEEP_SECONDS = env.number("BINA_SWEEP_SECONDS", 20, least=1)
BINA_OUTBOX_WAKES = True
BINA_AUDIT_GUARD = True

# --- Accounts and sessions ----------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["people.backends.NameAndPasswordBackend"]
PASSWORD_HASHERS = ["core.hashers.Argon2Hasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]

ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "nip"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "people.forms.sign_in.SignInForm"}
ACCOUNT_EMAIL_NOTIFICATIONS = False  # security notices go through our outbox
# allauth counts sign-ins per address, which locks out an office: people.domain.sign_in counts per account and device instead.
# "login_failed" is left for the codes of the second step, per account.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "5/300s/key"}
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey signs in alone, so it must know its owner
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Bina"
# HR, evaluators, counsellors, auditors and administrators show a second factor at each sign-in; the demo does without.
BINA_REQUIRE_SECOND_STEP = not BINA_DEMO
BINA_REMEMBERED_SECONDS = 14 * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("nip", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

SESSION_ENGINE = "people.models.session"  # database sessions that know their account
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-bina" if PRODUCTION else "bina"
CSRF_COOKIE_NAME = "__Host-bina-csrf" if PRODUCTION else "bina-csrf"
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

# --- Headers ------------------------------------------------------------------------------------------------------------------------------
TRUSTED_PROXIES = env.number("BINA_TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _SELF,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "media-src": _SELF,
        "manifest-src": _SELF,
        "worker-src": _SELF,
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": _SELF,
        "frame-src": _SELF,
        "frame-ancestors": ["'none'"],
    }
}
# Wagtail's editor needs inline scripts (wagtail issue 1288); only its own path gets this looser policy.
EDITOR_PATH = "/kelola/"
EDITOR_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-ancestors": _SELF,
    "base-uri": _SELF,
}

# --- Language and time --------------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]  # ours; what Wagtail's own catalogue lacks
LANGUAGE_COOKIE_NAME = "bina-language"
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
BINA_REQUEST_MAX_BYTES = 60_000_000
BINA_IMPORT_MAX_ROWS = env.number("BINA_IMPORT_MAX_ROWS", 100_000, least=1)
BINA_BACKUP_DIR = env.text("BINA_BACKUP_DIR") or str(DATA_DIR / "backups")

S3_BUCKET = env.text("S3_BUCKET")
_S3 = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
    "region_name": env.text("S3_REGION") or None,
    "access_key": env.text("S3_ACCESS_KEY") or None,
    "secret_key": env.text("S3_SECRET_KEY") or None,
    "default_acl": "private",
    "querystring_auth": True,
    "file_overwrite": False,
}
_HAS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() or "collectstatic" in sys.argv
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _S3}
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _HAS_COLLECTED and not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _HAS_COLLECTED or DEBUG

# --- Mail ---------------------------------------------------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "Bina <bina@localhost>")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- Wagtail ------------------------------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Bina"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10_000_000
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "pdf", "pptx", "txt", "vtt", "webm", "xlsx"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Celery: wakes workers, holds nothing (stack §3) ---------------------------------------------------------------------------------------
QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # kombu looks for lost messages every interval x throttle seconds: 2 x 1 instead of its default 10 x 10.
    {"visibility_timeout": 600, "unacked_restore_interval": 2, "unacked_restore_throttle": 1, "socket_connect_timeout": 2, "socket_timeout": 5}
    if REDIS_URL
    else {"data_folder_in": str(QUEUE_DIR / "in"), "data_folder_out": str(QUEUE_DIR / "in"), "control_folder": str(QUEUE_DIR / "control")}
)
CELERY_TASK_DEFAULT_QUEUE = "bina"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "core.sweep", "schedule": BINA_SWEEP_SECONDS, "options": {"expires": max(BINA_SWEEP_SECONDS, 10)}},
    "seal": {"task": "core.seal_audit", "schedule": 10, "options": {"expires": 20}},
    "tick": {"task": "core.tick", "schedule": 60, "options": {"expires": 60}},
}

# --- Logs: one JSON object a line, without query strings and personal data ------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("BINA_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "celery": {"level": "WARNING"},
    },
}
