"""Issuing: once for a placement, under a number without gap or double, with bytes that never change."""

import datetime as dt
import hashlib
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from competence.certifying import services
from competence.models import Certificate, CertificateDraft, CertificateVersion
from delivery.documents import pdf
from delivery.models import Document, DocumentFile, Job
from delivery.states import JobState
from placements.models import Placement
from tests.competence.certificates import drafted, ended_placement, issued, kept, work
from tests.factories import CertificateFactory, EnrolmentFactory, days_ago
from tests.pdf import text_of


@pytest.fixture
def placement(cast):
    return ended_placement(cast.asa)


@pytest.fixture
def to(placement):
    """The address of a page about the placement's certificate: `to("certificate_issue")`."""

    def address(name, *more):
        person = placement.enrolment.participant
        return reverse(f"competence:{name}", args=[person.public_id, placement.pk, *more])

    return address


@pytest.mark.django_db
class TestTheAct:
    def test_it_takes_number_code_and_date_and_leaves_the_drawing_to_a_worker(self, client, cast, placement, to):
        draft = drafted(placement, cast.coach)
        client.force_login(cast.coach)
        response = client.post(to("certificate_issue"), {"seen": draft.revision})
        assert response.url == to("certificate")
        version = CertificateVersion.objects.get()
        today = timezone.localdate()
        assert (version.version, version.issued, version.issued_elsewhere) == (1, today, False)
        assert version.document.number == f"INTYG-{today.year}-00001"
        assert version.document.created_by_name == "Alma Alm"
        assert version.document.made_at is None
        assert not CertificateDraft.objects.exists()
        assert Job.objects.get(kind="certificate_render").state == JobState.QUEUED
        assert "Dokumentet görs" in client.get(response.url).content.decode()

    def test_the_issue_date_is_the_day_in_stockholm(self, cast, placement, monkeypatch):
        late = dt.datetime(2027, 1, 1, 0, 30, tzinfo=timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: late)
        version = issued(placement, cast.coach)
        assert version.issued == dt.date(2027, 1, 1)
        assert version.document.number == "INTYG-2027-00001"

    def test_a_second_press_leads_to_the_certificate_there_is(self, client, cast, placement, to):
        version = issued(placement, cast.coach)
        client.force_login(cast.colleague)
        response = client.post(to("certificate_issue"), {"seen": "1"})
        assert response.url == to("certificate")
        assert CertificateVersion.objects.get() == version
        assert Document.objects.count() == 1

    def test_one_that_was_issued_elsewhere_is_not_issued_again(self, cast, placement):
        drafted(placement, cast.coach)
        CertificateFactory(placement=placement)
        with pytest.raises(services.CannotIssue, match="redan ett intyg"):
            services.certificate_issue(placement=placement, actor=cast.coach, seen=1)
        assert not Document.objects.exists()

    def test_not_before_the_placement_has_ended(self, cast, placement):
        drafted(placement, cast.coach)
        type(placement).objects.filter(pk=placement.pk).update(end=days_ago(0))
        with pytest.raises(services.CannotIssue, match="inte avslutad"):
            services.certificate_issue(placement=placement, actor=cast.coach, seen=1)

    def test_not_of_a_placement_that_was_cancelled_meanwhile(self, cast, placement):
        draft = drafted(placement, cast.coach)
        Placement.every.filter(pk=placement.pk).update(cancelled_on=days_ago(0), why_cancelled="Aldrig påbörjad.")
        with pytest.raises(services.CannotIssue, match="Placeringen har inte börjat"):
            services.certificate_issue(placement=placement, actor=cast.coach, seen=draft.revision)

    def test_not_while_the_name_is_missing(self, cast, placement):
        person = placement.enrolment.participant
        person.given_name = person.family_name = ""
        person.save()
        drafted(placement, cast.coach)
        with pytest.raises(services.CannotIssue, match="namn saknas"):
            services.certificate_issue(placement=placement, actor=cast.coach, seen=1)

    def test_a_draft_that_was_changed_after_it_was_read_is_not_issued(self, client, cast, placement, to):
        read = drafted(placement, cast.coach)
        drafted(placement, cast.colleague, tasks="Något helt annat. Och mer.")
        client.force_login(cast.coach)
        response = client.post(to("certificate_issue"), {"seen": read.revision})
        assert response.status_code == 409
        assert "Utkastet har ändrats" in response.content.decode()
        assert "Något helt annat." in response.content.decode()
        assert not Certificate.objects.exists()

    def test_the_history_knows_who_issued(self, client, cast, placement, to):
        draft = drafted(placement, cast.coach)
        client.force_login(cast.coach)
        client.post(to("certificate_issue"), {"seen": draft.revision})
        event = CertificateVersion.pgh_event_model.objects.get()
        assert event.pgh_context["name"] == "Alma Alm"

    def test_the_timeline_tells_of_it(self, client, cast, placement):
        version = issued(placement, cast.coach)
        client.force_login(cast.coach)
        html = client.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
        assert version.document.number in html


