"""Who may do what with background jobs and mails. Who sees that one exists: `visible_to` of the querysets."""

from django.conf import settings

from accounts.permissions import is_administrator
from delivery import kinds


def can_start_job(user, kind) -> bool:
    """Who may start a kind of job is said by the app that registered it; nobody, if it does not say."""
    return user.is_active and kind.can_start is not None and kind.can_start(user)


def can_see_outcome(user, job) -> bool:
    """Only who asked for a job sees its result and opens its files: they may hold what an administrator,
    who has no access to cases, must not see."""
    return job.owner_id is not None and job.owner_id == user.pk


def can_take_files(user, job) -> bool:
    """Who sees the outcome, as long as they may still start this kind of job: a right that was taken away covers the
    files it had made too. Of a kind that this version does not know, nobody's right is known."""
    kind = kinds.find(job.kind)
    return can_see_outcome(user, job) and kind is not None and can_start_job(user, kind)


def can_read_kept_mail(user) -> bool:
    """Mail that is kept instead of sent holds links that let people in. In the demo everybody reads it, because
    everybody can sign in as anybody; elsewhere in development only administrators."""
    return settings.DEMO or is_administrator(user)
