"""What people do in the stories, each on a page and on its day."""

import datetime as dt
import re
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from competence.models import Assessment, CertificateVersion
from delivery.models import Mail
from delivery.models.job import Job
from delivery.running import job_run
from delivery.states import JobState
from participants.models import Enrolment, Participant, Referral
from placements.models import Placement, Workplace
from tests.browser import sign_in
from tests.clock import Clock
from tests.placements.conftest import LINK, written

SAVED = re.compile("Sparat")
#: The link to an assessment, in a mail.
ASSESS = re.compile(r"/kompetensunderlag/[\w-]{43}/")


@dataclass
class Story:
    """A person whose story is played, and who plays it: in the browser, on the days on which it happened."""

    page: Page
    address: str
    clock: Clock
    coach: User
    manager: User
    name: str
    number: str

    # ------------------------------------------------------------------ where

    def go(self, where: str, user: User | None = None, on: str = "") -> Page:
        """Open an address as the coach or as somebody else, on a day."""
        if on:
            self.clock.on(on)
        sign_in(self.page, self.address, user or self.coach)
        self.page.goto(self.address + where)
        return self.page

    @property
    def person(self) -> Participant:
        given, _, family = self.name.rpartition(" ")
        return Participant.objects.get(given_name=given, family_name=family)

    @property
    def enrolment(self) -> Enrolment:
        return self.person.enrolments.latest("start")

    def of(self, page: str, *args) -> str:
        return reverse(f"participants:{page}", args=[self.person.public_id, *args])

    # ------------------------------------------------------------------ in

    def referred(
        self, on: str, *, source: str, group: str = "", protected: bool = False, order: str = "", purpose: str = ""
    ) -> Referral:
        """A referral is registered on the day on which it was received."""
        page = self._about_the_person(reverse("referrals:new"), on, protected)
        page.get_by_label("Vem anvisar?").select_option(label=source)
        if group:
            page.get_by_label("Målgrupp").select_option(label=group)
        page.get_by_label("Vad är beställt?").fill(order)
        page.get_by_label("Syfte").fill(purpose)
        self._press("Registrera")
        expect(page).to_have_url(re.compile(r"/anvisningar/[0-9a-f-]{36}/"))
        return self.person.referrals.latest("received")

    def accepted(self, referral: Referral, on: str) -> None:
        """The referral is assessed and accepted, before others if there are any."""
        page = self.go(referral.get_absolute_url(), on=on)
        page.get_by_role("button", name="Börja bedöma").click()
        if page.get_by_label("Varför före de andra?").count():
            page.get_by_label("Varför före de andra?").fill("Har en plats som väntar.")
            page.get_by_role("button", name="Börja bedöma").click()
        page.get_by_role("link", name="Ta emot", exact=True).click()
        page.get_by_role("button", name="Ta emot", exact=True).click()
        expect(page.get_by_text("Anvisningen är mottagen.")).to_be_visible()

    def enrolled(self, on: str, *, referral: Referral | None = None, told: str = "", **fields: str) -> None:
        """Enrolled with the coach: by the referral, or without one if nothing is known of any. `told` is what the
        page must say first, `fields` what is chosen or written by its label."""
        if referral:
            page = self.go(reverse("referrals:enrol", args=[referral.public_id]), on=on)
        else:
            page = self._about_the_person(reverse("participants:new"), on)
        page.get_by_label("Jobbcoach").select_option(str(self.coach.public_id))
        chosen = {"Målgrupp": "Försörjningsstöd"} | fields
        for label in ("Målgrupp", "Utbildning", "Tid utan arbete före inskrivningen"):
            if label in chosen:
                page.get_by_role("combobox", name=label).select_option(label=chosen[label])
        self._press("Skriv in", told, fields.get("motivation", ""))
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.name)
        assert self.enrolment.start == dt.date.fromisoformat(on)

    def _about_the_person(self, where: str, on: str, protected: bool = False) -> Page:
        """A page that asks who it is: opened from the person's file, or told, of somebody new."""
        known = Participant.objects.filter(identity_number=self.number.replace("-", "")).first()
        page = self.go(f"{where}?person={known.public_id}" if known else where, on=on)
        if known:
            return page
        given, _, family = self.name.rpartition(" ")
        page.get_by_role("textbox", name="Personnummer").fill(self.number)
        page.get_by_label("Förnamn").fill(given)
        page.get_by_label("Efternamn").fill(family)
        if protected:
            page.get_by_label("Skyddade personuppgifter").select_option(label="Sekretessmarkering")
        return page

    def _press(self, button: str, told: str = "", motivation: str = "") -> None:
        """Press a button; and again, when the page first tells what to think of."""
        self.page.get_by_role("button", name=button, exact=True).click()
        alert = self.page.get_by_role("alert").filter(has_text="Innan du sparar")
        if told:
            expect(alert).to_contain_text(told)
        if alert.count():
            if motivation:
                self.page.get_by_label("Syfte med en motivationshöjande insats").fill(motivation)
            self.page.get_by_role("button", name=button, exact=True).click()

    # ------------------------------------------------------------------ on the way

    def mapped(self, on: str, *, work: str, levels: dict[str, str] | None = None, goal: str = "") -> None:
        """The mapping is begun, written and completed at one meeting."""
        page = self.go(self.of("part", "kartlaggning"), on=on)
        page.get_by_role("button", name="Börja kartläggningen").click()
        page.get_by_label("Vad har du arbetat med?").fill(work)
        page.get_by_role("button", name="Spara", exact=True).click()
        if levels:
            self._section("sprak")
            for skill, level in levels.items():
                page.get_by_role("group", name=skill, exact=True).get_by_label(level, exact=True).check()
            page.get_by_role("button", name="Spara", exact=True).click()
        if goal:
            self._section("mal")
            page.get_by_label("Vilka yrken siktar du på?").fill(goal)
            page.get_by_role("button", name="Spara", exact=True).click()
        self.page.goto(self.address + reverse("mapping:complete", args=[self.person.public_id]))
        page.get_by_role("button", name="Fastställ kartläggningen").click()
        expect(page.get_by_text("Kartläggningen är fastställd.")).to_be_visible()

    def _section(self, key: str) -> None:
        self.page.goto(self.address + reverse("mapping:section", args=[self.person.public_id, key]))

    def planned(
        self, on: str, *, goal: str, by: str, milestones: dict[str, str], activities: dict[str, tuple[str, str]]
    ) -> None:
        """The plan is written with the participant and decided. `milestones`: what, and by when; `activities`: form,
        and the purpose and what is expected."""
        page = self.go(self.of("plan_write"), on=on)
        page.get_by_label("Vad är målet?").fill(goal)
        page.get_by_label("Ska vara nått senast").fill(by)
        for number, (text, due) in enumerate(milestones.items(), 1):
            row = self._row("Delmål", number, "Lägg till ett delmål")
            row.get_by_label("Delmål").fill(text)
            row.get_by_label("Senast").fill(due)
        for number, (form, (purpose, expected)) in enumerate(activities.items(), 1):
            row = self._row("Insats", number, "Lägg till en insats")
            if not row.get_by_text(form, exact=True).count() or row.get_by_label("Insatsform").count():
                row.get_by_label("Insatsform").select_option(label=form)
            row.get_by_label("Syfte").fill(purpose)
            row.get_by_label("Förväntat utfall").fill(expected)
        page.get_by_label("Instämmer", exact=True).check()
        page.get_by_label("Hur sas det?").select_option("meeting")
        page.get_by_label("Vilken dag?").fill(on)
        page.get_by_role("button", name="Gå vidare och besluta").click()
        page.get_by_role("button", name="Besluta planen").click()
        expect(page.get_by_text("Planen är beslutad.")).to_be_visible()

    def _row(self, kind: str, number: int, more: str):
        row = self.page.get_by_role("group", name=f"{kind} {number}")
        if not row.count():
            self.page.get_by_role("button", name=more).click()
            row.wait_for()
        return row

    def reached(self, milestone: str, on: str) -> None:
        page = self.go(self.of("part", "plan"), on=on)
        row = page.locator(".plan-milestone").filter(has_text=milestone)
        row.get_by_role("button", name="Klart").click()
        expect(row).to_contain_text(f"Klart {on}")

    def activity_ended(self, form: str, on: str, outcome: str) -> None:
        page = self.go(self.of("part", "plan"), on=on)
        page.get_by_role("link", name=f"Avsluta {form}").click()
        page.get_by_label(outcome, exact=True).check()
        page.get_by_role("button", name="Spara", exact=True).click()
        assert self.enrolment.activities.get(form__label=form).ended_on == dt.date.fromisoformat(on)

    def noted(self, on: str, text: str, *, kind: str = "Möte", document: str = "", to: str = "") -> None:
        """Something is written in the journal, or a document that was sent."""
        page = self.go(self.of("file"), on=on)
        page.get_by_role("radio", name=kind, exact=True).check()
        if document:
            page.get_by_label("Vilket dokument?").fill(document)
            page.get_by_label("Till vem?").fill(to)
            page.get_by_label("Hur skickades det?").select_option(label="Säker digital kommunikation (SDK)")
        page.get_by_label("Vad hände?").fill(text)
        page.locator("#journal-log").get_by_role("button", name="Spara", exact=True).click()
        expect(page.locator("#journal-said")).to_contain_text(SAVED)

    # ------------------------------------------------------------------ at work

    def place_made(self, on: str, workplace: str, title: str, area: str, *, supervisor: str, course: str) -> None:
        """A supervisor is entered with a training, and a place that they lead is put in the place bank."""
        where = Workplace.objects.get(name=workplace)
        page = self.go(reverse("supervisors:create", args=[where.public_id]), on=on)
        page.get_by_label("Namn").last.fill(supervisor)
        page.get_by_label("E-postadress").fill("handledare@ekbacken.example")
        page.get_by_role("button", name="Spara").click()
        page.get_by_role("link", name="Lägg in en utbildning").click()
        page.get_by_role("textbox", name="Utbildning").fill(course)
        page.get_by_label("Genomförd").fill(on)
        page.get_by_role("button", name="Spara").click()
        expect(page.get_by_text("Utbildad").first).to_be_visible()
        page = self.go(reverse("places:new", args=[where.public_id]))
        page.get_by_label("Vad platsen heter").fill(title)
        page.get_by_label("Yrkesområde").select_option(label=area)
        page.get_by_label("Handledare", exact=True).select_option(label=supervisor)
        self._hours()
        page.get_by_role("button", name="Lägg in i platsbanken").click()
        expect(page.get_by_text("Platsen finns nu i platsbanken.")).to_be_visible()

    def booked(
        self,
        on: str,
        form: str,
        where: str,
        start: str,
        end: str,
        *,
        union: str,
        agreed: str,
        grade: str = "",
        place: str = "",
    ) -> Placement:
        """A placement is booked for an activity of the plan; the union is consulted on the day `union`, and all is in
        order and agreed on the day `agreed`. `where` is the workplace; `place` one of its places, chosen among those
        that suit, with its hours and its trained supervisor. `grade`: it is an employment, of so many per cent."""
        activity = self.enrolment.activities.get(form__label=form, state="decided")
        if place:
            page = self.go(reverse("matching:places", args=[self.person.public_id]), on=on)
            page.get_by_role("link", name=f"Boka {place}, {where}").click()
        else:
            book = reverse("booking:book", args=[self.person.public_id])
            page = self.go(f"{book}?insats={activity.public_id}&q={where}", on=on)
            page.get_by_role("link", name=where).click()
        page.get_by_label("Första dagen").fill(start)
        page.get_by_label("Sista dag").fill(end)
        if grade:
            page.get_by_label("Sysselsättningsgrad, procent").fill(grade)
            page.get_by_label("Avtal").select_option(label="BEA")
            page.get_by_label("Vem betalar").select_option(label="Kommunen")
            page.get_by_label("Vilket värde ska den ge deltagaren?").fill("En aktuell referens")
            page.get_by_label("Vilket värde ska den ge arbetsplatsen?").fill("Två händer till i köket")
        if not place:
            self._hours()
        page.get_by_role("button", name="Boka placeringen").click()
        expect(page.get_by_text("Placeringen är bokad.")).to_be_visible()
        placement = self.enrolment.placements.latest("pk")
        self.act(placement, "Samråd med facket", union)
        page.get_by_label("Vilken dag var samrådet?").fill(union)
        page.get_by_label("Vilket fack?").fill("Kommunal")
        page.get_by_role("button", name="Spara samrådet").click()
        if not place:
            self.act(placement, "Välj handledare", agreed)
            page.get_by_label("Om ingen utbildad handleder: varför?").fill("Går utbildningen i april.")
            page.get_by_role("button", name="Spara handledaren").click()
        self.act(placement, "Fyll i checklistan", agreed)
        for tick in ("Riskerna är bedömda", "En introduktion är planerad", "Arbetstiderna är överenskomna"):
            page.get_by_label(tick).check()
        page.get_by_label("Vem försäkrar?").select_option(index=1)
        page.get_by_role("button", name="Spara checklistan").click()
        self.act(placement, "Kom överens", agreed)
        page.get_by_role("button", name="Ja, vi är överens").click()
        expect(page.get_by_text("Placeringen är överenskommen.")).to_be_visible()
        placement.refresh_from_db()
        return placement

    def _hours(self) -> None:
        """Half past seven to two, Monday to Friday, as the page in the browser asks."""
        for number, day in enumerate(("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag"), 1):
            row = self.page.get_by_role("group", name=f"Rad {number}", exact=True)
            row.get_by_label("Veckodag").select_option(label=day)
            row.get_by_label("Från").fill("07:30")
            row.get_by_label("Till").fill("14:00")
            row.get_by_label("Rast, minuter").fill("30")

    def week_marked(self, week: str, on: str) -> None:
        """The attendance of a week: present on all its days."""
        page = self.go(reverse("marking:week") + f"?vecka={week}", on=on)
        page.get_by_role("button", name="Övriga var närvarande").click()
        expect(page.get_by_text("5 tillfällen är markerade.")).to_be_visible()

    def act(self, placement: Placement, label: str, on: str) -> Page:
        """One of the acts on a placement is chosen on its page."""
        page = self.go(reverse("booking:placement", args=[self.person.public_id, placement.public_id]), on=on)
        page.get_by_role("link", name=label, exact=True).click()
        return page

    def placement_ended(self, placement: Placement, on: str, *, result: str, value: str) -> None:
        """It ends on its last day with a result, and its added value is assessed for both."""
        page = self.act(placement, "Avsluta", on)
        page.get_by_label("Placeringens sista dag").fill(on)
        page.get_by_role("group", name="Uppnåddes syftet?").get_by_label(result, exact=True).check()
        for who in ("deltagaren", "arbetsplatsen"):
            group = page.get_by_role("group", name=f"Blev det förväntade värdet av för {who}?")
            group.get_by_label(value, exact=True).check()
        page.get_by_role("button", name="Avsluta placeringen").click()
        expect(page.get_by_text("Placeringen är avslutad.")).to_be_visible()

    def asked(self, placement, kind: str, due: str, on: str, *, supervisor: str = "") -> str:
        """A follow-up is planned and its link sent; the path of the link. `supervisor`: written in first."""
        page = self.go(reverse("placements:followup_plan", args=[self.person.public_id]), on=on)
        page.get_by_label("Placering").select_option(str(placement.public_id))
        page.get_by_label("Sorts uppföljning").select_option(label=kind)
        page.get_by_label("Senast").fill(due)
        page.get_by_role("button", name="Planera uppföljningen").click()
        if supervisor:
            page.get_by_role("link", name="Skriv in handledaren").click()
            page.get_by_label("Namn").last.fill(supervisor)
            page.get_by_label("E-postadress").fill("handledare@ekbacken.example")
            page.get_by_role("button", name="Spara").click()
        page.get_by_role("button", name="Skicka länken").click()
        expect(page.get_by_role("button", name="Skicka länken")).to_have_count(0)
        message = written(Mail.objects.latest("pk"))
        assert not any(part in message.subject + message.body for part in self.name.split())
        return LINK.search(message.body).group()

    def answered(self, link: str, on: str, phone: Page) -> None:
        """The supervisor answers in a minute on a telephone without script, and sees no family name."""
        self.clock.on(on)
        phone.goto(self.address + link)
        assert self.name.rpartition(" ")[2] not in phone.content()
        phone.get_by_label("Ja", exact=True).check()
        phone.get_by_label("Mycket bra").check()
        phone.get_by_role("button", name="Lämna in").click()
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Tack!")

    def assessed(self, placement: Placement, stage: str, on: str, phone: Page, levels: dict[str, str]) -> Assessment:
        """The coach begins the assessment of a stage (as the page calls it), or finds it begun beside a follow-up,
        and sends the link; the supervisor fills in the practical skills on a telephone without script, and signs."""
        page = self.go(self.of("part", "kompetens"), on=on)
        row = page.get_by_role("row").filter(has_text=placement.workplace.name).first
        begin = row.get_by_role("button", name=re.compile(f"^Börja.*{stage}"))
        if begin.count():
            begin.click()
            page.get_by_role("button", name="Spara och gå igenom").click()
        else:
            row.get_by_role("link", name=re.compile(f"{stage},")).click()
        page.get_by_role("button", name="Skicka länken").click()
        expect(page.get_by_text("Länken gäller till")).to_be_visible()
        phone.goto(self.address + ASSESS.search(written(Mail.objects.latest("pk")).body).group())
        assert self.name.rpartition(" ")[2] not in phone.content()
        phone.get_by_role("link", name="Praktiskt kunnande").click()
        for statement, level in levels.items():
            group = phone.get_by_role("group", name=statement)
            group.get_by_label(level, exact=True).check()
            if level not in ("Inte prövat", "Med handledning"):
                group.get_by_label("Jag har sett det").check()
        phone.get_by_role("button", name="Spara och gå vidare").click()
        phone.get_by_role("button", name="Signera kompetensunderlaget").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Tack! Kompetensunderlaget är signerat.")
        return placement.assessments.locked().latest("pk")

    def certified(self, placement: Placement, on: str, *, tasks: str, why: str = "") -> CertificateVersion:
        """The certificate is written from what was assessed, read by the participant on that day, and issued; with
        `why` it replaces the one that is issued."""
        page = self.go(reverse("competence:certificate", args=[self.person.public_id, placement.pk]), on=on)
        if why:
            page.get_by_role("link", name="Ersätt med en ny version").click()
            page.get_by_label("Varför ersätts det utfärdade intyget?").fill(why)
            page.get_by_role("button", name="Börja på den nya versionen").click()
        else:
            page.get_by_role("link", name="Skriv intyg").click()
        page.get_by_label("Det här har arbetet handlat om", exact=True).fill(tasks)
        page.get_by_role("button", name="Spara utkastet").click()
        page.get_by_label("Deltagaren har läst det").fill(on)
        page.get_by_role("button", name="Gå vidare och utfärda").click()
        page.get_by_role("button", name="Utfärda intyget").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kompetensintyg")
        for job in Job.objects.filter(state=JobState.QUEUED):
            job_run(job_id=job.pk)
        return placement.certificate.versions.order_by("-version").first()

    def checked(self, version: CertificateVersion, reader: Page, says: str) -> None:
        """Anybody checks it by its code, and sees no name."""
        reader.goto(self.address + reverse("competence:verification", args=[version.document.verification_code]))
        expect(reader.get_by_role("heading", level=1)).to_have_text(says)
        assert not any(part in reader.content() for part in self.name.split())

    # ------------------------------------------------------------------ out

    def closed(
        self, on: str, *, reason: str, counts_as: str, job: tuple[str, str] | None = None, aid: bool | None = None
    ) -> None:
        """Closed on its last day. `job`: its form and first day; `counts_as` is what the page says before anything is
        saved. What goes on is ended with it."""
        page = self.go(self.of("enrolment_close"), on=on)
        page.get_by_label("Inskrivningens sista dag").fill(on)
        page.get_by_label(reason, exact=True).check()
        if job:
            page.get_by_label("Vilken form har jobbet?").select_option(label=job[0])
            page.get_by_label("Jobbets första dag").fill(job[1])
        if aid is not None:
            page.get_by_label("Ja" if aid else "Nej", exact=True).check()
        page.get_by_role("button", name="Gå vidare").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Avsluta inskrivningen för {self.name}?")
        expect(page.locator("main")).to_contain_text(counts_as)
        page.get_by_role("button", name="Avsluta inskrivningen").click()
        expect(page.locator("main")).to_contain_text("Inskrivningen är avslutad.")

    def asked_after(self, on: str, answer: str) -> None:
        """The aftercare of ninety days is answered from the page of what is to be asked now."""
        page = self.go(self.of("aftercare", 90), on=on)
        page.get_by_label(answer, exact=True).check()
        page.get_by_role("button", name="Spara").click()
        assert self.enrolment.aftercare.get(days_after=90).checked == dt.date.fromisoformat(on)
