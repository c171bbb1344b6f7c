"""Starting a round of certificates, working through it, letting it go on, stopping it.

A round claims its placements when it is started: each waits in one round at most. One job issues them, some in each
transaction, so that the series of numbers is held for a moment and nobody who issues by hand waits for the round; a
job that takes over goes on with those that wait. The documents are drawn beside it (`drawing`).
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Unit, User
from competence.batches import drawing
from competence.certifying.ready import Checked, checked
from competence.certifying.services import CannotIssue, DraftChanged, certificate_render_enqueue, certificates_issue
from competence.models import CertificateDraft, CertificateVersion, IssueBatch, IssueBatchItem, ItemState
from competence.permissions import can_run_round, can_stop_round, round_scope
from competence.querysets import without_certificate
from delivery import kinds
from delivery.models import Job
from delivery.services.jobs import job_enqueue
from placements.models import Placement

logger = logging.getLogger(__name__)

KIND = "certificate_round"
MOST = 2_000
#: How many are issued in one transaction.
AT_A_TIME = 20


class CannotStart(Exception):
    """Why no round is started, in a sentence. `round` is the one in which the placements wait already, if any."""

    def __init__(self, reason: str, batch: IssueBatch | None = None):
        super().__init__(reason)
        self.batch = batch


class ReadyChanged(Exception):
    """Others are ready by now than those that the page showed."""


def candidates(user: User, *, unit: Unit | None, start: dt.date, end: dt.date) -> list[Checked]:
    """The placements that ended in the period, have no certificate, and for which the user may issue in rounds; each
    with what is missing. The ready ones first, then those with the least missing, the latest first."""
    scope = round_scope(user)
    rows = without_certificate(user).filter(end__range=(start, end))
    if unit is not None:
        rows = rows.filter(enrolment__unit=unit)
    if not scope.everything:
        rows = rows.filter(enrolment__unit__in=scope.unit_ids)
    rows = rows.select_related("workplace", "enrolment__participant", "enrolment__coach").order_by("-end", "-pk")
    return sorted(checked(rows), key=lambda each: len(each.missing))


def seen_of_ready(rows: Iterable[Checked]) -> str:
    """What a page keeps of those it shows as ready: whose, and as which draft."""
    told = sorted((each.placement.pk, each.revision) for each in rows if each.is_ready)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@transaction.atomic
def round_start(*, actor: User, unit: Unit | None, start: dt.date, end: dt.date, seen: str) -> IssueBatch:
    """Start a round for all that are ready, in the name of `actor`. `seen` is what the page showed as ready
    (`seen_of_ready`): ReadyChanged when it is another now. Raises CannotStart when nobody is ready, when there are
    more than MOST, and when they wait in another round already: two who press at once start one round."""
    rows = [each for each in candidates(actor, unit=unit, start=start, end=end) if each.is_ready]
    if not rows:
        sentence = _("No certificate is ready to be issued.")
        if seen != seen_of_ready([]):
            sentence = _("None of them is ready any more: somebody else has issued them, or they lack something now.")
        raise CannotStart(sentence, _waiting_in(actor, unit, start, end))
    if len(rows) > MOST:
        raise CannotStart(_("A round takes at most %(most)d certificates. Choose a shorter period.") % {"most": MOST})
    if seen_of_ready(rows) != seen:
        raise ReadyChanged
    batch = IssueBatch.objects.create(unit=unit, start=start, end=end, by=actor, by_name=actor.full_name)
    # Those that wait in another round are left out; who starts one at this moment is waited for.
    items = (IssueBatchItem(batch=batch, placement=each.placement) for each in rows)
    IssueBatchItem.objects.bulk_create(items, ignore_conflicts=True)
    if not batch.items.exists():
        other = IssueBatch.objects.filter(
            items__state=ItemState.WAITING, items__placement__in=[each.placement.pk for each in rows]
        )
        raise CannotStart(_("Another round is issuing these certificates already."), other.first())
    _enqueue(batch)
    return batch


def _waiting_in(actor: User, unit: Unit | None, start: dt.date, end: dt.date) -> IssueBatch | None:
    """The round in the same terms that somebody has started last: where to look when nobody is ready any more."""
    return IssueBatch.objects.visible_to(actor).filter(unit=unit, start=start, end=end).first()


def _enqueue(batch: IssueBatch) -> None:
    batch.job = job_enqueue(kind=KIND, owner=batch.by, params={"round": str(batch.public_id)})
    batch.save(update_fields=["job"])


@transaction.atomic
def round_resume(*, batch: IssueBatch, actor: User) -> None:
    """Let a round go on that broke off, and draw anew the documents that could not be drawn. One that is at work goes
    on as it is. Raises PermissionError when it is not the actor's."""
    batch = IssueBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not can_run_round(actor, batch):
        raise PermissionError
    job = Job.objects.filter(pk=batch.job_id).first()
    if batch.items.filter(state=ItemState.WAITING).exists() and (job is None or job.is_finished):
        _enqueue(batch)
    if not drawing.is_at_work(batch):
        drawing.draw_all(batch)
    versions = CertificateVersion.objects.filter(batch_item__batch=batch, document__made_at=None)
    for version in versions.exclude(document__job__kind=drawing.KIND).select_related("document__job"):
        if version.document.has_failed:
            certificate_render_enqueue(version=version)


