"""What is chosen and typed on the way to a certificate, and the reasons why one is replaced or revoked."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from competence.certifying.composing import credentials_offered, grouped, statements_of
from competence.certifying.reading import mark_of
from competence.certifying.services import Written
from competence.language import language_levels
from competence.models import CertificateDraft, Competence, Credential
from competence.models.certificate import LONGEST_TASKS, MOST
from participants.forms import JournalText, day_field

YEAR, NUMBER = "year", "number"


class CertificateForm(forms.Form):
    """A certificate as far as it has come. Everything may be left for later: what is missing is said when somebody
    wants to issue it (`services.shortcomings`)."""

    replaces_why = forms.CharField(label=_("Why is the issued certificate replaced?"), max_length=500, required=False)
    occupation = forms.CharField(label=_("Occupation (SSYK)"), widget=forms.Select, required=False)
    tasks = JournalText(
        rows=5,
        label=_("What the work was about"),
        help_text=_(
            "Two to four sentences, at most %(most)d characters. Tell what was done; nothing about why, about health "
            "or about absence."
        )
        % {"most": LONGEST_TASKS},
        required=False,
        max_length=5 * LONGEST_TASKS,
    )
    with_english = forms.BooleanField(
        label=_("In English too, in parallel"),
        help_text=_(
            "Headings, facts and your text stand in English too; competences do if the catalogue has them in English."
        ),
        required=False,
    )
    tasks_en = JournalText(
        rows=5,
        label=_("What the work was about, in English"),
        help_text=_("Only for a certificate in English too. The same two to four sentences."),
        required=False,
        max_length=5 * LONGEST_TASKS,
    )
    statements = forms.MultipleChoiceField(
        label=pgettext_lazy("on a certificate", "Competences"),
        help_text=_("At most %(most)d of the occupation and %(most)d general ones, of those that were assessed.")
        % {"most": MOST},
        required=False,
    )
    birth = forms.ChoiceField(
        label=_("On the certificate stands"),
        help_text=_("Ask the participant. The year of birth is enough for an employer."),
        choices=[(YEAR, _("the year of birth")), (NUMBER, _("the whole personal identity number"))],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        required=False,
    )
    with_workplace = forms.BooleanField(
        label=_("The workplace may stand on the certificate"),
        help_text=_("Protected personal data: only if the participant agrees. Otherwise the unit is left out too."),
        required=False,
    )
    with_language = forms.BooleanField(label=_("The levels of Swedish may stand on the certificate"), required=False)
    credentials = forms.ModelMultipleChoiceField(
        label=_("Issued by others"),
        queryset=Credential.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    read_on = day_field(
        _("The participant has read it"),
        help_text=_(
            "The day on which you read the draft together. It is needed before the certificate is issued, and again "
            "if anything that stands there is changed afterwards."
        ),
        required=False,
    )
    window = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, draft: CertificateDraft, user: User, **options):
        self.draft = draft
        #: What stands on the page that is shown; the day of reading is of that.
        self.mark = mark_of(draft)
        #: Whether a day was given, but for something else than what is stored now.
        self.reading_refused = False
        self.offered = statements_of(draft.assessment)
        chosen = list(draft.credentials.values_list("pk", flat=True)) if draft.pk else []
        options["initial"] = {
            "birth": NUMBER if draft.with_identity_number else YEAR,
            "window": uuid.uuid4(),
            "credentials": chosen,
        } | {
            name: getattr(draft, name)
            for name in (
                "replaces_why", "occupation", "tasks", "with_english", "tasks_en", "with_workplace", "with_language",
            )
        }  # fmt: skip
        options["initial"]["read_on"] = draft.read_on if draft.read_mark == self.mark else None
        super().__init__(data, auto_id="certificate_%s", **options)
        placement = draft.placement
        person, credentials = placement.enrolment.participant, credentials_offered(placement, user)
        self.levels = list(language_levels(placement.enrolment, timezone.localdate()).values())
        self.fields["with_language"].help_text = ", ".join(
            f"{each.skill_label} {each.level_label}" for each in self.levels
        )
        for name, is_needed in (
            ("replaces_why", bool(draft.replaces_why)),
            ("birth", bool(person.identity_number)),
            ("with_workplace", person.is_protected),
            ("with_language", bool(self.levels)),
            ("credentials", bool(credentials)),
        ):
            if not is_needed:
                del self.fields[name]
        if credentials:
            field = self.fields["credentials"]
            field.queryset = Credential.objects.filter(pk__in=[each.pk for each in credentials])
            field.choices = [(each.pk, _credential_words(each)) for each in credentials]
        self.fields["occupation"].widget.choices = [
            (each["code"], f"{each['label']} ({each['code']})") for each in draft.area.occupations
        ]
        known = Competence.objects.filter(version=draft.catalogue_id).values_list("code", "text")
        self.fields["statements"].choices = list(known)
        self.ticked = set(self.data.getlist("statements") if self.is_bound else draft.statements)

    def clean_occupation(self):
        code = self.cleaned_data["occupation"]
        # One of another area, as the assessment was corrected meanwhile: the draft has one of its own by then.
        return code if any(code == each["code"] for each in self.draft.area.occupations) else self.draft.occupation

    def clean_read_on(self):
        day = self.cleaned_data["read_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The day has not come yet."))
        return day

    def clean_statements(self):
        # What is not offered any more, as the assessment was corrected meanwhile, cannot be chosen any more.
        offered = {each.code for each in self.offered}
        return [code for code in self.cleaned_data["statements"] if code in offered]

    def written(self) -> Written:
        """What `certificate_draft_save` keeps."""
        cleaned = self.cleaned_data
        return Written(
            occupation=cleaned["occupation"],
            tasks=cleaned["tasks"],
            statements=cleaned["statements"],
            tasks_en=cleaned["tasks_en"],
            with_identity_number=cleaned.get("birth") == NUMBER,
            with_workplace=cleaned.get("with_workplace", False),
            with_language=cleaned.get("with_language", False),
            with_english=cleaned["with_english"],
            credentials=list(cleaned.get("credentials", ())),
            read_on=cleaned["read_on"],
            replaces_why=cleaned.get("replaces_why", ""),
        )

    def show_stored(self, draft: CertificateDraft) -> None:
        """Learn what was stored of what was sent. A day of reading that was not taken does not stay in the field: it
        is given again when the participant has read what stands there now."""
        self.mark = mark_of(draft)
        if self.cleaned_data["read_on"] and draft.read_mark != self.mark:
            self.reading_refused = True
            self.data = self.data.copy()
            self.data["read_on"] = ""

    @property
    def groups(self) -> list:
        """The statements on offer by module and level (`composing.ModuleGroup`)."""
        return grouped(self.offered)

    @property
    def counts(self) -> dict[str, int]:
        """How many are ticked, of the occupational and of the general ones."""
        ticked = [each for each in self.offered if each.code in self.ticked]
        occupational = sum(each.is_occupational for each in ticked)
        return {"occupational": occupational, "general": len(ticked) - occupational}


def _credential_words(credential: Credential) -> str:
    words = f"{credential.title}, {credential.issuer}, {credential.issued_on}"
    if credential.has_expired:
        return _("%(credential)s (ran out on %(day)s)") % {"credential": words, "day": credential.valid_until}
    return words


class ReplaceForm(forms.Form):
    """Why an issued certificate is replaced."""

    why = forms.CharField(
        label=_("Why is the issued certificate replaced?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the file, not on the certificate."),
        error_messages={"required": _("Say why the certificate is replaced.")},
    )


class RevokeForm(forms.Form):
    """Why a certificate is revoked."""

    why = forms.CharField(
        label=_("Why is the certificate revoked?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the file. Who checks the certificate is told that it is revoked, and not why."),
        error_messages={"required": _("Say why the certificate is revoked.")},
    )
