"""The invented municipality's units, employers and workplaces, as rows of the register."""

UNITS = (
    {"unit": "JC-CENTRUM", "name": "Jobbcenter Centrum", "legal_basis": "labour_market"},
    {"unit": "JC-NORR", "name": "Jobbcenter Norr", "legal_basis": "labour_market"},
    {"unit": "AKTIV", "name": "Aktivitetscenter Ängen", "legal_basis": "social_services"},
)

EMPLOYERS = tuple(
    dict(zip(("employer", "name", "kind", "organisation_number"), row, strict=True))
    for row in (
        ("SERV", "Serviceförvaltningen", "department", "212000-0000"),
        ("VOF", "Vård- och omsorgsförvaltningen", "department", "212000-0000"),
        ("SKOL", "Skolförvaltningen", "department", "212000-0000"),
        ("TEKN", "Tekniska förvaltningen", "department", "212000-0000"),
        ("KULT", "Kultur- och fritidsförvaltningen", "department", "212000-0000"),
        ("AMF", "Arbetsmarknadsförvaltningen", "department", "212000-0000"),
        ("BOST", "Björkåkra Bostäder AB", "municipal_company", ""),
        ("ENER", "Björkåkra Energi AB", "municipal_company", ""),
        ("LIVS", "Lundbergs Livs i Björkåkra AB", "private", ""),
        ("STAD", "Renströms Städ AB", "private", ""),
        ("BYGG", "Åkra Bygg & Måleri AB", "private", ""),
        ("HOTELL", "Hotell Strömsborg", "private", ""),
        ("LAGER", "Norrlager Logistik AB", "private", ""),
        ("SECOND", "Second hand-föreningen Kretsen", "civil_society", ""),
        ("IFK", "Björkåkra idrottsförening", "civil_society", ""),
        ("KYRKA", "Björkåkra församling", "civil_society", ""),
        ("REGION", "Region Björkslätt", "other_public", ""),
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
