"""What a municipality decides about when placements are followed up, and how supervisors are reminded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define
from vocabulary.codes import PlacementForm


def _days(key: str, label, help_text, default: int, least: int, most: int) -> Definition:
    return define(
        Definition(
            key=key,
            label=label,
            help_text=help_text,
            default=default,
            field=forms.IntegerField,
            field_options=(("min_value", least), ("max_value", most)),
        )
    )


FORMS = define(
    Definition(
        key="followup_forms",
        label=_("Forms of placement that are followed up by themselves"),
        help_text=_("Follow-ups of these are planned when a placement is booked. Others are planned by hand."),
        default=[form.value for form in PlacementForm if form != PlacementForm.HOLIDAY_JOB],
        field=forms.MultipleChoiceField,
        field_options=(
            ("choices", PlacementForm.choices),
            ("required", False),
            ("widget", forms.CheckboxSelectMultiple),
        ),
    )
)

START_DAYS = _days(
    "followup_start_days",
    _("Days from the start to the three-party meeting"),
    _("So long after the first day of a placement its first follow-up is due."),
    default=7,
    least=0,
    most=60,
)

MONTHS = _days(
    "followup_months",
    _("Months from the start to the follow-up of the first month"),
    _("Of employments. 0: there is no such follow-up."),
    default=1,
    least=0,
    most=6,
)

FINAL_DAYS = _days(
    "followup_final_days",
    _("Days before the end on which the final follow-up is due"),
    _("Two to four weeks is usual. Of a short placement it is due when two thirds have passed, if that is later."),
    default=21,
    least=0,
    most=60,
)

APART_DAYS = _days(
    "followup_apart_days",
    _("Days between two follow-ups at least"),
    _(
        "The follow-ups after a month and halfway are left out when they would come sooner than this before or after "
        "another one."
    ),
    default=14,
    least=1,
    most=60,
)

TEXT_MESSAGES = define(
    Definition(
        key="followup_text_messages",
        label=_("Remind supervisors by text message too"),
        help_text=_(
            "Supervisors with a mobile number get each reminder as a text message beside the mail. The installation "
            "needs a gateway for text messages; without one nothing is sent."
        ),
        default=False,
        field=forms.BooleanField,
        field_options=(("required", False),),
    )
)
