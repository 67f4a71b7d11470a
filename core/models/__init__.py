from core.models.audit import AuditEvent, AuditLink
from core.models.job import Job, JobState

__all__ = ["AuditEvent", "AuditLink", "Job", "JobState"]
