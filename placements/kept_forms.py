"""Forms for rows that are entered once and changed by whoever gets there first, and the page around such a form."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from placements.changing import Overtaken, seen_of


class KeptForm(forms.ModelForm):
    """What is typed about one row. Of a new one the form has a token, so that sending it twice enters it once; of one
    that is there it has what was seen, so that two who change it are told. The row itself is never touched."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["token"]
            self.initial["seen"] = seen_of(self.instance, self.names)
        else:
            del self.fields["seen"]
        for each in self.fields.values():  # Django's own word for nothing chosen is a line
            if isinstance(each, forms.TypedChoiceField) and each.choices[:1] == BLANK_CHOICE_DASH:
                each.choices = [("", _("Choose")), *each.choices[1:]]

    @property
    def names(self) -> list[str]:
        """The columns that are typed here, always in the same order."""
        return [name for name in self.fields if name not in ("token", "seen")]

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.names}

    def told(self, row) -> list[tuple[str, str]]:
        """What a row says now, in the words of the form: for whoever was too late."""
        return [(self.fields[name].label, _shown(row, name)) for name in self.names]

    def ends_after(self, first: str, last: str, error) -> None:
        """Put the error beside the last day when it lies before the first."""
        start, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if start and end and end < start:
            self.add_error(last, error)

    def _post_clean(self):
        """The database judges in the service; here nothing of the instance is changed."""


def _shown(row, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "–" if value in ("", None) else str(value)


@dataclass
class FormPage:
    """A page with one form: what it is called, what its button says, where it leads when it is done or given up.
    `crumbs` are the pages above it, as (words, address); `remove` is what a second button takes away: (words of the
    button, address)."""

    title: str
    save: str
    back: str
    crumbs: list[tuple[str, str]]
    lead: str = ""
    remove: tuple[str, str] | None = None
    danger: bool = False
    more: dict = field(default_factory=dict)


def form_page(
    request: HttpRequest,
    *,
    make: Callable[[dict | None], forms.BaseForm],
    act: Callable[[forms.BaseForm], str],
    page: FormPage,
    template: str = "placements/kept_form.html",
) -> HttpResponse:
    """Show the form that `make` makes of what was posted (None: nothing), and store it with `act`.

    `act` returns what is said when it is stored; it puts what cannot be stored on the form and returns "". Somebody
    who was too late (Overtaken) gets the form back with what the row says now.
    """
    posted = request.method == "POST"
    form, status, overtaken = make(request.POST if posted else None), 422 if posted else 200, None
    if posted and form.is_valid():
        try:
            said = act(form)
        except Overtaken as changed:
            data = request.POST.copy()
            data["seen"] = seen_of(changed.row, form.names)
            form, status = make(data), 409
            overtaken = form.told(changed.row)
        else:
            if not form.errors:
                messages.success(request, said)
                return redirect(page.back)
    context = {"form": form, "page": page, "overtaken": overtaken, **page.more}
    return render(request, template, context, status=status)
