"""What forms about participants are made of."""

from django import forms
from django.utils.translation import gettext_lazy as _

#: Some ten pages. A paste of a whole document by mistake is told so.
LONGEST_TEXT = 20_000


class JournalText(forms.CharField):
    """A journal text, with line breaks as one character whatever the browser sends."""

    def __init__(self, *, rows: int, **options):
        options.setdefault("max_length", LONGEST_TEXT)
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=widget, **options)
        self.widget.attrs.pop("maxlength", None)  # a browser would cut a paste short without a word

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n").replace("\r", "\n") if value else value)


def day_field(label, *, missing="", **options) -> forms.DateField:
    """A day, as the browser chooses it; `missing` is what is said when there is none."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": missing or _("Give the day."),
            "invalid": _("Write the day as 2026-03-31."),
        },
        **options,
    )
