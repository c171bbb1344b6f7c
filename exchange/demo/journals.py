"""Journals of the invented municipality: what coaches write down from day to day, and what they attach."""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import Role, User
from exchange.demo import papers
from participants.file_kinds import PDF, PNG, WORD, FileKind
from participants.journal.moves import journal_entry_move
from participants.models import Attachment, AttachmentContent, Enrolment, JournalAddition, JournalEntry
from participants.models.journal import Audience, EntryKind, SentWay
from placements.models import Placement
from vocabulary.codes import Protection

#: So many enrolments have a journal; every fifth of them has not been heard from lately.
JOURNALS = 110
SILENT_EVERY, SILENT_DAYS = 5, 40
ATTACHED_EVERY = 9
#: Of what could be shown to the participant.
SHARE_SHOWN = 0.55

SHOWN = Audience.PARTICIPANT
CONVERSATION, MEETING, PHONE, MESSAGE, EVENT = (
    EntryKind.CONVERSATION,
    EntryKind.MEETING,
    EntryKind.PHONE,
    EntryKind.MESSAGE,
    EntryKind.EVENT,
)

#: (kind, text, for whom at the most). {name} is the given name, {where} the workplace.
EARLY = (
    (MEETING, "Första mötet. {name} berättade om sig själv och vad som är viktigast just nu: ett eget jobb och "
              "rutiner på morgonen.\n\nVi gick igenom hur vi arbetar här och bokade tid för kartläggning.", SHOWN),
    (MEETING, "Kartläggning, del ett: arbete och utbildning. {name} har arbetat i kök och inom lokalvård. Betyg och "
              "intyg finns hemma, tar med dem nästa gång.", SHOWN),
    (PHONE, "Ringde för att påminna om mötet på torsdag. {name} kommer, men behöver sluta före 14 för att hämta på "
            "förskolan.", None),
    (MESSAGE, "Sms: mötet flyttat till fredag klockan 10 i rum 3. Svarade ok.", SHOWN),
    (CONVERSATION, "Kort samtal i receptionen. Verkade trött. Tar upp sömn och ork vid nästa möte, i lugn och ro.",
     None),
    (EVENT, "Kom inte till bokat möte. Ringde två gånger utan svar och skickade sms. Ny tid skickad.", None),
    (MEETING, "Kartläggning, del två: språk och data. Läser svenska bra, vill öva på att skriva. Ansöker om plats i "
              "kursen Data för nybörjare.", SHOWN),
)  # fmt: skip
MIDDLE = (
    (MEETING, "Gick igenom planen. Målet är arbete inom kök eller restaurang. Delmål: två studiebesök före månadens "
              "slut och ett uppdaterat cv.", SHOWN),
    (CONVERSATION, "Pratade om vad {name} vill pröva. Trivs bäst när uppgifterna är tydliga och takten jämn.", SHOWN),
    (PHONE, "Samtal med handläggare på Arbetsförmedlingen. Inget beslut om annan insats är på gång, vi fortsätter "
            "enligt planen.", None),
    (MESSAGE, "Mejlade tre annonser som passar. {name} söker minst en av dem till på onsdag.", SHOWN),
    (MEETING, "Övade anställningsintervju. Bra svar om tidigare erfarenhet. Vi repeterar frågan om styrkor en gång "
              "till.", SHOWN),
    (EVENT, "Studiebesök på {where}. Fick se hela flödet och ställde egna frågor till personalen.", SHOWN),
    (CONVERSATION, "Ekonomin oroar. Gav kontakt till budget- och skuldrådgivningen. {name} ringer själv, jag frågar "
                   "hur det gick nästa vecka.", None),
    (PHONE, "Anmälde sjukfrånvaro i dag. Räknar med att vara tillbaka på måndag.", None),
    (MEETING, "Skrev klart cv och ett personligt brev. Båda sparade på e-posten så att de går att skicka från "
              "telefonen.", SHOWN),
)  # fmt: skip
AT_WORK = (
    (MEETING, "Trepartssamtal på {where}. Handledaren är nöjd med närvaron. Nästa steg är att ta egna uppgifter på "
              "morgonen.", SHOWN),
    (PHONE, "Ringde {where}. Det går bra i gruppen, men tempot är högt vid lunch. Vi kortar dagen med en timme i två "
            "veckor.", None),
    (CONVERSATION, "Hur går det på {where}? Bra, säger {name}. Roligast är att lära upp nya. Vill gärna gå "
                   "hygienutbildningen.", SHOWN),
    (MESSAGE, "Sms från {name}: bussen inställd, kommer 20 minuter sent. Meddelade {where}.", None),
    (EVENT, "Klar med introduktionen på {where}, alla punkter genomgångna.", SHOWN),
)  # fmt: skip
LATE = (
    (MEETING, "Avslutande möte. {name} har fått jobb och börjar den första. Vi gick igenom vad intyget ska säga.",
     SHOWN),
    (PHONE, "Ringde efter avslutet. Allt går som det ska. Hör av sig om något ändras.", None),
    (CONVERSATION, "Sammanfattade tiden här. Det som hjälpte mest var att få pröva på riktigt, säger {name}.", SHOWN),
)  # fmt: skip

