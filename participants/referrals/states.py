"""From which state a referral may come to which: the one table, and what each step is called and addressed by."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.models.referral import NEEDS_REASON, Referral
from vocabulary.codes import ReferralState as State

#: A decision that was wrong leads back to where it was made from, which is a step of its own (`taken_back`).
ALLOWED: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.ASSESSING, State.ACCEPTED, State.RETURNED, State.DECLINED, State.WITHDRAWN}),
    State.ASSESSING: frozenset({State.ACCEPTED, State.RETURNED, State.DECLINED, State.WITHDRAWN}),
    # The one who referred may think better of it until the person is enrolled.
    State.ACCEPTED: frozenset({State.WITHDRAWN}),
    State.RETURNED: frozenset(),
    State.DECLINED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
#: To begin with somebody is to take them out of the queue, so it is done in its order.
TAKES_FROM_QUEUE = (State.ASSESSING, State.ACCEPTED)


def may_become(referral: Referral, state: State) -> bool:
    return state in ALLOWED[referral.state]


@dataclass(frozen=True)
class Act:
    """One thing that is done with a referral: `slug` in the address, what its button says, and what its page asks."""

    slug: str
    state: State
    button: str
    question: str
    effect: str

    @property
    def needs_reason(self) -> bool:
        return self.state in NEEDS_REASON


ACTS = (
    Act(
        "bedom",
        State.ASSESSING,
        _("Begin to assess"),
        _("Begin to assess?"),
        _("Your colleagues see that somebody has begun."),
    ),
    Act(
        "ta-emot",
        State.ACCEPTED,
        pgettext_lazy("a referral", "Accept"),
        _("Accept the referral?"),
        _("Then the person can be enrolled."),
    ),
    Act(
        "returnera",
        State.RETURNED,
        pgettext_lazy("a referral", "Return"),
        _("Return the referral?"),
        _("It goes back to the one who referred, who completes it or asks somebody else."),
    ),
    Act(
        "avboj",
        State.DECLINED,
        pgettext_lazy("a referral", "Decline"),
        _("Decline the referral?"),
        _("The unit does not take the person on."),
    ),
    Act(
        "aterkalla",
        State.WITHDRAWN,
        pgettext_lazy("a referral", "Withdrawn by the one who referred"),
        _("Has the referral been withdrawn?"),
        _("The one who referred has said that it no longer holds."),
    ),
)


def act_of(slug: str) -> Act | None:
    return next((act for act in ACTS if act.slug == slug), None)


def open_acts(referral: Referral) -> list[Act]:
    """What may be done with the referral now, whoever does it."""
    return [act for act in ACTS if may_become(referral, act.state)]
