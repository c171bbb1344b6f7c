"""The pages about job tracks in a real browser: at both widths, and as they are printed."""

import datetime as dt
import os
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from django.urls import reverse

from tests.browser import both_widths, check, listen, sign_in
from tests.tracks.making import close, day, on_round, person, round_of
from tracks.models import LeftWhy, Member, MemberState, Round

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]
STARTS = ("2026-01-12", "2026-02-09", "2026-05-18", "2026-09-07", "2026-11-02")
NAMES = ("Amina", "Björn", "Cecilia", "Dawit", "Elif", "Fatima", "Göran", "Hodan", "Ingrid", "Johan")


@pytest.fixture
def rounds(cast, clock) -> dict[str, Round]:
    """A large round of the kitchen, a small one, one of care in which the coach has people, Supported Employment."""
    clock.on("2026-11-28")
    random = Random(4)
    made = {
        "large": round_of("koksbitrade", cast.norr, "Våren 2026", start="01-12", seats=30),
        "small": round_of("koksbitrade", cast.centrum, "Hösten 2026", start="09-01", seats=6),
        "care": round_of("vard-och-omsorg", cast.centrum, "Omsorg våren 2026", start="01-12", seats=4),
        "support": round_of("supported-employment", cast.norr, "Löpande 2026", start="01-12"),
    }
    sizes = {"large": 60, "small": 3, "care": 9, "support": 12}
    for key, size in sizes.items():
        steps = made[key].version.steps.count()
        for number in range(size):
            gender = random.choice(["woman", "woman", "man"])
            unit = cast.centrum if key == "care" and number < 6 else cast.norr
            case = person(unit, gender, given_name=NAMES[number % 10], family_name=f"Testsson {number}")
            reached = random.randint(1, steps)
            state = random.choice([MemberState.ON_TRACK, MemberState.COMPLETED, MemberState.LEFT])
            if state == MemberState.COMPLETED:
                reached = steps
            ways = STARTS[:reached]
            end = max(day(ways[-1]) + dt.timedelta(days=random.randint(5, 60)), day(ways[-1]))
            end = min(end, dt.date(2026, 11, 20)).isoformat()
            why = random.choice([LeftWhy.WORK, LeftWhy.HEALTH, LeftWhy.UNSUITABLE])
            on_round(made[key], case, *ways, state=state, end=end, why=why)
            if state != MemberState.ON_TRACK:
                close(case, end, work=random.random() < 0.6, studies=random.random() < 0.3)
    for number in range(3):
        Member.objects.create(
            round=made["care"], enrolment=person(cast.centrum, given_name="Väntar", family_name=f"Kö {number}"),
            applied_on=day("10-01"), applied_by=cast.coach, applied_by_name="Alma Alm",
        )  # fmt: skip
    return made


def pages(rounds: dict[str, Round]) -> dict[str, str]:
    care, large, small = (rounds[key] for key in ("care", "large", "small"))
    return {
        "pictures-of-round": reverse("track_pictures:pictures_of_round", args=[care.public_id]),
        "pictures-of-track": reverse("track_pictures:pictures_of_track", args=[large.version.track.public_id]),
        "steering-track": reverse("track_pictures:track", args=[large.version.track.public_id]),
        "steering-round": reverse("track_pictures:round", args=[large.public_id]),
        "steering-small-round": reverse("track_pictures:round", args=[small.public_id]),
        "compare": reverse("track_pictures:compare"),
        "followed-up": reverse("reporting:tracks") + "?period=2026",
        "followed-up-track": reverse("reporting:tracks") + f"?period=2026&track={large.version.track.public_id}",
        "list": reverse("reporting:list", args=["track_during"]) + "?period=2026",
    }


@both_widths
def test_every_page_is_whole_at_both_widths(page, live_server, cast, rounds, width):
    complaints = listen(page)
    sign_in(page, live_server.url, cast.head)
    page.set_viewport_size({"width": width, "height": 900})
    for name, address in pages(rounds).items():
        page.goto(live_server.url + address)
        check(page, name)
        if name.startswith("pictures"):
            for summary in page.locator("details.more > summary").all():
                summary.click()
            check(page, f"{name}-open")
    assert not complaints


def test_what_the_steering_group_reads_fits_one_sheet(page, live_server, cast, rounds):
    sign_in(page, live_server.url, cast.analyst)
    for name, address in pages(rounds).items():
        if not name.startswith(("steering", "compare")):
            continue
        page.goto(live_server.url + address)
        printed = page.pdf(format="A4")
        if folder := os.environ.get("JOBBSPAR_PICTURES"):
            for number, sheet in enumerate(pypdfium2.PdfDocument(printed), 1):
                sheet.render(scale=1.4).to_pil().save(Path(folder) / f"{name}-print-{number}.png")
        assert len(pypdfium2.PdfDocument(printed)) == 1, name
        assert "Testsson" not in page.content()
