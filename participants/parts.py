"""The part of the file that tells who has looked at it."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessLogEntry, Role
from participants import providers
from participants.file import ParticipantFile
from participants.merging.reading import predecessors

ACCESS_PAGE_SIZE = 50


def access_log_of(file: ParticipantFile):
    """The looks at this file that its reader, a manager, may know of.

    Looks at a file that was merged into this one are looks at this person. A manager of a unit sees the looks at the
    unit's own enrolments, and every denied attempt: a look from another unit would tell that the person is known
    there. A manager of the whole municipality sees all.
    """
    subjects = [file.public_id, *(each.public_id for each in predecessors(file.participant))]
    log = AccessLogEntry.objects.filter(subject__in=subjects)
    scope = file.user.reach.scope(Role.MANAGER)
    if scope.everything:
        return log
    codes = [each.unit.code for each in file.enrolments if each.unit_id in scope]
    return log.filter(Q(detail__units__has_any_keys=codes) | Q(act=AccessLogEntry.Act.DENIED))


def _access(file: ParticipantFile, params) -> dict:
    return {"log": Paginator(access_log_of(file), ACCESS_PAGE_SIZE).get_page(params.get("page"))}


def join() -> None:
    providers.join_parts(
        providers.Part(
            slug="atkomst",
            label=_("Access"),
            template="participants/part_access.html",
            order=90,
            context=_access,
            shown=lambda file: file.can_see_access_log,
        )
    )
