"""A certificate from the empty page to the downloaded document, in a real browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from competence.models import CertificateDraft, CertificateVersion
from delivery.codes import code_draw
from tests.browser import both_widths, check, desk_first, listen, phone_first, sign_in
from tests.competence.certificates import TASKS, assessed, drafted, ended_placement, issued, work
from tests.factories import days_ago
from tests.pdf import text_of
from tests.pictures import png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server):
    """Signs a user in and opens an address. The browser has nothing to complain about."""
    complaints = listen(page)

    def open_page(user, address, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        sign_in(page, live_server.url, user)
        page.goto(live_server.url + address)

    yield open_page
    assert not complaints


@both_widths
@pytest.mark.deep
def test_a_certificate_is_written_issued_and_downloaded(page, at, cast, width):
    placement = ended_placement(cast.asa)
    assessed(placement)
    at(cast.coach, reverse("participants:part", args=[cast.person.public_id, "kompetens"]), width)
    check(page, "certificate-part")
    page.get_by_role("link", name=re.compile("Skriv intyg")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv intyg")
    check(page, "certificate-write-empty")
    # Too little: said beside each field, and nothing that was typed is lost.
    page.get_by_label(re.compile("Följer rutiner för hygien")).uncheck()
    expect(page.locator("#certificate-count")).to_contain_text("Valda: 9 för yrket och 12 allmänna")
    page.get_by_role("button", name="Gå vidare och utfärda").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv vad arbetet har handlat om.")
    expect(page.get_by_label(re.compile("Följer rutiner för hygien"))).not_to_be_checked()
    check(page, "certificate-write-refused")
    # What is written is kept meanwhile, by nobody's pressing anything.
    page.get_by_label("Det här har arbetet handlat om", exact=True).fill(TASKS)
    for statement in page.get_by_role("group", name="Praktiskt kunnande").get_by_role("checkbox").all()[7:]:
        statement.uncheck()
    expect(page.locator("#certificate-count")).to_contain_text("Valda: 6 för yrket")
    read = page.get_by_label("Deltagaren har läst det")
    read.fill(days_ago(0).isoformat())
    expect(page.get_by_text("Allt finns med")).to_be_visible()
    # Changed afterwards, it has to be read again: the day goes from its field.
    page.get_by_label("Det här har arbetet handlat om", exact=True).fill(TASKS.upper())
    expect(page.get_by_text("har ändrats sedan deltagaren läste det").first).to_be_visible()
    expect(read).to_have_value("")
    check(page, "certificate-write-read-again")
    page.get_by_label("Det här har arbetet handlat om", exact=True).fill(TASKS)
    expect(page.locator("#draft-state")).to_contain_text("Utkastet är sparat")
    read.fill(days_ago(0).isoformat())
    expect(page.get_by_text("Allt finns med")).to_be_visible()
    expect(page.locator("#draft-state")).to_contain_text("Utkastet är sparat")
    expect(page.get_by_label("på engelska", exact=False).last).to_be_hidden()
    if width > 390:
        # The paper beside it is drawn anew with what is chosen now.
        draft = CertificateDraft.objects.get(placement=placement)
        expect(page.locator("object.paper")).to_have_attribute("data", re.compile(rf"inuti={draft.revision}#"))
    check(page, "certificate-write-whole")
    assert CertificateDraft.objects.get(placement=placement).tasks == TASKS
    with page.expect_popup() as popup:
        page.get_by_role("button", name=re.compile("Förhandsgranska")).click()
    popup.value.close()
    page.get_by_role("button", name="Gå vidare och utfärda").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Utfärda kompetensintyget för Åsa Öhrström?")
    check(page, "certificate-issue")
    page.get_by_role("button", name="Utfärda intyget").click()
    expect(page.get_by_text("Dokumentet görs")).to_be_visible()
    check(page, "certificate-being-made")
    work()
    link = page.get_by_role("link", name=re.compile(r"Ladda ner INTYG-\d{4}-00001"))
    expect(link).to_be_visible(timeout=10000)
    expect(page.locator("#document-said")).to_have_text("Dokumentet är klart.")
    check(page, "certificate-made")
    with page.expect_download() as download:
        link.click()
    assert re.fullmatch(r"INTYG-\d{4}-00001\.pdf", download.value.suggested_filename)
    assert "Åsa Öhrström" in text_of(download.value.path().read_bytes())


@pytest.mark.deep
@both_widths
def test_a_certificate_is_replaced_and_revoked(page, at, cast, width):
    placement = ended_placement(cast.asa)
    issued(placement, cast.coach)
    work()
    at(cast.coach, reverse("competence:certificate", args=[cast.person.public_id, placement.pk]), width)
    page.get_by_role("link", name="Ersätt med en ny version").click()
    check(page, "certificate-replace")
    page.get_by_role("button", name="Börja på den nya versionen").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv varför intyget ersätts.")
    page.get_by_label("Varför ersätts det utfärdade intyget?").fill("Efternamnet var fel stavat.")
    page.get_by_role("button", name="Börja på den nya versionen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv intyg")
    page.get_by_label("Också på engelska, parallellt").check()
    page.get_by_label("Det här har arbetet handlat om, på engelska").fill("Cooking for children. Serving them.")
    expect(page.locator("#draft-state")).to_contain_text("Utkastet är sparat")
    page.get_by_label("Deltagaren har läst det").fill(days_ago(0).isoformat())
    expect(page.get_by_text("Allt finns med")).to_be_visible()
    check(page, "certificate-write-replacing")
    page.get_by_role("button", name="Gå vidare och utfärda").click()
    expect(page.locator("main")).to_contain_text("Det ersätter version 1")
    page.get_by_role("button", name="Utfärda intyget").click()
    expect(page.get_by_role("listitem").filter(has_text="00001")).to_contain_text("Ersatt")
    check(page, "certificate-replaced")
    page.get_by_role("link", name="Återkalla intyget").click()
    check(page, "certificate-revoke")
    page.get_by_label("Varför återkallas intyget?").fill("Fel placering.")
    page.get_by_role("button", name="Återkalla intyget").click()
    expect(page.get_by_role("heading", name="Intyget är återkallat")).to_be_visible()
    check(page, "certificate-revoked")
    page.get_by_role("link", name="Skriv ett nytt intyg").click()
    page.get_by_role("button", name="Spara utkastet").click()
    page.get_by_role("link", name="Kasta utkastet").click()
    check(page, "certificate-discard")


@pytest.mark.deep
@both_widths
def test_what_others_have_issued_is_entered_and_taken_away(page, at, cast, width):
    part = reverse("participants:part", args=[cast.person.public_id, "kompetens"])
    at(cast.coach, part, width)
    page.get_by_role("link", name="Skriv in ett papper").click()
    page.get_by_role("button", name="Spara").click()
    check(page, "credential-refused")
    page.get_by_role("combobox", name="Slag").select_option(label="Yrkesbevis")
    page.get_by_label("Vad det står").fill("Städ och lokalvård")
    page.get_by_label("Utfärdare").fill("SRY")
    page.locator("#id_issued_on").fill(days_ago(700).isoformat())
    page.get_by_label("Gäller till och med").fill(days_ago(5).isoformat())
    page.get_by_role("button", name="Spara").click()
    row = page.get_by_role("row").filter(has_text="Städ och lokalvård")
    expect(row).to_contain_text("Har gått ut")
    check(page, "credential-in-part")
    row.get_by_role("link", name="Ta bort").click()
    check(page, "credential-remove")


@pytest.mark.deep
@desk_first
def test_without_a_signed_assessment_the_way_to_one_is_shown(page, at, cast, width):
    placement = ended_placement(cast.asa)
    at(cast.coach, reverse("competence:certificate_write", args=[cast.person.public_id, placement.pk]), width)
    check(page, "certificate-not-signed")
    page.get_by_role("button", name="Börja med kompetensunderlaget").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kompetensunderlag")


@phone_first
def test_anybody_checks_a_certificate_by_its_code(page, at, live_server, cast, width):
    code = issued(ended_placement(cast.asa), cast.coach).document.verification_code
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("competence:verification_form"))
    check(page, "verification-form")
    page.get_by_label("Koden på intyget").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Kontrollera").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Intyget är giltigt")
    check(page, "verification-valid")
    page.get_by_label("Intyget som PDF-fil").set_input_files(
        {"name": "intyg.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 something else"}
    )
    page.get_by_role("button", name="Jämför filen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filen är inte originalet")
    check(page, "verification-file")
    page.get_by_role("link", name="Kontrollera ett annat intyg").click()
    page.get_by_role("link", name="In English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a certificate")
    page.get_by_label("Code on the certificate").fill("7F3K-92QX-4DMW")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#kod-error")).to_be_visible()
    check(page, "verification-mistyped")


@pytest.mark.deep
def test_an_unknown_code_is_answered_neutrally(page, live_server, cast):
    page.goto(live_server.url + reverse("competence:verification", args=[code_draw()]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Inget intyg har den koden")
    check(page, "verification-unknown")


@pytest.mark.deep
@desk_first
def test_the_list_shows_what_is_missing_and_what_is_issued(page, at, cast, width):
    drafted(ended_placement(cast.asa), cast.coach)
    ended_placement(cast.bertil)
    issued(ended_placement(cast.asa), cast.coach)
    at(cast.coach, reverse("competence:list"), width)
    check(page, "certificates-missing")
    page.get_by_role("combobox", name="Vems").select_option("alla")
    expect(page.get_by_role("link", name="Bertil Bodin")).to_be_visible()
    page.get_by_role("link", name="Utfärdade").click()
    expect(page.get_by_role("status").filter(has_text="1 intyg")).to_be_visible()
    check(page, "certificates-issued")
    ended_placement(cast.bertil, end=days_ago(-3))
    page.get_by_role("link", name="Snart").click()
    expect(page.get_by_role("link", name="Bertil Bodin")).to_be_visible()
    check(page, "certificates-soon")


@pytest.mark.deep
def test_a_certificate_is_written_without_javascript(browser, live_server, cast):
    placement = ended_placement(cast.asa)
    assessed(placement)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, cast.coach)
    page.goto(live_server.url + reverse("competence:certificate_write", args=[cast.person.public_id, placement.pk]))
    page.get_by_label("Yrke (SSYK)").select_option(index=1)
    page.get_by_label("Det här har arbetet handlat om", exact=True).fill(TASKS)
    page.get_by_role("button", name="Spara utkastet").click()
    page.get_by_label("Deltagaren har läst det").fill(days_ago(0).isoformat())
    page.get_by_role("button", name="Gå vidare och utfärda").click()
    page.get_by_role("button", name="Utfärda intyget").click()
    work()
    page.get_by_role("link", name="Visa hur långt det har kommit nu").click()
    assert page.get_by_role("link", name=re.compile("Ladda ner INTYG")).is_visible()
    (version,) = CertificateVersion.objects.all()
    assert version.content["occupation"]["ssyk"] == version.assessment.area.occupations[1]["code"]
    context.close()


@both_widths
@pytest.mark.deep
def test_the_mark_on_certificates_is_chosen_and_taken_away(page, at, cast, width):
    at(cast.administrator, reverse("delivery:mark"), width)
    check(page, "mark-none")
    page.get_by_label("Bild").set_input_files({"name": "m.png", "mimeType": "image/png", "buffer": b"GIF89a"})
    page.get_by_role("button", name="Använd märket").click()
    expect(page.locator("#main .errorlist").first).to_contain_text("ingen PNG-bild")
    page.get_by_label("Bild").set_input_files({"name": "m.png", "mimeType": "image/png", "buffer": png()})
    page.get_by_role("button", name="Använd märket").click()
    expect(page.get_by_role("img", name="Märket för Kommunen")).to_be_visible()
    check(page, "mark-chosen")
    page.get_by_role("link", name="Utfärda utan märke").click()
    check(page, "mark-remove")
    page.get_by_role("link", name="Avbryt").click()
    page.get_by_role("link", name="Välj färgen på intyg").click()
    page.get_by_label("Färg på intyg").fill("#ffe066")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#main .errorlist").first).to_contain_text("för ljus")
    check(page, "colour-refused")
