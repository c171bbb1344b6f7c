"""The background work of competence: drawing certificates."""

from django.utils.translation import gettext_lazy as _

from competence.certifying.services import RENDER, run_render
from delivery.kinds import JobKind

CERTIFICATE_RENDER = JobKind(code=RENDER, label=_("Make the PDF of a certificate"), run=run_render, time_limit=120)
