"""What a municipality decides about assessments: which placements, and when somebody is told that one is missing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define
from vocabulary.codes import PlacementForm


def _days(key: str, label, help_text, default: int) -> Definition:
    return define(
        Definition(
            key=key,
            label=label,
            help_text=help_text,
            default=default,
            field=forms.IntegerField,
            field_options=(("min_value", 1), ("max_value", 90)),
        )
    )


FORMS = define(
    Definition(
        key="assessment_forms",
        label=_("Forms of placement that are assessed by themselves"),
        help_text=_(
            "When the supervisor is asked for the follow-up halfway or at the end of one of these, an assessment of "
            "competence is begun, and the follow-up's page offers it. Others are assessed when somebody begins it."
        ),
        default=[form.value for form in PlacementForm if form != PlacementForm.HOLIDAY_JOB],
        field=forms.MultipleChoiceField,
        field_options=(
            ("choices", PlacementForm.choices),
            ("required", False),
            ("widget", forms.CheckboxSelectMultiple),
        ),
    )
)

BEFORE_DAYS = _days(
    "assessment_before_days",
    _("Days before the end of a placement without a final assessment"),
    _("So long before the last day the placement stands in Min dag, until the final assessment is signed."),
    default=14,
)

SIGNATURE_DAYS = _days(
    "assessment_signature_days",
    _("Days that an assessment waits for the supervisor's signature"),
    _("After that it stands in Min dag."),
    default=7,
)

LINK_DAYS = _days(
    "assessment_link_days",
    _("Days that a supervisor's link to an assessment holds"),
    _("Counted from the day on which it is sent. Links that are sent already keep their day."),
    default=30,
)
