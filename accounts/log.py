"""The access log: every look at a person's file is written down before the page is answered.

Lag (2001:454) om behandling av personuppgifter inom socialtjänsten, 10 §: documented access, checked recurrently.
"""

import uuid
from collections.abc import Iterable
from itertools import islice

from accounts.history import current_request_id
from accounts.models import AccessLogEntry, User


def sign_in_write(*, user: User | None, succeeded: bool, how: str, address: str) -> AccessLogEntry:
    """Write down a sign-in, or an attempt at one: whose account, `how` (password, code, …), from which IP address.

    `user` None: an account that is not there. What was typed is never written: it may be a password.
    """
    return access_log_write(
        actor=user if succeeded else None,
        act=AccessLogEntry.Act.SIGNED_IN if succeeded else AccessLogEntry.Act.SIGN_IN_FAILED,
        subject=user.public_id if user else None,
        subject_kind="user",
        how=how,
        address=address,
    )


def access_log_write(
    *,
    actor: User | None,
    act: AccessLogEntry.Act,
    subject: uuid.UUID | None = None,
    subject_kind: str = "",
    request_id: str | None = None,
    **detail,
) -> AccessLogEntry:
    """Write down that `actor` did `act`, on the thing whose public id is `subject`.

    `detail` says what else is needed to judge the look later (a filter, a number of rows); never a name or an
    identity number that was looked at, because the log is read by more people than the file. The request's id,
    by which the technical logs are found, is that of the running request.
    """
    return AccessLogEntry.objects.create(
        actor=actor,
        actor_name=actor.full_name if actor else "",
        act=act,
        subject=subject,
        subject_kind=subject_kind,
        request_id=current_request_id() if request_id is None else request_id,
        detail=detail,
    )


def access_log_write_each(
    *, actor: User, act: AccessLogEntry.Act, subjects: Iterable[tuple[uuid.UUID, dict]], subject_kind: str
) -> None:
    """Write down that `actor` did `act` on each of many things at once: their public ids, each with its detail."""
    request_id = current_request_id()
    entries = (
        AccessLogEntry(
            actor=actor,
            actor_name=actor.full_name,
            act=act,
            subject=subject,
            subject_kind=subject_kind,
            request_id=request_id,
            detail=detail,
        )
        for subject, detail in subjects
    )
    while some := list(islice(entries, 1000)):
        AccessLogEntry.objects.bulk_create(some)
