"""What is exported loads again: here, where it changes nothing, and in an empty installation."""

import io
import stat

import pytest
from django.core.management import call_command

from accounts.models import AccessLogEntry
from participants.models import Participant
from tests.exchange.registers import base, load, write
from tests.factories import CertificateFactory, EnrolmentFactory, FollowUpFactory, PlacementFactory, UserFactory
from tests.register import write_register


def export(folder, *arguments) -> str:
    out = io.StringIO()
    call_command("export_register", str(folder), *arguments, stdout=out)
    return out.getvalue()


def contents(folder) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def counts(report, what) -> int:
    return sum(file[what] for file in report["files"].values())


def empty_the_installation():
    call_command("flush", interactive=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", ["small", "acceptance"])
def test_the_round_trip(tmp_path, make):
    original, first, second = (tmp_path / name for name in ("original", "first", "second"))
    write(original, base()) if make == "small" else write_register(original)
    status, loaded = load(original)
    assert status == 0
    export(first)
    status, here = load(first)
    assert (status, counts(here, "unchanged")) == (0, counts(loaded, "rows"))
    figures = statistics()
    empty_the_installation()
    status, there = load(first)
    assert (status, counts(there, "created")) == (0, counts(loaded, "rows"))
    assert statistics() == figures
    assert counts(load(first)[1], "unchanged") == counts(loaded, "rows")
    assert counts(load(original)[1], "unchanged") == counts(loaded, "rows")
    export(second)
    assert contents(second) == contents(first)


def statistics() -> str:
    out = io.StringIO()
    call_command("statistics", "2026Q1", "--as-of", "2026-04-30", "--format", "json", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_rows_made_in_the_product_get_keys_that_stay(tmp_path):
    coach = UserFactory(email="alma@example.org")
    enrolment = EnrolmentFactory(coach=coach, participant__identity_number="199203142386",
                                 participant__birth_date="1992-03-14", participant__birth_year=1992,
                                 participant__gender="woman")  # fmt: skip
    placement = PlacementFactory(enrolment=enrolment, purpose="en\r\ntvå ")
    FollowUpFactory(placement=placement)
    CertificateFactory(placement=placement)
    export(tmp_path / "a")
    status, report = load(tmp_path / "a")
    assert (status, counts(report, "unchanged")) == (0, counts(report, "rows"))
    export(tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    enrolment.refresh_from_db()
    assert enrolment.coach == coach
    assert "alma@" not in (tmp_path / "a" / "enrolments.csv").read_text()
    export(tmp_path / "c", "--with-coaches")
    assert "alma@example.org" in (tmp_path / "c" / "enrolments.csv").read_text()
    assert counts(load(tmp_path / "c")[1], "unchanged") == counts(report, "rows")


@pytest.mark.django_db
def test_another_source_gets_keys_of_its_own(tmp_path):
    load(write(tmp_path / "original", base()))
    export(tmp_path / "other", "--source", "other")
    status, report = load(tmp_path / "other", "--source", "other")
    assert (status, counts(report, "unchanged")) == (0, counts(report, "rows"))
    assert Participant.objects.count() == 2


@pytest.mark.django_db
def test_protected_people_are_exported_for_the_owner_only_and_the_log_says_so(tmp_path):
    load(write(tmp_path / "original", base()))
    folder = tmp_path / "out"
    export(folder)
    assert "Ärlig" in (folder / "participants.csv").read_text()
    assert stat.S_IMODE((folder / "participants.csv").stat().st_mode) == 0o600
    entry = AccessLogEntry.objects.get(act=AccessLogEntry.Act.EXPORTED)
    assert entry.detail["rows"]["participants.csv"] == 2
    assert "1992" not in str(entry.detail)


@pytest.mark.django_db
def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as ended:
        call_command("export_register", str(tmp_path / "file"), stderr=io.StringIO())
    assert ended.value.code == 2
