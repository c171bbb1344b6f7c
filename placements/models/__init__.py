"""Where people work: one file per concept."""

from placements.models.answer import FollowUpAnswer
from placements.models.employer import Employer, EmployerContact, EmployerNote, Workplace
from placements.models.followup import FollowUp
from placements.models.group import Group, GroupAttendance, GroupPlace, GroupSession
from placements.models.link import FollowUpLink
from placements.models.place import Place, PlaceLanguage, PlaceOffer
from placements.models.placement import (
    AddedValue,
    GradeTerm,
    Placement,
    PlacementChecklist,
    PlacementExtension,
)
from placements.models.promises import Commitment, EmployerAgreement, WorkplaceCheck
from placements.models.schedule import Schedule, ScheduledHours
from placements.models.supervisor import Supervisor, SupervisorTraining, SupportVisit

__all__ = [
    "AddedValue", "Commitment", "Employer", "EmployerAgreement", "EmployerContact", "EmployerNote", "FollowUp",
    "FollowUpAnswer", "FollowUpLink", "GradeTerm", "Group", "GroupAttendance", "GroupPlace", "GroupSession", "Place",
    "PlaceLanguage", "PlaceOffer", "Placement", "PlacementChecklist", "PlacementExtension", "Schedule",
    "ScheduledHours", "Supervisor", "SupervisorTraining", "SupportVisit", "Workplace", "WorkplaceCheck",
]  # fmt: skip
