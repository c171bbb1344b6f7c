"""The few template tags that every page shares: icons, sortable headings, filter chips. See docs/interface.md."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def icon(name):
    """One icon of static/icons.svg, by its id. It is decoration: the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


def _query(params, **changes):
    """The address's query with `changes` (None removes), always from the first page."""
    changed = {key: [value] for key, value in changes.items() if value is not None}
    kept = {key: values for key, values in params.lists() if key != "page" and (key in changed or key not in changes)}
    return "?" + urlencode(kept | changed, doseq=True)  # what is changed stays in its place


@register.simple_tag(takes_context=True)
def sort_heading(context, key, label, css="", default=""):
    """A table heading whose link sorts by `key` and keeps the rest of the address.

    The order is `?sort=key`, or `?sort=-key` for falling; `default` is the order when the address
    names none. Choosing the column that is sorted already turns the order around.
    """
    params = context["request"].GET
    current = params.get("sort", default)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current)
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}</a></th>',
        f"sortable {css}".strip(),
        format_html(' aria-sort="{}"', direction) if direction else "",
        _query(params, sort=f"-{key}" if direction == "ascending" else key),
        label,
    )


@register.inclusion_tag("components/chips.html", takes_context=True)
def filter_chips(context, form):
    """The choices made in a filter form, each as a link that takes that choice away.

    `form` is a bound form (a FilterSet's `form`) whose field names are the address's parameters. Hidden fields are
    shown elsewhere.
    """
    params = context["request"].GET
    chips = []
    for field in form.visible_fields():
        for value in params.getlist(field.html_name):
            if value == "":
                continue
            rest = params.copy()
            rest.setlist(field.html_name, [v for v in params.getlist(field.html_name) if v != value])
            chips.append({"label": f"{field.label}: {_word(field, value)}", "query": _query(rest)})
    clear = params.copy()
    for field in form:
        clear.pop(field.html_name, None)
    return {"chips": chips, "clear": _query(clear)}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page_obj):
    """Links to the pages around `page_obj` (a Paginator's page); the rest of the address stays."""
    return {
        "request": context["request"],
        "page_obj": page_obj,
        "page_range": page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1),
    }


def _word(field, value):
    """How the form's field shows `value`: the choice's own words, yes for a tick, else as typed."""
    if field.widget_type == "checkbox":
        return _("yes")
    for choice, label in getattr(field.field, "choices", ()):
        options = label if isinstance(label, list | tuple) else [(choice, label)]
        for key, word in options:
            if str(key) == value:
                return word
    return value
