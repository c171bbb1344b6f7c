"""What the tests of designing share: a draft of a shipped track, and the form of a step as a browser sends it."""

from django.urls import reverse

from tracks.designing.services import draft_begin
from tracks.models import Track, TrackVersion


def shipped(code: str = "vard-och-omsorg") -> Track:
    return Track.objects.get(code=code)


def draft_of(code: str = "vard-och-omsorg") -> TrackVersion:
    """The draft of a new version, which says what the shipped one says."""
    return draft_begin(track=shipped(code))[0]


def of(name: str, track: Track, *more) -> str:
    return reverse(f"tracks:{name}", args=[track.public_id, *more])


def form_of(page) -> dict:
    """What the form of a step's page sends if nothing is changed."""
    form, gates, rows = page.context["form"], page.context["gates"], page.context["rows"]
    data = {field.html_name: field.value() for field in form} | {"gates-count": len(gates.forms)}
    for gate in gates.forms:
        data[f"{gate.prefix}-kind"] = str(gate.kind)
        data |= {field.html_name: field.value() for field in gate}
    data |= {field.html_name: field.value() for field in rows.management_form}
    for row in rows:
        data |= {field.html_name: field.value() for field in row}
    return {name: value for name, value in data.items() if value not in (None, "", False, [])}
