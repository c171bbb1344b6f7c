"""The editor of the catalogue: a draft is begun, changed, looked at, compared, published, thrown away."""

import pytest
from django.urls import reverse

from competence.catalogue.services import draft_begin
from competence.models import (
    Assessment,
    CatalogueArea,
    CatalogueVersion,
    Competence,
    EvidenceType,
    SupportLevel,
)
from tests.competence.catalogue.pages import address, draft, row_of, shown
from tests.competence.certificates import assessed, drafted, ended_placement
from vocabulary.models import Occupation, OccupationalArea

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, cast):
    client.force_login(cast.administrator)
    return client


def save(client, url: str, status: int = 302, **changes):
    response = client.post(url, shown(client, url) | changes)
    assert response.status_code == status, response.content.decode()
    return response


def texts(version, code: str) -> list[str]:
    rows = Competence.objects.filter(version=version, code__startswith=f"{code}-").order_by("position")
    return list(rows.values_list("code", flat=True))


def test_a_draft_says_what_is_in_use_and_changes_nothing_for_others(client):
    version = draft(client)
    assert (version.code, version.based_on.code) == ("2026.2", "2026.1")
    assert version.competences.count() == version.based_on.competences.count() > 180
    assert CatalogueVersion.objects.current().code == "2026.1"
    page = client.get(reverse("catalogue:list")).content.decode()
    assert "Ingrid Is" in page
    assert "Följde med produkten" in page


def test_statements_are_added_changed_moved_and_removed_in_one_saving(client):
    version = draft(client)
    url = address("area", version, "KOK")
    sent = shown(client, url)
    first, third, new = (row_of(sent, code) for code in ("KOK-01", "KOK-03", ""))
    changes = {
        f"{first}away": "on",
        f"{third}text": "Lagar  enklare\nrätter.",
        f"{third}place": "10",
        f"{new}text": "Bakar bröd.",
        f"{new}text_en": "Bakes bread.",
        f"{new}place": "1",
    }
    save(client, url, **changes)
    codes = ["KOK-11", "KOK-02", *(f"KOK-{number:02d}" for number in range(4, 11)), "KOK-03"]
    assert texts(version, "KOK") == codes
    assert Competence.objects.get(version=version, code="KOK-03").text == "Lagar enklare rätter."
    positions = list(
        Competence.objects.filter(version=version).order_by("position").values_list("position", flat=True)
    )
    assert positions == list(range(1, len(positions) + 1))
    assert texts(version.based_on, "KOK")[0] == "KOK-01"


def test_a_code_is_never_used_again(client):
    version = draft(client)
    url = address("module", version, "SPRAK")
    sent = shown(client, url)
    save(client, url, **{f"{row_of(sent, '')}text": "Nytt."})
    sent = shown(client, url)
    save(client, url, **{f"{row_of(sent, 'SPRAK-09')}away": "on"})
    other = draft(client)
    url = address("module", other, "SPRAK")
    save(client, url, **{f"{row_of(shown(client, url), '')}text": "Något annat."})
    assert texts(other, "SPRAK")[-1] == "SPRAK-09"  # nothing has it any more
    url = address("module", version, "SPRAK")
    save(client, url, **{f"{row_of(shown(client, url), '')}text": "Nytt igen."})
    assert texts(version, "SPRAK")[-1] == "SPRAK-10"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "Skriv påståendet eller ta bort det."),
        ({"text": "x" * 301}, "högst 300 tecken"),
        ({"text": "Förbereder råvaror: sköljer, skalar, skär och väger upp enligt recept."}, "säger samma sak"),
        ({"text": "Ett \x07 pip."}, "går att skriva ut"),
    ],
)
def test_a_wrong_line_is_told_beside_it_and_nothing_is_saved(client, change, said):
    version = draft(client)
    url = address("area", version, "KOK")
    prefix = row_of(shown(client, url), "KOK-01")
    page = save(client, url, 422, **{f"{prefix}{name}": text for name, text in change.items()}).content.decode()
    assert said in page
    assert Competence.objects.get(version=version, code="KOK-01").text.startswith("Följer rutiner")