#: What was sent: document, to whom, how, for whom.
SENT = (
    ("Genomförandeplan", "{name}", SentWay.BY_HAND, SHOWN),
    ("Kallelse till möte", "{name}", SentWay.LETTER, SHOWN),
    ("Underlag för samverkan, med samtycke", "Arbetsförmedlingen", SentWay.SECURE_MESSAGE, None),
    ("Intyg om deltagande", "{name}", SentWay.DIGITAL_MAILBOX, SHOWN),
    ("Svar på begäran om närvaro", "Ekonomiskt bistånd", SentWay.SECURE_MESSAGE, None),
    ("Överenskommelse om praktik", "{where}", SentWay.EMAIL, SHOWN),
)
ADDITIONS = (
    "Rättelse: mötet var klockan 10, inte 13.",
    "{name} ringde tillbaka samma eftermiddag och ville bekräfta tiden.",
    "Handledaren har nu svarat och är med på upplägget.",
)
NO_PLACE = "Skolkök Ekbacken"


@dataclass(frozen=True)
class Case:
    """An enrolment whose journal is written: who writes, between which days, and where the person works when."""

    enrolment: Enrolment
    first: dt.date
    last: dt.date
    placements: list[Placement]

    def where(self, day: dt.date) -> str | None:
        """The workplace that the person is at on the day."""
        for placement in self.placements:
            if placement.start <= day and (placement.end is None or day <= placement.end):
                return placement.workplace.name
        return None


@transaction.atomic
def demo_journals_create() -> None:
    """Some hundred entries in the journals of those who are enrolled or left lately; nothing a second time."""
    if JournalEntry.objects.exists():
        return
    chance, today = random.Random("journals"), timezone.localdate()
    cases = list(_cases(today))
    entries = [entry for number, case in enumerate(cases) for entry in _entries(case, number, chance, today)]
    entries = JournalEntry.objects.bulk_create(entries)
    _additions(entries, chance)
    _attachments(entries)
    _note_activity(entries)
    _move_one(cases)


def _cases(today: dt.date) -> Iterator[Case]:
    """The enrolments of each coach in turn, the newest first, so that everybody who signs in has journals to read:
    open ones and those that ended lately, of nobody who is protected."""
    rows = Enrolment.objects.filter(
        Q(end=None) | Q(end__gte=today - dt.timedelta(days=120)),
        coach__isnull=False,
        start__lte=today - dt.timedelta(days=7),
        participant__protection=Protection.NONE,
    )
    turn = Window(RowNumber(), partition_by="coach", order_by=["-start", "-pk"])
    rows = rows.annotate(turn=turn).select_related("participant", "coach").order_by("turn", "coach")
    chosen = list(rows[:JOURNALS])
    placements: dict[int, list[Placement]] = {}
    for placement in Placement.objects.filter(enrolment__in=chosen).select_related("workplace").order_by("start"):
        placements.setdefault(placement.enrolment_id, []).append(placement)
    for row in chosen:
        first = max(row.start, today - dt.timedelta(days=540))
        yield Case(row, first, min(row.end or today, today), placements.get(row.pk, []))


def _entries(case: Case, number: int, chance: random.Random, today: dt.date) -> Iterator[JournalEntry]:
    """What is written in one journal, the oldest first: more often in the beginning, on working days."""
    last = case.last
    if case.enrolment.end is None and number % SILENT_EVERY == 0:
        last = min(last, today - dt.timedelta(days=SILENT_DAYS))
    day, early, middle, work = case.first, list(EARLY), list(MIDDLE), list(AT_WORK)
    for pile in (middle, work):
        chance.shuffle(pile)
    while day <= last:
        where = case.where(day)
        pile = early if early else work if where and work else middle
        if not pile:
            return
        if len(early) < len(EARLY) and chance.random() < 0.18:
            yield _sent(case, day, where or NO_PLACE, chance)
        else:
            kind, text, audience = pile.pop(0)
            audience = audience if chance.random() < SHARE_SHOWN else None
            yield _written(case, day, where or NO_PLACE, (kind, text, audience))
        day = _working_day(day + dt.timedelta(days=chance.randint(6, 30)))
    if case.enrolment.end and case.enrolment.end <= today and case.enrolment.end >= case.first:
        yield _written(case, case.enrolment.end, case.where(case.enrolment.end) or NO_PLACE, chance.choice(LATE))


