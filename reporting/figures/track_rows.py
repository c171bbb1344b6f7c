"""What the figures of job tracks count, and what they tell apart.

A row is somebody's participation in one round: who was in two rounds counts in both. A round belongs to one unit and
one track, so units and tracks add up.
"""

from collections.abc import Sequence

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models import Value as Constant
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.swedish import sort_key
from participants import results
from participants.models import Enrolment
from reporting.figures.closures import (
    by_answer,
    due_after_closure,
)
from reporting.figures.definition import (
    Category,
    Dimension,
    Listing,
    Source,
)
from reporting.figures.dimensions import of_choices
from reporting.question import Question
from tracks.models import GateException, LeftWhy, Member, MemberState, Passage, Round, Track

#: How a participation stands when the period ends.
ON, COMPLETED, LEFT = "on", "completed", "left"
#: What became of a step that was begun.
ONWARD, HERE = "onward", "here"
#: A track with more steps than this is told as far as here.
MOST_STEPS = 20
#: The enrolment of somebody who has finished goes on.
OPEN = "open"


def code_of_track(track: Track) -> str:
    """What a track is called in files: the code of a shipped one, else a code of its own that never changes."""
    return track.code or f"t-{track.public_id.hex[:8]}"


def tracks_of(questions: Sequence[Question]) -> list[tuple[Category, ...]]:
    """The tracks by name; of a question about one track that one."""
    found = sorted(Track.objects.published(), key=lambda each: (sort_key(each.name), each.pk))
    return [
        tuple(
            Category(code_of_track(each), each.name, each.pk, only_if_any=True)
            for each in found
            if question.track in (None, each)
        )
        for question in questions
    ]


def rounds_of(questions: Sequence[Question]) -> list[tuple[Category, ...]]:
    """The rounds of the track that is asked about, or of all, the earliest first."""
    found = list(Round.objects.select_related("version").order_by("start", "name", "pk"))
    return [
        tuple(
            Category(f"r-{each.public_id.hex[:8]}", each.name, each.pk, only_if_any=True)
            for each in found
            if question.track is None or each.version.track_id == question.track.pk
        )
        for question in questions
    ]


TRACK = Dimension("in_track", _("Job track"), known=tracks_of, codes="the code of each track where someone is")
ROUND = Dimension("in_round", _("Round"), known=rounds_of, codes="a code of each round where someone is")
STEP = Dimension(
    "on_step",
    _("Step"),
    tuple(
        Category(str(number), format_lazy(_("Step {number}"), number=number), number, only_if_any=True)
        for number in range(1, MOST_STEPS + 1)
    ),
    codes=f"the number of each step where someone is, `1` to `{MOST_STEPS}`",
)
WHY = Dimension("left_for", _("Why they left"), of_choices(LeftWhy))
RESULT = Dimension(
    "came_of_it",
    _("What came of it"),
    (
        Category(results.WORK, _("A. Started working"), results.WORK),
        Category(results.STUDIES, _("B. Started studying"), results.STUDIES),
        Category(
            "other",
            _("C, D or E"),
            "other",
            _("The enrolment was closed with another result than work or studies."),
        ),
        Category(results.PENDING, _("Not yet determined"), results.PENDING),
        Category(
            OPEN,
            _("Still enrolled"),
            OPEN,
            _("The track is finished, and the enrolment was not closed by the as-of date."),
        ),
    ),
)


# --- The rows -----------------------------------------------------------------------------------------------------


def of_track(rows: QuerySet, question: Question, path: str = "") -> QuerySet:
    """The rows of the unit and the track that are asked about; `path` leads to the participation."""
    if question.unit:
        rows = rows.filter(**{f"{path}round__unit": question.unit})
    if question.track:
        rows = rows.filter(**{f"{path}round__version__track": question.track})
    return rows


def during(question: Question) -> QuerySet:
    """The participations that went on for at least one day of the period: from the first step to the end."""
    first = Passage.objects.filter(member=OuterRef("pk")).order_by("start", "pk").values("start")[:1]
    rows = Member.objects.annotate(began=Subquery(first)).filter(
        Q(finished_on=None) | Q(finished_on__gte=question.period.start), began__lte=question.period.end
    )
    return of_track(rows, question)


def how(question: Question, path: str = "") -> Case:
    """How a participation stands on the last day of the period."""
    finished = {f"{path}finished_on__lte": question.period.end}
    return Case(
        When(**{f"{path}state": MemberState.COMPLETED}, **finished, then=Constant(COMPLETED)),
        When(**{f"{path}state": MemberState.LEFT}, **finished, then=Constant(LEFT)),
        default=Constant(ON),
    )


def last_passage(question: Question, member: str) -> QuerySet:
    """The step that somebody has come to by the last day of the period."""
    rows = Passage.objects.been_on().filter(member=OuterRef(member), start__lte=question.period.end)
    return rows.order_by("-start", "-pk")


def result(question: Question) -> Coalesce:
    """What the closure of the enrolment says (results A to E), where it was closed by the as-of date."""
    shown = (results.WORK, results.STUDIES, results.PENDING)
    closed = Enrolment.objects.filter(pk=OuterRef("enrolment"), end__lte=question.as_of)
    told = closed.annotate(letter=results.result_of_closure(question.as_of)).annotate(
        told=Case(When(letter__in=shown, then=F("letter")), default=Constant("other"))
    )
    return Coalesce(Subquery(told.values("told")[:1]), Constant(OPEN))


