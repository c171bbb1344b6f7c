from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = _("participants")

    def ready(self):
        from participants import coaching, journal, parts, providers, timeline

        timeline.join()
        providers.join_timeline(journal.timeline_entries)
        providers.join_parts(journal.PART)
        parts.join()
        coaching.join()
