"""Rounds of job tracks, read by all who read tracks and run by their unit; and people in them, led by whoever may
book in their case."""

from tests.cast import Cast
from tests.factories import EmployerFactory, days_ago
from tests.permissions.rows import CASE_WORK, IN_UNIT, WRITERS, Row, in_unit, only, person
from tests.tracks.rounds_of import EXTRACT, member_of, on_step, round_in
from tracks.models import MemberState, RoundState, ShownDocument, Track

READERS = CASE_WORK | {"administrator"}


def a_track(cast: Cast, _user) -> list:
    return [Track.objects.get(code="vard-och-omsorg").public_id]


def a_round(cast: Cast, _user) -> list:
    return [round_in(cast.centrum).public_id]


def to_close(cast: Cast, _user) -> list:
    return [*a_round(cast, None), RoundState.CLOSED]


def a_partner(cast: Cast, _user) -> list:
    round = round_in(cast.centrum)
    return [round.public_id, round.partners.create(employer=EmployerFactory(), takes=2).pk]


def _member(cast: Cast, state=MemberState.WAITING):
    return member_of(round_in(cast.centrum), cast.asa, cast.coach, state)


def waiting(cast: Cast, _user) -> list:
    return [cast.person.public_id, _member(cast).public_id]


def offered(cast: Cast, _user) -> list:
    return [cast.person.public_id, _member(cast, MemberState.OFFERED).public_id]


def on_track(cast: Cast, _user) -> list:
    member = on_step(round_in(cast.centrum), cast.asa, cast.coach, "introduktion")
    return [cast.person.public_id, member.public_id]


def to_offer(cast: Cast, _user) -> list:
    member = _member(cast)
    return [member.round.public_id, member.public_id]


def to_take_back(cast: Cast, _user) -> list:
    member = _member(cast, MemberState.OFFERED)
    return [member.round.public_id, member.public_id]


def a_document(cast: Cast, _user) -> list:
    shown = ShownDocument.objects.create(
        enrolment=cast.asa, words=EXTRACT, shown_on=days_ago(3), by=cast.coach, by_name="Alma Alm"
    )
    return [*on_track(cast, None), shown.pk]


def for_whom(cast: Cast, _user) -> list:
    return [cast.person.public_id, round_in(cast.centrum, state=RoundState.OPEN).public_id]


def _run(name: str, what: str, args=a_round, *, post=422) -> Row:
    """By whoever runs the round: those who work with cases in its unit."""
    return Row(f"track_rounds:{name}", what, args, get=only(IN_UNIT), post=only(IN_UNIT, post))


def _lead(name: str, what: str, args, *, get=200, post=422) -> Row:
    return Row(f"track_members:{name}", what, args, get=in_unit(get, WRITERS), post=in_unit(post, WRITERS))


TRACK_ROUNDS = (
    Row("track_rounds:list", "Rounds of job tracks", get=only(READERS)),
    Row("track_rounds:new", "Begin a round", a_track, get=only(CASE_WORK), post=only(CASE_WORK, 422)),
    Row("track_rounds:round", "A round", a_round, get=only(READERS)),
    _run("change", "Change a round"),
    _run("seats", "Say how many seats its steps have", post=302),
    _run("state", "Open, start, close or cancel a round", to_close),
    _run("partner_new", "Add an employer that takes part"),
    _run("partner", "Change what an employer has promised", a_partner),
    _run("partner_remove", "Take an employer away", a_partner),
)  # fmt: skip

TRACK_MEMBERS = (
    _lead("propose", "Propose a participant for a round", for_whom),
    Row("track_members:offer", "Offer a seat", to_offer, get=only(IN_UNIT), post=only(IN_UNIT, 302)),
    Row("track_members:offer_back", "Take an offer back", to_take_back, get=only(IN_UNIT), post=only(IN_UNIT, 302)),
    Row("track_members:member", "A participant on a job track", waiting, get=in_unit()),
    _lead("withdraw", "Withdraw the application", waiting, post=302),
    _lead("answer", "Note the answer to an offer", offered),
    _lead("start", "Let a participant begin", offered, get=302),
    _lead("move", "Move a participant on", on_track, get=302),
    _lead("complete", "Say that the track is completed", on_track),
    _lead("leave", "Say that the track is left", on_track),
    _lead("undo", "Take back the last move", on_track, post=302),
    _lead("document", "Note that a document was shown", on_track),
    _lead("document_withdraw", "Take back that a document was shown", a_document, post=302),
    Row("track_matching:tracks", "Job tracks for a participant", person, get=in_unit()),
    Row("track_matching:participants", "Participants for a round", a_round, get=only(CASE_WORK)),
)