def by_member(question: Question) -> dict:
    left = Q(state=MemberState.LEFT, finished_on__lte=question.period.end)
    return {
        "gender": F("enrolment__participant__gender"),
        "in_track": F("round__version__track"),
        "in_round": F("round_id"),
        "since_before": ExpressionWrapper(Q(began__lt=question.period.start), output_field=BooleanField()),
        "how": how(question),
        "left_for": Case(When(left, then=F("left_why")), default=Constant("")),
        "on_step": Subquery(last_passage(question, "pk").values("step__position")[:1]),
        "came_of_it": result(question),
    }


def steps_begun(question: Question) -> QuerySet:
    """The steps begun by those who were on a track in the period, each once for everybody who has come to it;
    one that was skipped is not begun."""
    again = Passage.objects.been_on().filter(
        Q(start__gt=OuterRef("start")) | Q(start=OuterRef("start"), pk__gt=OuterRef("pk")),
        member=OuterRef("member"),
        step__position=OuterRef("step__position"),
        start__lte=question.period.end,
    )
    later = Passage.objects.been_on().filter(
        Q(start__gt=OuterRef("start")) | Q(start=OuterRef("start"), pk__gt=OuterRef("pk")),
        member=OuterRef("member"),
        start__lte=question.period.end,
    )
    rows = Passage.objects.been_on().filter(
        ~Exists(again), member__in=during(question).values("pk"), start__lte=question.period.end
    )
    rows = rows.annotate(stands=how(question, "member__"), is_last=~Exists(later))
    return of_track(rows, question, "member__")


def by_step(question: Question) -> dict:
    return {
        "in_track": F("member__round__version__track"),
        "in_round": F("member__round_id"),
        "on_step": F("step__position"),
        "outcome": Case(
            When(Q(stands=ON, is_last=True), then=Constant(HERE)),
            When(Q(stands=LEFT, is_last=True), then=Constant(LEFT)),
            default=Constant(ONWARD),
        ),
    }


def exceptions(question: Question) -> QuerySet:
    """The exceptions from gates that were made in the period."""
    within = (question.period.start, question.period.end)
    return of_track(GateException.objects.filter(made_at__date__range=within), question, "passage__member__")


def due(question: Question) -> QuerySet:
    """Of the closures that the figure after 90 days counts, those of people who had finished a track."""
    closures = due_after_closure(Question(question.period, question.as_of))
    finished = Member.objects.filter(
        state__in=(MemberState.COMPLETED, MemberState.LEFT),
        finished_on__lte=F("enrolment__end"),
        enrolment__in=closures.values("pk"),
    )
    return of_track(finished, question)


def by_answer_of_member(question: Question) -> dict:
    closures = due_after_closure(Question(question.period, question.as_of)).filter(pk=OuterRef("enrolment"))
    return {
        "in_track": F("round__version__track"),
        "in_round": F("round_id"),
        "status": Subquery(closures.annotate(told=by_answer(question)["status"]).values("told")[:1]),
    }


PARTICIPATIONS = ngettext_lazy("%(count)s participation", "%(count)s participations", "count")
RELATED = ("enrolment__participant", "round__version__track")
LISTING = Listing(
    template="reporting/rows/track_members.html",
    visible=lambda rows, user: rows.visible_to(user),
    counted=PARTICIPATIONS,
    person="enrolment__participant",
    unit="round__unit",
    related=RELATED,
    sorts={"start": "began", "end": "finished_on"},
)
MEMBERS = Source(
    "track_members",
    during,
    by_member,
    LISTING,
    amounts={
        "cost": lambda question: Sum("round__version__seat_cost"),
        "uncosted": lambda question: Count("pk", filter=Q(round__version__seat_cost=None)),
    },
)
STEPS = Source(
    "track_steps",
    steps_begun,
    by_step,
    Listing(
        template="reporting/rows/track_steps.html",
        visible=lambda rows, user: rows.filter(member__in=Member.objects.visible_to(user)),
        counted=ngettext_lazy("%(count)s step begun", "%(count)s steps begun", "count"),
        person="member__enrolment__participant",
        unit="member__round__unit",
        related=("member__enrolment__participant", "member__round__version__track", "step"),
        sorts={"start": "start", "end": "end"},
    ),
)
EXCEPTIONS = Source(
    "track_exceptions",
    exceptions,
    lambda question: {
        "in_track": F("passage__member__round__version__track"),
        "in_round": F("passage__member__round_id"),
    },
    Listing(
        template="reporting/rows/track_exceptions.html",
        visible=lambda rows, user: rows.filter(passage__member__in=Member.objects.visible_to(user)),
        counted=ngettext_lazy("%(count)s exception", "%(count)s exceptions", "count"),
        person="passage__member__enrolment__participant",
        unit="passage__member__round__unit",
        related=(
            "passage__member__enrolment__participant",
            "passage__member__round__version__track",
            "passage__step",
        ),
        sorts={"start": "made_at"},
    ),
)
AFTERCARE = Source(
    "track_aftercare",
    due,
    by_answer_of_member,
    Listing(
        template="reporting/rows/track_after.html",
        visible=lambda rows, user: rows.visible_to(user),
        counted=PARTICIPATIONS,
        person="enrolment__participant",
        unit="round__unit",
        related=RELATED,
        sorts={"start": "enrolment__start", "end": "finished_on"},
    ),
)
