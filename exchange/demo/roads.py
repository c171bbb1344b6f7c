"""What plans of the invented municipality say: roads to a goal, what people think of them, and what came of them."""

from dataclasses import dataclass

from participants.models.plan import Responsible

PARTICIPANT, COACH, OTHER = Responsible.PARTICIPANT, Responsible.COACH, Responsible.OTHER


@dataclass(frozen=True)
class Road:
    """A goal and the way there. `milestones`: what, who sees to it, and the name where that is somebody else.
    `activity`: form, purpose and what is expected."""

    goal: str
    milestones: tuple[tuple[str, str, str], ...]
    activity: tuple[str, str, str]
    view: str


#: Of those for whom a place is looked for.
AT_A_WORKPLACE = (
    "work_training", "Pröva på arbete i en vanlig arbetsgrupp", "Vet vilka arbetsuppgifter som passar",
)  # fmt: skip
#: By the occupation that the mapping names first; the last is for whoever has named none.
ROADS = {
    "9412": Road(
        "Anställning som köksbiträde i ett skolkök",
        (
            ("Göra två studiebesök i skolkök", PARTICIPANT, ""),
            ("Klara hygienutbildningen", PARTICIPANT, ""),
            ("Hitta en praktikplats i ett kök", COACH, ""),
            ("Klara språkpraktik i 12 veckor", PARTICIPANT, ""),
            ("Ha ett färdigt cv och ett personligt brev", PARTICIPANT, ""),
        ),
        ("language_training", "Förstå och använda ord i köket", "Klarar ett samtal med kollegor på rasten"),
        "Jag vill laga mat och börja tidigt på dagen.",
    ),
    "5330": Road(
        "Arbete som vårdbiträde inom äldreomsorgen",
        (
            ("Göra ett studiebesök på ett äldreboende", PARTICIPANT, ""),
            ("Nå nivå B1 i att tala", OTHER, "Läraren på sfi"),
            ("Anmäla till kursen Yrkessvenska vård", COACH, ""),
            ("Pröva arbetet på ett äldreboende i åtta veckor", PARTICIPANT, ""),
        ),
        ("language_training", "Öva på de samtal som vården består av", "Klarar B1 i att tala och lyssna"),
        "Jag tycker om att hjälpa gamla. Svenskan är det svåra.",
    ),
    "4322": Road(
        "Arbete på lager, dagtid",
        (
            ("Förnya truckkortet", PARTICIPANT, ""),
            ("Skriva ett cv som visar tio år på lager", PARTICIPANT, ""),
            ("Ringa tre bemanningsföretag", PARTICIPANT, ""),
            ("Fråga Norrlagers om en praktikplats", COACH, ""),
        ),
        ("job_search", "Komma i gång med att söka arbete", "Söker minst tre arbeten i veckan på egen hand"),
        "Jag kan jobbet. Jag behöver ett färskt intyg och någon som ger mig en chans.",
    ),
    "6113": Road(
        "Säsongsanställning i park och natur",
        (
            ("Fråga park och natur om våren", COACH, ""),
            ("Ta röjsågskortet", PARTICIPANT, ""),
            ("Komma i tid tre veckor i rad", PARTICIPANT, ""),
        ),
        ("motivation", "Få rutiner och ork i vardagen", "Kommer till gruppen minst tre gånger av fyra"),
        "Ute, inte inne. Helst tillsammans med några andra.",
    ),
    "7532": Road(
        "Arbete med textil eller i butik",
        (
            ("Sy upp två plagg att visa", PARTICIPANT, ""),
            ("Pröva textilverkstaden i åtta veckor", PARTICIPANT, ""),
            ("Lära sig kassan", OTHER, "Handledaren i Kretsen"),
        ),
        ("guidance", "Veta vad som krävs för att sy som yrke", "Har valt mellan textil och butik"),
        "Jag syr fort. Jag vill lära mig sälja också.",
    ),
    "5311": Road(
        "Vikariat som barnskötare på förskola",
        (
            ("Visa registerutdraget för förskolan", PARTICIPANT, ""),
            ("Praktik på förskola i tolv veckor", PARTICIPANT, ""),
            ("Få betygen från hemlandet bedömda", COACH, ""),
            ("Skriva in sig i vikariepoolen", PARTICIPANT, ""),
        ),
        ("guidance", "Få den gamla utbildningen värderad", "Vet vad som saknas för att arbeta som barnskötare"),
        "Jag har arbetat med barn i fem år. Jag vill göra det igen.",
    ),
    "7231": Road(
        "Börja på yrkesvux, fordonsteknik",
        (
            ("Träffa studievägledaren", PARTICIPANT, ""),
            ("Ansöka till yrkesvux", PARTICIPANT, ""),
            ("Söka studiemedel", PARTICIPANT, ""),
            ("Klara åtta veckor i cykelverkstaden", PARTICIPANT, ""),
        ),
        ("motivation", "Få rutiner före skolstarten", "Kommer till gruppen minst tre gånger av fyra"),
        "Skolan var tråkig sist. Mekande är roligt.",
    ),
    "5222": Road(
        "Halvtid i butik eller kundtjänst",
        (
            ("Arbeta halva dagar i fyra veckor", PARTICIPANT, ""),
            ("Stämma av med vårdcentralen hur mycket som går", PARTICIPANT, ""),
            ("Öva kundtjänst på dator", OTHER, "Ledaren för datakursen"),
            ("Söka två deltidsjobb i veckan", PARTICIPANT, ""),
        ),
        ("course", "Sköta ärenden på nätet själv", "Söker arbete och fyller i blanketter utan hjälp"),
        "Halvtid är bra. Hellre lugnt och länge än fort och för mycket.",
    ),
    "": Road(
        "Egen försörjning genom arbete",
        (
            ("Välja två yrken att pröva", PARTICIPANT, ""),
            ("Göra ett studiebesök", PARTICIPANT, ""),
            ("Ha ett färdigt cv", PARTICIPANT, ""),
            ("Boka tid för nästa del av kartläggningen", COACH, ""),
        ),
        ("job_search", "Komma i gång med att söka arbete", "Söker minst tre arbeten i veckan på egen hand"),
        "Jag vill ha ett jobb, men vet inte vilket än.",
    ),
}
#: What is done in a group: form, purpose and what is expected.
IN_GROUP = (
    ("job_search", "Komma i gång med att söka arbete", "Söker minst tre arbeten i veckan på egen hand"),
    ("language_training", "Förstå och använda ord i yrket", "Klarar ett samtal med kollegor på rasten"),
    ("course", "Sköta ärenden på nätet själv", "Söker arbete och fyller i blanketter utan hjälp"),
    ("motivation", "Få rutiner och ork i vardagen", "Kommer till gruppen minst tre gånger av fyra"),
)
#: What a later version adds: what, who.
LATER = (
    ("Öva anställningsintervju två gånger", PARTICIPANT),
    ("Be handledaren om en referens", PARTICIPANT),
    ("Söka fem annonser i månaden", PARTICIPANT),
    ("Boka ett möte med arbetsgivaren", COACH),
)
COMMENTS = (
    "Gärna nära hemmet, jag hämtar på förskolan klockan tre.",
    "Vill börja med halva dagar.",
    "Vill hellre pröva kök än städ.",
)
WHY_ALL_THE_SAME = (
    "Vill ha arbete direkt, utan praktik först. Vi är överens om att söka arbete samtidigt.",
    "Tycker att målet är för långt bort. Planen ses över redan om några veckor.",
)
EVIDENCE = (
    "Gick igenom det tillsammans vid mötet.",
    "Berättade hur det gick och vad som blir nästa steg.",
    "Visade bekräftelsen i telefonen.",
    "",
)
SAID = (
    "Det mesta går som det ska. Vi behåller målet och delmålen.",
    "Orkar mer än i våras. Nästa steg är att söka arbete på egen hand.",
    "Resorna har varit ett hinder, nu finns busskort. I övrigt oförändrat.",
)
#: What came of an activity, by outcome.
OUTCOME_NOTES = {
    "met": ("Klarar det som var tänkt, på egen hand.", "Nöjd själv, och handledaren likaså.", ""),
    "partly": ("Kommit en bra bit, behöver mer tid för språket.", "Klarar uppgifterna men inte heltid än."),
    "not_met": ("Avbröts efter tre veckor, för mycket frånvaro.", "Passade inte. Prövar något annat."),
}
WHY_DROPPED = "Kursen ställdes in och personen valde annat."
WHY_CLOSED = "Målet är ändrat i grunden. En ny plan skrivs efter nästa kartläggning."
