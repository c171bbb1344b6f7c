"""Who may do what with background jobs. Who sees that a job exists: `JobQuerySet.visible_to`."""


def can_start_job(user, kind) -> bool:
    """Who may start a kind of job is said by the app that registered it; nobody, if it does not say."""
    return user.is_active and kind.can_start is not None and kind.can_start(user)


def can_see_outcome(user, job) -> bool:
    """Only who asked for a job sees its result and opens its files: they may hold what an administrator,
    who has no access to cases, must not see."""
    return job.owner_id is not None and job.owner_id == user.pk
