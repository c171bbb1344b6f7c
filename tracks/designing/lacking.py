"""What is missing before a draft of a track can be published: each said beside the field that it is about."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from competence.models import Competence
from tracks.models import Gate, GateKind, Step, StepKind, TrackVersion
from vocabulary.codes import ActivityKind

#: What is booked when somebody comes to the step: at a workplace, or as a seat in a group.
AT_WORKPLACE = (StepKind.PLACEMENT, StepKind.EMPLOYMENT)
IN_GROUP = (StepKind.COURSE, StepKind.LANGUAGE)
WORKPLACE_FORMS = (ActivityKind.WORKPLACE, ActivityKind.SUBSIDISED)


@dataclass(frozen=True)
class Lack:
    """What is missing, of which step (None: of the track), beside which field of its page. Of a gate `gate` is its
    number, from 0."""

    sentence: str
    step: Step | None = None
    field: str = ""
    gate: int | None = None


def lacking(version: TrackVersion) -> list[Lack]:
    """In the order of the steps. Nothing: it can be published."""
    steps = list(version.steps.select_related("form").prefetch_related("gates").order_by("position"))
    if not steps:
        return [Lack(_("There are no steps. Add the first one."))]
    known = set(Competence.objects.values_list("code", flat=True))
    earlier: list[str] = []
    found = []
    for step in steps:
        found += _of_step(step, known)
        for number, gate in enumerate(step.gates.all()):
            if sentence := _of_gate(gate, earlier, {each.key for each in steps}, known):
                found.append(Lack(sentence, step, "gates", number))
        earlier.append(step.key)
    return found


def cautions(version: TrackVersion) -> list[str]:
    """What somebody who publishes should think of, and may leave as it is."""
    last = version.steps.order_by("-position").first()
    found = []
    if last and last.kind != StepKind.JOB:
        found.append(_("The last step is no job. That is right for a method whose end is told in another way."))
    if version.occupation_id is None:
        found.append(_("No occupation is chosen, so the track is not suggested for a goal occupation."))
    return found


def _of_step(step: Step, known: set[str]) -> list[Lack]:
    found = []
    if step.kind in (*AT_WORKPLACE, *IN_GROUP):
        if step.form is None:
            found.append(Lack(_("Choose the form of activity that is booked."), step, "form"))
        if not step.purpose:
            found.append(Lack(_("Write the purpose: nothing is booked without it."), step, "purpose"))
    if step.form and (sentence := _of_form(step)):
        found.append(Lack(sentence, step, "form"))
    if not step.expected_outcome:
        found.append(Lack(_("Write what is expected to come of it."), step, "expected_outcome"))
    if gone := sorted(set(step.competences) - known):
        sentence = _("The catalogue has no competence with the code %(codes)s.") % {"codes": ", ".join(gone)}
        found.append(Lack(sentence, step, "competences"))
    return found


def _of_form(step: Step) -> str:
    if not step.form.is_choosable_on(timezone.localdate()):
        return _("“%(form)s” cannot be chosen any more.") % {"form": step.form.label}
    if step.kind in AT_WORKPLACE and step.form.kind not in WORKPLACE_FORMS:
        return _("“%(form)s” is no form at a workplace.") % {"form": step.form.label}
    if step.kind in IN_GROUP and step.form.kind != ActivityKind.ACTIVITY:
        return _("“%(form)s” is no form of a course or a group.") % {"form": step.form.label}
    return ""


def _of_gate(gate: Gate, earlier: list[str], there: set[str], known: set[str]) -> str:
    if gate.kind == GateKind.PREVIOUS_STEP and gate.asks["step"] not in earlier:
        if gate.asks["step"] in there:
            return _("The gate asks for a step that does not come before this one.")
        return _("The gate asks for a step that is not there.")
    if gate.kind == GateKind.TIME and not earlier:
        return _("The gate asks for time on the step before, and there is none before this one.")
    if gate.kind == GateKind.COMPETENCE and gate.asks["code"] not in known:
        return _("The catalogue has no competence with the code %(codes)s.") % {"codes": gate.asks["code"]}
    return ""
