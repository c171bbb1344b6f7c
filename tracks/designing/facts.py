"""What a version of a track says, as plain data: what is copied, compared, and seen by who changes it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracks.models import Step, TrackVersion

#: The columns of a version that are written, and those of a step.
VERSION_FACTS = (
    "method", "occupation", "shortage", "target_group", "purpose", "provider", "funding", "seat_cost", "source",
)  # fmt: skip
STEP_FACTS = (
    "title", "kind", "form", "least_weeks", "most_weeks", "hours", "purpose", "expected_outcome", "need",
    "competences",
)  # fmt: skip
#: A step has at most so many gates, a version so many steps: more is a slip of the pen.
MOST_GATES, MOST_STEPS = 20, 30


@dataclass(frozen=True)
class GateFacts:
    """A gate as it is written."""

    kind: str
    asks: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class StepFacts:
    """A step as it is written: its columns by name, and its gates in order."""

    columns: dict[str, Any] = field(hash=False)
    gates: tuple[GateFacts, ...] = ()


def version_columns(version: TrackVersion) -> dict[str, Any]:
    """The version's own columns, by which a new one begins."""
    return {name: getattr(version, name) for name in VERSION_FACTS}


def step_facts(step: Step) -> StepFacts:
    """What the step says (prefetch `gates`)."""
    gates = tuple(GateFacts(gate.kind, gate.asks) for gate in step.gates.all())
    return StepFacts({name: getattr(step, name) for name in STEP_FACTS}, gates)


def seen_of_step(facts: StepFacts) -> str:
    """What a page keeps of the step that it shows, to tell afterwards whether somebody has changed it."""
    return _mark([_plain(facts.columns), [[gate.kind, gate.asks] for gate in facts.gates]])


def seen_of_columns(columns: dict[str, Any]) -> str:
    """The same of a version's own columns."""
    return _mark(_plain(columns))


def seen_of_order(keys: Iterable[str]) -> str:
    return _mark(list(keys))


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    plain = {name: getattr(value, "pk", value) for name, value in columns.items()}
    if isinstance(cost := plain.get("seat_cost"), Decimal):
        plain["seat_cost"] = f"{cost:.2f}"
    return plain


def _mark(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]
