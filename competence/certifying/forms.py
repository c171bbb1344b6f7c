"""What is chosen and typed on the way to a certificate."""

import uuid
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competence.models import CatalogueArea, CertificateDraft, Competence
from competence.models.certificate import FEWEST, LONGEST_TASKS, MOST
from participants.forms import JournalText

YEAR, NUMBER = "year", "number"


class CertificateForm(forms.Form):
    """A certificate as far as it has come. Everything may be left for later: what is missing is said when somebody
    wants to issue it (`CertificateDraft.shortcomings`)."""

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
    area = forms.ModelChoiceField(
        label=_("Occupational area"), queryset=CatalogueArea.objects.none(), required=False, empty_label=_("Choose")
    )
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
    statements = forms.MultipleChoiceField(
        label=pgettext_lazy("on a certificate", "Competences"),
        help_text=_("Choose %(fewest)d to %(most)d statements that the participant has shown at work.")
        % {"fewest": FEWEST, "most": MOST},
        required=False,
    )
    shown_area = forms.CharField(widget=forms.HiddenInput, required=False)
    window = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, draft: CertificateDraft, **options):
        self.draft = draft
        self.competences = list(Competence.objects.filter(version=draft.catalogue_id).select_related("module"))
        options["initial"] = {
            "birth": NUMBER if draft.with_identity_number else YEAR,
            "with_workplace": draft.with_workplace,
            "area": draft.area_id,
            "occupation": draft.occupation,
            "tasks": draft.tasks,
            "window": uuid.uuid4(),
        }
        super().__init__(data, auto_id="certificate_%s", **options)
        person = draft.placement.enrolment.participant
        if not person.identity_number:
            del self.fields["birth"]
        if not person.is_protected:
            del self.fields["with_workplace"]
        self.fields["area"].queryset = CatalogueArea.objects.filter(version=draft.catalogue_id).order_by("label")
        self.fields["statements"].choices = [(each.code, each.text) for each in self.competences]
        self.show(draft.area, ticked=self.data.getlist("statements") if self.is_bound else draft.statements)

    def show(self, area: CatalogueArea | None, *, ticked: Iterable[str]) -> None:
        """Offer the occupations and the statements of this area, of which some are ticked."""
        self.shown, self.ticked = area, set(ticked)
        occupations = area.occupations if area else ()
        self.fields["occupation"].widget.choices = [
            (each["code"], f"{each['label']} ({each['code']})") for each in occupations
        ] or [("", _("Choose the area first"))]

    def clean(self):
        cleaned = super().clean()
        area = cleaned.get("area")
        codes = [each["code"] for each in area.occupations] if area else []
        if cleaned.get("occupation") not in codes:
            cleaned["occupation"] = codes[0] if codes else ""
        # Ticks of an area that the page does not show are neither sent nor lost.
        shown = {each.code for each in self.competences if self._is_offered(each, cleaned.get("shown_area"))}
        unseen = [code for code in self.draft.statements if code not in shown]
        cleaned["statements"] = sorted({*cleaned.get("statements", ()), *unseen})
        return cleaned

    def written(self) -> dict:
        """What `certificate_draft_save` keeps."""
        cleaned = self.cleaned_data
        return {
            "area": cleaned["area"],
            "occupation": cleaned["occupation"],
            "with_identity_number": cleaned.get("birth") == NUMBER,
            "with_workplace": cleaned.get("with_workplace", False),
            "tasks": cleaned["tasks"],
            "statements": cleaned["statements"],
            "window": cleaned["window"],
        }

    def groups(self) -> list[dict]:
        """The statements on offer by module, those of the area first: label, and code, text and tick of each."""
        offered = [
            each for each in self.competences if self._is_offered(each, str(self.shown.pk) if self.shown else "")
        ]
        offered.sort(key=lambda each: (each.area_id is None, each.module.position, each.position))
        groups: dict[str, dict] = {}
        for each in offered:
            label = f"{each.module.label}: {self.shown.label}" if each.area_id else each.module.label
            group = groups.setdefault(each.module.code, {"code": each.module.code, "label": label, "statements": []})
            group["statements"].append({"code": each.code, "text": each.text, "ticked": each.code in self.ticked})
        return list(groups.values())

    @staticmethod
    def _is_offered(competence: Competence, area: str | None) -> bool:
        return competence.area_id is None or str(competence.area_id) == area
