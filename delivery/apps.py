from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"

    def ready(self):
        from accounts.providers import AdministrationEntry, administration_entries
        from delivery import checks, municipal  # noqa: F401  register themselves

        administration_entries.append(
            AdministrationEntry(
                label=_("Mail"),
                description=_("What has been sent, what waits, and what could not be sent."),
                url_name="delivery:mail_list",
            )
        )
        administration_entries.append(
            AdministrationEntry(
                label=_("Mark on certificates"),
                description=_("The coat of arms or logotype at the top of every certificate."),
                url_name="delivery:mark",
            )
        )
