from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CompetenceConfig(AppConfig):
    name = "competence"
    verbose_name = _("competence")

    def ready(self):
        from accounts.providers import AdministrationEntry, administration_entries
        from competence import day, hindrances, timeline
        from competence.assessing import day as assessing_day
        from competence.assessing import file as assessing
        from competence.assessing import links, mail, municipal  # noqa: F401  the settings join themselves
        from competence.batches.jobs import CERTIFICATE_ROUND, CERTIFICATE_ROUND_DRAW
        from competence.certifying.jobs import CERTIFICATE_RENDER
        from competence.credentials import file as credentials
        from delivery import kinds

        timeline.join()
        assessing.join()
        assessing_day.join()
        links.join()
        mail.join()
        credentials.join()
        day.join()
        hindrances.join()
        kinds.register(CERTIFICATE_RENDER)
        kinds.register(CERTIFICATE_ROUND)
        kinds.register(CERTIFICATE_ROUND_DRAW)
        administration_entries.append(
            AdministrationEntry(
                label=_("Competence catalogue"),
                description=_("The words in which assessments and certificates are written, version by version."),
                url_name="catalogue:list",
            )
        )
        post_migrate.connect(load_reference_data, sender=self)


def load_reference_data(**_kwargs):
    """After migrate, and after a flush, so that the catalogue is always there."""
    from competence.catalogue.loading import catalogues_load

    catalogues_load()
