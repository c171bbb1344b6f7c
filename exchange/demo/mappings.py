"""Mappings of the invented municipality's participants: most have one, some two with progress, some a draft."""

import datetime as dt
import random

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.mapping.services import health_open, mapping_begin, mapping_complete, section_save
from participants.models import Enrolment, Mapping, MappingQuestion
from participants.models.mapping import MappingSectionKey as Section
from participants.models.mapping import QuestionKind
from vocabulary.codes import LanguageSkill
from vocabulary.models import Occupation

#: What people have done, want and are good at: experience, latest job, goal in words, goal occupations, strengths.
LIVES = (
    ("Bageri i Aleppo i åtta år, sedan timanställd i ett kök i Björkåkra.", "Köksbiträde", "Laga mat i en skola.",
     ("9412", "5120"), "Snabb och noggrann. Van att arbeta tidigt."),
    ("Städat hotell i två år. Tog hand om tre barn och en sjuk mamma.", "Hotellstädare", "Arbeta inom äldreomsorgen.",
     ("5330", "9111"), "Lugn med gamla människor. Kommer alltid i tid."),
    ("Lager och truck i tio år tills företaget lade ned.", "Lagerarbetare", "Tillbaka till ett lager, gärna dagtid.",
     ("4322", "8344"), "Van vid tempo. Lätt att lära nya maskiner."),
    ("Har sommarjobbat i parkförvaltningen två gånger.", "Parkarbetare", "Något utomhus, inte kontor.",
     ("6113", "5152"), "Stark, gillar att se resultat av det jag gör."),
    ("Sydde hemma åt grannar och i en fabrik i Izmir.", "Sömmerska", "Sy eller arbeta i butik.",
     ("7532", "5223"), "Händig. Bra på att räkna och planera."),
    ("Barnskötare på förskola i hemlandet i fem år.", "Barnskötare", "Förskola, först som vikarie.",
     ("5311", "5312"), "Tålmodig. Barn tycker om mig."),
    ("Inget arbete än. Läste fordonsteknik ett år men slutade.", "–", "Reparera cyklar eller bilar.",
     ("7231", "8332"), "Kan det mesta om mopeder. Lär mig av att titta."),
    ("Butik och kassa i sex år, sjukskriven efter det.", "Butikssäljare", "Halvtid i butik eller kundtjänst.",
     ("5222", "4222"), "Bra med kunder, också arga."),
)  # fmt: skip
LEVELS = ("A1", "A2", "B1", "B2")
SUPPORT = ("Tydliga scheman och någon att fråga.", "Få prova i lugn takt.", "Hjälp med resor och barnomsorg.")
#: Of those who are not new any more; the new ones are being mapped, or wait for it.
SHARE_MAPPED, SHARE_TWICE = 0.86, 0.24
SHARE_NEW_MAPPED, SHARE_NEW_DRAFT, NEW_DAYS = 0.35, 0.4, 40
LATEST = 160


@transaction.atomic
def demo_mappings_create() -> None:
    """Map those who are enrolled and have a coach; add two questions of the municipality's own. Twice is once."""
    if Mapping.objects.exists():
        return
    chance, today = random.Random("mappings"), timezone.localdate()
    _own_questions(today)
    occupations = dict(Occupation.objects.values_list("code", "label"))
    people = Enrolment.objects.filter(end=None, start__lte=today, coach__isnull=False).select_related("coach")
    for enrolment in people.order_by("-start", "pk")[:LATEST]:
        dice, is_new = chance.random(), enrolment.start > today - dt.timedelta(days=NEW_DAYS)
        if dice < (SHARE_NEW_MAPPED if is_new else SHARE_MAPPED):
            _map(enrolment, chance, today, occupations)
        elif is_new and dice < SHARE_NEW_MAPPED + SHARE_NEW_DRAFT:
            mapping = mapping_begin(enrolment=enrolment, actor=enrolment.coach)
            life = chance.choice(LIVES)
            _save(mapping, Section.WORK, {"work_experience": life[0], "last_work": life[1]}, enrolment.coach)


