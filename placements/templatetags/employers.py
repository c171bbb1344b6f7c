"""Tags of the pages of employers and supervisors, always with their words."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import municipal
from placements.models import CheckState, Commitment, EmployerAgreement, Place, Supervisor
from placements.models.place import PlaceState
from placements.municipal import TRAINING_DAYS

register = template.Library()

CHECK_LOOK = {
    CheckState.PASSED: "ok", CheckState.OLD: "warn", CheckState.FAILED: "stop", CheckState.MISSING: "warn",
}  # fmt: skip
PLACE_LOOK = {PlaceState.OPEN: "ok", PlaceState.PAUSED: "warn", PlaceState.CLOSED: ""}


def _tag(look: str, words) -> SafeString:
    return format_html('<span class="tag {}">{}</span>', look, words) if look else format_html(
        '<span class="tag">{}</span>', words
    )  # fmt: skip


@register.simple_tag
def check_tag(state: str) -> SafeString:
    """What the latest check of a workplace says (`WorkplaceQuerySet.with_check`)."""
    return _tag(CHECK_LOOK[state], CheckState(state).label)


@register.simple_tag
def place_tag(place: Place) -> SafeString:
    """Whether somebody new can be placed there."""
    return _tag(PLACE_LOOK[place.state], place.get_state_display())


@register.simple_tag(takes_context=True)
def training_tag(context, supervisor: Supervisor) -> SafeString:
    """Whether a supervisor counts as trained today, and for how long (`SupervisorQuerySet.with_training`)."""
    today, until = timezone.localdate(), supervisor.trained_until
    if not supervisor.is_trained:
        if not supervisor.is_here_on(today):
            return _tag("", pgettext("supervisor", "Has left"))
        if until:
            return _tag("stop", _("Training ran out %(day)s") % {"day": until.isoformat()})
        return _tag("warn", _("No training"))
    words = _("Language supervisor") if supervisor.is_language_trained else pgettext("supervisor", "Trained")
    if until is None:
        return _tag("ok", words)
    soon = until <= today + dt.timedelta(days=_days_before(context))
    return _tag(
        "warn" if soon else "ok", _("%(trained)s until %(day)s") % {"trained": words, "day": until.isoformat()}
    )


def _days_before(context) -> int:
    """The municipality's limit, asked for once a page."""
    kept = context.render_context
    if "training_days" not in kept:
        kept["training_days"] = municipal.value_of(TRAINING_DAYS.key)
    return kept["training_days"]


@register.simple_tag
def agreement_tag(agreement: EmployerAgreement) -> SafeString:
    """Whether an agreement holds today; `is_run_out` says that no later one of its kind has taken its place."""
    today = timezone.localdate()
    if agreement.holds_on(today):
        return _tag("ok", pgettext("agreement", "Holds"))
    if agreement.valid_from > today:
        return _tag("info", pgettext("agreement", "To come"))
    return _tag("stop" if agreement.is_run_out else "", pgettext("agreement", "Has run out"))


@register.simple_tag
def commitment_tag(commitment: Commitment) -> SafeString:
    """Where a commitment stands today."""
    if not commitment.outstanding:
        return _tag("ok", pgettext("commitment", "Fulfilled"))
    if commitment.due < timezone.localdate():
        return _tag("stop", _("%(count)s outstanding, overdue") % {"count": commitment.outstanding})
    return _tag("info", _("%(count)s outstanding") % {"count": commitment.outstanding})
