"""Attaching files where an entry is written or added to, reading them, and withdrawing one."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry, MunicipalSetting
from participants.models import Attachment, AttachmentContent, JournalEntry
from tests.factories import AttachmentFactory, JournalEntryFactory
from tests.participants.attachments.files import PDF, office, png
from tests.participants.journal.pages import HTMX, entry_url, form_of, journal_url, log_url, typed

pytestmark = pytest.mark.django_db


def upload(content=PDF, name="cv.pdf"):
    return SimpleUploadedFile(name, content)


def log(client, enrolment, *files, headers=None, **values):
    data = typed(client, enrolment, **({"text": "Fick papper."} | values))
    return client.post(log_url(enrolment), data | {"files": list(files)}, headers=headers or {})


def add(client, entry, *files, text=""):
    data = form_of(client.get(entry_url("add", entry))) | {"text": text, "files": list(files)}
    return client.post(entry_url("add", entry), data)


def url_of(attachment, name="attachment"):
    person = attachment.entry.enrolment.participant
    return reverse(f"participants:{name}", args=[person.public_id, attachment.public_id])


def documents_url(enrolment):
    return reverse("participants:part", args=[enrolment.participant.public_id, "dokument"])


@pytest.fixture
def entry(cast) -> JournalEntry:
    return JournalEntryFactory(enrolment=cast.asa, author=cast.coach)


# --- Attaching ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_files_are_attached_with_the_entry(client, cast, headers):
    client.force_login(cast.coach)
    answer = log(client, cast.asa, upload(), upload(office(), "Brev från Åsa.docx"), headers=headers)
    assert answer.status_code == (200 if headers else 302)
    entry = JournalEntry.objects.get()
    rows = list(Attachment.objects.order_by("name"))
    assert [(row.entry, row.name, row.media_type.rpartition(".")[2], row.size) for row in rows] == [
        (entry, "Brev från Åsa.docx", "document", len(office())),
        (entry, "cv.pdf", "application/pdf", len(PDF)),
    ]
    assert (rows[1].uploaded_by, rows[1].uploaded_by_name) == (cast.coach, "Alma Alm")
    assert bytes(rows[1].content.content) == PDF
    page = (answer if headers else client.get(journal_url(cast.asa))).content.decode()
    assert url_of(rows[0]) in page
    assert "Word-dokument" in page
    assert "Åsa" not in url_of(rows[0])


def test_a_form_sent_twice_attaches_once_and_the_bytes_count_not_the_name(client, cast):
    client.force_login(cast.coach)
    data = typed(client, cast.asa, text="Fick papper.")
    for _time in range(2):
        files = [upload(), upload(name="samma.pdf")]
        assert client.post(log_url(cast.asa), data | {"files": files}).status_code == 302
    assert Attachment.objects.get().name == "cv.pdf"
    assert AttachmentContent.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_wrong_file_is_told_beside_the_field_and_nothing_typed_is_lost(client, cast, headers):
    client.force_login(cast.coach)
    answer = log(client, cast.asa, upload(b"hej", "a.txt"), upload(b"", "b.pdf"), headers=headers, kind="meeting")
    assert answer.status_code == 422
    assert not JournalEntry.objects.exists()
    html = answer.content.decode()
    beside = html.partition('<details class="more field" open')[2].partition("</details>")[0]
    assert "a.txt är av en typ som inte kan bifogas" in beside
    assert "b.pdf är tom" in beside
    assert form_of(answer)["text"] == "Fick papper."
    assert form_of(answer)["kind"] == "meeting"


@pytest.mark.parametrize(("headers", "told"), [({}, True), (HTMX, False)])
def test_when_something_else_is_wrong_it_says_that_files_are_to_be_chosen_again(client, cast, headers, told):
    client.force_login(cast.coach)
    answer = log(client, cast.asa, upload(), text=" ", headers=headers)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert ("Välj filerna igen" in html) == told  # with htmx the field is kept as it is
    assert ("hx-preserve" in html) != told
    assert not Attachment.objects.exists()


def test_the_field_is_kept_only_within_one_form(client, cast):
    client.force_login(cast.coach)
    first = form_of(client.get(journal_url(cast.asa)))["token"]
    answer = log(client, cast.asa, upload(), headers=HTMX).content.decode()
    assert f'id="files-{first}"' not in answer
    assert 'id="files-' in answer


def test_more_is_added_afterwards_by_whoever_may_write(client, cast, entry):
    client.force_login(cast.colleague)
    assert add(client, entry, upload()).status_code == 302  # a file alone
    assert not entry.additions.exists()
    assert add(client, entry, upload(png(), "bild.png"), text="Och en bild.").status_code == 302
    assert entry.additions.get().text == "Och en bild."
    page = client.get(journal_url(cast.asa)).content.decode()
    assert page.count("bifogad av Bo Berg") == 2


def test_neither_text_nor_file_is_no_addition(client, cast, entry):
    client.force_login(cast.coach)
    answer = add(client, entry)
    assert answer.status_code == 422
    assert "Skriv det du vill lägga till, eller välj en fil." in answer.content.decode()


def test_a_wrong_file_in_an_addition_keeps_the_text(client, cast, entry):
    client.force_login(cast.coach)
    answer = add(client, entry, upload(b"MZ", "x.exe"), text="Se filen.")
    assert answer.status_code == 422
    assert form_of(answer)["text"] == "Se filen."
    assert "x.exe är av en typ" in answer.content.decode()
    assert not entry.additions.exists()


@pytest.mark.parametrize(
    ("decided", "sizes", "already", "words"),
    [
        ({"attachment_file_megabytes": 1}, (1024 * 1024 + 1,), 0, "stor.png är större än 1,0\xa0MB"),
        ({"attachment_entry_megabytes": 1}, (600_000, 600_000), 0, "Filerna är tillsammans större än 1,0\xa0MB"),
        ({"attachment_entry_megabytes": 1}, (600_000,), 600_000, "Tillsammans med det som redan är bifogat"),
    ],
)
def test_the_municipality_says_how_large_files_may_be(client, cast, entry, decided, sizes, already, words):
    for key, value in decided.items():
        MunicipalSetting.objects.create(key=key, value=value)
    if already:
        AttachmentFactory(entry=entry, size=already)
    client.force_login(cast.coach)
    files = [upload(png(bytes(size - 80 - number)), "stor.png") for number, size in enumerate(sizes)]
    answer = add(client, entry, *files)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_addition_that_is_sent_twice_is_not_too_large_the_second_time(client, cast, entry):
    MunicipalSetting.objects.create(key="attachment_entry_megabytes", value=1)
    client.force_login(cast.coach)
    data = form_of(client.get(entry_url("add", entry))) | {"text": "Se filen."}
    for _time in range(2):
        files = [upload(png(bytes(600_000)), "stor.png"), upload(name="liten.pdf")]
        assert client.post(entry_url("add", entry), data | {"files": files}).status_code == 302
    assert entry.attachments.count() == 2
    assert entry.additions.count() == 1


def test_at_most_ten_files_at_a_time(client, cast, entry):
    client.force_login(cast.coach)
    answer = add(client, entry, *(upload(png(b"%d" % number), f"{number}.png") for number in range(11)))
    assert answer.status_code == 422
    assert "högst 10 filer" in answer.content.decode()


@pytest.mark.parametrize("how", ["log", "add"])
def test_the_same_file_elsewhere_in_the_persons_file_is_told(client, cast, entry, how):
    client.force_login(cast.coach)
    add(client, entry, upload())
    again = upload(name="igen.pdf")
    if how == "log":
        answer = log(client, cast.asa, again)
    else:
        answer = add(client, JournalEntryFactory(enrolment=cast.asa, author=cast.coach), again)
    page = client.get(answer.url.partition("#")[0]).content.decode()
    assert f"igen.pdf finns redan i akten: samtal {entry.occurred_on:%Y-%m-%d}" in page


def test_the_same_file_in_another_persons_file_is_not_told(client, cast, entry):
    AttachmentFactory(entry=JournalEntryFactory(enrolment=cast.bertil), content=PDF)
    client.force_login(cast.coach)
    page = client.get(add(client, entry, upload()).url.partition("#")[0]).content.decode()
    assert "finns redan" not in page


def test_a_draft_is_saved_without_the_files(client, cast):
    client.force_login(cast.coach)
    html = client.get(journal_url(cast.asa)).content.decode()
    autosave = html.partition('id="journal-autosave"')[2].partition(">")[0]
    assert 'hx-params="not files"' in autosave


# --- Reading ------------------------------------------------------------------------------------------------------


def test_a_file_is_handed_out_as_it_came_and_the_look_is_written_down(client, cast, entry):
    attachment = AttachmentFactory(entry=entry, content=PDF, name="CV Åsa Öhrström.pdf")
    client.force_login(cast.manager)
    answer = client.get(url_of(attachment))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''CV%20")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    look = AccessLogEntry.objects.get(act="downloaded")
    assert (look.subject, look.actor) == (cast.person.public_id, cast.manager)
    assert look.detail == {"units": ["CENTRUM"], "part": "attachment", "attachment": str(attachment.public_id)}


@pytest.mark.parametrize(
    ("media_type", "inline", "sandboxed"),
    [
        ("application/pdf", True, False),
        ("image/png", True, True),
        ("image/heic", False, True),
        ("application/vnd.oasis.opendocument.text", False, True),
    ],
)
def test_the_browser_shows_only_what_is_safe(client, cast, entry, media_type, inline, sandboxed):
    attachment = AttachmentFactory(entry=entry, media_type=media_type)
    client.force_login(cast.coach)
    answer = client.get(f"{url_of(attachment)}?visa")
    assert answer["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert answer["Content-Type"] == media_type
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert ("sandbox" in policy) == sandboxed
    assert "script-src" not in policy


def test_it_is_found_only_in_its_own_persons_file(client, cast, entry):
    attachment = AttachmentFactory(entry=entry)
    client.force_login(cast.coach)
    for name in ("attachment", "attachment_withdraw"):
        url = reverse(f"participants:{name}", args=[cast.bertil.participant.public_id, attachment.public_id])
        assert client.get(url).status_code == 404
    assert not AccessLogEntry.objects.filter(act="downloaded").exists()


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("other_manager", 404), ("analyst", 403)])
def test_outsiders_get_nothing_and_the_attempt_is_written_down(client, cast, entry, who, status):
    attachment = AttachmentFactory(entry=entry)
    client.force_login(cast.users[who])
    assert client.get(url_of(attachment)).status_code == status
    assert AccessLogEntry.objects.filter(act="denied", subject=cast.person.public_id).exists()


def test_a_protected_persons_file_does_not_exist_for_who_is_not_on_the_list(client, cast):
    attachment = AttachmentFactory(entry=JournalEntryFactory(enrolment=cast.protected_centrum))
    for who in (cast.coach, cast.manager):
        client.force_login(who)
        assert client.get(url_of(attachment)).status_code == 404


def test_lists_never_read_the_bytes(client, cast, entry, django_assert_max_num_queries):
    client.force_login(cast.coach)
    counts = []
    for number in (3, 40):
        for _each in range(number):
            AttachmentFactory(entry=entry)
        with django_assert_max_num_queries(20) as asked:
            assert client.get(documents_url(cast.asa)).status_code == 200
        assert not any("attachmentcontent" in query["sql"] for query in asked)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_bytes_are_never_changed_nor_deleted(entry):
    content = AttachmentFactory(entry=entry).content
    for act in (lambda: AttachmentContent.objects.update(content=b"x"), content.delete):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            act()


# --- The list of documents ----------------------------------------------------------------------------------------


def test_the_documents_are_listed_newest_first_with_who_when_and_what(client, cast, entry):
    first = AttachmentFactory(entry=entry, name="först.pdf", size=2048)
    AttachmentFactory(entry=entry, name="sedan.pdf")
    copy = AttachmentFactory(entry=JournalEntryFactory(enrolment=cast.asa, kind="meeting"), sha256=first.sha256)
    AttachmentFactory(entry=JournalEntryFactory(enrolment=cast.bertil), name="bertils.pdf")
    client.force_login(cast.coach)
    html = " ".join(client.get(documents_url(cast.asa)).content.decode().split())
    assert html.index("sedan.pdf") < html.index("först.pdf")
    assert "3 dokument" in html
    assert "2,0 KB" in html or "2,0 kB" in html
    assert f"{timezone.localdate():%Y-%m-%d}, Alma Alm" in html
    assert "bertils.pdf" not in html
    assert f"Samma fil: möte {copy.entry.occurred_on:%Y-%m-%d}" in html


def test_an_empty_list_says_what_to_do(client, cast):
    client.force_login(cast.coach)
    assert "Inget är bifogat än" in client.get(documents_url(cast.asa)).content.decode()


# --- Withdrawing --------------------------------------------------------------------------------------------------


def withdraw(client, attachment, why="Gäller någon annan."):
    return client.post(url_of(attachment, "attachment_withdraw"), {"why": why})


@pytest.mark.parametrize(
    ("who", "days", "status"),
    [("coach", 0, 302), ("coach", 1, 403), ("colleague", 0, 403), ("manager", 0, 302), ("manager", 400, 302)],
)
def test_who_attached_it_withdraws_it_the_same_day_and_managers_always(client, cast, entry, who, days, status):
    uploaded = timezone.now() - dt.timedelta(days=days)
    attachment = AttachmentFactory(entry=entry, uploaded_at=uploaded)
    client.force_login(cast.users[who])
    assert client.get(url_of(attachment, "attachment_withdraw")).status_code == (200 if status == 302 else 403)
    assert withdraw(client, attachment).status_code == status
    attachment.refresh_from_db()
    assert attachment.is_withdrawn == (status == 302)
    link = url_of(attachment, "attachment_withdraw")
    assert link not in client.get(journal_url(cast.asa)).content.decode()


def test_a_withdrawn_file_leaves_every_list_and_managers_keep_it(client, cast, entry):
    attachment = AttachmentFactory(entry=entry, name="fel-person.pdf")
    client.force_login(cast.coach)
    answer = withdraw(client, attachment)
    assert "Filen är tillbakatagen" in client.get(answer.url).content.decode()
    attachment.refresh_from_db()
    assert (attachment.withdrawn_by_name, attachment.withdrawn_why) == ("Alma Alm", "Gäller någon annan.")
    for url in (documents_url(cast.asa), journal_url(cast.asa)):
        assert "fel-person.pdf" not in client.get(url).content.decode()
    assert client.get(url_of(attachment)).status_code == 404
    client.force_login(cast.manager)
    html = client.get(documents_url(cast.asa)).content.decode()
    assert "fel-person.pdf" in html.partition("Tillbakatagna")[2]
    assert "Gäller någon annan." in html
    assert client.get(url_of(attachment)).status_code == 200
    assert "fel-person.pdf" not in client.get(journal_url(cast.asa)).content.decode()


def test_withdrawing_needs_a_reason_and_twice_is_once(client, cast, entry):
    attachment = AttachmentFactory(entry=entry)
    client.force_login(cast.manager)
    answer = withdraw(client, attachment, why=" ")
    assert answer.status_code == 422
    assert "Skriv varför filen tas tillbaka." in answer.content.decode()
    assert [withdraw(client, attachment, why=why).status_code for why in ("Först.", "Sedan.")] == [302, 302]
    attachment.refresh_from_db()
    assert attachment.withdrawn_why == "Först."


def test_who_withdraws_it_twice_is_led_back_and_still_does_not_see_it(client, cast, entry):
    attachment = AttachmentFactory(entry=entry, name="fel-person.pdf")
    client.force_login(cast.coach)
    first, second = (withdraw(client, attachment) for _time in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert client.get(url_of(attachment, "attachment_withdraw")).status_code == 302
    client.force_login(cast.colleague)
    assert withdraw(client, attachment).status_code == 404
    assert client.get(url_of(attachment)).status_code == 404


def test_what_was_withdrawn_may_be_attached_again(client, cast, entry):
    AttachmentFactory(entry=entry, content=PDF, withdrawn=True)
    client.force_login(cast.coach)
    assert add(client, entry, upload()).status_code == 302
    assert Attachment.objects.in_use().get().name == "cv.pdf"


def test_the_history_keeps_who_attached_and_who_withdrew(client, cast, entry):
    client.force_login(cast.coach)
    add(client, entry, upload())
    attachment = Attachment.objects.get()
    withdraw(client, attachment)
    told = [(event.pgh_label, event.pgh_context["name"]) for event in attachment.events.order_by("pgh_id")]
    assert told == [("insert", "Alma Alm"), ("update", "Alma Alm")]
