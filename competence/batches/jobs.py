"""The background work of a round."""

from django.utils.translation import gettext_lazy as _

from competence.batches import drawing
from competence.batches.services import KIND, run_step
from competence.permissions import can_issue_rounds
from delivery.kinds import JobKind

CERTIFICATE_ROUND = JobKind(
    code=KIND,
    label=_("Issue certificates in a round"),
    run=run_step,
    time_limit=15 * 60,
    # Each attempt goes on where the one before stopped.
    max_attempts=5,
    can_start=can_issue_rounds,
    in_steps=True,
    result_template="competence/batches/_job_done.html",
)

CERTIFICATE_ROUND_DRAW = JobKind(
    code=drawing.KIND,
    label=_("Make the documents of a round"),
    run=drawing.run_step,
    time_limit=5 * 60,
    max_attempts=5,
    in_steps=True,
)
