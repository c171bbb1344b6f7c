"""What leaves the house, and the work behind it: one file per concept."""

from delivery.models.document import Document, DocumentFile, NumberSeries
from delivery.models.job import Job, JobFile, ScheduledRun
from delivery.models.link import SecretLink
from delivery.models.mail import Mail, MailAttempt

__all__ = [
    "Document",
    "DocumentFile",
    "Job",
    "JobFile",
    "Mail",
    "MailAttempt",
    "NumberSeries",
    "ScheduledRun",
    "SecretLink",
]
