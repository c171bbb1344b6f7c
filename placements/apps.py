from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacementsConfig(AppConfig):
    name = "placements"
    verbose_name = _("placements")

    def ready(self):
        from placements import endings, listing, mail, timeline

        timeline.join()
        mail.join()
        endings.join()
        listing.join()
