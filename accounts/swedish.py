"""Names as Swedish readers look them up: for searching and for sorting, the same in Python and in the database."""

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower

# Letters with marks that Swedish readers look up under the plain letter, and the Danish and Norwegian ones under
# ä and ö. Å, ä and ö are letters of their own and stay. One table for names and for what is typed to find them.
FOLDED = {
    "a": "áàâãăąā", "c": "çćčĉ", "d": "đďð", "e": "éèêëěęēė", "g": "ğģĝ", "h": "ĥ", "i": "íìîïīįı", "j": "ĵ",
    "k": "ķ", "l": "łľĺļ", "n": "ñńňņ", "o": "óòôõőō", "r": "ŕřŗ", "s": "śšşșŝß", "t": "ťţț", "u": "úùûůűūŭų",
    "w": "ŵ", "y": "ýÿüŷ", "z": "źžż", "ä": "æ", "ö": "ø",
}  # fmt: skip
MARKED = "".join(FOLDED.values())
PLAIN = "".join(plain * len(marked) for plain, marked in FOLDED.items())

#: The three last letters, and the signs after z by which they are sorted.
LAST, AFTER_Z = "åäö", "{|}"


def folded(text: str) -> str:
    """What is typed to find a name, folded as the names are."""
    return text.lower().translate(str.maketrans(MARKED, PLAIN))


def sort_key(text: str) -> str:
    """For Python's `sorted`: the same order as `SwedishSortKey`."""
    return folded(text).translate(str.maketrans(LAST, AFTER_Z))


class FoldedName(Func):
    """Lower case, marked letters folded as a Swedish index does."""

    function = "translate"
    output_field = models.TextField()

    def __init__(self, expression, **extra):
        super().__init__(Lower(expression), Value(MARKED), Value(PLAIN), **extra)


class SwedishSortKey(Func):
    """Names in Swedish order (å ä ö last) on every server: no collation of the server is involved."""

    function = "translate"
    output_field = models.TextField(db_collation="C")

    def __init__(self, expression, **extra):
        super().__init__(FoldedName(expression), Value(LAST), Value(AFTER_Z), **extra)
