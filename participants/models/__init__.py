"""The person and the way: one file per concept."""

from participants.models.activity import Activity, ActivityState
from participants.models.aftercare import Aftercare
from participants.models.aftercare_link import AftercareLink
from participants.models.agreement import ServiceAgreement
from participants.models.attachment import Attachment, AttachmentContent
from participants.models.deputy import Deputy
from participants.models.digest import DigestDay, DigestWish
from participants.models.enrolment import AnnulledClosure, Enrolment, UnitAssignment
from participants.models.enrolment_question import EnrolmentQuestion
from participants.models.handover import Handover
from participants.models.joint_review import JointReview
from participants.models.journal import JournalAddition, JournalDraft, JournalEntry, JournalMove
from participants.models.mapping import (
    GoalOccupation,
    MappedLanguage,
    MappedObstacle,
    Mapping,
    MappingQuestion,
    MappingSection,
)
from participants.models.merging import Merge, MergeState, MergeStep
from participants.models.number_question import NumberQuestion
from participants.models.participant import FormerIdentityNumber, Participant, ProtectedAccess
from participants.models.pause import Pause
from participants.models.plan import Milestone, PlanActivity, PlanMilestone, PlanReview, PlanState, PlanVersion
from participants.models.referral import Referral, ReferralStep
from participants.models.saved_filter import SavedFilter

__all__ = [
    "Activity",
    "ActivityState",
    "Aftercare",
    "AftercareLink",
    "AnnulledClosure",
    "Attachment",
    "AttachmentContent",
    "Deputy",
    "DigestDay",
    "DigestWish",
    "Enrolment",
    "EnrolmentQuestion",
    "FormerIdentityNumber",
    "GoalOccupation",
    "Handover",
    "JointReview",
    "JournalAddition",
    "JournalDraft",
    "JournalEntry",
    "JournalMove",
    "MappedLanguage",
    "MappedObstacle",
    "Mapping",
    "MappingQuestion",
    "MappingSection",
    "Merge",
    "MergeState",
    "MergeStep",
    "Milestone",
    "NumberQuestion",
    "Participant",
    "Pause",
    "PlanActivity",
    "PlanMilestone",
    "PlanReview",
    "PlanState",
    "PlanVersion",
    "ProtectedAccess",
    "Referral",
    "ReferralStep",
    "SavedFilter",
    "ServiceAgreement",
    "UnitAssignment",
]
