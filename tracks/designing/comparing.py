"""What differs between two versions of a track."""

from django.utils.translation import gettext as _

from competence.catalogue.comparing import CHANGED, Difference, Group, rows_compared, words_compared
from tracks.designing.told import ToldStep, steps_of, steps_told
from tracks.models import TrackVersion


def compared(before: TrackVersion, after: TrackVersion) -> list[Group]:
    """The parts that differ, in the order of the later version."""
    whole = Group(_("The track"))
    pairs = zip(_told(before), _told(after), strict=True)
    for (label, was), (_label, now) in pairs:
        if was != now:
            whole.differences.append(Difference(CHANGED, "", [words_compared(label, was, now)]))
    sides = [
        [{"code": each.step.key, "told": each} for each in steps_told(steps_of(version))]
        for version in (before, after)
    ]
    steps = Group(_("The steps"), rows_compared(*sides, _step, ordered=True))
    titles = {row["code"]: row["told"].step.title for side in sides for row in side}
    steps.differences = [Difference(each.kind, titles[each.code], each.fields) for each in steps.differences]
    return [group for group in (whole, steps) if group.differences]


def _told(version: TrackVersion) -> list[tuple[str, str]]:
    partners = version.partners.select_related("employer").order_by("employer__name")
    return [
        (_("Method"), str(version.get_method_display())),
        (_("Occupation"), version.occupation.told if version.occupation else ""),
        (_("Shortage"), _("Yes") if version.shortage else _("No")),
        (_("For whom"), version.target_group),
        (_("Purpose"), version.purpose),
        (_("Who teaches"), version.provider),
        (_("Partners"), ", ".join(each.employer.name for each in partners)),
        (_("Funding"), version.funding),
        (_("Cost of a seat"), f"{version.seat_cost:.2f}" if version.seat_cost is not None else ""),
        (_("Source"), version.source),
    ]


def _step(row: dict) -> list[tuple[str, str]]:
    told: ToldStep = row["told"]
    step = told.step
    return [
        (_("Name of the step"), step.title),
        (_("Kind"), str(step.get_kind_display())),
        (_("Form of activity"), step.form.label if step.form else ""),
        (_("Time"), told.weeks),
        (_("Hours"), "; ".join(told.hours)),
        (_("Purpose"), step.purpose),
        (_("Expected outcome"), step.expected_outcome),
        (_("Whose need"), str(step.get_need_display())),
        (_("Gates"), " ".join(told.gates)),
        (_("Competences"), "; ".join(told.competences)),
    ]
