"""What the supervisor's page says in place of the catalogue's own words: in English where the reader has chosen it,
and in plain words where the catalogue speaks of the supervisor."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from competence.models import CatalogueArea, CatalogueModule, Competence, EvidenceType, SupportLevel

#: Levels in English; a catalogue has them in Swedish alone.
LEVELS = {
    "NOT_TRIED": "Not tried",
    "WITH_SUPERVISION": "With guidance",
    "WITH_SOME_SUPPORT": "With some support",
    "INDEPENDENT": "Independently",
    "CAN_SHOW_OTHERS": "Independently, and shows others",
}
#: The questions of the modules in English.
QUESTIONS = {
    "SPRAK": "How does the participant use Swedish at work?",
    "SOCIALA": "How does the participant get on with others?",
    "ALLMANNA": "What can the participant do that every workplace needs?",
    "PRAKTISKT": "Which occupational skills does the participant show?",
}
MODULES = {
    "SPRAK": "Language",
    "SOCIALA": "Social skills",
    "ALLMANNA": "General competences",
    "PRAKTISKT": "Practical skills",
}


def in_english() -> bool:
    return get_language() == "en"


def level_label(level: SupportLevel) -> str:
    return LEVELS.get(level.code, level.label) if in_english() else level.label


def level_hint(level: SupportLevel) -> str:
    """What the level means, in a few words; empty for one that this version does not know."""
    hints = {
        "NOT_TRIED": _("That is no shortcoming."),
        "WITH_SUPERVISION": _("Somebody is there and shows how."),
        "WITH_SOME_SUPPORT": _("Needs help now and then."),
        "INDEPENDENT": _("Manages without help."),
        "CAN_SHOW_OTHERS": _("Manages without help, and shows others how."),
    }
    return hints.get(level.code, "")


def evidence_of_supervisor(kind: EvidenceType) -> str:
    """What shows it, as the supervisor says it."""
    words = {
        "OBSERVED": _("I have seen it"),
        "CONVERSATION": _("We have talked about the work"),
        "WORK_SAMPLE": _("A sample of work, or finished work"),
        "COURSE": _("A course or training"),
    }
    return words.get(kind.code, kind.label)


def statement(competence: Competence) -> tuple[str, str]:
    """The competence in the reader's language, and the language that it is in: Swedish where there is no English."""
    if in_english() and competence.text_en:
        return competence.text_en, "en"
    return competence.text, "sv"


def module_label(module: CatalogueModule) -> str:
    return (module.label_en or MODULES.get(module.code, module.label)) if in_english() else module.label


def module_question(module: CatalogueModule) -> str:
    return QUESTIONS.get(module.code, module.question) if in_english() else module.question


def area_label(area: CatalogueArea) -> str:
    return area.label_en or area.label if in_english() else area.label
