"""Names for invented people, from the places that people in a Swedish municipality come from."""

WOMEN = (
    "Anna", "Eva", "Maria", "Karin", "Kristina", "Lena", "Birgitta", "Åsa", "Märta", "Görel", "Linnéa", "Ebba",
    "Amina", "Fatima", "Leila", "Zahra", "Hodan", "Sahra", "Nasrin", "Parisa", "Rojin", "Dilan", "Selma", "Amra",
    "Mirjana", "Katarzyna", "Małgorzata", "Olena", "Svitlana", "Irina", "Nguyễn Thị", "Li Na", "Priya", "Selam",
    "Hiwot", "Rahel", "María José", "Conceição", "Siiri", "Päivi", "Ayşe", "Gülşen", "Nour", "Rima", "Şirin",
)  # fmt: skip
MEN = (
    "Lars", "Anders", "Per", "Karl-Åke", "Göran", "Björn", "Jonas", "Emil", "Oskar", "Mårten", "Örjan", "Håkan",
    "Mohammed", "Ahmad", "Abdi", "Yusuf", "Hassan", "Reza", "Omid", "Rêbaz", "Azad", "Emir", "Zoran", "Dušan",
    "Łukasz", "Paweł", "Oleksandr", "Dmytro", "Nikola", "Văn Minh", "Wei", "Arjun", "Tesfaye", "Filmon", "Samuel",
    "José", "João", "Mika", "Väinö", "Mehmet", "Çağrı", "Khaled", "Bilal", "Şivan", "André",
)  # fmt: skip
FAMILY = (
    "Andersson", "Johansson", "Karlsson", "Nilsson", "Åkesson", "Åberg", "Ärlig", "Ängström", "Öberg", "Östlund",
    "Öhman", "Björk", "Lindqvist", "Sjögren", "Hellström", "Nyström", "Warsame", "Abdullahi", "Mohamud", "Hussein",
    "Haddad", "Al-Khatib", "Khalil", "Rahimi", "Hosseini", "Ahmadi", "Barzani", "Yılmaz", "Kaya", "Şahin",
    "Hadžić", "Petrović", "Kovačević", "Nowak", "Wiśniewski", "Szczepańska", "Shevchenko", "Bondarenko", "Trần",
    "Nguyen", "Chen", "Sharma", "Tesfamariam", "Gebremedhin", "García", "da Silva", "Virtanen", "Mäkelä",
    "Ek", "Lund", "Zetterlund", "Wikström",
)  # fmt: skip
STREETS = ("Björkgatan", "Åvägen", "Kyrkogatan", "Ängsvägen", "Skolgatan", "Östra Storgatan", "Lövgränd", "Hamngatan")
LANGUAGES = ("ara", "som", "fas", "kur", "tir", "ukr", "pol", "tur", "vie", "spa")
