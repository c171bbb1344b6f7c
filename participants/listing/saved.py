"""Saved filters: what of an address is kept, how it reads, and what of it still means something."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.swedish import sort_key
from participants.listing.columns import NAME_HEADING
from participants.listing.orders import NAME
from participants.listing.providers import columns, every_way_to_narrow
from participants.listing.question import MINE, ListQuestion
from participants.listing.reader import Reader
from participants.models import SavedFilter

#: What is searched for is never kept.
NEVER_KEPT = "q"
SHOW, SORT = "show", "sort"
Choices = dict[str, list[str]]


def choices_of(question: ListQuestion) -> Choices:
    """What would be saved of a question: the list, what it is narrowed by, its order; not what is searched for."""
    chosen = {name: question.chosen(name) for name in question.filters.form.fields if name != NEVER_KEPT}
    choices = {name: sorted(set(values)) for name, values in chosen.items() if values}
    if question.has_own:
        choices[SHOW] = [question.shown]
    if question.sort != NAME:
        choices[SORT] = [question.sort]
    return choices


def question_of(saved: SavedFilter, reader: Reader) -> ListQuestion:
    """What the filter asks today."""
    params = QueryDict(mutable=True)
    for name, values in saved.choices.items():
        params.setlist(name, values)
    return ListQuestion(reader.user, params, reader)


def lost_choices(saved: SavedFilter, question: ListQuestion) -> list[str]:
    """Which of the saved choices mean nothing any more, by what they choose among: "Job coach". Never whom: the name
    of a coach who has left may be out of the user's scope by now."""
    fields, shown = question.filters.form.fields, {SHOW: [question.shown], SORT: [question.sort]}
    lost = set(question.filters.form.errors)
    lost |= {name for name in saved.choices if name not in fields and name not in shown}
    lost |= {name for name, value in shown.items() if saved.choices.get(name, value) != value}
    names = {**dict(every_way_to_narrow()), "unit": _("Unit"), "flag": _("Flag"), SHOW: _("List"), SORT: _("Order")}
    return sorted((str(names.get(name, _("A filter that is gone"))) for name in lost), key=sort_key)


def words_of(question: ListQuestion) -> list[str]:
    """What the question says, for people: "My unit", "Status: Enrolled", "No contact lately"."""
    words = [list_name(question)]
    for name, field in question.filters.form.fields.items():
        labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        for value in question.chosen(name) if name != NEVER_KEPT else ():
            words.append(labels[value] if name == "flag" else f"{field.label}: {labels[value]}")
    if question.sort != NAME:
        words.append(_order_words(question.sort))
    return words


def list_name(question: ListQuestion) -> str:
    """What the list is called on its tab."""
    if question.shown == MINE:
        return _("Mine")
    if question.everywhere:
        return _("The whole municipality")
    return _("My units") if len(question.units) > 1 else _("My unit")


def proposed_name(question: ListQuestion) -> str:
    """A name to begin with: what it is narrowed by, without what it chooses among."""
    words = [each.split(": ", 1)[-1] for each in words_of(question)]
    return capfirst(", ".join(words[1:] or words))[:60]


def _order_words(sort: str) -> str:
    headings: Mapping[str, str] = {NAME: NAME_HEADING, **{column.key: column.label for column in columns()}}
    words = {"by": str(headings[sort.removeprefix("-")]).lower()}
    return _("By %(by)s, falling") % words if sort.startswith("-") else _("By %(by)s") % words
