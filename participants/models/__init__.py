"""The person and the way: one file per concept."""

from participants.models.activity import Activity, ActivityState
from participants.models.aftercare import Aftercare
from participants.models.agreement import ServiceAgreement
from participants.models.attachment import Attachment, AttachmentContent
from participants.models.enrolment import AnnulledClosure, Enrolment, UnitAssignment
from participants.models.enrolment_question import EnrolmentQuestion
from participants.models.handover import Handover
from participants.models.joint_review import JointReview
from participants.models.journal import JournalAddition, JournalDraft, JournalEntry, JournalMove
from participants.models.number_question import NumberQuestion
from participants.models.participant import FormerIdentityNumber, Participant, ProtectedAccess
from participants.models.pause import Pause
from participants.models.referral import Referral, ReferralStep
from participants.models.saved_filter import SavedFilter

__all__ = [
    "Activity",
    "ActivityState",
    "Aftercare",
    "AnnulledClosure",
    "Attachment",
    "AttachmentContent",
    "Enrolment",
    "EnrolmentQuestion",
    "FormerIdentityNumber",
    "Handover",
    "JointReview",
    "JournalAddition",
    "JournalDraft",
    "JournalEntry",
    "JournalMove",
    "NumberQuestion",
    "Participant",
    "Pause",
    "ProtectedAccess",
    "Referral",
    "ReferralStep",
    "SavedFilter",
    "ServiceAgreement",
    "UnitAssignment",
]
