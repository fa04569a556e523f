"""Django settings: read once from the environment and the data folder; no secret stands in code."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from zhiwei.config import database, env
from zhiwei.config.place import current

PLACE = current()
READ_MASTER_KEYS = PLACE.master_keys
BUILDING = not PLACE.has_key()
MASTER_KEYS = (bytes(32),) if BUILDING else PLACE.master_keys()
SECRET_KEY, *SECRET_KEY_FALLBACKS = [
    hmac.new(key, b"django-secret", hashlib.sha256).hexdigest() for key in MASTER_KEYS
]
DEBUG = env.flag("ZHIWEI_DEBUG")

HOST = env.text("ZHIWEI_HOST", "127.0.0.1")
PORT = env.whole("ZHIWEI_PORT", 8000, low=1, high=65535)
ORIGIN = env.text("ZHIWEI_ORIGIN", f"http://{HOST}:{PORT}").rstrip("/")
SECURE = ORIGIN.startswith("https://")
ALLOWED_HOSTS = [ORIGIN.split("://", 1)[-1].split(":")[0].split("/")[0], HOST, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

ROOMS = ["kernel", "curriculum", "assessment", "learning", "data", "ai"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    *(["zhiwei.ui"] if (Path(__file__).parents[1] / "ui" / "apps.py").exists() else []),
    *(f"zhiwei.{room}" for room in ROOMS if (Path(__file__).parents[1] / room / "apps.py").exists()),
]
MIDDLEWARE = [
    "zhiwei.kernel.web.middleware.security_headers",
    "zhiwei.assessment.web.saving.fast_lane",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhiwei.kernel.web.middleware.Acting",
]
ROOT_URLCONF = "zhiwei.config.urls"
WSGI_APPLICATION = "zhiwei.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "zhiwei.kernel.web.framing.frame",
            ],
            "builtins": ["django.templatetags.i18n", "zhiwei.ui.templatetags.zw"],
        },
    }
]

DATABASE_URL = env.text("ZHIWEI_DATABASE_URL", "postgresql:///zhiwei")
AS_OWNER = os.environ.get("ZHIWEI_AS_OWNER") == "1"
DATABASES = {"default": database.django_database(DATABASE_URL, as_owner=AS_OWNER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["zhiwei.kernel.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "kernel:sign_in"
SESSION_ENGINE = "zhiwei.kernel.sessions"
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 2 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "zhiwei.kernel.web.errors.csrf_failed"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = PLACE.root / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
WHITENOISE_AUTOREFRESH = DEBUG

SECOND_FACTOR = env.choice("ZHIWEI_SECOND_FACTOR", "privileged", env.FACTOR_RULES)
IDENTITY_HOSTS = frozenset(env.text("ZHIWEI_IDENTITY_HOSTS", "").lower().replace(",", " ").split())

FILES_ROOT = PLACE.files
LOGS_ROOT = PLACE.logs
OBJECT_STORE = env.object_store()
FILE_CEILING_BYTES = 200 * 1024 * 1024

AI_PRIVATE_NETWORKS = env.text("ZHIWEI_AI_PRIVATE_NETWORKS", "")
SOURCE_HOSTS = frozenset(env.text("ZHIWEI_SOURCE_HOSTS", "").lower().replace(",", " ").split())
SOURCE_FOLDER = env.text("ZHIWEI_SOURCE_FOLDER", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "zhiwei": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
    },
}
