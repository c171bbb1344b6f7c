"""A version as a file and back; every mistake in a file by its line and field, and nothing half stored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from competence.catalogue.facts import catalogue_facts, catalogue_yaml
from competence.catalogue.loading import SHIPPED, catalogue_load
from competence.catalogue.reading import LARGEST, CatalogueUnreadable, catalogue_read
from competence.catalogue.services import draft_begin, draft_import, version_publish
from competence.models import CatalogueVersion, Competence

pytestmark = pytest.mark.django_db
SHIPPED_FILE = SHIPPED / "catalogue-2026.1.yaml"


def shipped(*changes: tuple[str, str]) -> bytes:
    """The shipped file with the first place of each text changed."""
    text = SHIPPED_FILE.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text.encode()


def without_code(facts: dict) -> dict:
    return facts | {"catalogue_version": ""}


def test_out_and_in_again_is_the_same_catalogue(cast, client):
    current = CatalogueVersion.objects.current()
    client.force_login(cast.administrator)
    source = client.get(reverse("catalogue:export", args=[current.pk])).content
    sent = SimpleUploadedFile("katalog.yaml", source)
    response = client.post(reverse("catalogue:import"), {"file": sent})
    draft = CatalogueVersion.objects.drafts().get()
    assert response.url == reverse("catalogue:version", args=[draft.pk])
    assert draft.code == "2026.1-2"  # the version of the file is there already, and is not touched
    assert without_code(catalogue_facts(draft)) == without_code(catalogue_facts(current))
    assert catalogue_yaml(draft).replace("2026.1-2", "2026.1") == source.decode()
    assert catalogue_read(SHIPPED_FILE.read_bytes()) == catalogue_read(source)


def test_texts_that_look_like_something_else_come_back_as_they_were(cast):
    texts = ['Säger "hej": {x: 1} # & *', "'ja'", "null", "2026-01-01", "- streck", "ÅÄÖ é ع 😀", "\\n"]
    draft = draft_begin(actor=cast.administrator)
    rows = list(Competence.objects.filter(version=draft, area__code="KOK").order_by("position"))
    for row, text in zip(rows, texts, strict=False):
        row.text = text
        row.save()
    again = draft_import(source=catalogue_yaml(draft).encode(), actor=cast.administrator)
    stored = Competence.objects.filter(version=again, area__code="KOK").order_by("position")
    assert list(stored.values_list("text", flat=True))[: len(texts)] == texts


@pytest.mark.parametrize(
    ("changes", "line", "where", "said"),
    [
        ([("SOCIALA-02", "SOCIALA-01")], 60, "SOCIALA, competences", "står här två gånger"),
        ([("text_en: ", "texten: ")], 42, "SPRAK-01, texten", "rätt stavat"),
        ([('text: "Frågar', 'text: "' + "x" * 301)], 43, "SPRAK-02, text", "högst 300 tecken"),
        ([("level: B1", "level: B3")], 126, "VOF, language_gate", "A1, A2, B1"),
        ([("value: 4", "value: 3")], 12, "scale", "fem nivåer"),
        ([("uses_occupational_area: true", "uses_occupational_area: false")], 35, "modules", "och bara en"),
        (
            [("evidence_required_from: 2", "evidence_required_from: nej")],
            20,
            "evidence_required_from",
            "från 1 till 4",
        ),
        ([('code: "9412"', 'code: "0001"')], 94, "KOK, ssyk", "inget yrke med SSYK-koden 0001"),
        ([('catalogue_version: "2026.1"', "catalogue_version: [1]")], 7, "catalogue_version", "en text"),
        ([("modules:", "modules: x\nmoduler:")], 36, "moduler", "rätt stavat"),
    ],
)
def test_a_mistake_is_told_by_line_and_field(cast, client, changes, line, where, said):
    client.force_login(cast.administrator)
    sent = SimpleUploadedFile("katalog.yaml", shipped(*changes))
    response = client.post(reverse("catalogue:import"), {"file": sent})
    assert response.status_code == 422
    errors = response.context["unreadable"].errors
    assert (where, True) in [(each.where, said in each.sentence) for each in errors], errors
    found = next(each for each in errors if each.where == where)
    assert abs(found.line - line) <= 12, found
    text = shipped(*changes).decode().splitlines()[found.line - 1]
    assert text.strip(), "the line says something"
    assert f"Rad {found.line}" in response.content.decode()
    assert not CatalogueVersion.objects.drafts().exists()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "Filen"),
        (b"\xff\xfe\x00a", "UTF-8"),
        (b"modules: [", "inte YAML"),
        (b"a: &x [1]\nb: *x", "inte till"),
        (b"--- a\n--- b", "mer än ett dokument"),
        (b"[" * 50_000, "många nivåer"),
        (b"!!python/object/apply:os.system ['true']", "fält med namn"),
        (b"x" * (LARGEST + 1), "för stor"),
        (b"note: a\nnote: b", "två gånger"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_words(cast, client, source, said):
    with pytest.raises(CatalogueUnreadable) as refused:
        catalogue_read(source)
    assert refused.value.errors
    client.force_login(cast.administrator)
    response = client.post(reverse("catalogue:import"), {"file": SimpleUploadedFile("x.yaml", source)})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert CatalogueVersion.objects.count() == 1


def test_a_later_shipped_version_does_not_push_the_municipality_s_own_aside(cast, tmp_path):
    own = draft_begin(actor=cast.administrator)
    CatalogueVersion.objects.filter(pk=own.pk).update(note="Vår egen.")
    version_publish(version=own, seen=0, actor=cast.administrator)
    path = tmp_path / "catalogue-2026.2.yaml"
    path.write_bytes(shipped(('"2026.1"', '"2026.2"')))
    later = catalogue_load(path=path)
    assert later.is_draft
    assert later.code == "2026.2-2"
    assert CatalogueVersion.objects.current() == own
    assert catalogue_load(path=path) == later
