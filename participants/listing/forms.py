"""What a user fills in about the list of participants: the name of a saved filter, and what a file of it holds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.listing.columns import listed_columns
from participants.listing.files import CSV, XLSX
from participants.listing.orders import NAME
from participants.listing.providers import columns
from participants.listing.question import ListQuestion
from participants.models import SavedFilter


class SavedFilterForm(forms.ModelForm):
    """The name of a saved filter, and whether the list begins with it."""

    is_default = forms.BooleanField(
        label=_("Begin with this filter"),
        required=False,
        help_text=_("The list of participants opens with it."),
    )

    class Meta:
        model = SavedFilter
        fields = ["name", "is_default"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def validate_constraints(self):
        """The service asks for the name, and for the default, when it holds the lock."""


class NewFilterForm(SavedFilterForm):
    """The name under which the list's choices are saved."""

    replaces = forms.BooleanField(label=_("Replace the filter that has this name"), required=False)
    field_order = ["name", "replaces", "is_default"]

    def __init__(self, *args, offers_to_replace: bool, **options):
        super().__init__(*args, **options)
        if not offers_to_replace:
            self.fields["replaces"].widget = forms.HiddenInput()


class ListFileForm(forms.Form):
    """Which columns a file of the list has, and its form."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take only what you need."),
        error_messages={"required": _("Choose at least one column.")},
    )
    with_numbers = forms.BooleanField(
        label=_("Identity numbers too"),
        required=False,
        help_text=_("It is written in the access log of each participant that you have seen the number."),
    )
    form = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[(XLSX, "Excel (XLSX)"), (CSV, "CSV")],
        initial=XLSX,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )
    use_required_attribute = False

    def __init__(self, *args, question: ListQuestion, **options):
        super().__init__(*args, **options)
        self.fields["columns"].choices = [(column.key, column.label) for column in columns()]
        self.initial["columns"] = [NAME, *(column.key for column in listed_columns(question))]
