"""A catalogue as a file: read as it was written, with every mistake told by its line and field.

What is read has the shape of the shipped files (docs/catalogue-format.md). Nothing in a file is ever run, and nothing
of it is stored here.
"""

import re
from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _

from competence.models import (
    CatalogueArea,
    CatalogueModule,
    CatalogueVersion,
    Competence,
    EvidenceType,
    LanguageSkill,
    SupportLevel,
)
from vocabulary import codes
from vocabulary.models import Occupation

#: The shipped file has 50,000 bytes.
LARGEST = 500_000
#: Lists in lists in lists: the shape has six levels.
DEEPEST = 12
MOST_TOLD = 50
MOST_STATEMENTS = 60
#: Of an area: occupations, and formal requirements.
MOST_IN_FILE = 20
LEVELS = range(5)
VERSION_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
#: Short, in capitals: codes of occupational areas stand on the placements of the register, too.
AREA_CODE = re.compile(r"[A-ZÅÄÖ0-9]{2,10}")
CODE = re.compile(r"[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9_-]{0,29}")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class FileError:
    """One mistake: the line it stands on, the field as the file calls it, and a sentence."""

    line: int
    where: str
    sentence: str


class CatalogueUnreadable(Exception):
    """The file is no catalogue, or one with mistakes: `errors`, in the order of the file, at most MOST_TOLD."""

    def __init__(self, errors: list[FileError]):
        super().__init__("; ".join(f"{each.line} {each.where}: {each.sentence}" for each in errors[:5]))
        self.errors = errors[:MOST_TOLD]
        self.more = max(0, len(errors) - MOST_TOLD)


def catalogue_read(source: bytes) -> dict:
    """What the file says, in the shape of the shipped files, with only what the format knows. Raises
    CatalogueUnreadable with everything that is wrong with it."""
    node = _composed(source)
    reader = _Reader()
    data = reader.catalogue(node)
    if reader.errors:
        raise CatalogueUnreadable(sorted(reader.errors, key=lambda each: each.line))
    return data


def _composed(source: bytes) -> yaml.Node:
    if len(source) > LARGEST:
        most = LARGEST // 1000
        raise _unreadable(1, _("The file is too large. A catalogue has at most %(most)d kB.") % {"most": most})
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise _unreadable(line, _("The file is not text in UTF-8. Save it as UTF-8 and try again.")) from None
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        sentence = _(
            "This is not YAML. Look at the indentation, the quotation marks and the commas, here and just above."
        )
        raise _unreadable(mark.line + 1 if mark else 1, sentence) from None
    if node is None:
        raise _unreadable(1, _("The file is empty."))
    return node


