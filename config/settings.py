"""All settings, in one file: the environment decides. .env.example documents every variable that is read here."""

import tomllib
from pathlib import Path

import environ
import pghistory
from celery.schedules import crontab

from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(environ.FileAwareEnv):
    """The environment; every variable may also be given as <NAME>_FILE: the path of a file that holds the value."""

    def get_value(self, *args, **kwargs):
        value = super().get_value(*args, **kwargs)
        return value.strip() if isinstance(value, str) else value  # a file's last line ends with a line break


env = Environment()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("JOBBSPAR_ENV", default="development")
if ENVIRONMENT not in {"development", "production"}:
    raise SystemExit(f"JOBBSPAR_ENV must be development or production, not {ENVIRONMENT!r}.")
PRODUCTION = ENVIRONMENT == "production"
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def required(name: str, meaning: str, development: str) -> str:
    """A variable that production cannot do without; development has a value of its own."""
    value = env.str(name, default="")
    if PRODUCTION and not value:
        raise SystemExit(f"{name} is not set: {meaning}. See .env.example.")
    return value or development


# --- The basics -------------------------------------------------------------------------------------------------

SECRET_KEY = required(
    "SECRET_KEY",
    "production needs a long random secret of its own",
    development="development-only-and-never-a-secret-because-it-is-in-the-repository",
)
# Former ones, while what they signed is about.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.list("SECRET_KEY_FALLBACKS", default=[]) if key.strip()]
ALLOWED_HOSTS = [
    host.strip()
    for host in required(
        "ALLOWED_HOSTS",
        "production needs the host names it answers to, separated by commas",
        development="localhost,127.0.0.1,[::1]",
    ).split(",")
]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("JOBBSPAR_PORT", default=8000)  # of manage.py run
# Where people reach the installation: links in mails and codes on papers are made where no request tells the host.
PUBLIC_ADDRESS = required(
    "JOBBSPAR_ADDRESS",
    "mails and documents link to the installation and need its address, as https://jobbspar.example.se",
    development=f"http://127.0.0.1:{PORT}",
).rstrip("/")
DEBUG = env.bool("DEBUG", default=False) and not PRODUCTION

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "vocabulary",
    "delivery",
    "participants",
    "placements",
    "competence",
    "tracks",
    "reporting",
    "exchange",
    "config",
]

