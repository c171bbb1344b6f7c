"""The link by which a supervisor fills in and signs the assessment of a stage: at most one of it holds at a time.

Whoever acts by a link holds the placement and then the assessment, and asks there whether the link still holds: who
chooses another supervisor holds the placement. Who signs holds the case before both.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import municipal
from accounts.history import act_as
from accounts.models import User
from competence.assessing import services
from competence.assessing.municipal import FORMS, LINK_DAYS
from competence.models import Assessment, AssessmentLink, AssessmentStage
from delivery.models import Mail
from delivery.models.link import LinkState
from delivery.services.links import (
    is_too_soon,
    last_mail_with,
    link_mail,
    link_make,
    link_prolong,
    links_withdraw,
    mails_with,
    was_quicker,
)
from participants.models import Enrolment
from placements.models import FollowUpLink, Placement
from placements.providers import AskedBesides, join_asked_besides, join_followup_asked, join_supervisor_links
from vocabulary.codes import FollowUpKind

#: The mail that carries a link.
KIND = "competence.assessment_link"
#: The stage that is assessed beside a kind of follow-up.
STAGE_OF = {
    FollowUpKind.EMPLOYMENT_MID: AssessmentStage.MID,
    FollowUpKind.PLACEMENT_MID: AssessmentStage.MID,
    FollowUpKind.EMPLOYMENT_FINAL: AssessmentStage.FINAL,
    FollowUpKind.PLACEMENT_FINAL: AssessmentStage.FINAL,
}


class NothingToSend(Exception):
    """The assessment is signed, or its placement has no supervisor to write to, or another one by now."""


class LinkClosed(Exception):
    """The link holds no more."""


def whole() -> QuerySet[AssessmentLink]:
    """Links with everything that decides whether they hold, and what their page and their mail say."""
    return AssessmentLink.objects.select_related(
        "made_by",
        "supervisor",
        "placement__workplace",
        "placement__enrolment__coach",
        "placement__enrolment__participant",
    )


def links_of(assessment: Assessment) -> QuerySet[AssessmentLink]:
    """The links to the assessment's stage, the latest first."""
    return whole().filter(placement=assessment.placement_id, stage=assessment.stage)


def sendings_of(assessment: Assessment) -> list[tuple[AssessmentLink, Mail | None]]:
    """The links to the assessment's stage, the latest first, each with what became of its latest mail."""
    links = list(links_of(assessment))
    mails = mails_with(links, kind=KIND)
    return [(link, mails.get(link.public_id)) for link in links]


def assessment_of(link: AssessmentLink) -> Assessment | None:
    """The latest version of the stage that the link is about; None if it was thrown away."""
    return assessment_of_stage(link.placement_id, link.stage)


def assessment_of_stage(placement_id: int, stage: str) -> Assessment | None:
    """The latest version of the stage of a placement."""
    rows = Assessment.objects.filter(placement=placement_id, stage=stage)
    return rows.select_related("catalogue", "area", "placement__workplace").order_by("-version").first()


# --- Sending ------------------------------------------------------------------------------------------------------


@transaction.atomic
def assessment_link_send(*, assessment: Assessment, actor: User, seen: str | None) -> Mail:
    """Mail the placement's supervisor the link to the assessment: the one that holds, or a new one; the mail.

    `seen` is the public id of the latest mail that the sender knows of, empty for none: if there is a later one, or
    one that is still on its way, that is given back and no other is sent. None: send in any case. Raises
    NothingToSend.
    """
    current = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment.pk).first()
    if current is None or current.is_locked:
        raise NothingToSend
    last = last_mail_with(links_of(current), kind=KIND)
    if was_quicker(last, seen):
        return last
    link = _holding(current, made_by=actor)
    return link_mail(link, kind=KIND, recipient=link.supervisor.email, actor=actor, last=last)


@transaction.atomic
def assessment_link_renew(*, link: AssessmentLink) -> None:
    """What a supervisor asks for whose link has expired: a new one to the address on file. Nothing tells the caller
    whether a mail goes out: none does for one that is signed or thrown away, nor soon after the one before."""
    latest = assessment_of(link)
    if latest is None or link.state != LinkState.EXPIRED:
        return
    current = Assessment.objects.select_for_update(of=("self",)).filter(pk=latest.pk).first()
    if current is None or current.is_locked:
        return
    if is_too_soon(last_mail_with(links_of(current), kind=KIND)):
        return
    new = _holding(current, made_by=link.made_by)
    link_mail(new, kind=KIND, recipient=new.supervisor.email, actor=None, last=None)


@transaction.atomic
def draft_discard(*, assessment: Assessment) -> None:
    """Throw a draft away and withdraw the links to it; not when a signed version is left, which their holders may
    read. Raises OtherState when it is no draft any more."""
    services.assessment_discard(assessment=assessment)
    if assessment_of_stage(assessment.placement_id, assessment.stage) is None:
        assessment_link_withdraw(assessment=assessment)