def test_a_new_area_has_occupations_and_can_be_chosen_once_it_is_published(client):
    version = draft(client)
    url = address("area_new", version)
    new = row_of(shown(client, url), "")
    area = {
        "code": "DJUR",
        "label": "Djurskötsel",
        "occupation_0": "9210",
        "requirements": "Hygienkurs\n\nKörkort",
        "gate_skill": "LISTENING",
        "gate_level": "A2",
        f"{new}text": "Ger djuren mat.",
    }
    for wrong, said in (
        ({"occupation_0": "finns inte"}, "Inget yrke heter så"),
        ({"code": "DJUR och växter"}, "två till tio stora bokstäver"),  # the whole of it, not a part
    ):
        assert said in save(client, url, 422, **area | wrong).content.decode()
    page = save(client, url, 422, **area | {"gate_level": ""}).content.decode()
    assert "Välj både färdighet och nivå" in page
    save(client, url, **area)
    # What a file brought beyond the six fields is not lost when the area is saved.
    many = list(Occupation.objects.order_by("code").values("code", "label")[:8])
    CatalogueArea.objects.filter(version=version, code="KOK").update(occupations=many)
    save(client, address("area", version, "KOK"), label="Kök")
    assert CatalogueArea.objects.get(version=version, code="KOK").occupations == many
    row = CatalogueArea.objects.get(version=version, code="DJUR")
    assert (row.position, row.formal_requirements) == (21, ["Hygienkurs", "Körkort"])
    assert row.language_gate["level"] == "A2"
    assert not OccupationalArea.objects.filter(code="DJUR").exists()
    save(client, address("head", version), note="Djuren är med.")
    client.post(address("publish", version), {"seen": CatalogueVersion.objects.get(pk=version.pk).revision})
    assert OccupationalArea.objects.get(code="DJUR").occupations == ["9210"]
    assert CatalogueArea.objects.get(version=version, code="DJUR").area_id == "DJUR"
    assert (
        "redan ett område"
        in save(client, address("area_new", draft(client)), 422, **area | {"occupation_1": ""}).content.decode()
    )


def test_an_area_is_taken_out_and_the_others_are_put_in_order(client):
    version = draft(client)
    save(client, address("order", version), KUN="1")
    order = CatalogueArea.objects.filter(version=version).order_by("position")
    assert list(order.values_list("code", flat=True))[:2] == ["KUN", "KOK"]
    assert "8 påståenden" in client.get(address("area_remove", version, "KUN")).content.decode()
    for _press in range(2):
        assert client.post(address("area_remove", version, "KUN")).url == address("version", version)
    assert not order.filter(code="KUN").exists()
    assert CatalogueArea.objects.filter(code="KUN").count() == 1  # the published one


def test_levels_and_types_of_evidence(client):
    version = draft(client)
    save(client, address("levels", version), label_3="På egen hand", phrase_en_3="does it alone", evidence_from="3")
    level = SupportLevel.objects.get(version=version, value=3)
    assert (level.label, level.phrase_en, level.needs_evidence) == ("På egen hand", "does it alone", True)
    assert not SupportLevel.objects.get(version=version, value=2).needs_evidence
    assert "Skriv vad nivån heter" in save(client, address("levels", version), 422, label_3="").content.decode()
    url = address("evidence", version)
    sent = shown(client, url)
    page = save(client, url, 422, **{f"{row_of(sent, 'COURSE')}text": ""}).content.decode()
    assert page.count("Skriv namnet eller ta bort det.") == 2  # beside the field, and above, with a link to it
    save(client, url, **{f"{row_of(sent, 'COURSE')}away": "on", f"{row_of(sent, '')}text": "Film av arbetet"})
    kinds = EvidenceType.objects.filter(version=version).order_by("position")
    assert list(kinds.values_list("code", "label"))[-1] == ("EVIDENCE-01", "Film av arbetet")
    assert not kinds.filter(code="COURSE").exists()


