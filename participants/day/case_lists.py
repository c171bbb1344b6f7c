"""The lists of Min dag that the case itself has: who was handed over, whom to ask what became of them, of whom
nothing has been heard, and what was begun and left lying."""

import datetime as dt

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import municipal
from accounts.models import User
from participants import aftercare
from participants.aftercare import Point, to_ask_on
from participants.asking.services import aftercare_answer_see
from participants.coaching.services import handover_read
from participants.day.lists import DayList, DayRow, join_day_list
from participants.listing.flags import not_heard_from
from participants.listing.providers import Moment
from participants.models import Aftercare, Enrolment, Handover, JournalDraft
from participants.models.aftercare import AFTERCARE_DAYS
from participants.municipal import SILENT_DAYS
from participants.permissions import can_answer_aftercare
from vocabulary.codes import AftercareStatus, ClosureReason

#: A draft that nobody has touched for so long was left lying.
DRAFT_HOURS = 24
_NO_DAY = Value(None)


def file_address(row: DayRow) -> str:
    return reverse("participants:file", args=[row.enrolment.participant.public_id])


def journal_address(row: DayRow) -> str:
    """Where a contact is logged, and where a draft waits."""
    return f"{file_address(row)}#journal-log"


# --- Handed over --------------------------------------------------------------------------------------------------


def new_handovers(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Handover]:
    """Those who were given to the coach of today, who has not read it."""
    rows = Handover.objects.filter(enrolment__in=enrolments, to_coach=F("enrolment__coach"), seen_at=None)
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=_NO_DAY,
        day_since=TruncDate("at"),
        day_reference=F("pk"),
        day_note=Concat("from_name", Value("\n"), "note", output_field=TextField()),
    )


def handover_words(row: DayRow) -> str:
    name, _line, note = row.note.partition("\n")
    words = _("From %(name)s") % {"name": name} if name else _("Had no job coach before")
    return f"{words}. {note}" if note else words


def handover_noted(reader: User, reference: str, noted: bool) -> bool:
    """Only who was given somebody says that it is read."""
    mine = Handover.objects.filter(to_coach=reader, enrolment__in=Enrolment.objects.visible_to(reader))
    handover = mine.filter(pk=reference).first() if reference.isascii() and reference.isdigit() else None
    if handover is None:
        return False
    handover_read(handover=handover, read=noted)
    return True


# --- Aftercare ----------------------------------------------------------------------------------------------------


def to_ask(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Enrolment]:
    return to_ask_on(enrolments, today).annotate(
        day_enrolment=F("pk"),
        day_due=F("due"),
        day_reference=F("days_after"),
        day_note=F("closure_reason"),
    )


def aftercare_point(row: DayRow) -> Point:
    return Point(enrolment=row.enrolment, days_after=int(row.reference), answer=None, today=timezone.localdate())


def aftercare_address(row: DayRow) -> str:
    return aftercare_point(row).address


def aftercare_words(row: DayRow) -> str:
    label = str(aftercare.LABELS[int(row.reference)])
    person = row.enrolment.participant
    words = f"{label} · {ClosureReason(row.note).label.lower()}"
    return f"{words} · {person.phone}" if person.phone and not person.is_protected else words


# --- Answered by the person ---------------------------------------------------------------------------------------


def unread_answers(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Aftercare]:
    """What persons have answered by a link and nobody has read; an answer waits until it is."""
    rows = Aftercare.objects.filter(enrolment__in=enrolments, by_person=True, seen_at=None)
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=_NO_DAY,
        day_since=F("checked"),
        day_reference=F("pk"),
        day_note=Concat("status", Value(" "), Cast("days_after", TextField()), output_field=TextField()),
    )


def answer_words(row: DayRow) -> str:
    status, _blank, days = row.note.partition(" ")
    return f"{AftercareStatus(status).label} · {str(aftercare.LABELS[int(days)]).lower()}"


