"""The form with which a register is handed in."""

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from exchange.register.columns import FILES
from exchange.services import SOURCE_LENGTH

FILE_NAMES = {file.file_name for file in FILES}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class RegisterFilesField(forms.FileField):
    """The files of a register: CSV files by the names of the format, or one XLSX workbook."""

    widget = SeveralFiles
    default_error_messages = {
        "mixed": _("Choose either CSV files or one workbook, not both."),
        "several_workbooks": _("Choose one workbook at a time."),
        "unknown_name": _(
            "%(name)s is no file of a register. The files are called units.csv, participants.csv and so on; "
            "a workbook ends in .xlsx."
        ),
        "twice": _("%(name)s is chosen twice."),
        "too_large": _(
            "The files are larger than %(limit)s together. Load so large a register with the command "
            "load_register on the server."
        ),
    }

    def clean(self, data, initial=None):
        files = [super(RegisterFilesField, self).clean(file, initial) for file in data or [None]]
        names = [file.name.lower() for file in files]
        workbooks = [name for name in names if name.endswith(".xlsx")]
        if workbooks and len(workbooks) < len(names):
            raise forms.ValidationError(self.error_messages["mixed"], code="mixed")
        if len(workbooks) > 1:
            raise forms.ValidationError(self.error_messages["several_workbooks"], code="several_workbooks")
        for name in names:
            if name not in workbooks and name not in FILE_NAMES:
                raise forms.ValidationError(self.error_messages["unknown_name"], "unknown_name", {"name": name})
            if names.count(name) > 1:
                raise forms.ValidationError(self.error_messages["twice"], "twice", {"name": name})
        limit = settings.REGISTER_UPLOAD_LIMIT
        if sum(file.size for file in files) > limit:
            raise forms.ValidationError(
                self.error_messages["too_large"], "too_large", {"limit": filesizeformat(limit)}
            )
        return files


class RegisterForm(forms.Form):
    """Hand in a register to be checked; nothing is stored by this step."""

    files = RegisterFilesField(
        label=_("Files"),
        help_text=_("All CSV files of the register at once, or one workbook (XLSX) with a sheet for each file."),
        widget=SeveralFiles(attrs={"accept": ".csv,.xlsx"}),
    )
    source = forms.CharField(
        label=_("Source"),
        initial="register",
        max_length=SOURCE_LENGTH,
        validators=[RegexValidator(r"^[\w.-]+$", _("Use letters, digits, hyphens and full stops only."))],
        help_text=_(
            "The name of the system that the register comes from. The same system must have the same name each time, "
            "so that what is known is updated and not doubled."
        ),
    )

    def clean(self):
        data = super().clean()
        if self.errors and "files" not in self.errors:
            self.add_error("files", _("Choose the files again: the browser does not keep them."))
        return data
