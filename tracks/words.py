"""The words of what steps and gates name by code: read once for all steps that are told of."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from competence.models import Competence, SupportLevel
from tracks.models import GateKind, Step


@dataclass(frozen=True)
class Words:
    """The words of codes: competences and levels of support as the catalogue in use says them, or the latest one that
    knew them; the titles of steps by their keys."""

    competences: dict[str, str]
    levels: dict[int, str]
    steps: dict[str, str] = field(default_factory=dict)

    def competence(self, code: str) -> str:
        """The statement without its full stop, to stand within a sentence."""
        return self.competences.get(code, code).rstrip(".")

    def level(self, value: int) -> str:
        return self.levels.get(value, str(value))


def words_of(steps: Iterable[Step]) -> Words:
    """The words that these steps (with their gates) need: two questions, however many steps there are. The titles of
    steps are those of one version: of steps of several, do not ask for them."""
    steps = list(steps)
    codes = {code for step in steps for code in step.competences}
    codes |= {
        gate.asks.get("code") for step in steps for gate in step.gates.all() if gate.kind == GateKind.COMPETENCE
    }
    rows = Competence.objects.filter(code__in=codes, version__published_at__isnull=False)
    texts = dict(rows.order_by("version__published_at", "pk").values_list("code", "text"))
    levels = SupportLevel.objects.filter(version__published_at__isnull=False).order_by("version__published_at", "pk")
    return Words(texts, dict(levels.values_list("value", "label")), {step.key: step.title for step in steps})
