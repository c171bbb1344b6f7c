"""The versions of the catalogue to read: the list, one version, what differs between two, how it will look."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competence.assessing.forms import statement_forms
from competence.assessing.sheet import Sheet
from competence.catalogue.comparing import compared, gate_in_words
from competence.catalogue.facts import catalogue_facts, catalogue_yaml
from competence.catalogue.forms import CompareForm
from competence.catalogue.lacking import lacking, lacking_english
from competence.catalogue.opening import for_administrators, of_version
from competence.models import Assessment, CatalogueArea, CatalogueVersion
from delivery.downloads import made_download


@require_safe
@for_administrators
def version_list(request: HttpRequest) -> HttpResponse:
    """The drafts, and what was published when by whom."""
    published = list(CatalogueVersion.objects.published().order_by("-published_at", "-pk"))
    context = {
        "drafts": CatalogueVersion.objects.drafts().select_related("based_on").order_by("-written_at", "-pk"),
        "published": published,
        "current": CatalogueVersion.objects.current(),
    }
    return render(request, "competence/catalogue/list.html", context)


@require_safe
@of_version
def version(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """One version: its parts, and of a draft what is missing before it can be published."""
    facts = catalogue_facts(version)
    current = CatalogueVersion.objects.current()
    for area in facts["occupational_areas"]:
        area["gate"] = gate_in_words(area["language_gate"])
    context = {
        "version": version,
        "facts": facts,
        "is_current": version == current,
        "lacking": lacking(facts) if version.is_draft else [],
        "no_english": lacking_english(facts),
        "against": version.based_on,
        "behind": version.is_draft and version.based_on != current,
        "current": current,
    }
    return render(request, "competence/catalogue/version.html", context)


@require_safe
@for_administrators
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions side by side: what was added, removed, changed."""
    form = CompareForm(request.GET if request.GET else None)
    context = {"form": form, "groups": None}
    if form.is_bound and form.is_valid():
        before, after = form.cleaned_data["before"], form.cleaned_data["after"]
        groups = compared(catalogue_facts(before), catalogue_facts(after))
        context |= {"groups": groups, "before": before, "after": after, "counts": _counts(groups)}
    return render(request, "competence/catalogue/compare.html", context)


def _counts(groups) -> dict[str, int]:
    counted: dict[str, int] = {}
    for group in groups:
        for kind, count in group.counts.items():
            counted[kind] = counted.get(kind, 0) + count
    return counted


@require_safe
@of_version
def preview(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """How an area will look on a certificate: its statements and the general ones, under each level's phrase."""
    facts = catalogue_facts(version)
    area = _area(request, version)
    chosen = next((each for each in facts["occupational_areas"] if each["code"] == area.code), None) if area else None
    modules = []
    for module in facts["modules"]:
        if module["uses_occupational_area"]:
            module["competences"] = chosen["competences"] if chosen else []
        modules.append(module)
    context = {
        "version": version,
        "areas": facts["occupational_areas"],
        "area": chosen,
        "modules": modules,
        "shown": [_as_on_paper(module, facts["levels"]["scale"]) for module in modules if module["competences"]],
    }
    return render(request, "competence/catalogue/preview.html", context)


@require_safe
@of_version
def preview_supervisor(request: HttpRequest, version: CatalogueVersion, code: str) -> HttpResponse:
    """A module as the supervisor will see it, on the supervisor's own page; nothing of it can be sent."""
    area = _area(request, version)
    sheet = Sheet(Assessment(catalogue=version, area=area))
    found = sheet.module(code)
    if found is None:
        raise Http404
    context = {
        "version": version,
        "area": area,
        "module": found.module,
        "forms": statement_forms(sheet, found.lines).values(),
        "lacks": (),
    }
    return render(request, "competence/catalogue/as_supervisor.html", context)


def _area(request: HttpRequest, version: CatalogueVersion) -> CatalogueArea | None:
    """The area that the address says; else the first."""
    areas = version.catalogueareas.order_by("position")
    return areas.filter(code=request.GET.get("omrade", "")).first() or areas.first()


def _as_on_paper(module: dict, levels: list[dict]) -> dict:
    """The module's statements, shared out among the phrases, the most independent first: an example."""
    phrases = sorted((each for each in levels if each["certificate_phrase"]), key=lambda each: -each["value"])
    groups = [
        {"level": level, "statements": module["competences"][number :: len(phrases)]}
        for number, level in enumerate(phrases)
    ]
    return {"module": module, "groups": [each for each in groups if each["statements"]]}


@require_safe
@of_version
def export(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """The version as a file in the format of the shipped ones."""
    name = f"kompetenskatalog-{version.code}.yaml"
    return made_download(catalogue_yaml(version).encode(), name=name, media_type="application/yaml")