def test_who_saves_second_is_told_and_loses_nothing(client):
    version = draft(client)
    url = address("area", version, "KOK")
    mine, theirs = shown(client, url), shown(client, url)
    client.post(url, theirs | {f"{row_of(theirs, '')}text": "Bakar bröd.", "label": "Köket"})
    mine |= {f"{row_of(mine, 'KOK-01')}text": "Håller rent i köket."}
    response = client.post(url, mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Någon annan har sparat" in page
    assert "Håller rent i köket." in page
    assert CatalogueArea.objects.get(version=version, code="KOK").label == "Köket"
    again = {
        field.html_name: field.value() for form in response.context["rows"].forms for field in form if field.value()
    }
    again |= {field.html_name: field.value() for field in response.context["form"] if field.value()}
    again |= {field.html_name: field.value() for field in response.context["rows"].management_form}
    assert client.post(url, again).status_code == 302
    assert Competence.objects.get(version=version, code="KOK-01").text == "Håller rent i köket."
    assert Competence.objects.get(version=version, code="KOK-11").text == "Bakar bröd."


def of(model, **which):
    """The rows of a draft."""
    return lambda version: model.objects.filter(version=version, **which)


@pytest.mark.parametrize(
    ("rows", "change", "said"),
    [
        (lambda version: CatalogueVersion.objects.filter(pk=version.pk), {"note": ""}, "Skriv vad som är nytt"),
        (of(Competence, area__code="SKO"), None, "Skola och elevstöd har inga påståenden"),
        (of(Competence, module__code="SPRAK"), None, "Modulen Språk har inga påståenden"),
        (of(Competence, code="SKO-01"), {"text": "Förbereder material och plockar undan."}, "säger samma sak"),
        (of(CatalogueArea, code="KOK"), {"occupations": []}, "har inget yrke"),
        (of(SupportLevel, value=2), {"label": ""}, "Nivå 2 saknar namn"),
        (of(SupportLevel, value=2), {"phrase": ""}, "Nivå 2 saknar fras"),
        (of(EvidenceType), None, "ingen underlagstyp"),
    ],
)
def test_it_is_not_published_as_long_as_something_is_missing(client, cast, rows, change, said):
    version = draft_begin(actor=cast.administrator)
    CatalogueVersion.objects.filter(pk=version.pk).update(note="Nytt.")
    found = rows(version)
    assert found.exists()
    found.delete() if change is None else found.update(**change)
    response = client.post(address("publish", version), {"seen": version.revision})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert CatalogueVersion.objects.current().code == "2026.1"


def test_it_is_published_as_it_was_read_and_never_changes(client, cast):
    old = assessed(ended_placement(cast.asa), {"KOK-01": 3})
    written = drafted(ended_placement(cast.bertil), cast.coach)
    version = draft(client)
    stale = client.get(address("publish", version)).context["version"].revision
    save(client, address("head", version), code="2027.1", note="Nya ord.")
    url = address("area", version, "KOK")
    save(client, url, **{f"{row_of(shown(client, url), 'KOK-01')}text": "Håller rent i köket."})
    assert client.post(address("publish", version), {"seen": stale}).status_code == 409
    page = client.get(address("publish", version))
    assert client.post(address("publish", version), {"seen": page.context["version"].revision}).status_code == 302
    version.refresh_from_db()
    assert CatalogueVersion.objects.current() == version
    assert (version.code, version.published_by_name) == ("2027.1", "Ingrid Is")
    assert (
        CatalogueVersion.pgh_event_model.objects.filter(pgh_obj_id=version.pk).last().pgh_context["name"]
        == "Ingrid Is"
    )
    # What is assessed and written keeps its words.
    assert Assessment.objects.get(pk=old.pk).competences.get().competence.text.startswith("Följer rutiner")
    written.refresh_from_db()
    assert written.catalogue.code == "2026.1"
    for name, args in (("area", ("KOK",)), ("levels", ()), ("publish", ()), ("discard", ())):
        assert client.post(address(name, version, *args), {}).url == address("version", version)
    assert Competence.objects.get(version=version, code="KOK-01").text == "Håller rent i köket."


def test_a_draft_is_thrown_away_and_the_history_knows(client):
    version = draft(client)
    assert client.post(address("discard", version)).url == reverse("catalogue:list")
    assert not CatalogueVersion.objects.drafts().exists()
    assert Competence.objects.filter(version_id=version.pk).count() == 0
    events = CatalogueVersion.pgh_event_model.objects.filter(pgh_obj_id=version.pk)
    assert [each.pgh_label for each in events][-1] == "delete"
    # Pressed twice, or saved in another tab: told, and no page that is not found.
    for name, args in (("discard", ()), ("area", ("KOK",)), ("publish", ())):
        answer = client.post(address(name, version, *args), follow=True)
        assert "Utkastet har kastats." in answer.content.decode()
    assert client.post(reverse("catalogue:discard", args=[version.pk + 999])).status_code == 404


def test_two_versions_are_compared_word_by_word(client):
    version = draft(client)
    url = address("area", version, "KOK")
    sent = shown(client, url)
    save(
        client,
        url,
        **{
            f"{row_of(sent, 'KOK-03')}text": "Lagar enklare rätter, soppor och mellanmål.",
            f"{row_of(sent, 'KOK-10')}away": "on",
            f"{row_of(sent, '')}text": "Bakar bröd.",
            f"{row_of(sent, 'KOK-09')}place": "1",
        },
    )
    response = client.get(reverse("catalogue:compare"), {"before": "2026.1", "after": version.code})
    page = response.content.decode()
    assert "<del>sallader</del>" in page
    assert "<ins>soppor</ins>" in page
    assert response.context["counts"] == {"added": 1, "removed": 1, "changed": 1, "moved": 1}
    same = client.get(reverse("catalogue:compare"), {"before": "2026.1", "after": "2026.1"})
    assert "De säger samma sak." in same.content.decode()


def test_the_preview_shows_both_sides(client, django_assert_max_num_queries):
    version = draft(client)
    page = client.get(address("preview", version), {"omrade": "VOF"}).content.decode()
    assert "Gör detta självständigt" in page
    assert "Follows basic hygiene routines." in page
    with django_assert_max_num_queries(16):
        supervisor = client.get(
            address("preview_supervisor", version, "PRAKTISKT"), {"omrade": "VOF"}
        ).content.decode()
    assert "Följer basala hygienrutiner." in supervisor
    assert "<form" not in supervisor
    assert not Assessment.objects.exists()
    with django_assert_max_num_queries(22):
        client.get(address("version", version))
