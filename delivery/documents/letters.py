"""Which letters documents can be drawn with: those of the fonts that travel with the product."""

import functools
import unicodedata

from delivery.documents.pdf import FOLDER

FONTS = ("SourceSans3-Regular.ttf", "NotoSansArabic-Regular.ttf")


def missing_letters(text: str) -> str:
    """The letters of the text that no font of the product has, each once. A document with one of them would show an
    empty box, and could not be archived."""
    known = _known()
    letters = unicodedata.normalize("NFC", text)
    unseen = ("Cc", "Cf", "Zs")  # spaces, breaks, marks of direction: nothing is drawn for them
    return "".join(
        dict.fromkeys(each for each in letters if ord(each) not in known and unicodedata.category(each) not in unseen)
    )


@functools.cache
def _known() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for name in FONTS:
        with TTFont(FOLDER / "fonts" / name, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)
