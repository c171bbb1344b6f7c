"""What is missing before a draft of the catalogue can be published."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def lacking(facts: dict) -> list[str]:
    """In sentences, from what the draft says (`facts.catalogue_facts`). Nothing: it can be published."""
    found = []
    if not facts["note"]:
        found.append(_("Write what is new in the version."))
    for level in facts["levels"]["scale"]:
        if not level["label"]:
            found.append(_("Level %(value)d has no name.") % {"value": level["value"]})
        if level["value"] and not level["certificate_phrase"]:
            found.append(_("Level %(value)d has no phrase for the certificate.") % {"value": level["value"]})
    if not facts["levels"]["evidence_types"]:
        found.append(_("There is no type of evidence."))
    for module in facts["modules"]:
        if not module["competences"] and not module["uses_occupational_area"]:
            found.append(_("The module %(label)s has no statements.") % {"label": module["label"]})
    if not facts["occupational_areas"]:
        found.append(_("There is no occupational area."))
    for area in facts["occupational_areas"]:
        if not area["competences"]:
            found.append(_("The area %(label)s has no statements.") % {"label": area["label"]})
        if not area["ssyk"]:
            found.append(_("The area %(label)s has no occupation.") % {"label": area["label"]})
    return found + _twice(facts)


def lacking_english(facts: dict) -> list[str]:
    """What has no English beside it: certificates in both languages have a gap there. No hindrance."""
    groups = [*facts["modules"], *facts["occupational_areas"]]
    statements = [each for group in groups for each in group["competences"] if not each["text_en"]]
    names = [each for each in groups if not each["label_en"]]
    questions = [each for each in facts["modules"] if not each["question_en"]]
    scale = [each for each in facts["levels"]["scale"] if not each["label_en"]]
    phrases = [each for each in facts["levels"]["scale"] if each["certificate_phrase"] and not each["phrase_en"]]
    found = []
    if count := len(statements):
        codes = ", ".join(each["code"] for each in statements[:10]) + (" …" if count > 10 else "")
        words = ngettext("%(count)d statement (%(codes)s)", "%(count)d statements (%(codes)s)", count)
        found.append(words % {"count": count, "codes": codes})
    if count := len(names):
        words = ngettext("the name of %(count)d module or area", "the names of %(count)d modules or areas", count)
        found.append(words % {"count": count})
    if count := len(questions):
        words = ngettext("the question of %(count)d module", "the questions of %(count)d modules", count)
        found.append(words % {"count": count})
    if count := len(scale):
        words = ngettext("the name of %(count)d level", "the names of %(count)d levels", count)
        found.append(words % {"count": count})
    if count := len(phrases):
        found.append(
            ngettext("the phrase of %(count)d level", "the phrases of %(count)d levels", count) % {"count": count}
        )
    return found


def _twice(facts: dict) -> list[str]:
    """Codes and statements that stand there twice."""
    groups = [*facts["modules"], *facts["occupational_areas"]]
    found = []
    codes = Counter(each["code"] for group in groups for each in group["competences"])
    found += [
        _("The code %(code)s stands with two statements.") % {"code": code}
        for code, count in codes.items()
        if count > 1
    ]
    for group in groups:
        texts = Counter(each["text"].casefold() for each in group["competences"])
        found += [
            _("%(label)s says the same twice: %(text)s") % {"label": group["label"], "text": each["text"]}
            for each in {each["text"].casefold(): each for each in group["competences"]}.values()
            if texts[each["text"].casefold()] > 1
        ]
    return found
