"""A track is created, copied, written anew and published on its pages; what is missing is said beside its field."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import EmployerFactory
from tests.tracks.designing.conftest import draft_of, form_of, of, shipped
from tracks.hours import hours_of
from tracks.models import Gate, Round, Step, Track, TrackVersion

pytestmark = pytest.mark.django_db
FACTS = {
    "name": "Barnskötare", "purpose": "Möta förskolans behov.", "target_group": "De som vill arbeta med barn.",
    "method": "ladder", "seat_cost": "42 000,50", "occupation": "5330", "shortage": "on", "token": str(uuid.uuid4()),
}  # fmt: skip
STEP = {
    "title": "Praktik i förskolan", "kind": "placement", "need": "participant", "expected_outcome": "Klarar en dag.",
    "least_weeks": "4", "most_weeks": "8", "gates-count": "0", "token": str(uuid.uuid4()),
    "hours-TOTAL_FORMS": "2", "hours-INITIAL_FORMS": "0",
    "hours-0-weekday": "1", "hours-0-weeks": "first", "hours-0-begins": "08:00", "hours-0-ends": "14:30",
    "hours-0-break_minutes": "30", "hours-1-weekday": "",
}  # fmt: skip


def test_a_track_is_written_from_nothing_and_published(client, cast):
    """Twice is once, what is missing is said, and the published version tells it all in words."""
    client.force_login(cast.manager)
    for cost, words in {"-5": "Kostnaden kan inte vara", "99 999 999 999": "Kostnaden är för hög."}.items():
        assert words in client.post(reverse("tracks:new"), FACTS | {"seat_cost": cost}).text
    created = client.post(reverse("tracks:new"), FACTS)
    assert client.post(reverse("tracks:new"), FACTS).url == created.url
    track = Track.objects.get(name="Barnskötare")
    assert created.url == of("draft", track)
    assert client.post(of("publish", track), {"seen": "0"}).status_code == 422
    for _twice in range(2):
        assert client.post(of("step_new", track), STEP).status_code == 302
    step = Step.objects.get(version__track=track)
    page = client.post(of("publish", track), {"seen": "1"})
    assert page.status_code == 422
    assert "Skriv syftet" in page.text
    page = client.get(of("step", track, step.key))
    assert "Välj vilken insatsform som bokas." in page.context["form"]["form"].help_text, "beside the field"
    more = client.post(of("step", track, step.key), form_of(page) | {"add_gate": "1", "gate_kind": "language"})
    assert more.status_code == 200
    assert "hours-0-begins" in more.text
    data = form_of(more) | {"form": "internship_public", "purpose": "Pröva yrket", "gates-0-level": "B1"}
    assert client.post(of("step", track, step.key), data).status_code == 302
    assert Gate.objects.get(step=step).asks == {"skill": "INTERACTION", "level": "B1"}
    assert [str(each.weeks) for each in hours_of(Step.objects.get(pk=step.pk))] == ["first"]
    seen = client.get(of("publish", track)).context["version"].revision
    assert client.post(of("publish", track), {"seen": seen}).status_code == 302
    text = client.get(of("track", track)).text
    hours = "Måndag 08.00–14.30, rast 30 min (varannan vecka, med början första veckan)"
    for said in ("Lägst B1 i ”Samtala”.", hours, "4–8 veckor", "42"):
        assert said in text
    assert TrackVersion.objects.get(track=track).published_by_name == cast.manager.full_name


def test_a_copy_is_changed_without_changing_what_it_was_copied_from(client, cast):
    client.force_login(cast.other_manager)
    source = shipped()
    client.post(of("copy", source), {"name": "Vård hos oss", "token": uuid.uuid4()})
    copy = Track.objects.get(name="Vård hos oss")
    assert (copy.code, copy.copied_from) == ("", source)
    draft = copy.versions.get()
    told = [(step.key, step.title, len(step.gates.all())) for step in draft.steps.all()]
    assert told == [(step.key, step.title, len(step.gates.all())) for step in source.versions.get().steps.all()]
    client.post(of("step_remove", copy, "bedomning"))
    assert source.versions.get().steps.filter(key="bedomning").exists()
    # The gate of the step after asks for one that is gone, and says so by its fields.
    page = client.get(of("step", copy, "praktik"))
    assert "Kravet gäller ett steg som inte finns." in page.text
    assert client.post(of("publish", copy), {"seen": draft.revision + 1}).status_code == 422
    client.force_login(cast.coach)
    assert client.get(of("track", copy)).status_code == 404, "what was never published is the writers'"


def test_steps_are_put_in_order_and_a_gate_that_asks_for_a_later_one_is_told(client, cast):
    client.force_login(cast.manager)
    track = draft_of().track
    order = client.get(of("draft", track)).context["order"]
    move = {"riktning": "upp", "seen": order}
    assert client.post(of("step_move", track, "bedomning"), move).status_code == 302
    draft = track.versions.drafts().get()
    assert [step.key for step in draft.steps.all()][:2] == ["bedomning", "introduktion"]
    assert "inte kommer före" in client.get(of("publish", track)).text
    # A second window, which shows the order of before.
    page = client.post(of("step_move", track, "bedomning"), move, follow=True)
    assert "Någon annan har ändrat ordningen" in page.text


def test_two_who_change_a_step_are_told_and_nothing_is_lost(client, cast):
    client.force_login(cast.manager)
    track = draft_of().track
    page = of("step", track, "praktik")
    mine = form_of(client.get(page))
    other = mine | {"purpose": "Det någon annan skrev"}
    assert client.post(page, other).status_code == 302
    answer = client.post(page, mine | {"purpose": "Det jag skrev"})
    assert answer.status_code == 409
    assert "Det någon annan skrev" in answer.text
    assert "Det jag skrev" in answer.text
    again = form_of(answer)
    assert client.post(page, again).status_code == 302
    assert Step.objects.get(version=track.versions.drafts().get(), key="praktik").purpose == "Det jag skrev"
    # What the shipped version says has not moved.
    assert Step.objects.get(version__track=track, version__number=1, key="praktik").purpose.startswith("Utveckla")


def test_every_kind_of_gate_is_typed_kept_and_told(client, cast):
    client.force_login(cast.manager)
    track = draft_of().track
    page = of("step", track, "jobb")
    data = form_of(client.get(page)) | {"gates-count": "7"}
    kinds = {
        "language": {"skill": "READING", "level": "A2"},
        "age": {"least": "18", "most": "17"},
        "previous_step": {"step": "utbildning", "results": ["passed"]},
        "competence": {"code": "VOF-01", "level": "3"},
        "credential": {"paper": "vocational", "words": "vård"},
        "document": {"words": ""},
        "time": {"weeks": "4"},
    }
    for number, (kind, asks) in enumerate(kinds.items()):
        data |= {f"gates-{number}-kind": kind} | {f"gates-{number}-{name}": value for name, value in asks.items()}
    answer = client.post(page, data)
    assert answer.status_code == 422
    assert "Den högsta åldern är lägre" in answer.text
    assert "vilken handling" in answer.text
    data |= {"gates-1-most": "29", "gates-5-words": "Utdrag ur belastningsregistret"}
    assert client.post(page, data).status_code == 302
    draft = client.get(of("draft", track))
    told = draft.context["steps"][-1].gates
    assert told == [
        "Lägst A2 i ”Läsa”.",
        "Från 18 till 29 år.",
        "”Vård- och omsorgsutbildning” med resultatet ”Godkänt”.",
        told[3],
        "Yrkesbevis där det står vård.",
        "”Utdrag ur belastningsregistret” har visats upp.",
        "Minst 4 veckor på steget före.",
    ]
    assert "lägst på nivån ”Självständigt” i en underskriven bedömning" in told[3]
    gates = Gate.objects.filter(step__version__track=track, step__version__published_at=None, step__key="jobb")
    assert [gate.asks for gate in gates][1:5] == [
        {"least": 18, "most": 29},
        {"step": "utbildning", "results": ["passed"]},
        {"code": "VOF-01", "level": 3},
        {"kind": "vocational", "words": "vård"},
    ]


def test_what_differs_between_two_versions_is_told_in_words(client, cast):
    client.force_login(cast.manager)
    track = draft_of().track
    page = of("step", track, "praktik")
    client.post(page, form_of(client.get(page)) | {"most_weeks": "20"})
    client.post(of("partners", track), {"arbetsgivare": EmployerFactory(name="Ekbacken AB").public_id})
    client.post(of("step_remove", track, "utbildning"))
    answer = client.get(of("compare", track))
    said = {(each.code, each.kind) for group in answer.context["groups"] for each in group.differences}
    titles = {step.key: step.title for step in Step.objects.filter(version__track=track)}
    assert said == {("", "changed"), (titles["praktik"], "changed"), ("Vård- och omsorgsutbildning", "removed")}
    assert "Ekbacken AB" in answer.text


def test_a_draft_is_thrown_away_and_a_track_that_was_only_a_draft_goes_with_it(client, cast):
    client.force_login(cast.administrator)
    track = draft_of().track
    client.post(of("discard", track))
    assert not track.versions.drafts().exists()
    # Whoever comes after that is told.
    page = client.post(of("step_remove", track, "praktik"), follow=True)
    assert "Ingen version av jobbspåret skrivs just nu" in page.text
    client.post(reverse("tracks:new"), FACTS | {"token": uuid.uuid4()})
    made = Track.objects.get(name="Barnskötare")
    client.post(of("discard", made))
    assert not Track.objects.filter(pk=made.pk).exists()


def test_a_track_is_closed_with_a_reason_and_opened_again(client, cast):
    client.force_login(cast.manager)
    track, today = shipped("rekrytering"), timezone.localdate()
    assert client.post(of("close", track), {"day": today, "why": ""}).status_code == 422
    client.post(of("close", track), {"day": today, "why": "Behovet är fyllt."})
    names = lambda **asked: [each.name for each in client.get(reverse("tracks:list"), asked).context["tracks"]]  # noqa: E731
    assert track.name not in names()
    assert names(visa="stangda") == [track.name]
    assert "Behovet är fyllt." in client.get(of("track", track)).text
    client.post(of("reopen", track))
    assert track.name in names()


def test_the_list_begins_with_what_goes_on_and_asks_as_often_for_many(client, cast):
    client.force_login(cast.coach)
    counts = []
    for code in ("vard-och-omsorg", "koksbitrade"):
        version = shipped(code).versions.get()
        Round.objects.create(version=version, unit=cast.norr, name="V26", state="running", start=timezone.localdate())
        client.get(reverse("tracks:list"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("tracks:list"))
        counts.append(len(queries))
        TrackVersion.objects.create(track=Track.objects.create(name=f"Utkast {code}"), purpose="x", target_group="y")
    assert counts[0] == counts[1]
    tracks = page.context["tracks"]
    assert [track.name for track in tracks][:2] == ["Köksbiträde i skola och omsorg", "Vård och omsorg"]
    assert tracks[0].living == 1
    assert not any(track.name.startswith("Utkast") for track in tracks)
    shown = client.get(of("track", shipped()))
    assert "V26" in shown.text
    assert "Jobbcenter Norr" in shown.text


def test_a_track_that_was_never_published_is_told_to_those_who_write_tracks_alone(client, cast):
    """Neither by its own page, nor by the choices of a list, nor by what is told of it elsewhere."""
    draft = Track.objects.create(name="Hemligt utkast")
    TrackVersion.objects.create(track=draft, target_group="Alla", purpose="Prövas")
    pages = [reverse(name, args=[draft.public_id]) for name in ("tracks:track", "track_pictures:pictures_of_track")]
    lists = [reverse("tracks:list"), reverse("track_rounds:list"), reverse("reporting:tracks")]
    for user in (cast.coach, cast.manager, cast.administrator, cast.analyst):
        client.force_login(user)
        assert client.get(reverse("track_pictures:track", args=[draft.public_id])).status_code == 404
        for address in lists[1:]:
            assert draft.name not in client.get(address).content.decode()
    client.force_login(cast.coach)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert draft.name not in client.get(lists[0]).content.decode()
    client.force_login(cast.manager)
    assert draft.name in client.get(lists[0]).content.decode()
