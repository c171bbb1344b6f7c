"""The parts of a draft, each on a page of its own: head, modules, areas, their order, levels, types of evidence."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competence.catalogue import forms, services
from competence.catalogue.comparing import gate_in_words
from competence.catalogue.opening import of_draft
from competence.models import CatalogueArea, CatalogueVersion
from placements.changing import Overtaken

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def _data(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _saved(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    messages.success(request, _("The draft is saved."))
    return redirect("catalogue:version", version.pk)


def _page(request: HttpRequest, version: CatalogueVersion, template: str, *, status: int, **context) -> HttpResponse:
    return render(request, f"competence/catalogue/{template}.html", {"version": version, **context}, status=status)


def _with_seen(data, seen: str):
    """What was posted, as if the page had shown what is stored now."""
    again = data.copy()
    again["seen"] = seen
    return again


# --- Head, levels, order ------------------------------------------------------------------------------------------


def _plain(
    request: HttpRequest,
    version: CatalogueVersion,
    *,
    template: str,
    stored: Callable[[], object],
    make: Callable[[object], forms.PartForm],
    save: Callable[[forms.PartForm], None],
) -> HttpResponse:
    """A part that is one form. `make` makes it of what was posted (None: nothing), `save` stores it."""
    data, status, overtaken = _data(request), 200, None
    form = make(data)
    form.initial["seen"] = services.seen_of_part(stored())
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                save(form)
            except Overtaken:
                status, overtaken = 409, stored()
                form = make(_with_seen(data, services.seen_of_part(overtaken)))
            except services.CodeTaken:
                form.add_error("code", _("There is a version with that name already."))
            else:
                return _saved(request, version)
    return _page(request, version, template, form=form, overtaken=overtaken, status=status)


@read_or_write
@of_draft
def head(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """What the draft is called and what is new in it."""

    def save(form) -> None:
        services.head_change(version=version, facts=form.facts, seen=form.cleaned_data["seen"], actor=request.user)

    def stored():
        version.refresh_from_db()
        return services.head_facts(version)

    facts = stored()
    initial = {"code": facts.code, "note": facts.note}
    return _plain(
        request,
        version,
        template="head",
        stored=stored,
        make=lambda data: forms.HeadForm(data, initial=dict(initial)),
        save=save,
    )


@read_or_write
@of_draft
def levels(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """Names and phrases of the levels, and from which on evidence is needed."""

    def save(form) -> None:
        services.scale_change(version=version, facts=form.facts, seen=form.cleaned_data["seen"], actor=request.user)

    return _plain(
        request,
        version,
        template="levels",
        stored=lambda: services.scale_facts(version),
        make=lambda data: forms.ScaleForm(data, facts=services.scale_facts(version)),
        save=save,
    )


@read_or_write
@of_draft
def order(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """In which order the areas stand."""
    areas = list(version.catalogueareas.order_by("position"))

    def save(form) -> None:
        services.areas_order(version=version, codes=form.codes, seen=form.cleaned_data["seen"], actor=request.user)

    return _plain(
        request,
        version,
        template="order",
        stored=lambda: services.area_order(version),
        make=lambda data: forms.OrderForm(data, areas=areas),
        save=save,
    )


# --- What has rows: modules, areas, types of evidence -------------------------------------------------------------


def _rows(request: HttpRequest, rows, form, *, save: Callable[[str], None], stored, again):
    """One form with rows below it, if it has any: the answer's status (None when it is saved), form and rows to show,
    and what somebody else has saved meanwhile. `again` makes form and rows anew of what was typed."""
    if _data(request) is None:
        return 200, form, rows, None
    valid = [form.is_valid(), rows is None or rows.is_valid()]
    if not all(valid):
        return 422, form, rows, None
    try:
        save(form.cleaned_data["seen"])
    except Overtaken:
        now = stored()
        return 409, *again(now), now
    except services.CodeTaken:
        form.add_error("code", _("There is an area with that code already."))
        return 422, form, rows, None
    return None, form, rows, None


def _together(typed: forms.StatementsFormSet, stored) -> list:
    """What was typed, and after it what somebody else has added meanwhile."""
    known = {each.code for each in typed.statements if each.code} | typed.taken_away
    return [*typed.statements, *(each for each in stored if each.code not in known)]


@read_or_write
@of_draft
def module(request: HttpRequest, version: CatalogueVersion, code: str) -> HttpResponse:
    """A module: name, question, statements."""
    row = version.cataloguemodules.filter(code=code).first()
    if row is None:
        raise Http404
    facts, data = services.module_facts(row), _data(request)
    initial = {"label": facts.label, "label_en": facts.label_en}
    initial |= {"question": facts.question, "question_en": facts.question_en}
    form = forms.ModuleForm(data, initial=initial | {"seen": services.seen_of_part(facts)})
    # The statements of the practical skills stand with the areas.
    rows = None if row.by_area else forms.StatementsFormSet(data, statements=facts.statements)

    def save(seen: str) -> None:
        written = form.facts(rows.statements if rows else ())
        services.module_change(version=version, code=code, facts=written, seen=seen, actor=request.user)

    def stored():
        row.refresh_from_db()
        return services.module_facts(row)

    def again(now):
        typed = rows and forms.StatementsFormSet(statements=_together(rows, now.statements))
        return forms.ModuleForm(_with_seen(data, services.seen_of_part(now))), typed

    status, form, rows, overtaken = _rows(request, rows, form, save=save, stored=stored, again=again)
    if status is None:
        return _saved(request, version)
    return _page(
        request, version, "group", status=status, form=form, rows=rows, module=row, area=None, overtaken=overtaken
    )


@read_or_write
@of_draft
def area_new(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """Add an occupational area."""
    return _area(request, version, None)


@read_or_write
@of_draft
def area(request: HttpRequest, version: CatalogueVersion, code: str) -> HttpResponse:
    """An occupational area: everything of it but its code."""
    row = CatalogueArea.objects.filter(version=version, code=code).first()
    return _area(request, version, row) if row else _no_area(request, version)


def _no_area(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """Back to the draft when the area was taken out of it; one that never was there is not found."""
    if request.method != "POST":
        raise Http404
    messages.error(request, _("The area does not stand in the draft any more."))
    return redirect("catalogue:version", version.pk)


_NO_AREA = services.AreaFacts("", "", "", (), (), {}, ())


def _area(request: HttpRequest, version: CatalogueVersion, row: CatalogueArea | None) -> HttpResponse:
    facts, data = services.area_facts(row) if row else _NO_AREA, _data(request)
    initial = forms.AreaForm.initial_of(facts) | {"seen": services.seen_of_part(facts)}
    form = forms.AreaForm(data, initial=initial, is_new=row is None)
    rows = forms.StatementsFormSet(data, statements=facts.statements)

    def save(seen: str) -> None:
        written = {"version": version, "facts": form.facts(rows.statements), "actor": request.user}
        if row is None:
            services.area_add(code=form.cleaned_data["code"], **written)
        else:
            services.area_change(code=row.code, seen=seen, **written)

    def stored():
        row.refresh_from_db()
        return services.area_facts(row)

    def again(now):
        typed = forms.StatementsFormSet(statements=_together(rows, now.statements))
        return forms.AreaForm(_with_seen(data, services.seen_of_part(now)), is_new=False), typed

    try:
        status, form, rows, overtaken = _rows(request, rows, form, save=save, stored=stored, again=again)
    except CatalogueArea.DoesNotExist:
        return _no_area(request, version)
    if status is None:
        return _saved(request, version)
    context = {"form": form, "rows": rows, "module": None, "area": row, "overtaken": overtaken}
    context["overtaken_gate"] = gate_in_words(overtaken.language_gate) if overtaken else ""
    return _page(request, version, "group", status=status, occupations=forms.occupations_offered(), **context)


@read_or_write
@of_draft
def area_remove(request: HttpRequest, version: CatalogueVersion, code: str) -> HttpResponse:
    """Asks once, and takes an area with its statements out of the draft."""
    row = CatalogueArea.objects.filter(version=version, code=code).first()
    if row is None:
        return _no_area(request, version)
    if request.method == "POST":
        services.area_remove(version=version, code=code, actor=request.user)
        messages.success(request, _("%(label)s is taken out of the draft.") % {"label": row.label})
        return redirect("catalogue:version", version.pk)
    return _page(request, version, "area_remove", status=200, area=row, count=row.competences.count())


@read_or_write
@of_draft
def evidence(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """The types of evidence."""
    facts, data = services.evidence_facts(version), _data(request)
    form = forms.PartForm(data, initial={"seen": services.seen_of_part(facts)})
    rows = forms.EvidenceFormSet(data, statements=_as_rows(facts))

    def save(seen: str) -> None:
        services.evidence_change(version=version, facts=rows.facts, seen=seen, actor=request.user)

    def again(now):
        typed = forms.EvidenceFormSet(statements=_together(rows, _as_rows(now)))
        return forms.PartForm(_with_seen(data, services.seen_of_part(now))), typed

    status, form, rows, overtaken = _rows(
        request, rows, form, save=save, stored=lambda: services.evidence_facts(version), again=again
    )
    if status is None:
        return _saved(request, version)
    return _page(request, version, "evidence", status=status, form=form, rows=rows, overtaken=overtaken)


def _as_rows(facts) -> list[services.Statement]:
    return [services.Statement(each.code, each.label, each.label_en) for each in facts]
