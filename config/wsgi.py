"""The web's entrance: gunicorn config.wsgi."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["JOBBSPAR_WEB_PROCESS"] = "true"  # before the settings are read: time limits for each query

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
