# One image for the web, the workers, the schedule and the commands; docker-compose.yml says which runs what.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/jobbspar
COPY requirements/runtime.lock requirements/
RUN python -m venv venv && venv/bin/pip install --require-hashes -r requirements/runtime.lock
COPY . app/
WORKDIR /opt/jobbspar/app
# The values stand for those of the installation; nothing of them stays in the image.
RUN ../venv/bin/python scripts/messages compile && \
    JOBBSPAR_ENV=production SECRET_KEY=build ALLOWED_HOSTS=build JOBBSPAR_ADDRESS=https://build \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build STATIC_ROOT=/opt/jobbspar/static \
    ../venv/bin/python manage.py collectstatic --noinput --verbosity 0 && \
    ../venv/bin/python -m compileall -q .

FROM python:3.11-slim-bookworm
RUN apt-get update && \
    apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --home-dir /tmp --shell /usr/sbin/nologin jobbspar && \
    install -d -o jobbspar -g jobbspar /var/lib/jobbspar /var/backups/jobbspar
COPY --from=build /opt/jobbspar/venv /opt/jobbspar/venv
COPY --from=build /opt/jobbspar/static /opt/jobbspar/static
COPY --from=build /opt/jobbspar/app /opt/jobbspar/app
ENV PATH=/opt/jobbspar/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    JOBBSPAR_ENV=production STATIC_ROOT=/opt/jobbspar/static
WORKDIR /opt/jobbspar/app
USER jobbspar
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "config.alive", "web"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
