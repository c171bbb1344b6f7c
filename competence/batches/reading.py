"""A round as its reader may see it: its certificates, how far it has come, what can be printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from competence.models import CertificateVersion, IssueBatch, IssueBatchItem, ItemState
from delivery.models import DocumentFile
from delivery.services.documents import PDF
from delivery.states import JobState
from placements.models import Placement


def items_visible(batch: IssueBatch, user: User) -> QuerySet[IssueBatchItem]:
    """Of a round, the certificates of placements that the user may see."""
    return batch.items.filter(placement__in=Placement.objects.visible_to(user))


@dataclass(frozen=True)
class RoundState:
    """How far a round has come, of what the reader may see."""

    batch: IssueBatch
    waiting: int
    issued: int
    refused: int
    made: int
    failed: int

    @property
    def total(self) -> int:
        return self.waiting + self.issued + self.refused

    @property
    def making(self) -> int:
        """Documents that are on their way."""
        return self.issued - self.made - self.failed

    @property
    def done(self) -> int:
        """Steps that are done, of twice the total: each certificate is issued, then drawn."""
        return self.issued + self.made + self.failed + 2 * self.refused

    @property
    def steps(self) -> int:
        return 2 * self.total

    @cached_property
    def has_broken_off(self) -> bool:
        """Whether some wait and nobody is at work on them."""
        job = self.batch.job
        return self.waiting > 0 and (job is None or job.state in (JobState.FAILED, JobState.DONE))

    @property
    def is_finished(self) -> bool:
        """Whether nothing changes any more by itself."""
        return self.making == 0 and (self.waiting == 0 or self.has_broken_off)


def round_state(batch: IssueBatch, user: User) -> RoundState:
    """Counted in one query."""
    rows = items_visible(batch, user).values_list(
        "state", "version__document__made_at", "version__document__job__state"
    )
    states = [state for state, _made, _job in rows]
    made = sum(made is not None for _state, made, _job in rows)
    failed = sum(
        state == ItemState.ISSUED and made is None and job in (None, JobState.FAILED, JobState.DONE)
        for state, made, job in rows
    )
    return RoundState(
        batch,
        waiting=states.count(ItemState.WAITING),
        issued=states.count(ItemState.ISSUED),
        refused=states.count(ItemState.REFUSED),
        made=made,
        failed=failed,
    )


def items_shown(batch: IssueBatch, user: User) -> QuerySet[IssueBatchItem]:
    """The certificates of the round, those that were not issued first."""
    related = ("placement__workplace", "placement__enrolment__participant", "version__document__job")
    return items_visible(batch, user).select_related(*related).order_by("-state", "version__document__number", "pk")


def to_print(batch: IssueBatch, user: User) -> QuerySet[CertificateVersion]:
    """The round's certificates that are drawn and hold still, in the order of their numbers: neither replaced nor
    revoked since."""
    items = items_visible(batch, user).filter(state=ItemState.ISSUED)
    versions = CertificateVersion.objects.latest().in_force()
    return versions.filter(batch_item__in=items, document__made_at__isnull=False).select_related(
        "document", "certificate__placement__enrolment__participant", "certificate__placement__enrolment__unit"
    ).order_by("document__number")  # fmt: skip


def files_of(documents: list[int]) -> Iterator[DocumentFile]:
    """The PDFs of these documents, in this order, one at a time: a round may be larger than the memory there is."""
    for document in documents:
        yield DocumentFile.objects.get(document=document, media_type=PDF)