def _check_events(text: str) -> None:
    """Nothing that refers to another part of the file, and nothing that is deeper than a catalogue is."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _unreadable(line, _("References (& and *) are not allowed. Write the text out."))
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _unreadable(line, _("The file holds more than one document. Take away the line with ---."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _unreadable(line, _("This is nested too deeply for a catalogue."))


def _unreadable(line: int, sentence: str) -> CatalogueUnreadable:
    return CatalogueUnreadable([FileError(line, "", sentence)])


def longest(model, name: str) -> int:
    """How long a text of the catalogue may be."""
    return model._meta.get_field(name).max_length


def unprintable(text: str) -> bool:
    """Whether there is a sign in it that no paper shows, and that may break a file."""
    return bool(_CONTROL.search(text))


@dataclass
class _Reader:
    """Walks the nodes of a file and gathers what is wrong."""

    errors: list[FileError] = field(default_factory=list)

    def wrong(self, node: yaml.Node, where: str, sentence: str) -> None:
        self.errors.append(FileError(node.start_mark.line + 1, where, sentence))

    # --- What a node can be

    def mapping(self, node: yaml.Node, where: str, known: dict[str, bool]) -> dict[str, yaml.Node]:
        """The fields of a node by name; `known` says which there are and whether they must be there."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, where, _("Fields with names are expected here, as “code: …”."))
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in found:
                self.wrong(key, _under(where, name), _("The field stands here twice."))
            elif name not in known:
                self.wrong(key, _under(where, name), _("The format has no such field. Is it spelled right?"))
            else:
                found[name] = value
        for name, needed in known.items():
            if needed and name not in found:
                self.wrong(node, _under(where, name), _("The field is missing."))
        return found

    def listed(self, node: yaml.Node | None, where: str, *, fewest: int = 0, most: int = 100) -> list[yaml.Node]:
        if node is None or _is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, where, _("A list is expected here, with a dash before each of its parts."))
            return []
        if len(node.value) < fewest:
            self.wrong(node, where, _("The list is empty."))
        if len(node.value) > most:
            self.wrong(node, where, _("The list has more than %(most)d parts.") % {"most": most})
        return node.value[:most]

    def text(self, node: yaml.Node | None, where: str, *, most: int, needed: bool = True) -> str:
        """A text in one line; a number is read as it is written."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, where, _("A text is expected here."))
            return ""
        text = "" if _is_null(node) else " ".join(node.value.split())
        if needed and not text:
            self.wrong(node, where, _("The text is missing."))
        if len(text) > most:
            told = {"most": most, "count": len(text)}
            self.wrong(node, where, _("Write at most %(most)d characters; there are %(count)d now.") % told)
        if unprintable(text):
            self.wrong(node, where, _("There is a sign in the text that cannot be printed."))
        return text

    def coded(self, node: yaml.Node | None, where: str, taken: set[str], shape: re.Pattern = CODE) -> str:
        """A code that nothing else of its kind has."""
        code = self.text(node, where, most=30)
        if code and not shape.fullmatch(code):
            self.wrong(
                node, where, _("“%(code)s” cannot be a code: write capital letters and digits.") % {"code": code}
            )
        elif code in taken:
            self.wrong(node, where, _("The code %(code)s stands here twice.") % {"code": code})
        taken.add(code)
        return code

    def chosen(self, node: yaml.Node | None, where: str, offered: list[str]) -> str:
        text = self.text(node, where, most=40)
        if text and text not in offered:
            self.wrong(node, where, _("Choose one of these: %(offered)s.") % {"offered": ", ".join(offered)})
        return text

    def flag(self, node: yaml.Node | None, where: str) -> bool:
        if node is None:
            return False
        value = getattr(node, "value", "")
        if not isinstance(value, str) or value.lower() not in ("true", "false"):
            self.wrong(node, where, _("Write true or false."))
        return isinstance(value, str) and value.lower() == "true"

    def number(self, node: yaml.Node | None, where: str, within: range) -> int:
        text = getattr(node, "value", "")
        if isinstance(text, str) and text.isascii() and text.isdigit() and int(text[:9]) in within:
            return int(text)
        if node is not None:
            told = {"first": within[0], "last": within[-1]}
            self.wrong(node, where, _("Write a number from %(first)d to %(last)d.") % told)
        return within[0]

    # --- The parts of a catalogue

    def catalogue(self, node: yaml.Node) -> dict:
        known = dict.fromkeys(("schema_version", "catalogue_version", "levels", "cefr", "modules"), True)
        found = self.mapping(node, "", known | {"occupational_areas": True, "language": False, "note": False})
        if "schema_version" in found:
            self.number(found["schema_version"], "schema_version", range(1, 2))
        if "language" in found:
            self.chosen(found["language"], "language", ["sv"])
        code = self.text(found.get("catalogue_version"), "catalogue_version", most=20)
        if code and not VERSION_CODE.fullmatch(code):
            self.wrong(found["catalogue_version"], "catalogue_version", _("Write the version as 2027.1."))
        statements: set[str] = set()
        return {
            "catalogue_version": code,
            "note": self.text(found.get("note"), "note", most=longest(CatalogueVersion, "note"), needed=False),
            "levels": self.levels(found["levels"]) if "levels" in found else {},
            "cefr": self.cefr(found["cefr"]) if "cefr" in found else {},
            "modules": self.modules(found.get("modules"), statements),
            "occupational_areas": self.areas(found.get("occupational_areas"), statements),
        }

    def levels(self, node: yaml.Node) -> dict:
        known = {"scale": True, "evidence_required_from": True, "evidence_types": True, "description": False}
        found = self.mapping(node, "levels", known)
        taken: set[str] = set()
        scale = [self.level(each, taken) for each in self.listed(found.get("scale"), "scale", fewest=1)]
        if "scale" in found and sorted(each["value"] for each in scale) != list(LEVELS):
            self.wrong(found["scale"], "scale", _("There must be five levels, with the values 0 to 4, once each."))
        kinds, taken = [], set()
        for each in self.listed(found.get("evidence_types"), "evidence_types", fewest=1, most=20):
            kinds.append(self.labelled(each, taken, EvidenceType, label_en=False))
        return {
            "scale": scale,
            "evidence_required_from": self.number(
                found.get("evidence_required_from"), "evidence_required_from", LEVELS[1:]
            ),
            "evidence_types": kinds,
        }

    def level(self, node: yaml.Node, taken: set[str]) -> dict:
        known = dict.fromkeys(("value", "code", "label", "on_certificate"), True)
        optional = dict.fromkeys(("label_en", "certificate_phrase", "phrase_en"), False)
        found = self.mapping(node, _code_of(node) or "scale", known | optional)
        code = self.coded(found.get("code"), "code", taken)
        value = self.number(found.get("value"), _under(code, "value"), LEVELS)
        printed = self.flag(found.get("on_certificate"), _under(code, "on_certificate"))
        most = longest(SupportLevel, "phrase")
        where = _under(code, "certificate_phrase")
        phrase = self.text(found.get("certificate_phrase"), where, most=most, needed=printed)
        if value == 0 and printed:
            self.wrong(node, _under(code, "on_certificate"), _("What was not tried never stands on a certificate."))
        if value and printed and "certificate_phrase" not in found:
            self.wrong(node, where, _("The field is missing."))
        return {
            "value": value,
            "code": code,
            **self.texts(found, code, SupportLevel, label=True, label_en=False),
            "on_certificate": printed,
            "certificate_phrase": phrase or None,
            "phrase_en": self.text(found.get("phrase_en"), _under(code, "phrase_en"), most=most, needed=False),
        }

    def labelled(self, node: yaml.Node, taken: set[str], model, **optional: bool) -> dict:
        """A code with its name."""
        found = self.mapping(node, _code_of(node), {"code": True, "label": True} | optional)
        code = self.coded(found.get("code"), "code", taken)
        told = {"code": code} | {
            name: self.text(found.get(name), _under(code, name), most=longest(model, name), needed=needed)
            for name, needed in ({"label": True} | optional).items()
        }
        return told

    def cefr(self, node: yaml.Node) -> dict:
        found = self.mapping(node, "cefr", {"skills": True, "levels": False, "note": False})
        skills, taken = [], set()
        for each in self.listed(found.get("skills"), "skills"):
            skill = self.labelled(each, taken, LanguageSkill)
            if skill["code"] and skill["code"] not in codes.LanguageSkill.values:
                offered = ", ".join(codes.LanguageSkill.values)
                self.wrong(each, "skills", _("Choose one of these: %(offered)s.") % {"offered": offered})
            skills.append(skill)
        if "skills" in found and len(skills) != len(codes.LanguageSkill.values):
            self.wrong(found["skills"], "skills", _("The framework has five skills; each must stand here once."))
        return {"skills": skills}

    def modules(self, node: yaml.Node | None, statements: set[str]) -> list[dict]:
        known = {"code": True, "label": True, "label_en": False, "question": True, "question_en": False}
        known |= {"uses_cefr": False, "uses_occupational_area": False, "competences": True}
        modules, taken = [], set()
        for each in self.listed(node, "modules", fewest=1, most=20):
            found = self.mapping(each, _code_of(each) or "modules", known)
            code = self.coded(found.get("code"), "code", taken)
            by_area = self.flag(found.get("uses_occupational_area"), _under(code, "uses_occupational_area"))
            competences = self.competences(found.get("competences"), code, statements, fewest=0 if by_area else 1)
            if by_area and competences:
                sentence = _("The statements of this module stand with the occupational areas.")
                self.wrong(each, _under(code, "competences"), sentence)
            modules.append(
                {
                    "code": code,
                    **self.texts(
                        found, code, CatalogueModule, label=True, label_en=False, question=True, question_en=False
                    ),
                    "uses_cefr": self.flag(found.get("uses_cefr"), _under(code, "uses_cefr")),
                    "uses_occupational_area": by_area,
                    "competences": competences,
                }
            )
        if node is not None and modules and sum(each["uses_occupational_area"] for each in modules) != 1:
            self.wrong(node, "modules", _("One of the modules must have uses_occupational_area: true, and only one."))
        return modules

    def texts(self, found: dict, code: str, model, **needed: bool) -> dict[str, str]:
        return {
            name: self.text(found.get(name), _under(code, name), most=longest(model, name), needed=must)
            for name, must in needed.items()
        }

    def competences(self, node: yaml.Node | None, code: str, taken: set[str], *, fewest: int) -> list[dict]:
        rows = []
        where = _under(code, "competences")
        for each in self.listed(node, where, fewest=fewest, most=MOST_STATEMENTS):
            found = self.mapping(each, _code_of(each) or where, {"code": True, "text": True, "text_en": False})
            own = self.coded(found.get("code"), where, taken)
            rows.append({"code": own, **self.texts(found, own, Competence, text=True, text_en=False)})
        return rows

    def areas(self, node: yaml.Node | None, statements: set[str]) -> list[dict]:
        known = {"code": True, "label": True, "label_en": False, "description": False, "ssyk": True}
        known |= {"formal_requirements": False, "language_gate": False, "competences": True}
        occupations = set(Occupation.objects.values_list("code", flat=True)) if node is not None else set()
        areas, taken = [], set()
        for each in self.listed(node, "occupational_areas", fewest=1):
            found = self.mapping(each, _code_of(each) or "occupational_areas", known)
            code = self.coded(found.get("code"), "code", taken, AREA_CODE)
            where = _under(code, "formal_requirements")
            most = CatalogueArea._meta.get_field("formal_requirements").base_field.max_length
            required = self.listed(found.get("formal_requirements"), where, most=MOST_IN_FILE)
            area = {
                "code": code,
                **self.texts(found, code, CatalogueArea, label=True, label_en=False, description=False),
                "ssyk": self.occupations(found.get("ssyk"), code, occupations),
                "formal_requirements": [self.text(text, where, most=most) for text in required],
                "competences": self.competences(found.get("competences"), code, statements, fewest=1),
            }
            if "language_gate" in found and not _is_null(found["language_gate"]):
                area["language_gate"] = self.gate(found["language_gate"], code)
            areas.append(area)
        return areas

    def occupations(self, node: yaml.Node | None, area: str, known: set[str]) -> list[dict]:
        where, rows, taken = _under(area, "ssyk"), [], set()
        for each in self.listed(node, where, fewest=1, most=MOST_IN_FILE):
            found = self.mapping(each, where, {"code": True, "label": True, "jobtech_id": False, "verify": False})
            code = self.text(found.get("code"), where, most=4)
            if code and code not in known:
                self.wrong(each, where, _("There is no occupation with the SSYK code %(code)s.") % {"code": code})
            if code in taken:
                self.wrong(each, where, _("The code %(code)s stands here twice.") % {"code": code})
            taken.add(code)
            label = self.text(found.get("label"), _under(code, "label"), most=longest(Occupation, "label"))
            more = {
                name: self.text(found[name], where, most=300) for name in ("jobtech_id", "verify") if name in found
            }
            rows.append({"code": code, "label": label} | more)
        return rows

    def gate(self, node: yaml.Node, area: str) -> dict:
        where = _under(area, "language_gate")
        found = self.mapping(node, where, {"skill": True, "level": True, "applies_to": False})
        levels = [each for each in codes.LanguageLevel.values if each != codes.LanguageLevel.NONE]
        return {
            "skill": self.chosen(found.get("skill"), where, codes.LanguageSkill.values),
            "level": self.chosen(found.get("level"), where, levels),
            "applies_to": self.text(found.get("applies_to"), where, most=200, needed=False),
        }


def _under(above: str, name: str) -> str:
    return f"{above}, {name}" if above and name else above or name


def _code_of(node: yaml.Node) -> str:
    """By which code the reader finds the part again; empty if it says none."""
    if not isinstance(node, yaml.MappingNode):
        return ""
    codes_said = (value.value for key, value in node.value if getattr(key, "value", None) == "code")
    return next((code for code in codes_said if isinstance(code, str)), "")[:30]


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
