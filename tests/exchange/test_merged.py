"""Two participants of the register who were merged here: both keys find the one, in and out."""

import uuid

import pytest

from exchange.keys import following
from exchange.models import RegisterKey
from participants.merging.services import merge_at_once
from participants.merging.undoing import merge_undo
from participants.models import Enrolment, Participant
from tests.exchange.registers import base, load, write
from tests.exchange.test_export import contents, counts, empty_the_installation, export
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OTHER = {
    "participant": "P3", "identity_number": "19920374-2383", "birth_date": "", "gender": "", "given_name": "Amine",
    "family_name": "Warsame", "protection": "", "education": "", "phone": "", "email": "", "street_address": "",
    "postal_code": "", "city": "Åby", "language": "",
}  # fmt: skip


def register() -> dict:
    """The small register with Amina twice: as P1, and as P3 with her earlier coordination number."""
    files = base()
    files["participants"].append(dict(OTHER))
    files["enrolments"].append(
        files["enrolments"][0] | {"enrolment": "N4", "participant": "P3", "start": "2023-01-01", "end": "2023-02-01",
                                  "job_start": "", "job_end": ""}
    )  # fmt: skip
    return files


def person(key: str) -> Participant:
    return Participant.objects.get(pk=RegisterKey.objects.get(file="participants", key=key).object_id)


@pytest.fixture
def merged(tmp_path):
    """Both loaded, and P3 merged into P1; a function that loads again, and the merge."""
    assert load(write(tmp_path, register()))[0] == 0
    amina, other = person("P1"), person("P3")
    merge = merge_at_once(
        winner=amina,
        loser=other,
        choices={},
        why="Samma.",
        actor=UserFactory(),
        token=uuid.uuid4(),
        units=[],
        blind=True,
    )

    def again(files, *arguments):
        for path in tmp_path.iterdir():
            path.unlink()
        return load(write(tmp_path, files), *arguments)

    again.merge = merge
    return again


def test_both_keys_stand_for_the_one(merged):
    assert person("P1") == person("P3")
    assert Enrolment.objects.filter(participant=person("P1")).count() == 3


def test_the_same_register_again_touches_nothing(merged):
    before = Participant.objects.order_by().values_list()
    status, report = merged(register())
    assert (status, counts(report, "updated"), counts(report, "created")) == (0, 0, 0)
    assert set(Participant.objects.order_by().values_list()) == set(before)


def test_the_row_of_the_merged_key_alone_updates_the_one(merged):
    status, report = merged({"participants": [OTHER | {"phone": "070-9"}]})
    assert (status, counts(report, "updated")) == (0, 1)
    amina = person("P1")
    assert (amina.phone, amina.city) == ("070-9", "Åby")
    assert (amina.identity_number, amina.birth_date.isoformat(), amina.gender) == (
        "199203142386", "1992-03-14", "woman",
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"identity_number": "", "birth_date": "1992-03-15", "gender": "man"},
        {"identity_number": "19920374-2383", "birth_date": "1992-03-14", "gender": "woman"},
    ],
)
def test_what_the_merge_has_settled_is_not_unsettled(merged, said):
    assert merged({"participants": [OTHER | said]})[0] == 0
    assert (person("P1").identity_number, person("P1").gender) == ("199203142386", "woman")


def test_a_number_that_is_new_is_taken(merged):
    number = "199203142402"
    assert merged({"participants": [{"participant": "P3", "identity_number": number}]})[0] == 0
    assert person("P1").identity_number == number
    assert "199203142386" in set(person("P1").former_numbers.values_list("number", flat=True))


def test_no_row_takes_protection_away(merged):
    Participant.objects.filter(pk=person("P1").pk).update(protection="protected_registration")
    assert merged(register())[0] == 0
    assert person("P1").protection == "protected_registration"


def test_new_rows_of_the_merged_key_come_to_the_one(merged):
    files = register()
    files["referrals"].append(files["referrals"][0] | {"referral": "R9", "participant": "P3"})
    assert merged(files)[0] == 0
    assert person("P1").referrals.count() == 1


def test_undone_the_keys_are_apart_again(merged):
    merge_undo(merge=merged.merge, actor=UserFactory(), why="Fel.", units=[])
    assert person("P1") != person("P3")
    assert not RegisterKey.objects.filter(merged=True).exists()
    status, report = merged(register())
    assert (status, counts(report, "updated"), counts(report, "created")) == (0, 0, 0)


def test_a_key_of_another_source_is_the_main_one_there(merged, tmp_path):
    winner, loser = person("P1"), Participant.objects.get(merged_into=person("P1"))
    RegisterKey.objects.create(source="gammalt", file="participants", key="7", object_id=loser.pk)
    assert [changes for _key, changes in following(loser.pk, winner.pk)] == [
        {"object_id": winner.pk, "merged": False}
    ]


@pytest.mark.django_db(transaction=True)
def test_the_export_has_one_person_and_loads_again(tmp_path):
    original, first, second = (tmp_path / name for name in ("original", "first", "second"))
    assert load(write(original, register()))[0] == 0
    merge_at_once(
        winner=person("P1"), loser=person("P3"), choices={}, why="Samma.", actor=UserFactory(), token=uuid.uuid4(),
        units=[], blind=True,
    )  # fmt: skip
    export(first)
    people = (first / "participants.csv").read_text().splitlines()
    assert len(people) == 3  # the heading, P1 and P2
    assert "P3" not in (first / "enrolments.csv").read_text()
    assert load(first)[0] == 0
    assert counts(load(original)[1], "created") == 0
    empty_the_installation()
    assert load(first)[0] == 0
    export(second)
    assert contents(second) == contents(first)
