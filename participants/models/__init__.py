"""The person and the way: one file per concept."""

from participants.models.activity import Activity, ActivityState
from participants.models.aftercare import Aftercare
from participants.models.attachment import Attachment, AttachmentContent
from participants.models.enrolment import AnnulledClosure, Enrolment, UnitAssignment
from participants.models.handover import Handover
from participants.models.journal import JournalAddition, JournalDraft, JournalEntry, JournalMove
from participants.models.merging import Merge, MergeState, MergeStep
from participants.models.number_question import NumberQuestion
from participants.models.participant import FormerIdentityNumber, Participant, ProtectedAccess
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
    "FormerIdentityNumber",
    "Handover",
    "JournalAddition",
    "JournalDraft",
    "JournalEntry",
    "JournalMove",
    "Merge",
    "MergeState",
    "MergeStep",
    "NumberQuestion",
    "Participant",
    "ProtectedAccess",
    "Referral",
    "ReferralStep",
    "SavedFilter",
    "UnitAssignment",
]
