"""The catalogue in a real browser: a draft from beginning to publishing, with the keyboard's fields and without a
script where it matters."""

import pytest
from playwright.sync_api import expect

from competence.models import CatalogueVersion, Competence
from tests.browser import both_widths, check, listen, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]


@both_widths
def test_a_draft_is_written_compared_and_published(cast, live_server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    complaints = listen(page)
    sign_in(page, live_server.url, cast.administrator)
    page.goto(f"{live_server.url}/administration/")
    page.get_by_role("link", name="Kompetenskatalog").click()
    check(page, "catalogue-list")
    page.get_by_role("button", name="Påbörja ett utkast från 2026.1").click()
    check(page, "catalogue-draft")
    page.get_by_role("link", name="Skola och elevstöd").click()
    check(page, "catalogue-area")
    page.get_by_label("På svenska").first.fill("")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Skriv påståendet eller ta bort det.").first).to_be_visible()
    check(page, "catalogue-area-wrong")
    page.get_by_label("På svenska").first.fill("Bygger förtroende hos elever.")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Utkastet är sparat.")).to_be_visible()
    page.get_by_role("link", name="Ändra nivåerna").click()
    check(page, "catalogue-levels")
    page.go_back()
    page.get_by_role("link", name="Ändra underlagstyperna").click()
    check(page, "catalogue-evidence")
    page.go_back()
    page.get_by_role("link", name="Ändra ordningen").click()
    check(page, "catalogue-order")
    page.go_back()
    page.get_by_role("link", name="Förhandsgranska").click()
    check(page, "catalogue-preview")
    page.get_by_role("link", name="Sociala färdigheter").click()
    check(page, "catalogue-as-supervisor")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Vad som skiljer från 2026.1").click()
    check(page, "catalogue-compare")
    page.go_back()
    page.get_by_role("link", name="Publicera").click()
    check(page, "catalogue-publish-not-yet")
    page.get_by_role("link", name="Tillbaka till utkastet").click()
    page.get_by_role("link", name="Ändra version och vad som är nytt").click()
    page.get_by_label("Vad som är nytt").fill("Kortare ord om skolan.")
    check(page, "catalogue-head")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Publicera").click()
    check(page, "catalogue-publish")
    page.get_by_role("button", name="Publicera 2026.2").click()
    expect(page.get_by_text("Publicerad av Ingrid Is")).to_be_visible()
    check(page, "catalogue-version")
    current = CatalogueVersion.objects.current()
    assert Competence.objects.get(version=current, code="SKO-01").text == "Bygger förtroende hos elever."
    assert not complaints


@both_widths
def test_a_file_with_mistakes_is_told_line_by_line(cast, live_server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.administrator)
    page.goto(f"{live_server.url}/administration/kompetenskatalog/las-in/")
    source = b"schema_version: 1\ncatalogue_version: 2027.1\nmoduler: []\n"
    page.get_by_label("Katalog som YAML").set_input_files(
        {"name": "katalog.yaml", "mimeType": "application/yaml", "buffer": source}
    )
    page.get_by_role("button", name="Läs in filen").click()
    expect(page.get_by_text("Inget sparades")).to_be_visible()
    check(page, "catalogue-import-wrong")
