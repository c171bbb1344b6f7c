"""Django's PostgreSQL backend, which starts the embedded server when it is needed and knows the two roles."""

from django.conf import settings
from django.db.backends.postgresql import base

from config import embedded, roles


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        params = super().get_connection_params()
        if roles.acting_as_owner():
            names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
            params |= {names[key]: value for key, value in settings.DATABASE_OWNER.items() if key in names and value}
        if settings.EMBEDDED_POSTGRES:
            params["host"] = str(embedded.socket_dir())
        return params

    def get_new_connection(self, conn_params):
        if settings.EMBEDDED_POSTGRES:
            embedded.postgres.acquire()
        return super().get_new_connection(conn_params)
