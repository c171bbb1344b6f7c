from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompetenceConfig(AppConfig):
    name = "competence"
    verbose_name = _("competence")

    def ready(self):
        from competence import timeline

        timeline.join()
