"""Everything assembled. What differs between machines comes from the environment; nothing here names one.

``TONGBAN_DATA``  folder of database, keys and messages (default ./data)
``DATABASE_URL``  a PostgreSQL; empty: SQLite in the data folder
``TONGBAN_MODE``  "production" (default), "demo" (loopback only) or "test"
``TONGBAN_HOSTS`` names under which the site is reached, separated by commas
``TONGBAN_ADDRESS`` what links in messages and firms' codes begin with (default https:// and the first of those names)
``TONGBAN_QUIET_HOURS``, ``TONGBAN_SMS_…``, ``TONGBAN_MAIL…``, ``TONGBAN_WEBHOOK_NETWORKS``: see docs/serving.md
``TONGBAN_PROXIES`` how many proxies stand before it and add to X-Forwarded-For (default 1 in production, else 0)
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from tongban.config.folder import keep_private
from tongban.config.outgoing import mail, networks, quiet_hours
from tongban.core import database
from tongban.engines.programme.scan import folders

TONGBAN_DATA = Path(os.environ.get("TONGBAN_DATA", "data")).resolve()
TONGBAN_MODE = os.environ.get("TONGBAN_MODE", "production")
TONGBAN_COUNTY = os.environ.get("TONGBAN_COUNTY", "330482")
if TONGBAN_MODE not in ("production", "demo", "test"):  # a misspelt one must not mean the looser of two
    raise ImproperlyConfigured(f"TONGBAN_MODE is {TONGBAN_MODE!r}; it must be production, demo or test")
_PROXIES = os.environ.get("TONGBAN_PROXIES", "1" if TONGBAN_MODE == "production" else "0")
if _PROXIES not in tuple("0123456789"):
    raise ImproperlyConfigured(f"TONGBAN_PROXIES is {_PROXIES!r}; it must be how many proxies there are, 0 to 9")
TONGBAN_PROXIES = int(_PROXIES)
keep_private(TONGBAN_DATA)

DEBUG = False
TEST = TONGBAN_MODE == "test"
DEMO = TONGBAN_MODE == "demo"
SECRET_KEY_FILE = TONGBAN_DATA / "keys" / "session.key"


def _secret() -> str:
    """Django's own secret, made once for each county and kept with its keys."""
    SECRET_KEY_FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return SECRET_KEY_FILE.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(os.urandom(48).hex())
    return SECRET_KEY_FILE.read_text(encoding="ascii").strip()


SECRET_KEY = _secret()
ALLOWED_HOSTS = [h for h in os.environ.get("TONGBAN_HOSTS", "127.0.0.1,localhost").split(",") if h]
_NAMED = next((h for h in ALLOWED_HOSTS if h not in ("127.0.0.1", "localhost", "[::1]", "*")), "").lstrip(".")
TONGBAN_SHARED_ADDRESS = (
    os.environ.get("TONGBAN_ADDRESS") or (f"https://{_NAMED}" if _NAMED else "http://127.0.0.1:8000")
).rstrip("/")
if TEST:
    ALLOWED_HOSTS.append("testserver")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "tongban.core.ledger",
    "tongban.core.calendar",
    "tongban.core.registry",
    "tongban.core.access",
    "tongban.core.notices",
    "tongban.engines.cases",
    "tongban.engines.visits",
    "tongban.web",
    "tongban.config",
    *folders(),
]
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tongban.web.signin.backend.AccountBackend",
]
MIDDLEWARE = [
    "tongban.web.middleware.PlainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongban.web.middleware.ReaderMiddleware",
    "tongban.web.middleware.StepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongban.web.context.page",
            ],
            "builtins": [
                "tongban.web.templatetags.words",
                "tongban.web.templatetags.parts",
                "tongban.web.templatetags.clocks",
            ],
        },
    }
]

DATABASES = {"default": database.configuration(TONGBAN_DATA, os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # the county's: every "day" and "month" is its own

STATIC_URL = "/static/"
STATIC_ROOT = TONGBAN_DATA / "static"
_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if TEST else _STATIC},
}
WHITENOISE_USE_FINDERS = TEST

# Uploads are bounded before they are read: an import is at most 20 MiB on the wire; what it unpacks to is bounded too.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600  # Django's own would open each file to everybody on the machine
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
TONGBAN_UPLOAD_LIMIT = 20 * 1024 * 1024

_SECURE = TONGBAN_MODE == "production"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_NAME = "__Host-session" if _SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _SECURE else "csrf"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
SECURE_REFERRER_POLICY = "same-origin"  # tracking codes stand in addresses: they leave with no link
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

CSRF_FAILURE_VIEW = "tongban.web.lost.csrf_failure"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
if TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tongban.web.accounts.ClosedSignUp"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tongban"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # tries count by account on purpose, from whatever address (tests/web/signin)
AXES_LOCKOUT_CALLABLE = "tongban.web.accounts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying on must not keep the owner out
AXES_ENABLED = not TEST
AXES_SENSITIVE_PARAMETERS = ["username", "phone", "code"]
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "tongban.web.client.address"

TONGBAN_SCANNER = os.environ.get("TONGBAN_SCANNER", "")  # looks for viruses (core/files/scanning.py)
TONGBAN_FINDER = os.environ.get("TONGBAN_FINDER", "")  # suggests what to hide on pictures (core/files/blurring.py)
TONGBAN_MESSAGE_PORT = os.environ.get("TONGBAN_MESSAGE_PORT", "tongban.core.notices.ports.FilePort")
TONGBAN_SMS_URL = os.environ.get("TONGBAN_SMS_URL", "")
TONGBAN_SMS_SECRET = os.environ.get("TONGBAN_SMS_SECRET", "")
# The demo and the tests send at any hour: somebody who tries them at night would wait for the morning.
TONGBAN_QUIET_HOURS = quiet_hours(os.environ.get("TONGBAN_QUIET_HOURS", "21:00-08:00" if _SECURE else ""))
TONGBAN_WEBHOOK_NETWORKS = networks(os.environ.get("TONGBAN_WEBHOOK_NETWORKS", ""))
_MAIL_GOES = os.environ.get("TONGBAN_MAIL", "" if _SECURE else "files")
TONGBAN_SENDS_MAIL, _MAIL = bool(_MAIL_GOES), mail(_MAIL_GOES, TONGBAN_DATA)
EMAIL_BACKEND, EMAIL_FILE_PATH, EMAIL_HOST, EMAIL_PORT = _MAIL.backend, _MAIL.folder, _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.starttls, _MAIL.tls, 10
DEFAULT_FROM_EMAIL = os.environ.get("TONGBAN_MAIL_FROM", f"tongban@{_NAMED or 'localhost'}")

LOGGING_CONFIG = "tongban.config.logs.configure"  # secrets are masked in whatever any logger writes
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False}},
}
