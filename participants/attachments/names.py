"""What an attachment is called: the name it came with, without what could mislead a reader or a computer."""

import re
import unicodedata

from participants.file_kinds import FileKind

LONGEST = 120
_PATH = re.compile(r"[/\\]")
_RESERVED = re.compile(r'[<>:"|?*]')
#: With a letter in it: the day of "protokoll 2026.03.12" is no ending.
_LAST = re.compile(r"\.(?=\d*[A-Za-z])[A-Za-z0-9]{1,5}$")
#: Names that stand for devices in Windows.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")


def ending_of(name: str) -> str:
    """ ".pdf" of "CV.PDF"; empty when the name has none."""
    found = _LAST.search(cleaned(name))
    return found[0].lower() if found else ""


def cleaned(name: str) -> str:
    """The last part of a path, composed (Å is one letter), without control characters, characters that turn the
    direction of writing, and what a file system does not take. May be empty."""
    name = unicodedata.normalize("NFC", _PATH.split(name)[-1])
    # Cc, Cf, Cs, Co, Cn: controls, turns of direction, zero widths, halves of characters, what Unicode does not know.
    name = "".join(each if each.isspace() or unicodedata.category(each)[0] != "C" else "" for each in name)
    return _RESERVED.sub("_", " ".join(name.split())).rstrip(". ")


def with_ending(name: str, kind: FileKind, otherwise: str) -> str:
    """The name to keep: cleaned, at most LONGEST characters, with the ending of its kind. `otherwise` names a file
    of which nothing is left."""
    name = cleaned(name)
    ending = ending_of(name)
    stem = name[: len(name) - len(ending)] if ending else name
    stem = stem.strip(". ")
    if not stem or _DEVICES.fullmatch(stem.partition(".")[0]):
        stem = f"{otherwise} {stem}".strip()
    ending = ending if ending in kind.endings else kind.endings[0]
    return stem[: LONGEST - len(ending)].rstrip(". ") + ending
