"""Documents and attachments in a real browser: choosing files, keeping them over an error, reading, moving."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import Attachment, JournalEntry, JournalMove
from tests.browser import check, desk_first, listen, sign_in
from tests.factories import AttachmentFactory, JournalEntryFactory, days_ago
from tests.participants.attachments.files import PDF, png
from tests.participants.journal.pages import entry_url, journal_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(page, live_server, cast):
    """Opens an address as the coach, in a window of a width; the browser may complain of nothing."""
    complaints = listen(page)
    sign_in(page, live_server.url, cast.coach)

    def at(address, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + address)
        return page

    yield at
    assert not complaints, "\n".join(complaints)


def file(name="cv.pdf", content=PDF, media_type="application/pdf") -> dict:
    return {"name": name, "mimeType": media_type, "buffer": content}


@pytest.mark.deep
@desk_first
def test_a_document_sent_is_logged_with_its_file_which_an_error_does_not_lose(opened, cast, width):
    page = opened(journal_url(cast.asa), width)
    expect(page.get_by_label("Vilket dokument?")).to_be_hidden()
    page.get_by_role("radio", name="Skickat dokument").check()
    page.get_by_label("Vilket dokument?").fill("Genomförandeplan")
    page.get_by_text("Bifoga filer").first.click()
    field = page.locator("input[type=file]")
    field.set_input_files([file(), file("fel.txt", b"hej", "text/plain")])
    page.get_by_label("Hur skickades det?").select_option(label="Brev")
    page.get_by_role("radio", name="Får visas för deltagaren").check()
    expect(page.locator("#journal-draft")).to_contain_text("Utkast sparat")
    page.get_by_role("button", name="Spara", exact=True).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text("Skriv vem det skickades till.")
    expect(summary).to_contain_text("fel.txt är av en typ")
    check(page, "journal-document-wrong")
    page.locator("input[type=file]").set_input_files([file()])
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("[data-error-summary]")).not_to_contain_text("fel.txt")
    expect(page.locator("[data-error-summary]")).to_contain_text("Skriv vem")
    page.get_by_label("Till vem?").fill("Arbetsförmedlingen")
    page.get_by_role("button", name="Spara", exact=True).click()  # the file is still chosen
    expect(page.locator("#journal-said")).to_contain_text("skickat dokument")
    newest = page.locator(".timeline > li").first
    expect(newest).to_contain_text("Genomförandeplan till Arbetsförmedlingen")
    expect(newest.get_by_role("link", name=re.compile("^cv.pdf"))).to_be_visible()
    assert page.locator("input[type=file]").evaluate("field => field.files.length") == 0
    expect(page.get_by_label("Vilket dokument?")).to_be_hidden()
    check(page, "journal-document-saved")
    assert Attachment.objects.get().entry == JournalEntry.objects.get()


@pytest.mark.deep
@desk_first
def test_the_documents_and_what_the_participant_is_shown(opened, cast, width):
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, audience="participant")
    picture = AttachmentFactory(
        entry=entry, name="IMG_4003 ett ganska långt namn på en bild.png", media_type="image/png", content=png()
    )
    AttachmentFactory(entry=entry, name="CV.pdf", size=348_160)
    AttachmentFactory(entry=JournalEntryFactory(enrolment=cast.asa, kind="meeting"), sha256=picture.sha256)
    page = opened(reverse("participants:part", args=[cast.person.public_id, "dokument"]), width)
    check(page, "documents")
    with page.context.expect_page() as shown:
        page.get_by_role("link", name=re.compile("^Visa IMG_4003")).click()
    expect(shown.value.locator("img")).to_be_visible()
    assert shown.value.evaluate("document.images[0].naturalWidth") == 2
    shown.value.close()
    page.get_by_role("link", name="Ta tillbaka CV.pdf").click()
    page.get_by_label("Varför tas filen tillbaka?").fill("Gäller någon annan.")
    check(page, "attachment-withdraw")
    page.get_by_role("button", name="Ta tillbaka filen").click()
    expect(page.get_by_role("status").filter(has_text="Filen är tillbakatagen")).to_be_visible()
    expect(page.get_by_role("table")).not_to_contain_text("CV.pdf")
    page = opened(reverse("participants:contact_extract", args=[cast.person.public_id]), width)
    check(page, "journal-extract")
    page.emulate_media(media="print")
    check(page, "journal-extract-print")
    page.emulate_media(media="screen")


@pytest.mark.deep
@desk_first
def test_an_entry_on_the_wrong_person_is_moved(opened, cast, width):
    entry = JournalEntryFactory(enrolment=cast.asa, author=cast.coach, text="Bertil vill byta schema.")
    entry.additions.create(author=cast.colleague, author_name="Bo Berg", text="Och ledig på fredagar.")
    AttachmentFactory(entry=entry, name="schema.pdf")
    JournalEntryFactory(enrolment=cast.asa, kind="phone", occurred_on=days_ago(20))
    page = opened(journal_url(cast.asa), width)
    check(page, "journal-entries")
    page.get_by_role("link", name=re.compile("^Fel person")).first.click()
    page.get_by_label("Namn, personnummer eller ärendenummer", exact=True).last.fill("Bertil")
    page.get_by_role("main").get_by_role("button", name="Sök").click()
    check(page, "journal-move-search")
    page.get_by_role("link", name="Bertil Bodin").click()
    page.get_by_label("Varför flyttas anteckningen?").fill("Den gällde Bertil.")
    page.get_by_role("button", name="Flytta anteckningen").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Skriv utan namn")
    check(page, "journal-move-wrong")
    page.get_by_label("Varför flyttas anteckningen?").fill("Skrevs i fel akt.")
    page.get_by_role("button", name="Flytta anteckningen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bertil Bodin")
    expect(page.locator(f"#entry-{entry.public_id}")).to_be_visible()
    check(page, "journal-moved-here")
    assert JournalMove.objects.get().why == "Skrevs i fel akt."
    page = opened(entry_url("history", JournalEntry.objects.get(pk=entry.pk)), width)
    check(page, "journal-move-history")
    page = opened(reverse("participants:file", args=[cast.person.public_id]), width)
    page.get_by_role("navigation", name="Vad som visas av det som har hänt").get_by_role(
        "link", name="Journal"
    ).click()
    expect(page).to_have_url(re.compile(r"\?visa=journal$"))
    expect(page.locator("#timeline")).to_contain_text("En anteckning flyttades härifrån")
    check(page, "timeline-kinds")
