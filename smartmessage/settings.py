"""Settings. Every secret and address comes from the environment; the names are those of the README's table."""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from smartmessage.mail_services import mail_settings
from smartmessage.safety import is_signing_key, refuse_unsafe_start

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- what kind of run this is -------------------------------------------------------------------
DEMO = env.bool("DEMO", False)  # made-up secrets and plain http are allowed; `make demo` and the tests set it
DEBUG = env.bool("DEBUG", False)
DEMO_SECRET_KEY = "demo-secret-key-that-protects-nothing-and-must-never-leave-this-machine"
SECRET_KEY = env.str("SECRET_KEY", DEMO_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))

# --- addresses ----------------------------------------------------------------------------------
PORT = env.int("PORT", 8000)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
LIVE_URL = env.str("LIVE_URL", "").rstrip("/")  # empty: the proxy serves /live/ on the pages' own origin
HTTPS = PUBLIC_BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]

# --- Twilio -------------------------------------------------------------------------------------
DEMO_TWILIO_AUTH_TOKEN = "demo-auth-token"
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", "ACdec0de00000000000000000000000001")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", DEMO_TWILIO_AUTH_TOKEN)
TWILIO_FORMER_AUTH_TOKEN = env.str("TWILIO_FORMER_AUTH_TOKEN", "")  # accepted on webhooks while the token is rotated
TWILIO_API_BASE_URL = env.str("TWILIO_API_BASE_URL", "")  # empty: Twilio itself

# --- delivery -----------------------------------------------------------------------------------
CALL_DEADLINE = timedelta(seconds=env.float("CALL_DEADLINE_SECONDS", 20))  # a whole call to the provider
LEASE_SLACK = timedelta(seconds=env.float("LEASE_SLACK_SECONDS", 10))  # for writing the answer down
TRACE_AFTER = timedelta(seconds=env.float("TRACE_AFTER_SECONDS", 60))  # an unknown text is looked for from here on
TRACE_UNTIL = timedelta(seconds=env.float("TRACE_UNTIL_SECONDS", 300))  # and given up here
UNKNOWN_HOLDS_UP = timedelta(seconds=env.float("UNKNOWN_HOLDS_UP_SECONDS", 120))  # later texts wait for it
PROBE_AFTER = timedelta(seconds=env.float("PROBE_AFTER_SECONDS", 30))  # a paused account; then at growing pauses
ASK_AGAIN_AFTER = timedelta(seconds=env.float("ASK_AGAIN_AFTER_SECONDS", 5))  # a queued text that nobody claimed
SWEEP_EVERY = timedelta(seconds=env.float("SWEEP_EVERY_SECONDS", 1))
PLATFORM_NAME = env.str("PLATFORM_NAME", "SmartRecruiters")  # whom WhatsApp's invitation names first (W3)
INVITATIONS_PER_WEEK = env.int("INVITATIONS_PER_WEEK", 3)  # to one address in seven days (O16)

# --- Django -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "candidates",
    "inbox",
    "channels_sms",
    "channels_whatsapp",
    "channels_email",
    "twilio_gateway",
    "smartmessage.apps.SmartMessageConfig",
    "smartmessage.apps.PlatformAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "smartmessage.middleware.WebhooksFirst",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.CompanyTimeZoneMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.LastSeenMiddleware",
]
ROOT_URLCONF = "smartmessage.urls"
WSGI_APPLICATION = "smartmessage.wsgi.application"
APPEND_SLASH = False  # a redirect would turn Twilio's POST into a GET without its form
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
                "django.template.context_processors.i18n",
                "smartmessage.context.page",
            ],
            "builtins": ["smartmessage.page_tags"],
        },
    },
]

# --- PostgreSQL: the application's role owns no table; migrations run as the owner --------------
OWNER_COMMANDS = {"prepare_database", "generate_messages", "migrate", "makemigrations", "sqlmigrate"}
AS_OWNER = len(sys.argv) > 1 and sys.argv[0].endswith("manage.py") and sys.argv[1] in OWNER_COMMANDS
DATABASE_URL = env.str("DATABASE_URL", "postgres:///smartmessage")
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", DATABASE_URL)
DATABASES = {"default": env.db_url_config(DATABASE_OWNER_URL if AS_OWNER else DATABASE_URL)}
DATABASES["default"].update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")  # compiling takes longer than any of our statements
# Counts of failed sign-ins: kept where they don't vanish with Redis, so that the door neither jams nor opens.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: work and live signals; nothing that must not be lost ---------------------------------
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any absence of Redis
CELERY_WORKER_CONSUMER = "smartmessage.consumer:PatientConsumer"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A refused connection must not hold a request: the sweeper asks again.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,  # nor may one that is taken and never answered
    # What a worker took is not kept there for another one: the sweeper asks again, sooner, and an acknowledgement
    # through a connection that is gone would end the worker.
    "ack_emulation": False,
}

