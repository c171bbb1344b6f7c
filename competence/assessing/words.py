"""The catalogue's words on the supervisor's page: in English where the reader has chosen it and the catalogue has it,
and in the first person where the catalogue speaks of the supervisor."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from competence.models import CatalogueArea, CatalogueModule, Competence, EvidenceType, SupportLevel


def _told(swedish: str, english: str) -> tuple[str, str]:
    """The text in the reader's language, and the language that it is in: Swedish where there is no English."""
    return (english, "en") if get_language() == "en" and english else (swedish, "sv")


def level_label(level: SupportLevel) -> str:
    return _told(level.label, level.label_en)[0]


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
    return _("I have seen it") if kind.code == "OBSERVED" else _told(kind.label, kind.label_en)[0]


def statement(competence: Competence) -> tuple[str, str]:
    """The competence in the reader's language, and the language that it is in."""
    return _told(competence.text, competence.text_en)


def module_label(module: CatalogueModule) -> str:
    return _told(module.label, module.label_en)[0]


def module_question(module: CatalogueModule) -> str:
    return _told(module.question, module.question_en)[0]


def area_label(area: CatalogueArea) -> str:
    return _told(area.label, area.label_en)[0]
