"""What an administrator types about the field's words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.overtaken import OvertakenMixin
from vocabulary.models import ActivityForm


def _day(label, help_text=""):
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-03-31.")},
    )


class ActivityFormForm(OvertakenMixin, forms.ModelForm):
    """A form of activity. The code of one that is there is never changed: plans and groups refer to it."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=_("Code"),
        max_length=40,
        help_text=_("Short, in small letters a–z, digits and underscores; never changed. For example studiebesok."),
        error_messages={
            "required": _("Write a code."),
            "invalid": _("Use small letters a–z, digits and underscores, and begin with a letter."),
        },
    )
    valid_from = _day(_("May be chosen from"), _("Empty: since ever."))
    valid_to = _day(
        _("May be chosen until"), _("Empty: until further notice. Old plans and groups keep an ended form.")
    )

    class Meta:
        model = ActivityForm
        fields = ("label", "code", "kind", "requirement", "valid_from", "valid_to")
        labels = {"label": _("Name"), "requirement": _("Type under the activity requirement")}
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"requirement": _("Which of the law's four types of activity it is, if any.")}
        error_messages = {
            "label": {"required": _("Write what the form of activity is called.")},
            "kind": {"required": _("Choose a type.")},
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [choice for choice in self.fields["kind"].choices if choice[0]]
        of_law = [choice for choice in self.fields["requirement"].choices if choice[0]]
        self.fields["requirement"].choices = [("", _("None of them")), *of_law]
        if not self.instance._state.adding:
            del self.fields["code"]
            self.watch(self.initial, self.instance.label)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if ActivityForm.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("There is already a form of activity with this code."))
        return code

    def clean(self):
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day is before the first."))
        return data
