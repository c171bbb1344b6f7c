"""What of the placements must be ended when the enrolment is closed: those that go on, and follow-ups to come."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.forms import day_field
from participants.models import Enrolment
from participants.providers import Ending, EndingChanged, join_endings
from placements.models import FollowUp, Placement
from placements.models.placement import EMPLOYMENTS
from placements.plan_reviews import kept_reviews
from placements.services.followups import FollowUpFiled, followup_withdraw
from placements.services.placements import PlacementChanged, SeatTaken, placement_cancel, placement_end
from vocabulary.codes import PlacementResult

END, GO_ON, WITHDRAW, KEEP, CANCEL = "end", "go_on", "withdraw", "keep", "cancel"


class PlacementEndForm(forms.Form):
    """When a placement ended and whether its purpose was met; an employment may go on as agreed."""

    act = forms.ChoiceField(
        label=gettext_lazy("What becomes of the employment?"),
        choices=[
            (GO_ON, gettext_lazy("It goes on as agreed")),
            (END, gettext_lazy("It ends")),
        ],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": gettext_lazy("Choose whether the employment goes on.")},
    )
    end = day_field(gettext_lazy("Last day of the placement"), required=False)
    result = forms.ChoiceField(
        label=gettext_lazy("Was the purpose met?"),
        choices=PlacementResult,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )
    use_required_attribute = False

    def __init__(self, *args, placement: Placement, last_day: dt.date, **options):
        super().__init__(*args, **options)
        self.placement, self.last_day = placement, last_day
        self.initial["end"] = max(min(day for day in (placement.end, last_day) if day), placement.start)
        self.initial["result"] = placement.result
        if placement.form not in EMPLOYMENTS:
            del self.fields["act"]
            self.fields["end"].required = True
            self.fields["end"].error_messages["required"] = _("Give the last day of the placement.")
            self.fields["result"].required = True
            self.fields["result"].error_messages["required"] = _("Choose whether the purpose was met.")

    @property
    def goes_on(self) -> bool:
        return self.cleaned_data.get("act") == GO_ON

    def clean(self):
        if self.errors or self.goes_on:
            return
        end = self.cleaned_data.get("end")
        if not end:
            self.add_error("end", _("Give the last day of the placement."))
        elif self.placement.start > self.last_day:
            error = _("The placement begins on %(day)s, after the last day of the enrolment. Check that day.")
            params = {"day": date_format(self.placement.start)}
            self.add_error("end", forms.ValidationError(error, params=params))
        elif end < self.placement.start:
            error = _("The placement began on %(day)s. Its last day cannot be before that.")
            params = {"day": date_format(self.placement.start)}
            self.add_error("end", forms.ValidationError(error, params=params))
        elif end > self.last_day:
            self.add_error("end", _("The placement cannot go on longer than the enrolment."))
        if not self.cleaned_data.get("result"):
            self.add_error("result", _("Choose whether the purpose was met."))


class PlacementCancelForm(forms.Form):
    """Why a placement that has not begun never comes about; an employment may begin as agreed."""

    act = forms.ChoiceField(
        label=gettext_lazy("What becomes of the employment?"),
        choices=[
            (GO_ON, gettext_lazy("It begins as agreed")),
            (CANCEL, gettext_lazy("It is cancelled")),
        ],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": gettext_lazy("Choose whether the employment begins.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why is the placement cancelled?"),
        help_text=gettext_lazy("It has not begun, so it is cancelled with the closure and counts nowhere."),
        max_length=200,
        required=False,
    )
    use_required_attribute = False

    def __init__(self, *args, placement: Placement, **options):
        super().__init__(*args, **options)
        if placement.form not in EMPLOYMENTS:
            del self.fields["act"]
            self.fields["why"].required = True
            self.fields["why"].error_messages["required"] = _("Write why the placement is cancelled.")

    @property
    def goes_on(self) -> bool:
        return self.cleaned_data.get("act") == GO_ON

    def clean(self):
        if not self.errors and not self.goes_on and not self.cleaned_data.get("why"):
            self.add_error("why", _("Write why the placement is cancelled."))


class FollowUpEndForm(forms.Form):
    """Whether a follow-up is still to be filed after the closure: one that was due by today, or of an employment. The
    others are withdrawn, and nothing is asked."""

    act = forms.ChoiceField(
        label=gettext_lazy("What becomes of the follow-up?"),
        choices=[
            (KEEP, gettext_lazy("It is still to be filed")),
            (WITHDRAW, gettext_lazy("It is no longer wanted")),
        ],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": gettext_lazy("Choose what becomes of the follow-up.")},
    )
    use_required_attribute = False

    def __init__(self, *args, followup: FollowUp, **options):
        super().__init__(*args, **options)
        has_been = followup.due <= timezone.localdate()
        self.initial["act"] = KEEP if has_been else WITHDRAW
        placement = followup.placement
        if not has_been and not (placement and placement.form in EMPLOYMENTS):
            del self.fields["act"]  # nobody will be there to follow up
        elif placement and placement.form not in EMPLOYMENTS and placement.start > timezone.localdate():
            del self.fields["act"]  # nor did anything happen that was to be followed up

    @property
    def withdraws(self) -> bool:
        return self.cleaned_data.get("act", WITHDRAW) == WITHDRAW


def placement_endings(
    enrolment: Enrolment, last_day: dt.date, data: Mapping[str, Any] | None = None
) -> Iterator[Ending]:
    """The placements that have not ended, then the follow-ups that nobody has filed, each in the order of keys in
    which they are locked."""
    going_on = Q(end=None) | Q(end__gte=timezone.localdate())
    # An activity that has ended meanwhile cannot have gone on longer than a case that is closed some days back.
    going_on |= Q(end__gt=last_day) & ~Q(form__in=EMPLOYMENTS)
    placements = Placement.objects.filter(going_on, enrolment=enrolment).select_related("workplace", "place")
    for placement in placements.order_by("pk"):
        key = f"placement-{placement.public_id}"
        if placement.start > timezone.localdate():
            yield _planned(placement, key, data)
            continue
        form = PlacementEndForm(data, prefix=key, placement=placement, last_day=last_day)
        yield Ending(
            key=key,
            title=_("%(form)s at %(where)s since %(day)s") % {
                "form": placement.get_form_display(),
                "where": placement.workplace.name,
                "day": date_format(placement.start),
            },
            form=form,
            told=partial(_placement_told, form),
            end=partial(_end_placement, placement, form),
        )  # fmt: skip
    # The review that the plan itself has planned ends with the plan.
    followups = FollowUp.objects.filter(enrolment=enrolment, filed=None, withdrawn_on=None).exclude(
        public_id__in=kept_reviews(enrolment)
    )
    for followup in followups.select_related("placement__workplace").order_by("pk"):
        key = f"followup-{followup.public_id}"
        form = FollowUpEndForm(data, prefix=key, followup=followup)
        yield Ending(
            key=key,
            title=_("%(kind)s, due on %(day)s") % {
                "kind": followup.get_kind_display(),
                "day": date_format(followup.due),
            },
            form=form,
            told=partial(_followup_told, form),
            end=partial(_end_followup, followup, form),
        )  # fmt: skip


def _planned(placement: Placement, key: str, data: Mapping[str, Any] | None) -> Ending:
    """A placement that has not begun, and is cancelled with the closure."""
    form = PlacementCancelForm(data, prefix=key, placement=placement)
    return Ending(
        key=key,
        title=_("%(form)s at %(where)s, planned from %(day)s") % {
            "form": placement.get_form_display(),
            "where": placement.workplace.name,
            "day": date_format(placement.start),
        },
        form=form,
        told=partial(_cancel_told, form),
        end=partial(_cancel_placement, placement, form),
    )  # fmt: skip


def _cancel_told(form: PlacementCancelForm) -> str:
    if form.goes_on:
        return _("Begins as agreed.")
    return _("Is cancelled: %(why)s. It counts nowhere, and its follow-ups are withdrawn.") % {
        "why": form.cleaned_data["why"].rstrip(".")
    }


def _cancel_placement(placement: Placement, form: PlacementCancelForm, _actor: User) -> None:
    if form.goes_on:
        return
    try:
        placement_cancel(placement=placement, why=form.cleaned_data["why"])
    except PlacementChanged as changed:
        raise EndingChanged from changed


def _placement_told(form: PlacementEndForm) -> str:
    if form.goes_on:
        return _("Goes on as agreed.")
    result = PlacementResult(form.cleaned_data["result"]).label
    return _("Ends on %(day)s. Purpose: %(result)s.") % {
        "day": date_format(form.cleaned_data["end"]),
        "result": result.lower(),
    }


def _end_placement(placement: Placement, form: PlacementEndForm, _actor: User) -> None:
    if form.goes_on:
        return
    try:
        placement_end(placement=placement, end=form.cleaned_data["end"], result=form.cleaned_data["result"])
    except (PlacementChanged, SeatTaken) as changed:
        raise EndingChanged from changed


def _followup_told(form: FollowUpEndForm) -> str:
    if form.withdraws:
        return _("Withdrawn: it is no longer asked for, and a link that is out does not hold any more.")
    return _("Still to be filed.")


def _end_followup(followup: FollowUp, form: FollowUpEndForm, _actor: User) -> None:
    if not form.withdraws:
        return
    try:
        followup_withdraw(followup=followup)
    except FollowUpFiled as filed:
        raise EndingChanged from filed


def join() -> None:
    join_endings(placement_endings)
