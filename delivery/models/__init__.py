"""What leaves the house, and the work behind it: one file per concept."""

from delivery.models.document import Document, DocumentFile, NumberSeries
from delivery.models.job import Job, JobFile, ScheduledRun

__all__ = ["Document", "DocumentFile", "Job", "JobFile", "NumberSeries", "ScheduledRun"]
