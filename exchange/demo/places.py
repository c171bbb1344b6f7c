"""The invented municipality's units, employers and workplaces, as rows of the register."""

UNITS = (
    {"unit": "JC-CENTRUM", "name": "Jobbcenter Centrum", "legal_basis": "labour_market"},
    {"unit": "JC-NORR", "name": "Jobbcenter Norr", "legal_basis": "labour_market"},
    {"unit": "AKTIV", "name": "Aktivitetscenter Ängen", "legal_basis": "social_services"},
)

#: The numbers are invented, of series that nobody has been given; their control digits agree.
EMPLOYERS = tuple(
    dict(zip(("employer", "name", "kind", "organisation_number"), row, strict=True))
    for row in (
        ("SERV", "Serviceförvaltningen", "department", "212000-9994"),
        ("VOF", "Vård- och omsorgsförvaltningen", "department", "212000-9994"),
        ("SKOL", "Skolförvaltningen", "department", "212000-9994"),
        ("TEKN", "Tekniska förvaltningen", "department", "212000-9994"),
        ("KULT", "Kultur- och fritidsförvaltningen", "department", "212000-9994"),
        ("AMF", "Arbetsmarknadsförvaltningen", "department", "212000-9994"),
        ("BOST", "Björkåkra Bostäder AB", "municipal_company", "559990-0007"),
        ("ENER", "Björkåkra Energi AB", "municipal_company", "559991-0014"),
        ("LIVS", "Lundbergs Livs i Björkåkra AB", "private", "559992-0021"),
        ("STAD", "Renströms Städ AB", "private", "559993-0038"),
        ("BYGG", "Åkra Bygg & Måleri AB", "private", "559994-0045"),
        ("HOTELL", "Hotell Strömsborg", "private", "559995-0051"),
        ("LAGER", "Norrlager Logistik AB", "private", "559996-0068"),
        ("SECOND", "Second hand-föreningen Kretsen", "civil_society", "802990-0019"),
        ("IFK", "Björkåkra idrottsförening", "civil_society", "802990-0027"),
        ("KYRKA", "Björkåkra församling", "civil_society", "252990-0033"),
        ("REGION", "Region Björkslätt", "other_public", "232990-0043"),
    )
)

#: workplace, employer, name, occupational area
WORKPLACES = tuple(
    dict(zip(("workplace", "employer", "name", "occupational_area"), row, strict=True))
    for row in (
        ("ekbacken", "SERV", "Skolkök Ekbacken", "KOK"),
        ("lindskolan", "SERV", "Skolkök Lindskolan", "KOK"),
        ("stadhuset", "SERV", "Lokalvård Stadshuset", "LOK"),
        ("internservice", "SERV", "Internservice och post", "KON"),
        ("bjorkgarden", "VOF", "Äldreboendet Björkgården", "VOF"),
        ("solsidan", "VOF", "Äldreboendet Solsidan", "VOF"),
        ("kok-angen", "VOF", "Köket på Ängens äldreboende", "KOK"),
        ("kastanjen", "SKOL", "Förskolan Kastanjen", "BAR"),
        ("norrskolan", "SKOL", "Norrskolan, vaktmästeri", "FAS"),
        ("parken", "TEKN", "Park och natur", "PAR"),
        ("gata", "TEKN", "Gata och renhållning", "FAS"),
        ("atervinning", "TEKN", "Återvinningscentralen", "ATE"),
        ("biblioteket", "KULT", "Stadsbiblioteket", "BIB"),
        ("badhuset", "KULT", "Badhuset", "KUN"),
        ("cykel", "AMF", "Cykelverkstaden", "CYK"),
        ("snickeri", "AMF", "Snickeriet", "SNI"),
        ("textil", "AMF", "Textilverkstaden", "TEX"),
        ("bovard", "BOST", "Bovärdarna i Norr", "FAS"),
        ("energi-lager", "ENER", "Förrådet på Energi", "LAG"),
        ("livs", "LIVS", "Butiken på Storgatan", "BUT"),
        ("livs-lager", "LIVS", "Lagret på Verkstadsgatan", "LAG"),
        ("stad", "STAD", "Renströms städlag", "LOK"),
        ("bygg", "BYGG", "Åkra Bygg, måleriet", "BYG"),
        ("hotell", "HOTELL", "Hotell Strömsborg, frukost", "KOK"),
        ("lager", "LAGER", "Norrlagers terminal", "LAG"),
        ("kretsen", "SECOND", "Butiken Kretsen", "BUT"),
        ("planen", "IFK", "Idrottsplatsen", "PAR"),
        ("forsamlingen", "KYRKA", "Församlingshemmets kök", "KOK"),
        ("vardcentral", "REGION", "Vårdcentralen, service", "LOK"),
    )
)

PURPOSES = (
    ("Pröva på arbete i en vanlig arbetsgrupp", "Vet vilka arbetsuppgifter som passar"),
    ("Få arbetslivserfarenhet och en aktuell referens", "Referens och kompetensintyg"),
    ("Träna svenska i arbetet", "Förstår muntliga instruktioner utan hjälp"),
    ("Komma tillbaka till arbete efter lång frånvaro", "Arbetar halvtid med jämn närvaro"),
    ("Bli klar för ett vanligt jobb i branschen", "Söker jobb i branschen med stöd av intyg"),
)
