from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("reporting")

    def ready(self):
        import reporting.municipal  # noqa: F401 - joins the settings of the municipality
        from competence.listing.coverage import join_coverage
        from delivery import kinds
        from reporting.jobs import KINDS
        from reporting.missing.views import certificates_counted
        from reporting.tracks import links

        for kind in KINDS:
            kinds.register(kind)
        join_coverage(certificates_counted)
        links.join()