@transaction.atomic
def assessment_link_withdraw(*, assessment: Assessment) -> int:
    """Withdraw every link to the assessment's stage, and the mails that wait with them; how many held until now."""
    return links_withdraw(links_of(assessment).filter(withdrawn_at=None), kind=KIND)


def _holding(assessment: Assessment, *, made_by: User) -> AssessmentLink:
    """The link that holds, for as long as a new one would; a new one if there is none. Raises NothingToSend."""
    placement = Placement.objects.select_related("supervisor").get(pk=assessment.placement_id)
    if placement.supervisor is None:
        raise NothingToSend
    until = timezone.localdate() + dt.timedelta(days=municipal.value_of(LINK_DAYS.key))
    links = links_of(assessment).filter(withdrawn_at=None)
    if link := next((link for link in links if link.state == LinkState.HOLDS), None):
        link_prolong(link, valid_until=until)
        return link
    new = AssessmentLink(
        placement=placement, stage=assessment.stage, supervisor=placement.supervisor, valid_until=until
    )
    return link_make(new, made_by=made_by)


def _withdraw_of_supervisor(placement: Placement) -> list[Callable[[User], object]]:
    """The placement is about to get another supervisor, or its supervisor another address."""
    anew = []
    # The assessments first, as whoever sends a link does.
    for assessment in Assessment.objects.select_for_update(of=("self",)).filter(placement=placement).order_by("pk"):
        if assessment_link_withdraw(assessment=assessment) and not assessment.is_locked:
            anew.append(partial(_send_anew, assessment))
    return anew


def _send_anew(assessment: Assessment, actor: User) -> None:
    assessment_link_send(assessment=assessment, actor=actor, seen=None)


# --- Beside a follow-up -------------------------------------------------------------------------------------------


def stage_beside(link: FollowUpLink) -> str | None:
    """The stage to be assessed when this follow-up is asked for; None: there is none, or not of such a placement."""
    stage = STAGE_OF.get(link.followup.kind)
    return stage if stage and link.placement.form in municipal.value_of(FORMS.key) else None


def _begin_beside(link: FollowUpLink) -> None:
    """When a follow-up halfway or at the end is asked for, the assessment of that stage is due: it is begun, so that
    Min dag and the file know of it."""
    if stage := stage_beside(link):
        try:
            services.assessment_begin(placement=link.placement, stage=stage, actor=link.made_by)
        except (services.CannotBegin, services.AssessmentSigned):
            return


def _beside(link: FollowUpLink, token: str) -> Iterable[AskedBesides]:
    """What the follow-up's page says of the assessment."""
    if link.state != LinkState.HOLDS or not (stage := stage_beside(link)):
        return
    latest = Assessment.objects.filter(placement=link.placement_id, stage=stage).order_by("-version").first()
    address = reverse("assessing:beside_followup", args=[token])
    if latest and latest.is_locked:
        text, action = _("You have signed it. Thank you."), _("Read the assessment")
        if latest.supervisor_id != link.supervisor_id:
            return
    else:
        text = _(
            "What the person manages at work: some thirty short statements, a few minutes. You can stop and go on."
        )
        action = _("Go on with the assessment") if latest and latest.revision else _("Begin the assessment")
    yield AskedBesides(title=_("Assessment of competence"), text=text, action=action, address=address)


@transaction.atomic
def assessment_link_beside(*, link: FollowUpLink) -> AssessmentLink:
    """The link to the assessment for who holds the link to a follow-up: the one that holds, or a new one, in the name
    of who sent the follow-up. No mail is sent. Raises NothingToSend when nothing is to be assessed beside it."""
    stage = stage_beside(link)
    if stage is None or link.state != LinkState.HOLDS:
        raise NothingToSend
    with act_as(actor=None, source="link", link=str(link.public_id)):
        try:
            assessment = services.assessment_begin(
                placement=link.placement, stage=stage, actor=None, supervisor=link.supervisor
            )
        except services.AssessmentSigned as signed:
            assessment = signed.assessment
        except services.CannotBegin:
            raise NothingToSend from None
        if not Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment.pk).exists():
            raise NothingToSend  # thrown away this very moment
        found = _holding(assessment, made_by=link.made_by)
        if found.supervisor_id != link.supervisor_id:
            raise NothingToSend  # the placement has got another supervisor this very moment
        return found


# --- Acting by a link ---------------------------------------------------------------------------------------------


@contextmanager
def by_supervisor(link: AssessmentLink, *, signing: bool = False):
    """Everything done inside is done by the link's supervisor, whoever is signed in on the same telephone, and only
    if the link still holds. Raises LinkClosed."""
    with act_as(actor=None, source="link", link=str(link.public_id)), transaction.atomic():
        if signing:  # that something happened is noted there
            Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=link.placement.enrolment_id)
        Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=link.placement_id)
        if whole().get(pk=link.pk).state != LinkState.HOLDS:
            raise LinkClosed
        yield


def join() -> None:
    join_followup_asked(_begin_beside)
    join_asked_besides(_beside)
    join_supervisor_links(_withdraw_of_supervisor)
