"""What several figures are broken down by."""

from collections.abc import Sequence

from django.db.models import Case, F, When
from django.db.models import Value as Constant
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from accounts.swedish import sort_key
from placements.models import Employer
from reporting.figures.definition import Category, Dimension
from reporting.question import Question
from vocabulary.codes import Education, EmployerKind, Gender, ReferralSource, TargetGroup

GENDER = Dimension(
    "gender",
    _("Gender"),
    (
        Category("women", _("Women"), Gender.WOMAN),
        Category("men", _("Men"), Gender.MAN),
        Category("unknown", pgettext_lazy("gender", "Unknown"), Gender.UNKNOWN, only_if_any=True),
    ),
)
AGE = Dimension(
    "age",
    _("Age"),
    (
        Category("le24", _("24 years or younger"), "le24", _("The age one reaches in the year the period ends.")),
        Category("ge25", _("25 years or older"), "ge25"),
    ),
)
#: A value that is not registered.
MISSING = Category("unknown", _("Not registered"), "", only_if_any=True)


def of_choices(choices) -> tuple[Category, ...]:
    """A category for each code of an official list."""
    return tuple(Category(code, label, code) for code, label in zip(choices.values, choices.labels, strict=True))


EDUCATION = Dimension("education", _("Education"), (*of_choices(Education), MISSING))
TARGET_GROUP = Dimension("target", _("Target group"), (*of_choices(TargetGroup), MISSING))
SOURCE = Dimension("referred_by", _("Source"), of_choices(ReferralSource))


def units_of(questions: Sequence[Question]) -> list[tuple[Category, ...]]:
    """The units, under the names valid on each period's last day."""
    units = list(Unit.objects.named())
    return [
        tuple(
            Category(unit.code, name, unit.pk, only_if_any=True)
            for name, unit in sorted(
                ((unit.term_on(question.period.end).name, unit) for unit in units),
                key=lambda named: (sort_key(named[0]), named[1].code),
            )
        )
        for question in questions
    ]


def employers_of(questions: Sequence[Question]) -> list[tuple[Category, ...]]:
    """The municipality's departments, each by itself, and the kinds of all other employers."""
    departments = Employer.objects.filter(kind=EmployerKind.DEPARTMENT)
    found = (
        *(
            Category(each.code, each.name, each.code, only_if_any=True)
            for each in sorted(departments, key=lambda each: (sort_key(each.name), each.code))
        ),
        *(
            Category(code, label, code, only_if_any=True)
            for code, label in EmployerKind.choices
            if code != EmployerKind.DEPARTMENT
        ),
    )
    return [found] * len(questions)


UNIT = Dimension("in_unit", _("Unit"), known=units_of, codes="the code of each unit where someone is")
EMPLOYER = Dimension(
    "employer",
    _("Employer"),
    known=employers_of,
    codes=(
        "the code of each department where someone is, and of other employers where someone is the kind "
        "(`municipal_company`, `private`, `civil_society`, `other_public`)"
    ),
)


def receiving(workplace: str) -> Case:
    """The value of EMPLOYER: a department by its own code, another employer by its kind. `workplace` is the path."""
    employer = f"{workplace}__employer__"
    return Case(
        When(**{f"{employer}kind": EmployerKind.DEPARTMENT}, then=F(f"{employer}code")),
        default=F(f"{employer}kind"),
    )


def age_group(question: Question, participant: str) -> Case:
    """The value of AGE: the year the period ends less the year of birth."""
    youngest = question.period.end.year - 24
    return Case(
        When(**{f"{participant}__birth_year__gte": youngest}, then=Constant("le24")), default=Constant("ge25")
    )