MIDDLEWARE = [
    "config.middleware.MonitoringMiddleware",
    "config.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "config.middleware.QueryMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sign_in.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.HistoryMiddleware",
    "participants.merging.moved.MovedFileMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "config.navigation.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- The database: two roles ------------------------------------------------------------------------------------

database_url = required(
    "DATABASE_URL",
    "production needs its own PostgreSQL, as postgres://application-role:password@host/database",
    development="",
)
EMBEDDED_POSTGRES = not database_url
if EMBEDDED_POSTGRES:
    DATABASES = {"default": {"NAME": embedded.DATABASE, "USER": embedded.APPLICATION}}
    DATABASE_OWNER = {"USER": embedded.OWNER}
else:
    DATABASES = {"default": env.db("DATABASE_URL")}
    # Only migrations need the owner of the schema: leave it out where the web and the workers run.
    DATABASE_OWNER = env.db("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", default="") else None
DATABASES["default"] |= {
    "ENGINE": "config.postgres",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
# Behind a pool that gives each transaction another connection (PgBouncer), nothing may outlive a transaction.
POOLED = env.bool("DATABASE_POOLED", default=False)
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = POOLED
# A migration that waits for a lock makes all who come after it wait as well: it gives up soon, and tries again.
MIGRATE_LOCK_SECONDS = env.float("MIGRATE_LOCK_SECONDS", default=5.0)
# A page that takes longer has gone wrong; commands and tasks may take their time. Helpers for one query cost a page
# 5 ms before they begin: only a report is long enough. Part of the connection's first message, so it costs no query;
# wsgi.py says that this process serves the web.
WEB_PROCESS = env.bool("JOBBSPAR_WEB_PROCESS", default=False)
if WEB_PROCESS and not POOLED:  # a pool takes no such options: it sets them itself (docs/operations.md)
    given = DATABASES["default"].setdefault("OPTIONS", {})  # sslmode and the like, from the address
    web = "-c statement_timeout=15s -c lock_timeout=5s -c parallel_setup_cost=20000"
    given["options"] = f"{given.get('options', '')} {web}".strip()

# The history keeps its context (who, from where) in each row: no shared row to update, so the
# application role can be denied UPDATE on the history, and it outlives the account.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
# A row's own history is looked up; nobody asks the history by its other keys, and each index would slow a load.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)

# --- Background tasks -------------------------------------------------------------------------------------------

redis_url = required(
    "REDIS_URL",
    "production needs a Redis or Valkey server for the background tasks, as redis://host:6379/0",
    development="",
)
EMBEDDED_VALKEY = not redis_url
CELERY_BROKER_URL = embedded.valkey.url() if EMBEDDED_VALKEY else redis_url
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True  # the job rows are the truth
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_TASK_SOFT_TIME_LIMIT = 20 * 60  # seconds
CELERY_TASK_TIME_LIMIT = 25 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SYNC_EVERY = 1  # its file is written with each task it sends: a sign of life (config/alive.py)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 30 * 60,  # above the hard limit: a running task is never handed out twice
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
}
# A request must not wait for a broker that is down: it stores its job row, and beat sends it again later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TIMEZONE = "Europe/Stockholm"
if not PRODUCTION:  # there beat keeps its file in the folder it is started in, or where --schedule says
    CELERY_BEAT_SCHEDULE_FILENAME = str(embedded.home() / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "requeue stale jobs": {
        "task": "delivery.requeue_stale_jobs",
        "schedule": env.float("JOB_REQUEUE_EVERY_SECONDS", default=30.0),
    },
    "send due mails": {
        "task": "delivery.send_due_mails",
        "schedule": env.float("MAIL_SEND_EVERY_SECONDS", default=30.0),
    },
    # Every quarter of an hour in the morning: the municipality decides from when the mails go (`digest_time`).
    "send daily digests": {
        "task": "participants.send_daily_digests",
        "schedule": crontab(minute="*/15", hour="5-12", day_of_week="mon-fri"),
    },
    # At night, before anybody is reminded.
    "set follow-ups": {"task": "placements.set_followups", "schedule": crontab(hour=4, minute=40)},
    "note who can move on": {"task": "tracks.members_ready", "schedule": crontab(hour=4, minute=50)},
    # Working hours only, and often: what was broken off goes on with the next run.
    "remind supervisors": {
        "task": "placements.remind_supervisors",
        "schedule": crontab(minute="*/15", hour="8-15", day_of_week="mon-fri"),
    },
    "clean job files": {"task": "delivery.clean_job_files", "schedule": crontab(minute=15)},
}
# The drills make these short; in a municipality they need no change.
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", default=2.0)
JOB_STALE_SECONDS = env.float("JOB_STALE_SECONDS", default=20.0)  # silent so long: the worker is taken for dead
JOB_RESEND_SECONDS = env.float("JOB_RESEND_SECONDS", default=60.0)  # waited so long: the message may be lost
JOB_RETRY_SECONDS = env.int("JOB_RETRY_SECONDS", default=10)  # pause before the next attempt, times the attempts
JOB_STUCK_SECONDS = 15 * 60  # then /healthz says so
JOB_INPUT_KEPT_HOURS = 24
REGISTER_UPLOAD_LIMIT = 100 * 1024 * 1024  # bytes of all files together; larger registers go by the command
JOB_OUTPUT_KEPT_DAYS = 7
SCHEDULED_RUN_KEPT_DAYS = 40  # longer than the rarest schedule's interval
SCHEDULED_RUN_GRACE_SECONDS = 5 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Language and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# --- Static files -----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")) if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION  # nothing has to be collected in development
WHITENOISE_AUTOREFRESH = DEBUG

# --- Signing in (allauth); its pages and adapter belong to accounts ----------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # sign-up itself is closed: administrators add users
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.forms.LoginForm",
    "reauthenticate": "accounts.sign_in.forms.ReauthenticateForm",
    "change_password": "accounts.sign_in.forms.ChangePasswordForm",
    "reset_password": "accounts.sign_in.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in.forms.ResetPasswordKeyForm",
}
# Django's own: allauth's would keep a second copy of the address, with which one could sign in after a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser: computers are shared
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail when the password or the second factor changes
# A whole municipality may sign in from one address at eight in the morning; the limit per account is the strict one.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
}
# Anybody may ask whether a certificate is valid; its code has 54 bits, so this only keeps robots from trying.
VERIFICATION_RATE = "60/m/ip"
# … and whether a file is the original: each is read and hashed.
VERIFICATION_FILE_RATE = "20/m/ip"
VERIFICATION_FILE_LIMIT = 2 * 1024 * 1024  # bytes; a certificate has some 100,000
# Anybody may offer a place; a whole municipality may do so from one address, a robot a thousand times.
OFFER_RATE = "20/h/ip"
MFA_ADAPTER = "accounts.sign_in.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.sign_in.forms.AuthenticateForm",
    "reauthenticate": "accounts.sign_in.forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.sign_in.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.sign_in.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Jobbspår"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Whether everybody must have a second factor: always in production unless it is turned off by name.
