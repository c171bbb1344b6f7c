"""The filter of the outbox."""

import django_filters
from django.utils.translation import gettext_lazy as _

from delivery.models import Mail
from delivery.states import MailState

UNSEEN = "unseen"


class MailFilter(django_filters.FilterSet):
    """By state; "unseen" is what nobody has taken note of yet."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(UNSEEN, _("To be looked at")), *MailState.choices],
        empty_label=_("All mails"),
        method="in_state",
    )

    class Meta:
        model = Mail
        fields = []

    def in_state(self, mails, _name, value):
        return mails.in_trouble() if value == UNSEEN else mails.filter(state=value)
