"""Working on a draft of the catalogue, publishing it, throwing it away. What is published is never changed here: the
database refuses it.

Whoever changes a draft holds its version's row. Each part of a draft (its head, a module, an area, the levels, the
types of evidence, the order of the areas) is saved whole: who saves second is told what the first has saved.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competence.catalogue.facts import catalogue_facts
from competence.catalogue.lacking import lacking
from competence.catalogue.loading import rows_write
from competence.catalogue.reading import catalogue_read
from competence.models import (
    CatalogueArea,
    CatalogueModule,
    CatalogueVersion,
    Competence,
    EvidenceType,
    LanguageSkill,
    SupportLevel,
)
from placements.changing import Overtaken
from vocabulary.services import occupational_area_keep

PARTS = (Competence, CatalogueArea, CatalogueModule, SupportLevel, EvidenceType, LanguageSkill)


class NotADraft(Exception):
    """The version is published, or was thrown away meanwhile."""


class CannotPublish(Exception):
    """What is missing before the draft can be published: `reasons`, in sentences."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class CodeTaken(Exception):
    """Another version, or area, has that code."""


@dataclass(frozen=True)
class Statement:
    """A statement as it is written. Without code: a new one."""

    code: str
    text: str
    text_en: str = ""


@dataclass(frozen=True)
class ModuleFacts:
    """What is written of a module."""

    label: str
    label_en: str
    question: str
    question_en: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class AreaFacts:
    """What is written of an occupational area. `occupations` as (SSYK code, name)."""

    label: str
    label_en: str
    description: str
    occupations: tuple[tuple[str, str], ...]
    formal_requirements: tuple[str, ...]
    language_gate: dict
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class LevelFacts:
    """What is written of a level of support."""

    value: int
    label: str
    label_en: str = ""
    phrase: str = ""
    phrase_en: str = ""


@dataclass(frozen=True)
class ScaleFacts:
    """The levels, and from which on it is to be said what shows them."""

    levels: tuple[LevelFacts, ...]
    evidence_from: int


@dataclass(frozen=True)
class EvidenceFacts:
    """A type of evidence as it is written. Without code: a new one."""

    code: str
    label: str
    label_en: str = ""


@dataclass(frozen=True)
class HeadFacts:
    """What a version is called, and what is new in it."""

    code: str
    note: str


# --- What a part says now -----------------------------------------------------------------------------------------


def head_facts(version: CatalogueVersion) -> HeadFacts:
    return HeadFacts(version.code, version.note)


def module_facts(module: CatalogueModule) -> ModuleFacts:
    return ModuleFacts(
        module.label,
        module.label_en,
        module.question,
        module.question_en,
        _statements(module.competences.filter(area=None)),
    )


def area_facts(area: CatalogueArea) -> AreaFacts:
    return AreaFacts(
        area.label,
        area.label_en,
        area.description,
        tuple((each["code"], each["label"]) for each in area.occupations),
        tuple(area.formal_requirements),
        area.language_gate,
        _statements(area.competences.all()),
    )


def scale_facts(version: CatalogueVersion) -> ScaleFacts:
    levels = list(version.supportlevels.order_by("value"))
    return ScaleFacts(
        tuple(LevelFacts(each.value, each.label, each.label_en, each.phrase, each.phrase_en) for each in levels),
        min((each.value for each in levels if each.needs_evidence), default=1),
    )


def evidence_facts(version: CatalogueVersion) -> tuple[EvidenceFacts, ...]:
    rows = version.evidencetypes.order_by("position")
    return tuple(EvidenceFacts(each.code, each.label, each.label_en) for each in rows)


def area_order(version: CatalogueVersion) -> tuple[str, ...]:
    return tuple(version.catalogueareas.order_by("position").values_list("code", flat=True))


