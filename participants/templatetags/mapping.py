"""How the state of a mapping's section is shown."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from participants.mapping.told import ToldSection

register = template.Library()
#: Colour (docs/interface.md) and words of each state.
STATES = {
    "filled": ("tag ok", _("Filled in")),
    "nothing": ("tag ok", _("Nothing to write")),
    "not_asked": ("tag", _("Not talked about")),
}


@register.simple_tag
def section_status(section: ToldSection) -> SafeString:
    colour, words = STATES[section.status]
    return format_html('<span class="{}">{}</span>', colour, words)
