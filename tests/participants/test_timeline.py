"""The one timeline of a file, fed by every app: narrowed to a kind, and split in pages."""

import pytest
from django.urls import reverse

from participants import providers
from participants.providers import TimelineEntry
from tests.factories import CertificateFactory, FollowUpFactory, JournalEntryFactory, PlacementFactory, days_ago
from tests.participants.mapping.conftest import completed_mapping

pytestmark = pytest.mark.django_db


def page(client, enrolment, **params) -> str:
    html = client.get(reverse("participants:file", args=[enrolment.participant.public_id]), params).content.decode()
    return " ".join(html.partition('id="timeline"')[2].partition("</section>")[0].split())


@pytest.fixture
def lived(client, cast):
    """Åsa's file, in which every app has something, read by her coach."""
    placement = PlacementFactory(enrolment=cast.asa, end=days_ago(5))
    FollowUpFactory(placement=placement, filed=days_ago(6))
    CertificateFactory(placement=placement)
    completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Kock"})
    for number in range(25):
        JournalEntryFactory(enrolment=cast.asa, text=f"anteckning-{number:02}", occurred_on=days_ago(number))
    client.force_login(cast.coach)
    return cast.asa


@pytest.mark.parametrize(
    ("kind", "label", "count", "words"),
    [
        ("journal", "Journal", 25, "anteckning-03"),
        ("mapping", "Kartläggningar", 1, "fastställ"),
        ("placement", "Placeringar", 2, "började"),
        ("followup", "Uppföljningar", 1, "Uppföljt"),
        ("certificate", "Intyg", 1, "ntyg"),
        ("enrolment", "Inskrivning och enhet", 1, "Inskriven"),
    ],
)
def test_it_can_be_narrowed_to_a_kind_and_says_how_many(client, lived, kind, label, count, words):
    everything = page(client, lived)
    assert f'href="?visa={kind}"' in everything
    assert f'{label} <span class="soft">{count}</span>' in everything
    narrowed = page(client, lived, visa=kind)
    assert narrowed.count("<li id=") == min(count, 20)
    assert words.lower() in narrowed.lower()
    assert f'href="?visa={kind}" aria-current="true"' in narrowed
    assert 'Allt <span class="soft">31</span>' in narrowed


def test_the_pages_keep_the_kind(client, lived):
    assert 'href="?shown=40&amp;visa=journal#t20"' in page(client, lived, visa="journal")
    assert page(client, lived, visa="journal", shown="40").count("<li id=") == 25
    assert 'href="?shown=40#t20"' in page(client, lived)


def test_an_unknown_kind_shows_everything(client, lived):
    assert page(client, lived, visa="okänd").count("<li id=") == 20


def test_what_has_no_kind_of_its_own_is_other():
    entries = [TimelineEntry(date=days_ago(1), title="?", kind="nobody-named-it")]
    context = providers.timeline_page(entries, {"visa": "other"})
    assert [(kind.key, kind.count, kind.chosen) for kind in context["kinds"]] == [("other", 1, True)]
    assert context["entries"] == entries


def test_with_one_kind_there_is_nothing_to_choose(client, cast):
    client.force_login(cast.coach)
    assert "timeline-kinds" not in page(client, cast.asa)
