"""What is typed about agreements and commitments, and which of it can be stored."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.forms import JournalText, day_field
from placements.kept_forms import KeptForm
from placements.models import Commitment, Employer, EmployerAgreement

WHOLE = {
    "invalid": _("Write a whole number."),
    "required": _("Write how many."),
    "max_value": _("That is more than %(limit_value)s. Check the number."),
}
MOST_PROMISED = 1_000


class AgreementForm(KeptForm):
    """What is agreed with an employer, from when to when."""

    terms = JournalText(label=_("What is agreed"), rows=4, max_length=2000, required=False)
    valid_from = day_field(_("Valid from"))
    valid_until = day_field(_("Valid until"), required=False, help_text=_("Empty: until further notice."))

    class Meta:
        model = EmployerAgreement
        fields = ("kind", "reference", "terms", "valid_from", "valid_until")
        labels = {"kind": _("What it is about")}
        help_texts = {"reference": _("The number by which it is found, such as AMN 2026-0412.")}
        error_messages = {"kind": {"required": _("Choose what the agreement is about.")}}

    def clean(self):
        data = super().clean()
        self.ends_after("valid_from", "valid_until", _("The last day is before the first."))
        return data


class CommitmentForm(KeptForm):
    """So many of something, by a day; and how many it came to."""

    promised = forms.IntegerField(
        label=_("How many are promised"),
        min_value=1,
        max_value=MOST_PROMISED,
        initial=1,
        error_messages=WHOLE | {"min_value": _("A commitment is of at least one.")},
    )
    fulfilled = forms.IntegerField(
        label=_("How many have come"),
        min_value=0,
        max_value=MOST_PROMISED,
        initial=0,
        error_messages=WHOLE | {"min_value": _("Write 0 or more.")},
    )
    due = day_field(pgettext_lazy("commitment", "By which day"))

    class Meta:
        model = Commitment
        fields = ("kind", "about", "agreement", "promised", "due", "fulfilled")
        labels = {
            "kind": _("What is promised"),
            "about": _("In more words"),
            "agreement": pgettext_lazy("commitment", "By which agreement"),
        }
        help_texts = {"about": _("Such as two places in the warehouse each term.")}
        error_messages = {"kind": {"required": _("Choose what is promised.")}}

    def __init__(self, *args, employer: Employer, **options):
        super().__init__(*args, **options)
        self.fields["agreement"].queryset = employer.agreements.all()
        self.fields["agreement"].empty_label = pgettext_lazy("commitment", "No agreement")
