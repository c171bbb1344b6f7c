from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"

    def ready(self):
        from accounts.providers import AdministrationEntry, administration_entries
        from delivery import checks  # noqa: F401  registers itself

        administration_entries.append(
            AdministrationEntry(
                label=_("Mail"),
                description=_("What has been sent, what waits, and what could not be sent."),
                url_name="delivery:mail_list",
            )
        )