@transaction.atomic
def round_stop(*, batch: IssueBatch, actor: User) -> int:
    """Issue no more in this round: those that wait are let go. What is issued stays issued. Returns how many were
    let go; raises PermissionError when the actor may not."""
    batch = IssueBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not can_stop_round(actor, batch):
        raise PermissionError
    why = _("The round was stopped by %(who)s.") % {"who": actor.full_name}
    stopped = batch.items.filter(state=ItemState.WAITING).update(state=ItemState.REFUSED, why=why)
    if not drawing.is_at_work(batch):
        drawing.draw_all(batch)
    return stopped


# --- The work -----------------------------------------------------------------------------------------------------


def run_step(job: Job, progress) -> dict:
    """Issue the next certificates of the round; MORE as long as any wait."""
    batch = IssueBatch.objects.filter(public_id=job.params["round"], by=job.owner).first()
    if batch is None:
        raise kinds.JobRefused(_("The round is not there any more."))
    batch.by = job.owner  # whose rights were asked for just now
    waiting = batch.items.select_for_update(of=("self",)).filter(state=ItemState.WAITING)
    items = list(waiting.order_by("pk")[:AT_A_TIME])
    if items:
        _settle(batch, items, _drawer(batch, job))
    done, total = _progress(batch)
    told = ngettext("%(done)d of %(total)d certificate", "%(done)d of %(total)d certificates", total)
    progress(100 * done / total, told % {"done": done, "total": total})
    if done < total:
        return kinds.MORE
    drawing.draw_all(batch)
    issued = batch.items.filter(state=ItemState.ISSUED).count()
    return {"round": str(batch.public_id), "issued": issued, "refused": total - issued}


def _progress(batch: IssueBatch) -> tuple[int, int]:
    counted = batch.items.aggregate(done=Count("pk", filter=~Q(state=ItemState.WAITING)), total=Count("pk"))
    return counted["done"], counted["total"]


def _drawer(batch: IssueBatch, job: Job) -> Job:
    """The job that draws while the round goes on: another one when it has run out of work."""
    if not hasattr(job, "drawer") or not drawing.is_at_work(batch):
        job.drawer = drawing.draw_enqueue(batch)
    return job.drawer


def _settle(batch: IssueBatch, items: list[IssueBatchItem], drawer: Job) -> None:
    """Issue the certificates of these items, or say why not. What one person's data brings about hinders no other."""
    placements = _placements(batch, items)
    drafts = CertificateDraft.objects.filter(placement__in=placements).values_list(
        "placement", "revision", "saved_at"
    )
    said = {placement: (revision, saved_at) for placement, revision, saved_at in drafts}
    outcome: dict[int, CertificateVersion | Exception] = {}
    seen = {}
    for item in items:
        key = item.placement_id
        revision, saved_at = said.get(key, (None, None))
        if key not in placements:
            outcome[key] = CannotIssue(_("The issuer may not issue for the participant any more."))
        elif revision is None:
            outcome[key] = CannotIssue(_("The draft is not there any more, or the certificate was issued by itself."))
        elif saved_at > batch.created_at:
            outcome[key] = DraftChanged(None)
        else:
            seen[key] = revision
    chosen = [placements[key] for key in seen]
    outcome |= certificates_issue(placements=chosen, actor=batch.by, seen=seen, drawn_by=drawer)
    for item in items:
        item.version, item.state, item.why = _told(batch, item, outcome[item.placement_id])
    IssueBatchItem.objects.bulk_update(items, ["version", "state", "why"])


def _placements(batch: IssueBatch, items: list[IssueBatchItem]) -> dict[int, Placement]:
    """Those for which the issuer still may issue."""
    rows = Placement.objects.visible_to(batch.by).filter(pk__in=[item.placement_id for item in items])
    related = ("workplace__employer", "place", "enrolment__participant", "enrolment__unit")
    scope = round_scope(batch.by)
    return {each.pk: each for each in rows.select_related(*related) if each.enrolment.unit_id in scope}


def _told(batch: IssueBatch, item: IssueBatchItem, outcome: CertificateVersion | Exception):
    """Version, state and reason of the item."""
    if isinstance(outcome, CertificateVersion):
        return outcome, ItemState.ISSUED, ""
    if isinstance(outcome, CannotIssue):
        why = str(outcome)
    elif isinstance(outcome, DraftChanged):
        why = _("The draft was changed after the round was started. Look at it and issue it by itself.")
    else:
        logger.error("certificate of item %s of round %s", item.pk, batch.public_id, exc_info=outcome)
        why = _("Something went wrong. Tell your administrator, with the reference %(reference)s.") % {
            "reference": f"{batch.public_id}/{item.pk}"
        }
    return None, ItemState.REFUSED, why[:500]
