"""Where attempts are counted (sign-in, the page that checks certificates), by all web processes together."""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("jobbspar.cache")
#: For so long a server that did not answer is not asked again: nobody waits for it at every step of a sign-in.
AWAY_SECONDS = 5


class SharedCounts(RedisCache):
    """What the limits ask for, of Valkey; while it is away, of this process's own memory. So people sign in all the
    same, and the limits still hold, if for each process by itself."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._own = LocMemCache("while Valkey is away", params)
        self._away_until = 0.0

    def _ask(self, name: str, *args, **options):
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), name)(*args, **options)
            except RedisError as error:
                logger.warning("attempts are counted by this process alone (%s)", type(error).__name__)
                self._away_until = time.monotonic() + AWAY_SECONDS
        return getattr(self._own, name)(*args, **options)

    def add(self, *args, **options):
        return self._ask("add", *args, **options)

    def get(self, *args, **options):
        return self._ask("get", *args, **options)

    def set(self, *args, **options):
        return self._ask("set", *args, **options)

    def delete(self, *args, **options):
        return self._ask("delete", *args, **options)
