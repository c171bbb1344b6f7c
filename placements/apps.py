from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacementsConfig(AppConfig):
    name = "placements"
    verbose_name = _("placements")

    def ready(self):
        from placements import day, endings, first_day, listing, mail, plan_reviews, timeline
        from placements.booking import file as booking
        from placements.following import municipal, planning  # noqa: F401  the settings join themselves
        from placements.groups import file as groups
        from placements.marking import file as marking
        from placements.monthly import day as monthly
        from placements.offers import day as offers
        from placements.supervisors import day as supervisors

        timeline.join()
        mail.join()
        endings.join()
        first_day.join()
        day.join()
        listing.join()
        plan_reviews.join()
        groups.join()
        marking.join()
        supervisors.join()
        offers.join()
        monthly.join()
        booking.join()
        planning.join()
