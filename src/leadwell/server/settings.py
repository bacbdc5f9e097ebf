"""Django's settings. What an administrator may change comes from the environment (`environment.py`)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from leadwell.server import environment

HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = environment.kept_secret("LEADWELL_SECRET_KEY", "secret.key")
ALLOWED_HOSTS = environment.listed("LEADWELL_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = environment.public_url()
PUBLIC_URL_IS_GIVEN = bool(environment.text("LEADWELL_URL"))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
_HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    # before allauth, so that our pages stand in the place of its own
    "leadwell.server.base",
    "leadwell.server.access",
    "leadwell.server.privacy",
    "leadwell.server.signin",
    "leadwell.server.alerts",
    "leadwell.server.administration",
    "leadwell.server.playbooks",
    "leadwell.server.teams",
    "leadwell.server.people",
    "leadwell.server.consent",
    "leadwell.server.leads",
    "leadwell.server.openings",
    "leadwell.server.intake",
    "leadwell.server.outreach",
    "leadwell.server.worklist",
    "leadwell.server.business",
    "leadwell.server.calls",
    "leadwell.server.outcomes",
    "leadwell.server.assigning",
    "leadwell.server.typed_in",
    "leadwell.server.reviewing",
    "leadwell.server.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]

MIDDLEWARE = [
    "leadwell.server.base.reached.AsReached",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "leadwell.server.base.errors.OneShape",
    "leadwell.server.base.errors.WithoutNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "leadwell.server.signin.middleware.LeftAlone",
    "leadwell.server.access.middleware.Members",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "leadwell.server.urls"
WSGI_APPLICATION = "leadwell.server.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leadwell.server.shell.shell",
            ],
        },
    }
]

DATABASES = environment.databases()
DATABASE_ROUTERS = ["leadwell.server.base.routers.InboxApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "leadwell.server.base.errors.forged"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, never by a visitor
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # computers at a front desk are shared
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_FORMS = {"change_password": "leadwell.server.access.forms.OwnPassword"}
ACCOUNT_ADAPTER = "leadwell.server.access.adapter.Adapter"
MFA_ADAPTER = "leadwell.server.signin.factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator vouches for addresses
MFA_TOTP_ISSUER = "Leadwell"
MFA_TOTP_TOLERANCE = 1  # one step, for slow typing and clocks that differ (RFC 6238, 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS
SOCIALACCOUNT_ADAPTER = "leadwell.server.signin.single_sign_on.Invited"
SOCIALACCOUNT_PROVIDERS = environment.single_sign_on()
# A form may lead to this site alone (`form-action`), also by way of a redirect, so the way out is a link.
SOCIALACCOUNT_LOGIN_ON_GET = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _HTTPS else "http"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False
AXES_USERNAME_CALLABLE = "leadwell.server.access.limits.counted_by"
AXES_CLIENT_IP_CALLABLE = "leadwell.server.access.limits.came_from"
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("LEADWELL_PROXIES", 0, least=0, most=5)
AXES_SENSITIVE_PARAMETERS = ["login", "password"]
AXES_LOCKOUT_TEMPLATE = "access/locked.html"
AXES_DISABLE_ACCESS_LOG = True  # the trail says who came in
SESSION_ENGINE = "leadwell.server.signin.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
IDLE_END = timedelta(minutes=environment.number("LEADWELL_IDLE_MINUTES", 15, least=3, most=60))
IDLE_WARN = IDLE_END - timedelta(minutes=2)
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = environment.home() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024
# What is uploaded never stands unsealed on a disk; a larger file is let go.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "leadwell.server.base.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own lines hold addresses and exception texts; `base.errors` says instead what is safe to say.
    "loggers": {
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "axes": {"level": "CRITICAL", "propagate": False},
        "fido2": {"level": "WARNING"},  # it says whose passkey was used
        "mail.log": {"level": "ERROR"},  # aiosmtpd's: below it stands each sender's address
    },
}
