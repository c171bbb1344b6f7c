"""How attendance is written in tables, and the ways through its pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.permissions import can_export_list
from placements.groups.forms import SHORT
from placements.templatetags.place_bank import entries_of
from vocabulary.codes import AttendanceStatus

register = template.Library()

#: How a mark looks; the letters stand for themselves, so colour alone says nothing.
LOOK = {
    AttendanceStatus.PRESENT: "ok",
    AttendanceStatus.EXTERNAL: "ok",
    AttendanceStatus.ABSENT_INVALID: "stop",
}

WEEK = (gettext_lazy("The week"), "marking:week", ("/narvaro/",))
FILES = (gettext_lazy("Files for the benefit system"), "monthly:files", ("/narvaro/manad/",))


@register.simple_tag(takes_context=True)
def attendance_entries(context) -> list[dict]:
    """The pages of the area: the week, and for those who take out lists the files of the months."""
    request = context["request"]
    return entries_of([WEEK, FILES] if can_export_list(request.user) else [WEEK], request.path)


@register.filter
def comma(number: object) -> str:
    """A number as it was frozen, with a decimal comma: 82,7."""
    return str(number).replace(".", ",")


@register.filter
def clock(time: str) -> str:
    """A time as it was frozen, as the other pages write it: 07.30."""
    return time.replace(":", ".")


@register.simple_tag
def attendance_mark(status: str | None) -> SafeString:
    """A mark as its letters, with the whole word for who hears or points at it; "?" for what is not marked yet, and
    nothing for a session at which the participant was not to be."""
    if status is None:
        return format_html('<span class="visually-hidden">{}</span>', _("Not in the group then"))
    if not status:
        label, short, look = _("Not marked"), "?", "warn"
    else:
        label, short, look = AttendanceStatus(status).label, SHORT[status], LOOK.get(status, "")
    return format_html(
        '<abbr class="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></abbr>',
        look,
        label,
        short,
        label,
    )