MFA_REQUIRED = env.bool("JOBBSPAR_REQUIRE_MFA", default=PRODUCTION)

# The demo offers a sign-in button for each role. Its people are invented; it never meets real ones.
DEMO = env.bool("JOBBSPAR_DEMO", default=False)
if DEMO and PRODUCTION:
    raise SystemExit("JOBBSPAR_DEMO lets anybody sign in with a button: production does not start with it.")

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]

# The rate limits count in the cache, which all web processes share in production.
CACHES = {
    "default": {
        "BACKEND": "config.cache.SharedCounts",
        "LOCATION": redis_url,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # seconds that a sign-in waits for it
    }
    if PRODUCTION
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- Mail -------------------------------------------------------------------------------------------------------

email_url = env.str("EMAIL_URL", default="")
vars().update(env.email_url_config(email_url or "smtp://localhost:25"))
if not PRODUCTION:
    DEMO_MAIL_FOLDER = embedded.home() / "mail"
if not PRODUCTION and not email_url:  # nothing leaves the machine; a page shows what would
    EMAIL_BACKEND = "delivery.mail.demo.EmailBackend"
elif EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "delivery.mail.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Jobbspår <jobbspar@localhost>")
EMAIL_TIMEOUT = 10  # seconds
# The class of the gateway for text messages (delivery.sms); without one none is sent.
SMS_BACKEND = env.str("SMS_BACKEND", default="")
if PRODUCTION and SMS_BACKEND.startswith("delivery.sms.console."):
    raise SystemExit("The console as gateway for text messages writes links that let people in: not in production.")
MAIL_GIVE_UP_HOURS = env.float("MAIL_GIVE_UP_HOURS", default=24.0)  # of a mail that nobody takes
# The drills make these short; in a municipality they need no change.
MAIL_RETRY_SECONDS = env.float("MAIL_RETRY_SECONDS", default=60.0)  # pause before the second attempt; then 5 times …
MAIL_STALE_SECONDS = env.float("MAIL_STALE_SECONDS", default=180.0)  # taken so long: the worker is taken for dead

# --- Documents --------------------------------------------------------------------------------------------------

# The key that seals certificates, and its certificate with those above it, as PEM; without it they are not sealed.
SEAL_KEY = env.str("SEAL_KEY", default="")
SEAL_KEY_PASSWORD = env.str("SEAL_KEY_PASSWORD", default="")
SEAL_CERTIFICATE = env.str("SEAL_CERTIFICATE", default="")
SEAL_DEMO_FOLDER = None if PRODUCTION else embedded.home() / "seal"  # a try-out's own, made with its municipality

# --- Security ---------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SESSION_COOKIE_HTTPONLY = True
# What a page says after saving may name a person: it waits in the database, never in a shared computer's browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = PRODUCTION
MONITORING_PATHS = ("healthz", "metrics")  # asked from inside: without TLS, by address and not by name
SECURE_REDIRECT_EXEMPT = [f"^{path}$" for path in MONITORING_PATHS]
# Who shows it may read /metrics; without one there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the limits count the user's address, not the proxy's

# No inline script or style anywhere: what a person types can never become code.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

# --- Logs: one line per event, no personal data (see config/logs.py) ----------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "config.logs.JsonFormatter"},
        "readable": {
            "()": "config.logs.ReadableFormatter",
            "fmt": "%(asctime)s %(levelname)-7s %(request_id)s %(name)s: %(message)s",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "readable",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        # The backend's own handlers would write the same line again.
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "weasyprint": {"level": "WARNING"},  # tells every step of every page
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
    },
}
