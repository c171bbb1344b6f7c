from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("exchange")

    def ready(self):
        from accounts.providers import AdministrationEntry, administration_entries
        from delivery import kinds
        from exchange import keys
        from exchange.jobs import REGISTER_CHECK, REGISTER_STORE

        kinds.register(REGISTER_CHECK)
        kinds.register(REGISTER_STORE)
        keys.join()
        administration_entries.append(
            AdministrationEntry(
                label=_("Load a register"),
                description=_("Take over participants, placements and follow-ups from another system."),
                url_name="exchange:register",
            )
        )
