"""Where people work: one file per concept."""

from placements.models.answer import AnswerReply, FollowUpAnswer
from placements.models.attendance import AttendanceHandover, AttendanceReport, PlacementAttendance
from placements.models.employer import Employer, EmployerContact, EmployerNote, Workplace
from placements.models.feed import CalendarFeed
from placements.models.followup import FollowUp, FollowUpReminder, ParticipantOpinion
from placements.models.group import Group, GroupAttendance, GroupPlace, GroupSession
from placements.models.link import FollowUpLink
from placements.models.place import Place, PlaceLanguage, PlaceOffer
from placements.models.placement import (
    AddedValue,
    AnnulledEnd,
    GradeTerm,
    Placement,
    PlacementChecklist,
    PlacementExtension,
)
from placements.models.promises import CheckState, Commitment, EmployerAgreement, WorkplaceCheck
from placements.models.schedule import Schedule, ScheduledHours
from placements.models.supervisor import Supervisor, SupervisorTraining, SupportVisit

__all__ = [
    "AddedValue", "AnnulledEnd", "AnswerReply", "AttendanceHandover", "AttendanceReport", "CalendarFeed",
    "CheckState", "Commitment", "Employer", "EmployerAgreement", "EmployerContact", "EmployerNote", "FollowUp",
    "FollowUpAnswer", "FollowUpLink", "FollowUpReminder", "GradeTerm", "Group", "GroupAttendance", "GroupPlace",
    "GroupSession", "ParticipantOpinion", "Place", "PlaceLanguage", "PlaceOffer", "Placement",
    "PlacementAttendance", "PlacementChecklist", "PlacementExtension", "Schedule", "ScheduledHours",
    "Supervisor", "SupervisorTraining", "SupportVisit", "Workplace", "WorkplaceCheck",
]  # fmt: skip