def answer_noted(reader: User, reference: str, noted: bool) -> bool:
    """Whoever may answer themselves says that it is read."""
    found = Aftercare.objects.filter(enrolment__in=Enrolment.objects.visible_to(reader), by_person=True)
    rows = found.select_related("enrolment")
    answer = rows.filter(pk=reference).first() if reference.isascii() and reference.isdigit() else None
    if answer is None or not can_answer_aftercare(reader, answer.enrolment):
        return False
    aftercare_answer_see(answer=answer, seen=noted)
    return True


# --- Not heard from -----------------------------------------------------------------------------------------------


def silent(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Enrolment]:
    moment = Moment(today, {SILENT_DAYS.key: municipal.value_of(SILENT_DAYS.key)})
    rows = enrolments.filter(not_heard_from(moment))
    return rows.annotate(
        day_enrolment=F("pk"),
        day_due=_NO_DAY,
        day_since=F("last_activity_on"),
        day_reference=Value(""),
        day_note=Value(""),
    )


def silent_words(row: DayRow) -> str:
    if row.since is None:
        return _("Nothing is noted since the enrolment")
    days = (timezone.localdate() - row.since).days
    return ngettext("Nothing for %(count)d day", "Nothing for %(count)d days", days) % {"count": days}


# --- Begun and left lying -----------------------------------------------------------------------------------------


def left_drafts(enrolments: QuerySet[Enrolment], _today: dt.date, reader: User) -> QuerySet[JournalDraft]:
    """What the reader, and nobody else, has begun to write, whoever the coach is."""
    before = timezone.now() - dt.timedelta(hours=DRAFT_HOURS)
    rows = JournalDraft.objects.filter(author=reader, saved_at__lt=before).exclude(text="")
    return rows.filter(enrolment__in=Enrolment.objects.visible_to(reader)).annotate(
        day_enrolment=F("enrolment"),
        day_due=_NO_DAY,
        day_since=TruncDate("saved_at"),
        day_reference=Value(""),
        day_note=F("text"),
    )


def draft_words(row: DayRow) -> str:
    """The first words: enough to know it again."""
    words = " ".join(row.note.split())
    return f"{words[:60].rstrip()} …" if len(words) > 60 else words


def join() -> None:
    join_day_list(
        DayList(
            key="overlamningar",
            label=gettext_lazy("Handovers to read"),
            order=15,
            action=gettext_lazy("Mark as read"),
            rows=new_handovers,
            address=file_address,
            told=handover_words,
            may_act=lambda user, enrolment: enrolment.coach_id == user.pk,
            noted=handover_noted,
        )
    )
    join_day_list(
        DayList(
            key="efteruppfoljning",
            label=gettext_lazy("Ask what they are doing now"),
            order=70,
            action=gettext_lazy("Answer"),
            rows=to_ask,
            address=aftercare_address,
            told=aftercare_words,
            closed=AFTERCARE_DAYS[-1] + aftercare.LAST_ASKED,
            late_after=aftercare.LATE_AFTER,
            may_act=can_answer_aftercare,
            template="participants/day/_aftercare.html",
            shown=aftercare_point,
        )
    )
    join_day_list(
        DayList(
            key="svar-pa-efteruppfoljning",
            label=gettext_lazy("Answers of those who have left, to read"),
            order=72,
            action=gettext_lazy("Mark as read"),
            rows=unread_answers,
            address=file_address,
            told=answer_words,
            closed=AFTERCARE_DAYS[-1] + aftercare.LAST_ASKED,
            may_act=can_answer_aftercare,
            noted=answer_noted,
        )
    )
    join_day_list(
        DayList(
            key="ingen-kontakt",
            label=gettext_lazy("Not heard from for a while"),
            order=80,
            action=gettext_lazy("Log a contact"),
            rows=silent,
            address=journal_address,
            told=silent_words,
        )
    )
    join_day_list(
        DayList(
            key="utkast",
            label=gettext_lazy("Begun in the journal and not saved"),
            order=90,
            action=gettext_lazy("Go on writing"),
            rows=left_drafts,
            address=journal_address,
            told=draft_words,
            for_reader=True,
            own_only=True,
        )
    )
