"""Where people work: one file per concept."""

from placements.models.answer import FollowUpAnswer
from placements.models.employer import Employer, Workplace
from placements.models.followup import FollowUp
from placements.models.group import Group, GroupAttendance, GroupPlace, GroupSession
from placements.models.link import FollowUpLink
from placements.models.placement import GradeTerm, Placement
from placements.models.supervisor import Supervisor

__all__ = [
    "Employer", "FollowUp", "FollowUpAnswer", "FollowUpLink", "GradeTerm", "Group", "GroupAttendance", "GroupPlace",
    "GroupSession", "Placement", "Supervisor", "Workplace",
]  # fmt: skip