def _own_questions(today: dt.date) -> None:
    for section, label, kind, choices in (
        (Section.OBSTACLES, "Har du plats i barnomsorgen om du behöver det?", QuestionKind.CHOICE, "Ja\nNej\nI kö"),
        (Section.DRIVING, "Vilken busslinje ligger närmast?", QuestionKind.TEXT, ""),
    ):
        MappingQuestion.objects.create(
            section=section, label=label, kind=kind, choices=choices, valid_from=today - dt.timedelta(days=400)
        )


def _map(enrolment: Enrolment, chance: random.Random, today: dt.date, occupations: dict[str, str]) -> None:
    coach, life, level = enrolment.coach, chance.choice(LIVES), chance.randrange(3)
    first = min(enrolment.start + dt.timedelta(days=chance.randint(3, 20)), today)
    answers = _answers(life, level, chance, first, occupations)
    mapping = _begin_and_save(enrolment, coach, answers)
    if chance.random() < 0.12:
        health_open(mapping=mapping, why="Hitta ett arbete utan tunga lyft.", actor=coach)
        _save(mapping, Section.HEALTH, {"health_work": "Inga tunga lyft, gärna omväxlande ställningar."}, coach)
    mapping_complete(mapping=mapping, actor=coach, day=first)
    if chance.random() < SHARE_TWICE / SHARE_MAPPED and first + dt.timedelta(days=90) < today:
        later = first + dt.timedelta(days=chance.randint(80, 90))
        answers |= _answers(life, level + 1, chance, later, occupations)
        answers[Section.OBSTACLES]["obstacles"] = ["unemployed"]
        mapping_complete(mapping=_begin_and_save(enrolment, coach, answers, mapping), actor=coach, day=later)


def _answers(life: tuple, level: int, chance: random.Random, day: dt.date, occupations: dict[str, str]) -> dict:
    experience, latest, goal, codes, strengths = life
    skills = {
        f"cefr_{skill}": LEVELS[max(0, min(3, level + chance.choice((-1, 0, 0))))] for skill in LanguageSkill.values
    }
    digital = ["phone", "email", "e_id", "job_search", "forms", "meetings"]
    return {
        Section.WORK: {
            "work_experience": experience,
            "last_work": latest,
            "time_without_work": chance.choice(["lt6", "m6_12", "m12_24", "gt24"]),
        },
        Section.EDUCATION: {
            "education": chance.choice(["primary", "upper_secondary", "primary_incomplete", "not_validated"]),
            "education_what": chance.choice(["Nio år i grundskola.", "Gymnasium, inte avslutat.", "Yrkesskola."]),
        },
        Section.LANGUAGE: skills | {"cefr_assessor": "Läraren på sfi", "cefr_on": day.isoformat()},
        Section.DIGITAL: {"digital_skills": digital[: level + 2], "digital_access": ["phone", "internet"]},
        Section.OBSTACLES: {
            "obstacles": chance.choice([["unemployed"], ["unemployed", "social_reasons"]]),
            "support": chance.choice(SUPPORT),
        },
        Section.DRIVING: {"licences": chance.choice([["none"], ["B"]]), "travel": chance.choice(["m30", "m60"])},
        Section.GOALS: {"goal_words": goal, "goal_occupations": [[code, occupations[code]] for code in codes]},
        Section.STRENGTHS: {"strengths": strengths},
    }


def _begin_and_save(enrolment: Enrolment, coach: User, answers: dict, former: Mapping | None = None) -> Mapping:
    mapping = mapping_begin(enrolment=enrolment, actor=coach, former=former)
    for key, said in answers.items():
        _save(mapping, key, said, coach)
    return mapping


def _save(mapping: Mapping, key: str, answers: dict, coach: User) -> None:
    seen = mapping.sections.get(key=key).revision
    section_save(mapping=mapping, key=key, answers=answers, talked=True, actor=coach, seen=seen, window=None)