def _written(case: Case, day: dt.date, where: str, about: tuple) -> JournalEntry:
    kind, text, audience = about
    text = text.format(name=case.enrolment.participant.given_name, where=where)
    return _entry(case, day, kind=kind, text=text, audience=audience or Audience.INTERNAL)


def _sent(case: Case, day: dt.date, where: str, chance: random.Random) -> JournalEntry:
    document, recipient, way, audience = chance.choice(SENT)
    return _entry(
        case,
        day,
        kind=EntryKind.DOCUMENT,
        document=document,
        recipient=recipient.format(name=case.enrolment.participant.full_name, where=where),
        sent_way=way,
        audience=audience or Audience.INTERNAL,
    )


def _entry(case: Case, day: dt.date, **says) -> JournalEntry:
    coach = case.enrolment.coach
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(9 + day.toordinal() % 7, day.day)))
    return JournalEntry(
        enrolment=case.enrolment,
        author=coach,
        author_name=coach.full_name,
        occurred_on=day,
        created_at=min(at, timezone.now()),
        **says,
    )


def _working_day(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _additions(entries: list[JournalEntry], chance: random.Random) -> None:
    rows = [
        JournalAddition(
            entry=entry,
            author=entry.author,
            author_name=entry.author_name,
            text=chance.choice(ADDITIONS).format(name=entry.enrolment.participant.given_name),
            created_at=min(entry.created_at + dt.timedelta(days=1), timezone.now()),
        )
        for entry in entries[3::14]
    ]
    JournalAddition.objects.bulk_create(rows)


def _attachments(entries: list[JournalEntry]) -> None:
    """Papers on every ninth entry: what was sent as a PDF or a Word document, what was brought as a photograph."""
    papers_of = [(entry, *_paper(entry, number)) for number, entry in enumerate(entries[2::ATTACHED_EVERY])]
    rows = [
        Attachment(
            entry=entry,
            name=name,
            media_type=kind.media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_at=entry.created_at,
            uploaded_by=entry.author,
            uploaded_by_name=entry.author_name,
        )
        for entry, name, kind, content in papers_of
    ]
    Attachment.objects.bulk_create(rows)
    contents = [
        AttachmentContent(attachment=row, content=content)
        for row, (_entry, _name, _kind, content) in zip(rows, papers_of, strict=True)
    ]
    AttachmentContent.objects.bulk_create(contents)


def _paper(entry: JournalEntry, number: int) -> tuple[str, FileKind, bytes]:
    name, day = entry.enrolment.participant.full_name, f"{entry.occurred_on:%Y-%m-%d}"
    if entry.kind == EntryKind.DOCUMENT:
        content = papers.letter(entry.document, "", f"Till {_plain(entry.recipient)}", f"Björkåkra {day}", "",
                                "Exempel från en påhittad kommun.")  # fmt: skip
        return f"{entry.document}.pdf", PDF, content
    match number % 3:
        case 0:
            content = papers.form(
                "Anteckningar inför mötet", _plain(name), day, "Mål: ett arbete som går att leva på."
            )
            return f"Inför mötet {day}.docx", WORD, content
        case 1:
            return f"IMG_{4000 + number}.png", PNG, papers.photograph(number % 2)
    return "CV.pdf", PDF, papers.letter("Meritförteckning", "", _plain(name), "", "Kök, lokalvård, butik")


def _plain(text: str) -> str:
    """What the papers' alphabet has: names come from many."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _note_activity(entries: list[JournalEntry]) -> None:
    latest: dict[int, JournalEntry] = {}
    for entry in entries:
        before = latest.get(entry.enrolment_id)
        if before is None or entry.occurred_on > before.occurred_on:
            latest[entry.enrolment_id] = entry
    changed = []
    for entry in latest.values():
        enrolment = entry.enrolment
        if enrolment.last_activity_on is None or enrolment.last_activity_on < entry.occurred_on:
            enrolment.last_activity_on = entry.occurred_on
            changed.append(enrolment)
    Enrolment.objects.bulk_update(changed, ["last_activity_on"])


def _move_one(cases: list[Case]) -> None:
    """One entry was written on the wrong person, and the unit's manager has moved it."""
    manager = User.objects.filter(memberships__role=Role.MANAGER, memberships__unit__isnull=False).first()
    unit = manager and manager.memberships.get(role=Role.MANAGER).unit_id
    here = [case.enrolment for case in cases if case.enrolment.unit_id == unit]
    entry = JournalEntry.objects.filter(enrolment__in=here[:10], kind=PHONE).order_by("-created_at", "pk").first()
    if entry is None:
        return
    others = [each for each in here if each.participant_id != entry.enrolment.participant_id]
    target = next((each for each in others if each.start <= entry.occurred_on), None)
    if target:
        journal_entry_move(entry=entry, target=target, actor=manager, why="Skrevs i fel akt av misstag.")