def seen_of_part(facts) -> str:
    """What a page keeps of the part that it shows, to tell afterwards whether somebody has changed it."""
    plain = json.dumps(facts, default=asdict, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _statements(rows) -> tuple[Statement, ...]:
    return tuple(Statement(each.code, each.text, each.text_en) for each in rows.order_by("position"))


# --- A draft begins and ends --------------------------------------------------------------------------------------


@transaction.atomic
def draft_begin(*, actor: User) -> CatalogueVersion:
    """Begin a draft that says what the version in use says."""
    current = CatalogueVersion.objects.current()
    draft = _draft(code=_next_code(), actor=actor, based_on=current)
    rows_write(draft, catalogue_facts(current))
    return draft


@transaction.atomic
def draft_import(*, source: bytes, actor: User) -> CatalogueVersion:
    """A new draft that says what the file says. Raises CatalogueUnreadable, and nothing is stored. A version of the
    file that is there already is not touched: the draft gets a code of its own, which can be changed."""
    data = catalogue_read(source)
    code = CatalogueVersion.objects.free_code(data["catalogue_version"])
    draft = _draft(code=code, actor=actor, based_on=CatalogueVersion.objects.current(), note=data["note"])
    rows_write(draft, data)
    return draft


def _draft(*, actor: User, **fields) -> CatalogueVersion:
    return CatalogueVersion.objects.create(published_at=None, written_by_name=actor.full_name, **fields)


def _next_code() -> str:
    """The year with the number that follows the highest of the year."""
    year = timezone.localdate().year
    codes = CatalogueVersion.objects.filter(code__startswith=f"{year}.").values_list("code", flat=True)
    numbers = [int(found[1]) for code in codes if (found := re.fullmatch(r"\d{4}\.(\d{1,4})", code))]
    return CatalogueVersion.objects.free_code(f"{year}.{max(numbers, default=0) + 1}")


@transaction.atomic
def draft_discard(*, version: CatalogueVersion) -> None:
    """Throw a draft away, with everything in it; the history keeps that it was there. Raises NotADraft."""
    draft = _held(version)
    for model in PARTS:
        model.objects.filter(version=draft).delete()
    CatalogueVersion.objects.filter(based_on=draft).update(based_on=None)
    draft.delete()


@transaction.atomic
def version_publish(*, version: CatalogueVersion, seen: int, actor: User) -> CatalogueVersion:
    """Publish a draft: from now on assessments are begun with it, and it never changes. `seen` is the revision that
    was read: Overtaken when it is another now. Areas that are new can be chosen for workplaces from now on. Raises
    CannotPublish and NotADraft."""
    draft = _held(version)
    if draft.revision != seen:
        raise Overtaken(draft)
    if reasons := lacking(catalogue_facts(draft)):
        raise CannotPublish(reasons)
    for area in draft.catalogueareas.all():
        codes = [each["code"] for each in area.occupations]
        area.area = occupational_area_keep(code=area.code, label=area.label, occupations=codes)
        area.save(update_fields=["area"])
    draft.published_at, draft.published_by_name = timezone.now(), actor.full_name
    draft.save(update_fields=["published_at", "published_by_name"])
    return draft


# --- The parts of a draft -----------------------------------------------------------------------------------------


@transaction.atomic
def head_change(*, version: CatalogueVersion, facts: HeadFacts, seen: str, actor: User) -> None:
    """What the draft is called, and what is new in it. Raises CodeTaken, Overtaken and NotADraft."""
    draft = _held(version)
    _check_seen(draft, head_facts(draft), facts, seen)
    if CatalogueVersion.objects.filter(code=facts.code).exclude(pk=draft.pk).exists():
        raise CodeTaken(facts.code)
    draft.code, draft.note = facts.code, facts.note
    _changed(draft, actor, "code", "note")


@transaction.atomic
def module_change(
    *, version: CatalogueVersion, code: str, facts: ModuleFacts, seen: str, actor: User
) -> CatalogueModule:
    """Name, question and statements of a module. The statements of the practical skills stand with the areas. Raises
    Overtaken and NotADraft."""
    draft = _held(version)
    module = draft.cataloguemodules.get(code=code)
    _check_seen(draft, module_facts(module), facts, seen)
    module.label, module.label_en = facts.label, facts.label_en
    module.question, module.question_en = facts.question, facts.question_en
    module.save()
    if not module.by_area:
        _statements_write(draft, module, None, facts.statements)
    _changed(draft, actor)
    return module


@transaction.atomic
def area_add(*, version: CatalogueVersion, code: str, facts: AreaFacts, actor: User) -> CatalogueArea:
    """A new occupational area, the last one. Raises CodeTaken and NotADraft."""
    draft = _held(version)
    if draft.catalogueareas.filter(code=code).exists():
        raise CodeTaken(code)
    last = draft.catalogueareas.aggregate(last=Max("position"))["last"] or 0
    area = CatalogueArea(version=draft, code=code, position=last + 1)
    return _area_write(draft, area, facts, actor)


@transaction.atomic
def area_change(*, version: CatalogueVersion, code: str, facts: AreaFacts, seen: str, actor: User) -> CatalogueArea:
    """Everything of an area but its code. Raises Overtaken and NotADraft; CatalogueArea.DoesNotExist when it was
    taken away meanwhile."""
    draft = _held(version)
    area = draft.catalogueareas.get(code=code)
    _check_seen(draft, area_facts(area), facts, seen)
    return _area_write(draft, area, facts, actor)


@transaction.atomic
def area_remove(*, version: CatalogueVersion, code: str, actor: User) -> None:
    """Take an area and its statements out of the draft. Twice is once. Raises NotADraft."""
    draft = _held(version)
    Competence.objects.filter(version=draft, area__code=code).delete()
    if draft.catalogueareas.filter(code=code).delete()[0]:
        _renumber(draft)
        _changed(draft, actor)


@transaction.atomic
def areas_order(*, version: CatalogueVersion, codes: Iterable[str], seen: str, actor: User) -> None:
    """Put the areas in this order; those that are not named come last. Raises Overtaken and NotADraft."""
    draft = _held(version)
    order = list(codes)
    _check_seen(draft, area_order(draft), tuple(order), seen)
    areas = list(draft.catalogueareas.order_by("position"))
    areas.sort(key=lambda area: order.index(area.code) if area.code in order else len(order))
    for position, area in enumerate(areas, 1):
        area.position = position
    CatalogueArea.objects.bulk_update(areas, ["position"])
    _renumber(draft)
    _changed(draft, actor)


@transaction.atomic
def scale_change(*, version: CatalogueVersion, facts: ScaleFacts, seen: str, actor: User) -> None:
    """Names and phrases of the levels, and from which level evidence is needed. Raises Overtaken and NotADraft."""
    draft = _held(version)
    _check_seen(draft, scale_facts(draft), facts, seen)
    written = {each.value: each for each in facts.levels}
    for level in draft.supportlevels.all():
        new = written[level.value]
        level.label, level.label_en = new.label, new.label_en
        level.needs_evidence = level.value >= facts.evidence_from
        # What was not tried never stands on a certificate.
        level.phrase, level.phrase_en = (new.phrase, new.phrase_en) if level.value else ("", "")
        level.save()
    _changed(draft, actor)


@transaction.atomic
def evidence_change(*, version: CatalogueVersion, facts: Iterable[EvidenceFacts], seen: str, actor: User) -> None:
    """The types of evidence, in this order. Raises Overtaken and NotADraft."""
    draft = _held(version)
    facts = tuple(facts)
    _check_seen(draft, evidence_facts(draft), facts, seen)
    there = {each.code: each for each in draft.evidencetypes.all()}
    numbers = _numbers_after(EvidenceType, "EVIDENCE")
    kept = set()
    for position, each in enumerate(facts, 1):
        code = each.code or next(numbers)
        row = there.get(code) or EvidenceType(version=draft, code=code)
        row.position, row.label, row.label_en = position, each.label, each.label_en
        row.save()
        kept.add(code)
    draft.evidencetypes.exclude(code__in=kept).delete()
    _changed(draft, actor)


def _area_write(draft: CatalogueVersion, area: CatalogueArea, facts: AreaFacts, actor: User) -> CatalogueArea:
    known = {each["code"]: each for each in area.occupations}
    area.label, area.label_en, area.description = facts.label, facts.label_en, facts.description
    # What the file said besides (its key in the taxonomy) goes on with the occupation.
    area.occupations = [known.get(code, {}) | {"code": code, "label": label} for code, label in facts.occupations]
    area.formal_requirements, area.language_gate = list(facts.formal_requirements), facts.language_gate
    area.save()
    _statements_write(draft, draft.cataloguemodules.get(by_area=True), area, facts.statements)
    _changed(draft, actor)
    return area


def _statements_write(
    draft: CatalogueVersion, module: CatalogueModule, area: CatalogueArea | None, statements: Iterable[Statement]
) -> None:
    """The statements of a module or an area, in this order. A new one gets a code that no version has had."""
    there = {each.code: each for each in Competence.objects.filter(version=draft, module=module, area=area)}
    prefix = area.code if area else module.code
    elsewhere = set(Competence.objects.filter(version=draft).values_list("code", flat=True)) - there.keys()
    numbers = _numbers_after(Competence, prefix)
    kept = set()
    for position, each in enumerate(statements, 1):
        # One that somebody else has taken away meanwhile comes back under its code.
        known = each.code in there or (each.code.startswith(f"{prefix}-") and each.code not in elsewhere | kept)
        code = each.code if known else next(numbers)
        row = there.get(code) or Competence(version=draft, code=code, module=module, area=area)
        row.position, row.text, row.text_en = position, each.text, each.text_en
        row.save()
        kept.add(code)
    Competence.objects.filter(version=draft, module=module, area=area).exclude(code__in=kept).delete()
    _renumber(draft)


def _numbers_after(model, prefix: str):
    """Codes that no version has, the next ones: KOK-11, KOK-12."""
    codes = model.objects.filter(code__startswith=f"{prefix}-").values_list("code", flat=True)
    tails = (code.removeprefix(f"{prefix}-") for code in codes)
    number = max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0)
    while True:
        number += 1
        yield f"{prefix}-{number:02d}"