# --- accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {"login": "accounts.door_forms.SignInForm"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.tokens.LinkTokens"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3  # of an invitation's link, too
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.second_factor.CodeForm",
    "reauthenticate": "accounts.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # phones' clocks differ
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # so that a passkey alone is two factors
OPERATOR_NEEDS_SECOND_FACTOR = env.bool("OPERATOR_NEEDS_SECOND_FACTOR", not DEMO)
SOCIALACCOUNT_ADAPTER = "accounts.adapter.CompanyProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # the way to a provider is a link: a form may lead to our own pages only
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",  # a wrong password; a wrong code of the second factor
    "reset_password": "20/m/ip,3/15m/key",
    "company_sign_in": "20/m/ip",
    # Public forms: generous enough for a job fair behind one address. A key is a job or a community.
    "public_form": "30/10m/ip,1000/h/key",
    "public_post": "120/10m/ip",
}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_NAME = "smartmessage_session"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"

# --- security headers ---------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^livez$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", False):  # the proxy sets this header itself, and nothing else reaches us
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # so that failed sign-ins are counted by the visitor's address
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *([LIVE_URL] if LIVE_URL else [])],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- language, time, files, mail ----------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]  # of the product's own pages; a company's forms may speak others
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "smartmessage.static_files.HashedFiles"
        if not (DEMO or DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # these pages are the only ones that use them
MEDIA_ROOT = DATA_DIR / "files"  # CVs; never served by address, only by a view that asks who is asking
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
vars().update(mail_settings(env.str("EMAIL_URL", "filemail://")))  # without one, a local outbox
SENDING_DOMAIN = "smartmessage.example" if DEMO else urlsplit(PUBLIC_BASE_URL).hostname
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"SmartMessage <mail@{SENDING_DOMAIN}>")  # companies' mail, too
EMAIL_TIMEOUT = 15  # seconds; a mail server that hangs holds a worker's thread
# Where answers go: a domain whose mail a provider receives and posts to us. Empty: they go to the user's own mailbox.
EMAIL_INBOUND_DOMAIN = env.str("EMAIL_INBOUND_DOMAIN", "reply.smartmessage.example" if DEMO else "")
DEMO_EMAIL_WEBHOOK_SECRET = "demo-mail-signing-key"
EMAIL_WEBHOOK_SECRET = env.str("EMAIL_WEBHOOK_SECRET", DEMO_EMAIL_WEBHOOK_SECRET if DEMO else "")

# Signs the seals of the consent ledger: 32 bytes in hexadecimal digits. Not in the database, so that who can change
# what is there can't make it look right. When it is changed, its public key goes among the former ones.
DEMO_CONSENT_SIGNING_KEY = "de" * 32
CONSENT_SIGNING_KEY = env.str("CONSENT_SIGNING_KEY", DEMO_CONSENT_SIGNING_KEY)
CONSENT_FORMER_PUBLIC_KEYS = env.list("CONSENT_FORMER_PUBLIC_KEYS", default=[])

# --- logs carry ids, never bodies or numbers ----------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {"level": "INFO"}
        for name in (
            *("accounts", "candidates", "inbox"),
            *("channels_sms", "channels_whatsapp", "channels_email", "twilio_gateway", "smartmessage"),
        )
    },
}

refuse_unsafe_start(
    demo=DEMO,
    debug=DEBUG,
    has_own_secret=SECRET_KEY != DEMO_SECRET_KEY and len(SECRET_KEY) >= 50,
    has_own_signing_key=CONSENT_SIGNING_KEY != DEMO_CONSENT_SIGNING_KEY and is_signing_key(CONSENT_SIGNING_KEY),
    has_own_token=TWILIO_AUTH_TOKEN != DEMO_TWILIO_AUTH_TOKEN,
    takes_unsigned_mail=bool(EMAIL_INBOUND_DOMAIN) and EMAIL_WEBHOOK_SECRET in {"", DEMO_EMAIL_WEBHOOK_SECRET},
    public_base_url=PUBLIC_BASE_URL,
    allowed_hosts=ALLOWED_HOSTS,
)
