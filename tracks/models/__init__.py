"""Job tracks: one file per concept."""

from tracks.models.member import (
    GateException,
    LeftWhy,
    Member,
    MemberState,
    Passage,
    ShownDocument,
    StepResult,
)
from tracks.models.round import Round, RoundPartner, RoundState, StepSeats
from tracks.models.steering import Action, ActionState, Decision, GroupKind, LedTrack, Meeting, SteeringGroup
from tracks.models.track import Gate, GateKind, Partner, Step, StepKind, Track, TrackMethod, TrackVersion

__all__ = [
    "Action", "ActionState", "Decision", "Gate", "GateException", "GateKind", "GroupKind", "LedTrack", "LeftWhy",
    "Meeting", "Member", "MemberState", "Partner", "Passage", "Round", "RoundPartner", "RoundState", "ShownDocument",
    "SteeringGroup", "Step", "StepKind", "StepResult", "StepSeats", "Track", "TrackMethod", "TrackVersion",
]  # fmt: skip