def _renumber(draft: CatalogueVersion) -> None:
    """All statements of the draft in one row: those of the modules, then those of the areas."""
    rows = list(Competence.objects.filter(version=draft).select_related("module", "area"))
    rows.sort(key=lambda each: (each.area is not None, _place(each), each.position))
    moved = [(position, each) for position, each in enumerate(rows, 1) if each.position != position]
    for position, each in moved:
        each.position = position
    Competence.objects.bulk_update([each for _position, each in moved], ["position"])


def _place(competence: Competence) -> int:
    return competence.area.position if competence.area else competence.module.position


def _held(version: CatalogueVersion) -> CatalogueVersion:
    """The draft, held to the end of the transaction: one writer at a time."""
    draft = CatalogueVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk).first()
    if draft is None or not draft.is_draft:
        raise NotADraft(_("The draft is published, or was thrown away. It cannot be changed any more."))
    return draft


def _check_seen(draft: CatalogueVersion, stored, wanted, seen: str) -> None:
    """Overtaken when the part is not as it was seen, unless it says already what is wanted."""
    if seen_of_part(stored) not in (seen, seen_of_part(wanted)):
        raise Overtaken(draft)


def _changed(draft: CatalogueVersion, actor: User, *names: str) -> None:
    draft.revision += 1
    draft.written_by_name, draft.written_at = actor.full_name, timezone.now()
    draft.save(update_fields=["revision", "written_by_name", "written_at", *names])
