"""What leaves the house, and the work behind it: one file per concept."""

from delivery.models.document import Document, DocumentFile, NumberSeries, SealCertificate
from delivery.models.job import Job, JobFile, ScheduledRun
from delivery.models.link import SecretLink
from delivery.models.mail import Mail, MailAttempt
from delivery.models.mark import DocumentMark

__all__ = [
    "Document",
    "DocumentFile",
    "DocumentMark",
    "Job",
    "JobFile",
    "Mail",
    "MailAttempt",
    "NumberSeries",
    "ScheduledRun",
    "SealCertificate",
    "SecretLink",
]
