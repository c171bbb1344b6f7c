"""Who may do what with background jobs."""

from accounts.permissions import is_administrator


def may_start_job(user, kind) -> bool:
    """Who may start a kind of job is said by the app that registered it; nobody, if it does not say."""
    return user.is_active and kind.may_start is not None and kind.may_start(user)


def may_see_job(user, job) -> bool:
    """Who asked for a job follows it. An administrator sees the state of every job, to help and to tell why
    it failed."""
    return job.owner_id == user.pk or is_administrator(user)


def may_see_outcome(user, job) -> bool:
    """Only who asked for a job sees its result and opens its files: they may hold what an administrator,
    who has no access to cases, must not see."""
    return job.owner_id is not None and job.owner_id == user.pk
