"""What the register of the invented municipality cannot say: supervisors, links that were sent, and an answer."""

import datetime as dt
import unicodedata
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import User
from exchange.demo import names
from placements.models import FollowUp, FollowUpLink, Supervisor
from placements.models.answer import Going
from placements.period import period_of
from placements.services.answers import answer_file_by_link
from placements.services.links import link_send
from placements.services.supervisors import placement_enter_supervisor
from vocabulary.codes import Protection

#: How many placements get a supervisor; all but the last get a link too, and the second answers.
SUPERVISORS = 5
ANSWERED = 1


@transaction.atomic
def demo_followups_create() -> None:
    """Give the first job coach's follow-ups that are due soon or late their supervisors. Twice is once."""
    if Supervisor.objects.exists():
        return
    coach = User.objects.get(email=demo.LOGINS[0].email)
    for number, followup in enumerate(_waiting(coach)):
        name = f"{names.WOMEN[number]} {names.FAMILY[-1 - number]}"
        placement_enter_supervisor(
            placement=followup.placement, name=name, email=demo_address(name), phone="", actor=coach
        )
        if number == SUPERVISORS - 1:
            return
        mail = link_send(followup=followup, actor=coach, seen=None)
        if number == ANSWERED:
            link = FollowUpLink.objects.whole().get(public_id=mail.reference)
            period = period_of(link.followup, timezone.localdate())
            answer_file_by_link(link=link, said=_said(period.most_hours), period=period, version=0)


def _waiting(coach: User) -> list[FollowUp]:
    """One for each placement that has begun, the most urgent first; of nobody with protected personal data."""
    today = timezone.localdate()
    rows = FollowUp.objects.filter(
        filed=None,
        due__range=(today - dt.timedelta(days=60), today + dt.timedelta(days=120)),
        placement__start__lte=today,
        enrolment__coach=coach,
        enrolment__end=None,
        participant__protection=Protection.NONE,
    )
    by_placement = {}
    for followup in rows.select_related("placement").order_by("due", "pk"):
        by_placement.setdefault(followup.placement_id, followup)
    return list(by_placement.values())[:SUPERVISORS]


def demo_address(name: str) -> str:
    """kerstin.ostberg@arbetsplats.example"""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(plain.split()) + "@arbetsplats.example"


def _said(most_hours: Decimal) -> dict:
    return {
        "no_show": False,
        "going": Going.WELL,
        "hours": min(Decimal("42.5"), most_hours),
        "works_well": "Kommer i tid och hjälper gärna till.",
        "needs": "Behöver öva mer på rutinerna på morgonen.",
        "wishes": "Kan vi ses alla tre om ett par veckor?",
    }
