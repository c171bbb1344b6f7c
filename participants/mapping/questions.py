"""What is asked in a mapping: the product's own questions, and those that the municipality has added.

A question is plain data, so that a completed mapping keeps it in the words in which it was put.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.models import MappingQuestion
from participants.models.mapping import MappingSectionKey as Section
from participants.models.mapping import QuestionKind
from vocabulary.codes import Education, LanguageLevel, LanguageSkill, SupportObstacle, TimeWithoutWork

#: Kinds that the municipality's own questions do not have.
LONG, LEVEL, OCCUPATIONS = "long", "level", "occupations"
HEALTH_KEYS = frozenset({Section.HEALTH})


class Validated(TextChoices):
    """Whether an education from another country has been judged in Sweden."""

    YES = "yes", _("Yes")
    ONGOING = "ongoing", _("It is being judged")
    NO = "no", _("No")
    NOT_NEEDED = "not_needed", _("Not needed")


class DigitalSkill(TextChoices):
    """What the person does without help."""

    PHONE = "phone", _("Uses a smartphone")
    EMAIL = "email", _("Writes and reads e-mail")
    E_ID = "e_id", _("Uses an electronic identification")
    FORMS = "forms", _("Fills in forms on the web")
    JOB_SEARCH = "job_search", _("Looks for work on the web")
    MEETINGS = "meetings", _("Takes part in video meetings")
    WRITING = "writing", _("Writes documents on a computer")
    TABLES = "tables", _("Makes simple tables")


class DigitalAccess(TextChoices):
    """What the person has at home."""

    PHONE = "phone", _("A smartphone of one's own")
    COMPUTER = "computer", _("A computer or tablet")
    INTERNET = "internet", _("Internet")


class Licence(TextChoices):
    """Driving licences (körkortslagen 1998:488, 2 kap. 5 §), as employers ask for them."""

    AM = "AM", _("AM (moped)")
    A = "A", _("A (motorcycle)")
    B = "B", _("B (car)")
    BE = "BE", _("BE (car with a heavy trailer)")
    C = "C", _("C (lorry)")
    CE = "CE", _("CE (lorry with a trailer)")
    D = "D", _("D (bus)")
    TRACTOR = "T", _("Tractor licence")
    FORKLIFT = "fork", _("Forklift certificate")
    NONE = "none", pgettext_lazy("driving licence", "None")


class TravelTime(TextChoices):
    """How far the person can travel to work, one way."""

    M15 = "m15", _("At most 15 minutes")
    M30 = "m30", _("At most 30 minutes")
    M60 = "m60", _("At most an hour")
    MORE = "more", _("More than an hour")


@dataclass(frozen=True)
class Question:
    """One question: its key in the answers, the section, the words, how it is answered, and the choices there are."""

    key: str
    section: str
    label: str | Promise
    kind: str = LONG
    help_text: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()

    def as_asked(self) -> dict[str, Any]:
        """The question as a completed mapping keeps it: plain words."""
        plain = asdict(self)
        plain["label"], plain["help_text"] = str(self.label), str(self.help_text)
        plain["choices"] = [[value, str(label)] for value, label in self.choices]
        return plain

    @classmethod
    def of_asked(cls, plain: dict[str, Any]) -> "Question":
        return cls(**plain | {"choices": tuple(tuple(choice) for choice in plain["choices"])})

    def told(self, answer: Any) -> str:
        """The answer as it is read; empty where there is none."""
        if answer in (None, "", []):
            return ""
        match self.kind:
            case QuestionKind.YES_NO:
                return now("Yes") if answer == "yes" else now("No")
            case QuestionKind.CHOICE | "level":
                return str(dict(self.choices).get(answer, answer))
            case QuestionKind.CHOICES:
                labels = dict(self.choices)
                return ", ".join(str(labels.get(each, each)) for each in answer)
            case QuestionKind.DATE:
                return date_format(dt.date.fromisoformat(answer))
            case "occupations":
                return ", ".join(label for _code, label in answer)
        return str(answer).replace(".", ",") if self.kind == QuestionKind.NUMBER else str(answer)


def _choices(of: type[TextChoices]) -> tuple[tuple[str, str | Promise], ...]:
    return tuple(of.choices)


_NO_LIST = (SupportObstacle.NONE, SupportObstacle.MISSING)
#: In the order of the conversation; the labels are what the coach says, so they are put as questions to the person.
CORE = (
    Question("work_experience", Section.WORK, _("What have you worked with?"),
             help_text=_("Jobs in Sweden and elsewhere, also short ones and without pay.")),
    Question("last_work", Section.WORK, _("Which was your latest job?"), QuestionKind.TEXT),
    Question("last_work_end", Section.WORK, _("When did it end?"), QuestionKind.DATE),
    Question("time_without_work", Section.WORK, _("How long have you been without work?"), QuestionKind.CHOICE,
             help_text=_("Only employments longer than a month break the time. After an education it counts from the "
                         "end of that, for somebody new in Sweden from the permanent residence permit."),
             choices=_choices(TimeWithoutWork)),
    Question("other_doings", Section.WORK, _("What have you done beside paid work?"),
             help_text=_("For example associations, care of relatives, a household, trainee periods.")),
    Question("work_conditions", Section.WORK, _("What must work be like for it to be possible?"),
             help_text=_("Hours, days, travel, tasks.")),
    Question("education", Section.EDUCATION, _("Which is your highest education?"), QuestionKind.CHOICE,
             choices=_choices(Education)),
    Question("education_what", Section.EDUCATION, _("What have you studied, and where?")),
    Question("education_validated", Section.EDUCATION, _("Has the education been judged in Sweden?"),
             QuestionKind.CHOICE, choices=_choices(Validated)),
    Question("studies_now", Section.EDUCATION, _("Do you study anything now?"), QuestionKind.TEXT),
    Question("credentials", Section.EDUCATION, _("Which certificates and courses do you have?"),
             help_text=_("For example forklift, hot work, hygiene, first aid.")),
    *(
        Question(f"cefr_{skill.value}", Section.LANGUAGE, skill.label, LEVEL, choices=_choices(LanguageLevel))
        for skill in LanguageSkill
    ),
    Question("cefr_assessor", Section.LANGUAGE, _("Who has assessed the levels of Swedish?"), QuestionKind.TEXT,
             help_text=_("For example the SFI teacher. Write yourself if it is your own estimate.")),
    Question("cefr_on", Section.LANGUAGE, _("When were they assessed?"), QuestionKind.DATE),
    Question("other_languages", Section.LANGUAGE, _("Which other languages do you speak?"), QuestionKind.TEXT),
    Question("swedish_where", Section.LANGUAGE, _("When do you use Swedish?")),
    Question("digital_skills", Section.DIGITAL, _("What do you do without help?"), QuestionKind.CHOICES,
             choices=_choices(DigitalSkill)),
    Question("digital_access", Section.DIGITAL, _("What do you have at home?"), QuestionKind.CHOICES,
             choices=_choices(DigitalAccess)),
    Question("digital_more", Section.DIGITAL, _("What would you like to learn?")),
    Question("obstacles", Section.OBSTACLES, _("What is in the way of supporting yourself?"), QuestionKind.CHOICES,
             help_text=_("By the list that the statistics use. Choose what is true today."),
             choices=tuple(choice for choice in SupportObstacle.choices if choice[0] not in _NO_LIST)),
    Question("obstacles_more", Section.OBSTACLES, _("What else makes it hard to work or study?"),
             help_text=_("For example child care, housing, debts, travel. Health has a section of its own.")),
    Question("support", Section.OBSTACLES, _("What would help?")),
    Question("health_work", Section.HEALTH, _("Which work suits, with regard to health?")),
    Question("health_adaptation", Section.HEALTH, _("What must a workplace consider?")),
    Question("health_support", Section.HEALTH, _("Which contacts in health care matter for the plan?")),
    Question("licences", Section.DRIVING, _("Which driving licences do you have?"), QuestionKind.CHOICES,
             choices=_choices(Licence)),
    Question("licence_plan", Section.DRIVING, _("Are you taking a driving licence?"), QuestionKind.TEXT),
    Question("car", Section.DRIVING, _("Do you have a car to use?"), QuestionKind.YES_NO),
    Question("travel", Section.DRIVING, _("How far can you travel to work?"), QuestionKind.CHOICE,
             choices=_choices(TravelTime)),
    Question("interests", Section.GOALS, _("What do you like to do?")),
    Question("goal_words", Section.GOALS, _("What do you want to work with?"),
             help_text=_("In the person's own words.")),
    Question("goal_occupations", Section.GOALS, _("Which occupations do you aim for?"), OCCUPATIONS,
             help_text=_("Write a part of the name and choose from the list (SSYK 2012). The most wanted first.")),
    Question("studies_wish", Section.GOALS, _("What do you want to study?")),
    Question("strengths", Section.STRENGTHS, _("What are you good at?"), help_text=_("In the person's own words.")),
    Question("others_say", Section.STRENGTHS, _("What do others say that you are good at?")),
    Question("proud", Section.STRENGTHS, _("What have you done that you are proud of?")),
)  # fmt: skip


def own_questions(day: dt.date) -> list[Question]:
    """The municipality's own questions that are asked on `day`."""
    rows = MappingQuestion.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return [own_question(row) for row in rows]


def own_question(row: MappingQuestion) -> Question:
    kind = LONG if row.kind == QuestionKind.TEXT else row.kind
    choices = tuple((option, option) for option in row.options)
    return Question(row.key, row.section, row.label, kind, row.help_text, choices)


def questions_on(day: dt.date) -> list[Question]:
    """Everything that is asked in a mapping written on `day`, section by section."""
    every = [*CORE, *own_questions(day)]
    order = {key: number for number, key in enumerate(Section.values)}
    return sorted(every, key=lambda question: order[question.section])  # stable: own ones last in their section


def in_section(questions: Iterable[Question], section: str) -> list[Question]:
    return [question for question in questions if question.section == section]
