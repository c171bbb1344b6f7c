"""The whole record in and out."""

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import set_transaction_context
from accounts.log import access_log_write
from accounts.models import AccessLogEntry, User
from exchange.register import staging
from exchange.register.columns import FILES
from exchange.register.exporting import register_write
from exchange.register.loading import FILE_LOADS, Load
from exchange.register.reading import register_open
from exchange.register.report import LoadReport, RegisterUnreadable
from participants.merging.services import MERGING

__all__ = ["LoadReport", "RegisterUnreadable", "register_export", "register_load"]

#: A source and a colon must fit before a key of 64 characters in a code of 100.
SOURCE_LENGTH = 35
#: One load at a time: two that read the same rows would give each other's keys away.
LOADING = 7_316_255

#: From so many new rows on, the database's picture of its tables is too old for the next page.
MANY_ROWS = 5_000

Progress = Callable[[float, str], None]


def register_load(
    *,
    path: Path,
    source: str = "register",
    dry_run: bool = False,
    actor: User | None = None,
    origin: str = "command",
    progress: Progress | None = None,
) -> LoadReport:
    """Load a register (docs/register-format.md): a folder of CSV files or a workbook, all of it or nothing.

    `source` names the old system its keys belong to; `actor` and `origin` ("command" or "job") stand in the history
    of each changed row; `progress` is told how many percent are done, and with what. A dry run does all the work and
    takes it back. Runs in a transaction of its own, which is a savepoint inside another. Raises RegisterUnreadable.
    """
    _check_source(source)
    sources, unknown = register_open(Path(path))
    report = LoadReport(dry_run=dry_run)
    for stranger in unknown:
        report.wrong(stranger.file_name, 1, "", "unknown_column", stranger.message)
    progress = progress or (lambda percent, text: None)
    with _faults_without_values(), transaction.atomic(), connection.cursor() as cursor:
        set_transaction_context(actor=actor, source=origin, register=source)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
        # Nobody is merged into another while keys are looked up and stored, so no row has to ask who follows whom.
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MERGING])
        cursor.execute("SET LOCAL jobbspar.loading = 'on'")
        # Tables just filled have no statistics yet: comparing row by row is then taken for cheap.
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL enable_nestloop = off")
        load = Load(cursor=cursor, source=source, today=timezone.localdate(), report=report)
        _stage(sources, load, progress)
        files = [kind(load) for kind in FILE_LOADS]
        for place, file in enumerate(files):
            progress(30 + 20 * place / len(files), _("Comparing with what is stored"))
            file.plan()
        for file in files:
            file.check()
        if not report.error_count:
            # Checked statement by statement: a long list of deferred checks makes every row trigger slower than the
            # one before. It is also what makes a dry run do all the work.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for place, file in enumerate(files):
                progress(50 + 50 * place / len(files), _("Storing"))
                file.apply()
        cursor.execute("SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT")
        cursor.execute("SET LOCAL jobbspar.loading = 'off'")
        report.stored = not (dry_run or report.error_count)
        if not report.stored:
            transaction.set_rollback(True)
        elif report.written >= MANY_ROWS:
            _count_tables(cursor)
    return report


def register_export(
    *, folder: Path, source: str = "register", actor: User | None = None, with_coaches: bool = False
) -> dict[str, int]:
    """Write the whole installation as a register into `folder`, made if need be; protected participants too.

    Rows go out under the source's keys; a row without gets one, which is stored. The receiving installation may not
    have the users, and an unknown coach is an error, so coaches are left out unless `with_coaches`. Written to the
    access log. Returns the number of rows of each file. Raises RegisterUnreadable when the folder cannot be written.
    """
    _check_source(source)
    left_out = set() if with_coaches else {"coach"}
    # One moment for all files, unless a transaction around has chosen its own.
    whole = not connection.in_atomic_block
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with transaction.atomic(), connection.cursor() as cursor:
            if whole:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("LOCK TABLE exchange_registerkey IN SHARE ROW EXCLUSIVE MODE")
            counts = register_write(folder, cursor, source=source, today=timezone.localdate(), left_out=left_out)
            access_log_write(
                actor=actor, act=AccessLogEntry.Act.EXPORTED, subject_kind="register", source=source, rows=counts
            )
    except OSError as error:
        raise RegisterUnreadable(
            _("The folder cannot be written: %(reason)s.") % {"reason": error.strerror or type(error).__name__}
        ) from None
    return counts


def _count_tables(cursor) -> None:
    """Let the database count what a large load has written, instead of when autovacuum comes round.

    Before PostgreSQL 17 only the owner of a table may.
    """
    if connection.pg_version >= 170000:
        cursor.execute("ANALYZE participants_participant, participants_enrolment, participants_unitassignment")
        cursor.execute("ANALYZE placements_placement, placements_followup, exchange_registerkey")


def _check_source(source: str) -> None:
    if not source.strip() or not source.isprintable() or len(source) > SOURCE_LENGTH:
        raise RegisterUnreadable(
            _("The name of the source has 1 to %(longest)s ordinary characters.") % {"longest": SOURCE_LENGTH}
        )


def _stage(sources: list, load: Load, progress: Progress) -> None:
    total = sum(source.size for source in sources) or 1
    done = 0
    there = {}
    for source in sources:

        def said(source=source, before=done):
            progress(30 * (before + source.read) / total, _("Reading %(file)s") % {"file": source.file.file_name})

        said()
        there[source.file.name] = staging.stage(
            source, cursor=load.cursor, report=load.report, today=load.today, said=said
        )
        done += source.size
    for file in FILES:
        if file.name not in there:
            staging.stage_nothing(file, load.cursor)
        elif (columns := there[file.name]) is None:
            load.broken.add(file.name)
        else:
            load.present[file.name] = columns


@contextmanager
def _faults_without_values():
    """What the database says about a row it refuses holds the row's values, and would end up in a log.

    Every rule has been checked before anything is stored, so this only happens when somebody changes the same
    records at the same moment.
    """
    try:
        yield
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", None) or ""
        if not state.startswith(("22", "23")):
            raise
        message = _("The database refused a row (%(state)s): somebody changed the same records. Nothing was stored.")
        raise RegisterUnreadable(message % {"state": state}) from None
