"""The person and the way: one file per concept."""

from participants.models.aftercare import Aftercare
from participants.models.enrolment import AnnulledClosure, Enrolment, UnitAssignment
from participants.models.journal import JournalAddition, JournalDraft, JournalEntry
from participants.models.number_question import NumberQuestion
from participants.models.participant import FormerIdentityNumber, Participant, ProtectedAccess
from participants.models.referral import Referral

__all__ = [
    "Aftercare",
    "AnnulledClosure",
    "Enrolment",
    "FormerIdentityNumber",
    "JournalAddition",
    "JournalDraft",
    "JournalEntry",
    "NumberQuestion",
    "Participant",
    "ProtectedAccess",
    "Referral",
    "UnitAssignment",
]
