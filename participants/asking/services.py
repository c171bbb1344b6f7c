"""Asking somebody who has left by a link in a mail, and what the person answers by it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import municipal
from accounts.history import act_as
from accounts.models import User
from delivery.models import Mail
from delivery.models.link import LinkState
from delivery.services.links import (
    is_too_soon,
    last_mail_with,
    link_mail,
    link_make,
    link_prolong,
    links_withdraw,
    was_quicker,
)
from participants.aftercare import point_of
from participants.models import Aftercare, AftercareLink, Enrolment
from participants.municipal import AFTERCARE_LINK_DAYS
from participants.services.activity import enrolment_note_activity
from vocabulary.codes import AftercareStatus

#: The kind of mail that carries a link (participants.asking.mail).
KIND = "participants.aftercare_link"
#: What the person can answer; "not reached" is for others to say.
ANSWERS = (AftercareStatus.WORK, AftercareStatus.STUDIES, AftercareStatus.NEITHER)


class NothingToSend(Exception):
    """Nobody asks now, somebody has answered, or the person may not be written to."""


class AnswerStands(Exception):
    """What is registered can no longer be changed by the link: staff have read it, or have answered themselves."""


def may_be_written_to(enrolment: Enrolment) -> bool:
    """Whether there is an address, and the person is not protected: then no mail goes out, whatever it says."""
    person = enrolment.participant
    return bool(person.email) and not person.is_protected


def may_be_changed(answer: Aftercare) -> bool:
    """By the person, by the link: until staff have read it."""
    return answer.by_person and answer.seen_at is None


@transaction.atomic
def aftercare_link_send(*, enrolment: Enrolment, days_after: int, actor: User, seen: str | None) -> Mail:
    """Mail the person the link to one question of the aftercare; the mail. Other links to the person's case no longer
    hold.

    `seen` is the public id of the latest mail that the sender knows of, empty for none. If there is a later one, or
    one that is still on its way, that is given back and no other is sent. None: send whatever was sent before. Raises
    NothingToSend.
    """
    current = _locked(enrolment)
    last = _last_mail(current, days_after)
    if was_quicker(last, seen):
        return last
    return _send(current, days_after, actor=actor, made_by=actor, last=last)


@transaction.atomic
def aftercare_link_renew(*, link: AftercareLink) -> None:
    """What a person asks for whose link has expired: a new one to the address on file.

    Nothing tells the caller whether a mail goes out: none does when somebody has answered meanwhile, nor so soon
    after the one before.
    """
    current = _locked(link.enrolment)
    if link.state != LinkState.EXPIRED or is_too_soon(_last_mail(current, link.days_after)):
        return
    try:
        _send(current, link.days_after, actor=None, made_by=link.made_by, last=None)
    except NothingToSend:
        return


def aftercare_links_withdraw(*, enrolment: Enrolment) -> int:
    """Withdraw every link to the case, and the mails that still wait; how many held until now."""
    links = AftercareLink.objects.whole().filter(enrolment=enrolment, withdrawn_at=None)
    return links_withdraw(links, kind=KIND)


@transaction.atomic
def aftercare_answer_by_link(*, link: AftercareLink, status: str) -> Aftercare:
    """Write down what the person says of today, or corrects. The same once more is the same answer.

    Raises AnswerStands, also when the link does not hold any more.
    """
    # Whoever is signed in on the same telephone did not say it; the history tells which link did.
    with act_as(actor=None, source="link", link=str(link.public_id)):
        return _answer(link, status)


def _answer(link: AftercareLink, status: str) -> Aftercare:
    current = _locked(link.enrolment)
    answer = current.aftercare.filter(days_after=link.days_after).first()
    if AftercareLink.objects.whole().get(pk=link.pk).state != LinkState.HOLDS:
        raise AnswerStands
    if answer is None:
        answer = Aftercare(enrolment=current, days_after=link.days_after)
    elif not may_be_changed(answer):
        raise AnswerStands
    elif answer.status == status:
        return answer
    answer.status, answer.checked, answer.by_person = status, timezone.localdate(), True
    answer.save()
    enrolment_note_activity(enrolment=current, day=answer.checked)
    return answer


def aftercare_answer_see(*, answer: Aftercare, seen: bool = True) -> None:
    """Note that staff have read what the person answered, or take that back. The first time is kept."""
    own = Aftercare.objects.filter(pk=answer.pk, by_person=True)
    if seen:
        own.filter(seen_at=None).update(seen_at=timezone.now())
    else:
        own.update(seen_at=None)


def _locked(enrolment: Enrolment) -> Enrolment:
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    return Enrolment.objects.select_related("participant", "coach").get(pk=enrolment.pk)


def _last_mail(enrolment: Enrolment, days_after: int) -> Mail | None:
    return last_mail_with(AftercareLink.objects.filter(enrolment=enrolment, days_after=days_after), kind=KIND)


def _send(enrolment: Enrolment, days_after: int, *, actor: User | None, made_by: User, last: Mail | None) -> Mail:
    today = timezone.localdate()
    point = point_of(enrolment, days_after, today) if enrolment.end else None
    if point is None or not point.is_due or not may_be_written_to(enrolment):
        raise NothingToSend
    valid_until = today + dt.timedelta(days=municipal.value_of(AFTERCARE_LINK_DAYS.key))
    links = list(AftercareLink.objects.whole().filter(enrolment=enrolment, withdrawn_at=None))
    holding = [each for each in links if each.state == LinkState.HOLDS]
    link = next((each for each in holding if each.days_after == days_after), None)
    links_withdraw([each for each in holding if each != link], kind=KIND)
    if link is None:
        email = enrolment.participant.email
        new = AftercareLink(enrolment=enrolment, days_after=days_after, email=email, valid_until=valid_until)
        link = link_make(new, made_by=made_by)
    else:
        link_prolong(link, valid_until=valid_until)
    return link_mail(link, kind=KIND, recipient=link.email, actor=actor, last=last)
