"""What a report to the committee is about, as its writer asks for it; the comment under a section; why a version."""

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from reporting.figures.definition import Section
from reporting.forms import QuestionForm
from reporting.models import Report, ReportComment, ReportKind
from reporting.periods import Period, PeriodError, latest_ended_quarter
from reporting.permissions import figures_scope
from tracks.models import Round


def suggested_period(kind: str) -> Period:
    """The latest ended period that the committee gets such a report about. Interim reports are of the first or the
    second tertial: the third ends the year."""
    today = timezone.localdate()
    match kind:
        case ReportKind.ANNUAL:
            return Period.parse(str(today.year)).previous
        case ReportKind.INTERIM:
            period = Period.tertial_of(today).previous
            return period.previous if period.end.month == 12 else period
        case _:
            return latest_ended_quarter(today)


def kind_about(period: str) -> ReportKind:
    """What a report about the period called so is most likely; a quarterly report while none is named."""
    if not period:
        return ReportKind.QUARTERLY
    try:
        kind = Period.parse(period).kind
    except PeriodError:
        return ReportKind.FREE
    usual = {"quarter": ReportKind.QUARTERLY, "tertial": ReportKind.INTERIM, "year": ReportKind.ANNUAL}
    return usual.get(kind, ReportKind.FREE)


def proposed_title(kind: str, period: Period) -> str:
    """What the report may be called, such as "Quarterly report, quarter 1 2026"."""
    words = period.label
    return f"{ReportKind(kind).label}, {words[:1].lower()}{words[1:]}"


class ReportForm(QuestionForm):
    """Kind, title and sections of a report beside its question. The kind proposes a period, and both a title.

    A corrected version keeps the period and the unit of the one it replaces: they are not fields of its form then.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ReportKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    case_number = forms.CharField(
        label=gettext_lazy("Case number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The case in the municipality's own register, if there is one."),
    )
    with_units = forms.BooleanField(
        label=gettext_lazy("Key figures of each unit as well"),
        required=False,
        help_text=gettext_lazy("Only in a report of the whole municipality."),
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Sections"),
        choices=Section.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one section.")},
    )

    def __init__(self, data: MultiValueDict, *, user: User, report: Report | None = None):
        self.replaced = report.replaces if report else None
        super().__init__(data, user=user)
        if not figures_scope(user).everything:
            del self.fields["with_units"]  # one unit is all that the writer can ask about
        self.fields["as_of"].help_text = _("Decides which jobs have lasted a month and which answers are known.")

    @classmethod
    def of(cls, report: Report, *, user: User) -> "ReportForm":
        """The form as the report stands."""
        asked = report.question.address | {"kind": report.kind, "title": report.title}
        asked |= {"case_number": report.case_number, "with_units": "on" if report.with_units else ""}
        data = MultiValueDict({name: [value] for name, value in asked.items()} | {"sections": report.sections})
        return cls(data, user=user, report=report)

    def _completed(self, data: MultiValueDict, unit: str | None) -> dict:
        """What was asked with what it proposes; an untouched form has all sections."""
        kind = data.get("kind", kind_about(data.get("period", "")))
        asked = {name: data.get(name, "") for name in ("period", "from", "to", "as_of", "unit")}
        if self.replaced:
            asked |= {"period": self.replaced.period, "unit": self.replaced.unit.code if self.replaced.unit else ""}
        asked["period"] = asked["period"].strip() or (
            suggested_period(kind).name if kind in ReportKind.values else ""
        )
        completed = super()._completed(asked, unit)
        self.proposed = self._proposed(kind, completed)
        return completed | {
            "kind": kind,
            "title": data.get("title", "").strip() or self.proposed,
            "case_number": data.get("case_number", ""),
            "with_units": data.get("with_units", ""),
            "sections": data.getlist("sections") if "kind" in data else _all_sections(),
        }

    @staticmethod
    def _proposed(kind: str, asked: dict) -> str:
        dates = f"{asked['from']}..{asked['to']}"
        for name in (asked["period"], dates):
            try:
                return proposed_title(kind, Period.parse(name))
            except (PeriodError, ValueError):
                continue
        return ""

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Nothing is known yet of a day to come. Choose today or an earlier day."))
        return day

    def written(self) -> dict:
        """What the services of reports take. Only of a valid form."""
        return {
            **{name: self.cleaned_data[name] for name in ("kind", "title", "case_number", "sections")},
            "with_units": self.cleaned_data.get("with_units", False),
            "question": self.question,
        }


def _all_sections() -> list[str]:
    """Those that a new report has: job tracks where there are any rounds of one."""
    return [code for code in Section.values if code != Section.TRACKS or Round.objects.exists()]


class CommentForm(forms.Form):
    """What is written under one section."""

    text = forms.CharField(
        required=False,
        max_length=ReportComment._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args, section: str, label: str, **kwargs):
        super().__init__(*args, auto_id=f"comment_{section}_%s", **kwargs)
        self.fields["text"].label = label


class ReasonForm(forms.Form):
    """Why a frozen report is corrected."""

    reason = forms.CharField(
        label=gettext_lazy("What was wrong, and what is corrected"),
        help_text=gettext_lazy("Stands on the new version, for the committee to read."),
        max_length=Report._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def without_proposals(data, *, chosen: str) -> MultiValueDict:
    """What was typed, freed of what was only proposed: after another kind was `chosen` its period, and the title
    unless it was written by hand."""
    freed = data.copy()
    if chosen == "kind":
        for name in ("period", "from", "to"):
            freed.pop(name, None)
    if freed.get("title", "").strip() == freed.get("proposed", ""):
        freed.pop("title", None)
    return freed