@pytest.mark.django_db
class TestTheDocument:
    def test_a_retry_keeps_number_and_bytes(self, cast, placement):
        version = issued(placement, cast.coach)
        work()
        document = Document.objects.get()
        file = document.files.get()
        assert file.sha256 == hashlib.sha256(file.content).hexdigest()
        assert file.name == f"{document.number}.pdf"
        Job.objects.update(state=JobState.QUEUED, finished_at=None)
        work()
        assert DocumentFile.objects.get().sha256 == file.sha256
        assert Document.objects.get().number == version.document.number

    def test_it_is_downloaded_with_a_name_that_tells_nothing_and_written_down(self, client, cast, placement, to):
        version = issued(placement, cast.coach)
        work()
        client.force_login(cast.manager)
        response = client.get(to("certificate_pdf", 1))
        content = b"".join(response.streaming_content)
        assert "Åsa Öhrström" in text_of(content)
        assert response["Content-Disposition"] == f'attachment; filename="{version.document.number}.pdf"'
        assert "no-store" in response["Cache-Control"]
        entry = AccessLogEntry.objects.get(actor=cast.manager)
        assert (entry.act, entry.subject) == ("downloaded", cast.person.public_id)

    def test_the_page_follows_the_work_and_stops_asking_when_it_is_done(self, client, cast, placement, to):
        issued(placement, cast.coach)
        client.force_login(cast.coach)
        assert client.get(to("certificate_state"), headers={"HX-Request": "true"}).status_code == 200
        work()
        response = client.get(to("certificate_state"), headers={"HX-Request": "true"})
        assert response.status_code == 286
        assert "Ladda ner INTYG" in response.content.decode()

    def test_one_that_could_not_be_made_is_asked_for_again_and_keeps_its_number(self, client, cast, placement, to):
        version = issued(placement, cast.coach)
        Job.objects.update(state=JobState.FAILED, error="Något gick fel.", finished_at=timezone.now())
        client.force_login(cast.coach)
        html = client.get(to("certificate")).content.decode()
        assert "Dokumentet kunde inte göras" in html
        assert "Något gick fel." in html
        for _press in range(2):
            client.post(to("certificate_render"))
        assert Job.objects.filter(state=JobState.QUEUED).count() == 1
        work()
        assert version.document.number in client.get(to("certificate")).content.decode()
        assert DocumentFile.objects.count() == 1

    def test_a_server_that_cannot_make_pdfs_says_at_once_what_to_install(
        self, client, cast, placement, to, monkeypatch
    ):
        drafted(placement, cast.coach)
        client.force_login(cast.coach)
        pdf._weasyprint.cache_clear()
        with monkeypatch.context() as here:
            here.setattr(pdf, "PANGO", {"libnothere.so.0": "libpango-1.0-0"})
            page = client.get(to("certificate_preview"), follow=True)
            issued(placement, cast.coach)
            work()
        pdf._weasyprint.cache_clear()
        for html in (page.content.decode(), client.get(to("certificate")).content.decode()):
            assert "libpango-1.0-0" in html
        assert Job.objects.get().state == JobState.FAILED

    def test_an_issued_one_shows_what_stands_on_it_and_not_the_identity_number(self, client, cast, placement, to):
        kept(issued(placement, cast.coach), content=b"%PDF")
        client.force_login(cast.manager)
        html = client.get(to("certificate")).content.decode()
        assert "Följer rutiner för hygien" in html
        assert cast.person.written_number not in html

    def test_one_that_was_issued_elsewhere_says_so(self, client, cast, placement, to):
        CertificateFactory(placement=placement)
        client.force_login(cast.coach)
        assert "tidigare system" in client.get(to("certificate")).content.decode()
        assert client.get(to("certificate_pdf", 1)).status_code == 404


def in_threads(jobs):
    """Run each of `jobs` in a thread with a connection of its own, all at once; what they returned or raised."""
    results, gate = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(index, job):
        try:
            gate.wait(timeout=30)
            results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


class Undone(Exception):
    """Something went wrong after the number was taken."""


@pytest.mark.django_db(transaction=True)
class TestNumbers:
    def test_many_at_once_some_of_them_undone_leave_no_gap_and_no_double(self, cast):
        drafts = [
            drafted(ended_placement(EnrolmentFactory(unit=cast.centrum)), cast.coach, statements=self.statements)
            for _number in range(8)
        ]

        def issue(draft, undo):
            def act():
                with transaction.atomic():
                    version = services.certificate_issue(
                        placement=draft.placement, actor=cast.coach, seen=draft.revision
                    )
                    if undo:
                        raise Undone
                return version

            return act

        first = in_threads([issue(draft, undo=number % 2) for number, draft in enumerate(drafts)])
        assert sum(isinstance(each, Undone) for each in first) == 4
        second = in_threads([issue(draft, undo=False) for draft in drafts[1::2]])
        versions = [each for each in (*first, *second) if not isinstance(each, Undone)]
        year = timezone.localdate().year
        numbers = sorted(version.document.number for version in versions)
        assert numbers == [f"INTYG-{year}-{number:05d}" for number in range(1, 9)]
        codes = set(Document.objects.values_list("verification_code", flat=True))
        assert len(codes) == 8

    def test_two_who_issue_the_same_certificate_at_once_issue_one(self, cast):
        draft = drafted(ended_placement(cast.asa), cast.coach)

        def issue():
            placement = (
                type(draft.placement)
                .objects.select_related("workplace", "enrolment__participant")
                .get(pk=draft.placement_id)
            )
            return services.certificate_issue(placement=placement, actor=cast.coach, seen=draft.revision)

        results = in_threads([issue] * 4)
        assert sum(isinstance(each, CertificateVersion) for each in results) == 1
        assert sum(isinstance(each, services.CannotIssue) for each in results) == 3
        assert Document.objects.count() == 1
        assert Job.objects.filter(kind="certificate_render").count() == 1

    statements = ("KOK-01", "KOK-02", "KOK-03", "KOK-04", "KOK-05", "KOK-06")
