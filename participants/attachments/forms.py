"""Choosing files to attach, and withdrawing one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.attachments.content import recognise
from participants.attachments.faults import EMPTY, TOO_LARGE, Refused
from participants.attachments.municipal import Limits, limits
from participants.attachments.names import cleaned, with_ending
from participants.file_kinds import ENDINGS

#: In one go; more can be added afterwards.
MOST_FILES = 10


@dataclass(frozen=True)
class NewFile:
    """A file as it may be stored: its name, what it is, and its bytes with their hash."""

    name: str
    media_type: str
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"accept": ",".join(ENDINGS)} | (attrs or {}))

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class AttachmentsField(forms.FileField):
    """Files to attach to a journal entry, each looked through: none, one or several.

    Cleaned it is a list of NewFile, each content once. `there` are the files that the entry has already, by their
    hash how large they are: one of them that comes again (a form that is sent twice) takes no more room.
    """

    widget = SeveralFiles

    def __init__(self, **options):
        options = {"required": False, "label": _("Attach files"), "max_length": None} | options
        super().__init__(**options)
        self.there: Mapping[str, int] = {}

    def clean(self, data, initial=None) -> list[NewFile]:
        uploaded = [each for each in data or [] if each]
        if not uploaded:
            if self.required:
                raise ValidationError(_("Choose a file."), code="required")
            return []
        if len(uploaded) > MOST_FILES:
            raise ValidationError(
                _("Choose at most %(most)d files at a time. The rest can be added afterwards."),
                params={"most": MOST_FILES},
            )
        allowed = limits()
        if sum(each.size for each in uploaded) > allowed.entry:
            raise _too_large(_("Together the files are larger than %(limit)s."), allowed)
        files, wrong = {}, []
        for each in uploaded:
            try:
                file = _read(each, allowed)
            except Refused as refused:
                name = cleaned(each.name) or gettext("The file")
                wrong.append(ValidationError("%(name)s %(why)s", params={"name": name, "why": str(refused)}))
                continue
            files.setdefault(file.sha256, file)
        if wrong:
            raise ValidationError(wrong)
        together = dict(self.there) | {sha256: file.size for sha256, file in files.items()}
        if sum(together.values()) > max(allowed.entry, sum(self.there.values())):
            raise _too_large(
                _("Together with what is attached already the files are larger than %(limit)s."), allowed
            )
        return list(files.values())


def _too_large(words: str, allowed: Limits) -> ValidationError:
    return ValidationError(words, params={"limit": filesizeformat(allowed.entry)})


def _read(uploaded, allowed: Limits) -> NewFile:
    if uploaded.size > allowed.file:
        raise Refused(TOO_LARGE, limit=filesizeformat(allowed.file))
    if not uploaded.size:
        raise Refused(EMPTY)
    content = uploaded.read()
    kind = recognise(content, uploaded.name)
    return NewFile(
        name=with_ending(uploaded.name, kind, otherwise=gettext("Attachment")),
        media_type=kind.media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


class WithdrawForm(forms.Form):
    """Why a file was a mistake."""

    why = forms.CharField(
        label=_("Why is the file withdrawn?"),
        help_text=_("Managers of the unit can read it, beside the file."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the file is withdrawn.")},
    )
