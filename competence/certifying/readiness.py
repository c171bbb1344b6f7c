"""What is missing before the certificates of many placements can be issued, asked of the database at once."""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import pgettext_lazy

from competence.models import Assessment, AssessmentStage, CertificateDraft
from placements.models import Placement

#: One letter for each thing that is missing, in the order in which they are done.
ASSESSMENT, SIGNATURE, TASKS, READ = "a", "s", "t", "r"
WORDS = {
    ASSESSMENT: pgettext_lazy("missing for a certificate", "assessment of competence"),
    SIGNATURE: pgettext_lazy("missing for a certificate", "the supervisor's signature"),
    TASKS: pgettext_lazy("missing for a certificate", "what the work was about"),
    READ: pgettext_lazy("missing for a certificate", "that the participant has read it"),
}


def with_lacks(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """The placements with `lacks`: a letter for each thing that is missing. What the composed certificate lacks
    besides is said where it is written (`services.shortcomings`)."""
    locked = Assessment.objects.locked().filter(placement=OuterRef("pk"))
    final = Q(stage=AssessmentStage.FINAL)
    # Of one that was interrupted any stage will do.
    signed = Q(Exists(locked.filter(final))) | ~Q(why_interrupted="") & Q(Exists(locked))
    begun = Exists(Assessment.objects.filter(final, placement=OuterRef("pk")))
    drafts = CertificateDraft.objects.filter(placement=OuterRef("pk"))
    return placements.annotate(
        lacks=Concat(
            Case(When(signed, then=Value("")), When(begun, then=Value(SIGNATURE)), default=Value(ASSESSMENT)),
            Case(When(Exists(drafts.exclude(tasks="")), then=Value("")), default=Value(TASKS)),
            Case(When(Exists(drafts.filter(read_on__isnull=False)), then=Value("")), default=Value(READ)),
        )
    )


def lacks_in_words(lacks: str) -> list[str]:
    """What is missing, in words, by the letters of `with_lacks`."""
    return [str(WORDS[letter]) for letter in lacks]


def may_be_written(lacks: str) -> bool:
    """Whether there is a signed assessment to compose a certificate from."""
    return ASSESSMENT not in lacks and SIGNATURE not in lacks
