"""A planned placement is cancelled in the step that closes the enrolment, and counts nowhere from then on."""

import csv
import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from competence.querysets import without_certificate
from participants.closing.services import enrolment_close
from participants.models import Enrolment, Participant
from participants.providers import EndingChanged, endings
from participants.results import Closure
from placements.models import FollowUp, Placement
from placements.models.placement import PlacementState
from placements.services.placements import PlacementChanged, placement_cancel, placement_end
from reporting.figures.counted import counted_certificates, counted_followups, counted_placements
from tests.factories import CertificateFactory, EmployerFactory, FollowUpFactory, PlacementFactory, days_ago
from tests.participants.closing.test_closure import confirmed, errors, key, page, typed
from tests.placements.conftest import ask, placement_of
from vocabulary.codes import PlacementForm

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def planned(cast):
    return placement_of(cast.asa, start=days_ago(-20))


def fresh(placement) -> Placement:
    return Placement.every.get(pk=placement.pk)


def test_a_planned_placement_is_cancelled_with_a_reason(coach, cast, planned):
    asked = ask(FollowUpFactory(placement=planned, due=days_ago(-40)), cast.coach)
    html = coach.get(page(cast.asa)).content.decode()
    assert "planerad från" in html
    assert "Uppnåddes syftet?" not in html  # nothing has happened yet
    refused = coach.post(page(cast.asa), typed("moved"))
    assert refused.status_code == 422
    assert any("Skriv varför placeringen ställs in." in error for error in errors(refused))

    told, _done = confirmed(coach, cast.asa, typed("moved") | {key(planned, "why"): "Flyttar till Umeå."})
    assert "Ställs in: Flyttar till Umeå. Den räknas ingenstans" in told.content.decode()
    row = fresh(planned)
    assert (row.state, row.cancelled_on, row.why_cancelled) == (
        PlacementState.CANCELLED, TODAY(), "Flyttar till Umeå.",
    )  # fmt: skip
    assert Enrolment.objects.get(pk=cast.asa.pk).end == TODAY()
    assert FollowUp.objects.get().withdrawn_on == TODAY()
    asked.link.refresh_from_db()
    assert asked.link.withdrawn_at


def test_a_planned_employment_may_begin_as_agreed_or_be_cancelled(coach, cast):
    job = PlacementFactory(enrolment=cast.asa, form=PlacementForm.MUNICIPAL_EMPLOYMENT, start=days_ago(-3))
    assert coach.post(page(cast.asa), typed("other")).status_code == 422
    assert coach.post(page(cast.asa), typed("other") | {key(job, "act"): "cancel"}).status_code == 422
    asked, _done = confirmed(coach, cast.asa, typed("other") | {key(job, "act"): "go_on"})
    assert "Börjar som överenskommet" in asked.content.decode()
    assert fresh(job).state == PlacementState.PLANNED


def test_the_file_tells_what_became_of_it(coach, cast, planned):
    confirmed(coach, cast.asa, typed("moved") | {key(planned, "why"): "Flyttar."})
    file = reverse("participants:file", args=[cast.person.public_id])
    assert "Placeringen ställdes in: Praktik" in coach.get(file).content.decode()
    part = coach.get(file + "placeringar/").content.decode()
    assert "Inställd" in part
    assert "Flyttar." in part


def test_it_is_no_longer_cancelled_once_it_has_begun(cast, planned):
    (ending,) = endings(cast.asa, TODAY(), {key(planned, "why"): "Flyttar."})
    assert ending.form.is_valid()
    Placement.objects.filter(pk=planned.pk).update(start=days_ago(0))
    closed = {"actor": cast.coach, "end": TODAY(), "closure": Closure("moved")}
    with pytest.raises(EndingChanged):
        enrolment_close(enrolment=cast.asa, endings=[ending], **closed)
    assert fresh(planned).cancelled_on is None
    assert Enrolment.objects.get(pk=cast.asa.pk).end is None


def test_twice_is_once_and_what_is_cancelled_does_not_end(planned):
    placement_cancel(placement=planned, why="Flyttar.")
    assert placement_cancel(placement=planned, why="Annat.").why_cancelled == "Flyttar."
    with pytest.raises(PlacementChanged):
        placement_end(placement=planned, end=days_ago(-30), result="met")


def test_it_counts_in_no_figure_list_gap_or_export(cast, client, tmp_path):
    held, gone = (
        PlacementFactory(enrolment=cast.asa, start=days_ago(-9), workplace__employer=EmployerFactory())
        for _ in range(2)
    )
    FollowUpFactory(placement=gone, due=days_ago(-20), filed=days_ago(1))
    CertificateFactory(placement=gone)
    placement_cancel(placement=gone, why="Flyttar.")
    assert list(counted_placements()) == [held]
    assert not counted_followups().exists()
    assert not counted_certificates().exists()
    assert not without_certificate(cast.coach).filter(pk=gone.pk).exists()
    assert list(cast.asa.placements.all()) == [held]
    assert list(Placement.objects.visible_to(cast.coach)) == [held]

    client.force_login(cast.coach)
    assert client.get(reverse("participants:list"), {"show": "mine", "placement": "planned"}).context["page"]
    placement_cancel(placement=held, why="Flyttar.")
    listed = client.get(reverse("participants:list"), {"show": "mine", "placement": "none"}).content.decode()
    assert "Åsa Öhrström" in listed

    call_command("export_register", str(tmp_path))
    for name in ("placements", "followups", "certificates"):
        with (tmp_path / f"{name}.csv").open() as file:
            assert list(csv.DictReader(file, delimiter=";")) == [], name


def test_what_is_cancelled_stays_so_though_a_register_still_has_it(cast, planned, tmp_path):
    Participant.objects.update(identity_number=None)  # made up, and no register would hold them
    call_command("export_register", str(tmp_path))
    assert len((tmp_path / "placements.csv").read_text().splitlines()) == 2
    placement_cancel(placement=planned, why="Flyttar.")
    later = (planned.start + dt.timedelta(days=5)).isoformat()
    path = tmp_path / "placements.csv"
    path.write_text(path.read_text().replace(planned.start.isoformat(), later))
    call_command("load_register", str(tmp_path))
    row = fresh(planned)
    assert row.start.isoformat() == later
    assert row.cancelled_on == TODAY()
