"""Which answers the national survey asks for, and where each comes from.

The survey is Kommunal arbetsmarknadsstatistik, collected once a year by SKR and RKA; its answers become Kolada's
indicators of these ids. The names are the national ones and so Swedish in every language of the product; they are
data, not messages. The id is what tells indicators apart: Kolada rewords a title now and then.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import results
from reporting.figures.definition import TOTAL
from reporting.models import KoladaAnswer
from vocabulary.codes import Education, ReferralSource, TimeWithoutWork

WOMEN, MEN, ALL = KoladaAnswer.Gender.WOMEN, KoladaAnswer.Gender.MEN, KoladaAnswer.Gender.TOTAL


class Measured(TextChoices):
    """What an answer is a number of."""

    NUMBER = "number", _("number")
    PERCENT = "percent", _("per cent")
    FULL_TIME = "full_time", _("full-time equivalents")
    KRONOR = "kronor", _("kronor per inhabitant")

    @property
    def decimals(self) -> int:
        """How many decimals an answer has at most."""
        return {"number": 0, "percent": 1, "full_time": 3, "kronor": 0}[self.value]

    @property
    def adds_up(self) -> bool:
        """Whether women and men are together the total."""
        return self in (Measured.NUMBER, Measured.FULL_TIME)


class Part(TextChoices):
    """The parts of the sheet, in the survey's order."""

    PARTICIPANTS = "participants", _("Participants")
    REFERRALS = "referrals", _("Referrals")
    AGE = "age", _("Age")
    EDUCATION = "education", _("Education")
    WITHOUT_WORK = "without-work", _("Time without work before the enrolment")
    RESULTS = "results", _("Result at closure")
    DURATION = "duration", _("Time in the activity")
    EMPLOYED = "employed", _("Employments and staff")
    HOLIDAY_JOBS = "holiday-jobs", _("Holiday jobs")
    COSTS = "costs", _("Costs")


