"""What of job tracks must be ended when the enrolment is closed: somebody's place in a round."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.models import Enrolment
from participants.providers import Ending, EndingChanged, join_endings
from tracks.members.forms import result_field
from tracks.members.services.finishing import member_end
from tracks.members.services.moving import Result
from tracks.models import LeftWhy, Member, MemberState, Passage

GOES_ON = (MemberState.WAITING, MemberState.OFFERED, MemberState.ON_TRACK)


class TrackEndForm(forms.Form):
    """Whether the track is completed or left, and how the last step went."""

    act = forms.ChoiceField(
        label=gettext_lazy("What becomes of the job track?"),
        choices=[
            (MemberState.COMPLETED, gettext_lazy("It is completed")),
            (MemberState.LEFT, gettext_lazy("The participant leaves it")),
        ],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": gettext_lazy("Choose what becomes of the job track.")},
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why, if they leave it?"),
        choices=LeftWhy.choices,
        initial=LeftWhy.CLOSED,
        required=False,
    )
    result = result_field()
    use_required_attribute = False

    def __init__(self, *args, since: dt.date, last_day: dt.date, **options):
        super().__init__(*args, **options)
        self.since, self.last_day = since, last_day

    def clean(self):
        if self.since > self.last_day:
            error = _(
                "The participant came to the step on %(day)s, after the last day of the enrolment. Check that day."
            )
            self.add_error("act", forms.ValidationError(error, params={"day": date_format(self.since)}))


def track_endings(enrolment: Enrolment, last_day: dt.date, data: Mapping[str, Any] | None = None) -> Iterator[Ending]:
    """The places in rounds that go on: who waits waits no longer; of who is on a step it is asked how it went."""
    rows = Member.objects.filter(enrolment=enrolment, state__in=GOES_ON).select_related("round__version__track")
    for member in rows.order_by("pk"):
        key, track = f"track-{member.public_id}", {"track": member.round.version.track.name}
        if member.state != MemberState.ON_TRACK:
            told = _("The participant waits no longer for a seat.")
            yield Ending(
                key=key,
                title=_("Waits for a seat on the job track %(track)s") % track,
                form=forms.Form(data),
                told=partial(str, told),
                end=partial(_end, member, None, last_day),
                about=told,
            )
            continue
        now = Passage.objects.select_related("step").get(member=member, end=None)
        form = TrackEndForm(data, prefix=key, since=now.start, last_day=last_day)
        yield Ending(
            key=key,
            title=_("On the job track %(track)s, at “%(step)s” since %(day)s") % {
                **track, "step": now.step.title, "day": date_format(now.start)
            },
            form=form,
            told=partial(_told, form),
            end=partial(_end, member, form, last_day),
        )  # fmt: skip


def _told(form: TrackEndForm) -> str:
    if form.cleaned_data["act"] == MemberState.COMPLETED:
        return _("The track is completed, and the seat is free.")
    return _("The participant leaves the track, and the seat is free.")


def _end(member: Member, form: TrackEndForm | None, last_day: dt.date, actor: User) -> None:
    said = form.cleaned_data if form else {}
    state = MemberState(said.get("act", MemberState.DECLINED))
    now = Member.objects.filter(pk=member.pk).values_list("state", flat=True).first()
    if form is None and now == MemberState.ON_TRACK:
        raise EndingChanged  # they have begun meanwhile, and nobody has said how the step went
    member_end(
        member=member, actor=actor, day=last_day, state=state, result=Result(said.get("result", "")),
        why=said.get("why") or LeftWhy.CLOSED,
    )  # fmt: skip


def join() -> None:
    join_endings(track_endings)
