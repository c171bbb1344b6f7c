"""What a municipality decides about participants: how they are looked up, how cases are numbered, and when something
has waited too long."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define
from participants.case_number_pattern import pattern_check

#: When a mail in the morning may be sent.
MORNING = ("05:30", "06:00", "06:30", "07:00", "07:30", "08:00", "08:30", "09:00")

SILENT_DAYS = define(
    Definition(
        key="silent_days",
        label=_("Days without contact before it is noticed"),
        help_text=_("An enrolled participant of whom nothing has been noted for longer than this is pointed out."),
        default=30,
        field=forms.IntegerField,
        field_options=(("min_value", 7), ("max_value", 365)),
    )
)

AFTERCARE_LINK_DAYS = define(
    Definition(
        key="aftercare_link_days",
        label=_("Days that a link of the aftercare holds"),
        help_text=_("By it somebody who has left says what they do now. Links that are sent keep their day."),
        default=21,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 90)),
    )
)

DIGEST_TIME = define(
    Definition(
        key="digest_time",
        label=_("When the daily digest is sent"),
        help_text=_("On weekdays, to those who have asked for it: how much waits in Min dag, without a name."),
        default="07:00",
        field=forms.ChoiceField,
        field_options=(("choices", [(each, each.replace(":", ".")) for each in MORNING]),),
    )
)

REFERRAL_DAYS = define(
    Definition(
        key="referral_days",
        label=_("Days within which a referral is to be decided"),
        help_text=_("A referral that has waited longer is late in Min dag."),
        default=14,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 180)),
    )
)

CASE_NUMBER_PATTERN = define(
    Definition(
        key="case_number_pattern",
        label=_("Pattern of case numbers"),
        help_text=_(
            "Such as AME {year}-{nnnn}, which gives AME 2026-0001. An enrolment for which no case number is written "
            "gets the next one, without gaps. Empty: the product gives none."
        ),
        default="",
        field_options=(("required", False), ("max_length", 40), ("validators", (pattern_check,))),
    )
)