@dataclass(frozen=True)
class Held:
    """The value of a row of a table, or with `also` of several together; with `share`, in per cent of the table's
    total, one decimal."""

    table: str
    row: str = TOTAL.code
    share: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One answer: `held` says where the product has it; without, it is typed. By gender, it is three numbers."""

    id: str
    name: str
    part: Part
    measured_in: Measured
    definition: str | Promise = ""
    held: Held | None = None
    by_gender: bool = False

    @property
    def genders(self) -> tuple[KoladaAnswer.Gender, ...]:
        return (WOMEN, MEN, ALL) if self.by_gender else (ALL,)


PARTICIPANTS = "Deltagare i kommunala arbetsmarknadsåtgärder"
ACTIVITY = "kommunens arbetsmarknadsverksamhet"
CLOSURE = f"Resultat vid avslut i {ACTIVITY}"
HOLIDAY_JOBS = "Feriejobb"
SHARE = "andel (%)"


def _share(id: str, part: Part, name: str, held: Held | None = None, definition: str | Promise = "", **more):
    return Indicator(id, f"{name}, {SHARE}", part, Measured.PERCENT, definition, held, **more)


def _of_table(part: Part, table: str, title: str, rows: dict[str, tuple[str, str]], definition: str | Promise):
    """One share for each row of a table that is held: the row's code, with id and words. What they are shares of is
    said once, at the first."""
    return tuple(
        _share(id, part, title.format(words), Held(table, row, share=True), "" if number else definition)
        for number, (row, (id, words)) in enumerate(rows.items())
    )


def _result(row: str, words: str, number: str, share: str, definition: str | Promise) -> tuple[Indicator, ...]:
    """A result at closure: how many, and the share of all closed."""
    return (
        Indicator(
            number,
            f"{CLOSURE}, {words}, antal",
            Part.RESULTS,
            Measured.NUMBER,
            definition,
            Held("results", row),
            by_gender=True,
        ),
        _share(share, Part.RESULTS, f"{CLOSURE}, {words}", Held("results", row, share=True), by_gender=True),
    )


def _without_work(id: str, words: str, *rows: str, definition: str | Promise = "") -> Indicator:
    first, *also = rows
    held = Held("time_without_work", first, share=True, also=tuple(also))
    return _share(id, Part.WITHOUT_WORK, f"{PARTICIPANTS}, {words}", held, definition)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "U40800",
        f"{PARTICIPANTS}, antal",
        Part.PARTICIPANTS,
        Measured.NUMBER,
        _("Had a municipal measure during the year, however short. Everyone counts once; holiday jobs do not count."),
        Held("active"),
        by_gender=True,
    ),
    Indicator(
        "U40803",
        f"Deltagare som har anvisats till {ACTIVITY}, antal",
        Part.PARTICIPANTS,
        Measured.NUMBER,
        _("Were referred during the year. Everyone counts once; holiday jobs do not count."),
        Held("referred_persons"),
        by_gender=True,
    ),
    *_of_table(
        Part.REFERRALS,
        "referrals",
        f"Anvisningar till {ACTIVITY} som initierats av {{}}",
        {
            ReferralSource.EMPLOYMENT_SERVICE: ("U40806", "arbetsförmedlingen"),
            ReferralSource.INSURANCE_AGENCY: ("U40807", "försäkringskassan"),
            ReferralSource.SELF: ("U40808", "individen själv"),
            ReferralSource.SOCIAL_SERVICES: ("U40809", "socialtjänst"),
            ReferralSource.OTHER: ("U40810", "övrigt"),
        },
        _("Of all referrals of the year. A person may count several times."),
    ),
    *_of_table(
        Part.AGE,
        "active_by_age",
        f"{PARTICIPANTS}, {{}}",
        {"le24": ("U40811", "24 år eller yngre"), "ge25": ("U40812", "25 år eller äldre")},
        _("Of all participants of the year."),
    ),
    *_of_table(
        Part.EDUCATION,
        "active_by_education",
        f"{PARTICIPANTS}, {{}}",
        {
            Education.POST_SECONDARY: ("U40813", "eftergymnasial utbildning"),
            Education.UPPER_SECONDARY: ("U40814", "gymnasial utbildning"),
            Education.PRIMARY: ("U40815", "högst grundskola"),
            Education.PRIMARY_INCOMPLETE: ("U40816", "icke fullgjord grundskola"),
            Education.NOT_VALIDATED: ("U40827", "ej validerad utbildning"),
        },
        _("Of all participants of the year, also those whose education is not registered."),
    ),
    _without_work(
        "U40817",
        "utan arbete < 6 månader",
        TimeWithoutWork.LT6,
        definition=_(
            "Time without work before the enrolment. Only a job longer than a month breaks it; after studies it "
            "counts from their end, for a newly arrived person from the permanent residence permit."
        ),
    ),
    _without_work(
        "U40818",
        "utan arbete 6–24 månader",
        TimeWithoutWork.M6_12,
        TimeWithoutWork.M12_24,
        definition=_("N40826 and N40827 together."),
    ),
    _without_work("N40826", "utan arbete 6–12 månader", TimeWithoutWork.M6_12),
    _without_work("N40827", "utan arbete > 12–24 månader", TimeWithoutWork.M12_24),
    _without_work("U40819", "utan arbete > 24 månader", TimeWithoutWork.GT24),
    _without_work(
        "U40835",
        "tid utan arbete, uppgift saknas",
        TimeWithoutWork.MISSING,
        definition=_("Also those of whom nothing is registered."),
    ),
    Indicator(
        "N40450",
        f"{CLOSURE}, deltagare totalt, antal",
        Part.RESULTS,
        Measured.NUMBER,
        _("All closed participants. Everyone counts once, with the last closure of the year."),
        Held("closed"),
        by_gender=True,
    ),
    *_result(
        results.WORK,
        "A. Börjat arbeta",
        "U40450",
        "U40406",
        _(
            "A job on the regular labour market, with or without support, that has lasted at least one continuous "
            "month. A municipal employment does not count."
        ),
    ),
    *_result(
        results.STUDIES,
        "B. Börjat studera",
        "U40451",
        "U40409",
        _("Komvux, folk high school, university or other studies that entitle to study aid."),
    ),
    *_result(
        results.TRANSFERRED,
        "C. Överförts till annan myndighet",
        "U40452",
        "U40412",
        _(
            "Responsibility or income has moved to another authority for other reasons than a completed assignment: "
            "sickness insurance, pension, unemployment insurance."
        ),
    ),
    *_result(
        results.COMPLETED,
        "D. Slutförda uppdrag",
        "U40453",
        "U40415",
        _("Ordered by a referrer, ended in a written or oral statement, and the responsibility went back."),
    ),
    *_result(results.OTHER, "E. Övrigt", "U40454", "U40418", _("Interrupted, moved, deceased and everything else.")),
    _share(
        "U40455",
        Part.RESULTS,
        f"{CLOSURE}, deltagare som börjat arbeta eller studera",
        Held("share_ab"),
        _("(A + B) / N40450 · 100."),
        by_gender=True,
    ),
    *_of_table(
        Part.DURATION,
        "duration",
        f"{PARTICIPANTS} som avslutats inom {{}} månader",
        {"m0_6": ("N40828", "6"), "m6_12": ("N40829", "6–12"), "m12_24": ("N40830", "> 12–24")},
        _("Of all closed participants. Calendar months from the start; the last day of a band belongs to it."),
    ),
    _share(
        "U40823",
        Part.DURATION,
        f"{PARTICIPANTS} som avslutats efter > 24 månader",
        Held("duration", "m24_", share=True),
    ),
    Indicator(
        "U40403",
        "Årsarbetare, kommunala arbetsmarknadsanställningar, antal",
        Part.EMPLOYED,
        Measured.FULL_TIME,
        _("Temporary municipal employments made to ease unemployment, whoever pays, as full-time years."),
        Held("fte_by_gender"),
        by_gender=True,
    ),
    Indicator(
        "U40000",
        "Årsarbetare, anställda som jobbar med arbetsmarknadsfrågor",
        Part.EMPLOYED,
        Measured.FULL_TIME,
        _("The staff, as full-time years."),
        by_gender=True,
    ),
    _share(
        "N40471",
        Part.HOLIDAY_JOBS,
        f"{HOLIDAY_JOBS}, erhållit/sökt",
        None,
        _("Young people who got a holiday job, of those who applied."),
        by_gender=True,
    ),
    Indicator(
        "N40472",
        f"{HOLIDAY_JOBS} utanför kommunens egen verksamhet, antal",
        Part.HOLIDAY_JOBS,
        Measured.NUMBER,
        _("A company that the municipality owns is the municipality's own."),
    ),
    _share("N40473", Part.HOLIDAY_JOBS, f"{HOLIDAY_JOBS} utanför kommunens egen verksamhet, därav privata företag"),
    _share("N40474", Part.HOLIDAY_JOBS, f"{HOLIDAY_JOBS} utanför kommunens egen verksamhet, därav civilsamhälle"),
    _share("N40475", Part.HOLIDAY_JOBS, f"{HOLIDAY_JOBS} utanför kommunens egen verksamhet, därav övriga"),
    Indicator(
        "N40008",
        "Kostnad arbetsmarknadsåtgärder, kr/inv",
        Part.COSTS,
        Measured.KRONOR,
        _("From the annual accounts (Räkenskapssammandraget, Statistics Sweden)."),
    ),
    Indicator("N40011", "Nettokostnad arbetsmarknadsåtgärder, kr/inv", Part.COSTS, Measured.KRONOR),
    _share("N40013", Part.COSTS, "Köp av verksamhet, arbetsmarknadsåtgärder"),
)
#: In the order of the ids, as the answer goes out.
BY_ID = tuple(sorted(INDICATORS, key=lambda each: each.id))
TABLES = frozenset(each.held.table for each in INDICATORS if each.held)
