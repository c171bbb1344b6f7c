"""The names of the languages that interpreters are booked for; the register carries only their codes (ISO 639)."""

from django.utils.translation import gettext_lazy as _

from accounts.swedish import sort_key

#: By code of three letters. What is missing is shown as its code.
NAMES = {
    "aii": _("Assyrian"),
    "amh": _("Amharic"),
    "ara": _("Arabic"),
    "aze": _("Azerbaijani"),
    "ben": _("Bengali"),
    "bos": _("Bosnian"),
    "bul": _("Bulgarian"),
    "ces": _("Czech"),
    "ckb": _("Central Kurdish (Sorani)"),
    "deu": _("German"),
    "ell": _("Greek"),
    "eng": _("English"),
    "est": _("Estonian"),
    "fas": _("Persian"),
    "fin": _("Finnish"),
    "fit": _("Meänkieli"),
    "fra": _("French"),
    "hin": _("Hindi"),
    "hrv": _("Croatian"),
    "hun": _("Hungarian"),
    "hye": _("Armenian"),
    "ita": _("Italian"),
    "kat": _("Georgian"),
    "khm": _("Khmer"),
    "kin": _("Kinyarwanda"),
    "kmr": _("Northern Kurdish (Kurmanji)"),
    "kur": _("Kurdish"),
    "lav": _("Latvian"),
    "lin": _("Lingala"),
    "lit": _("Lithuanian"),
    "mkd": _("Macedonian"),
    "mnk": _("Mandinka"),
    "mon": _("Mongolian"),
    "nep": _("Nepali"),
    "orm": _("Oromo"),
    "pan": _("Punjabi"),
    "pol": _("Polish"),
    "por": _("Portuguese"),
    "prs": _("Dari"),
    "pus": _("Pashto"),
    "rom": _("Romani"),
    "ron": _("Romanian"),
    "run": _("Kirundi"),
    "rus": _("Russian"),
    "slk": _("Slovak"),
    "slv": _("Slovene"),
    "sme": _("Northern Sami"),
    "som": _("Somali"),
    "spa": _("Spanish"),
    "sqi": _("Albanian"),
    "srp": _("Serbian"),
    "swa": _("Swahili"),
    "swe": _("Swedish"),
    "swl": _("Swedish sign language"),
    "syr": _("Syriac"),
    "tam": _("Tamil"),
    "tgl": _("Tagalog"),
    "tha": _("Thai"),
    "tig": _("Tigre"),
    "tir": _("Tigrinya"),
    "tur": _("Turkish"),
    "uig": _("Uyghur"),
    "ukr": _("Ukrainian"),
    "urd": _("Urdu"),
    "uzb": _("Uzbek"),
    "vie": _("Vietnamese"),
    "wol": _("Wolof"),
    "zho": _("Chinese"),
}
SHORT = {
    "am": "amh", "ar": "ara", "az": "aze", "bn": "ben", "bs": "bos", "bg": "bul", "cs": "ces", "de": "deu",
    "el": "ell", "en": "eng", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "hi": "hin", "hr": "hrv",
    "hu": "hun", "hy": "hye", "it": "ita", "ka": "kat", "km": "khm", "rw": "kin", "ku": "kur", "lv": "lav",
    "ln": "lin", "lt": "lit", "mk": "mkd", "mn": "mon", "ne": "nep", "om": "orm", "pa": "pan", "pl": "pol",
    "pt": "por", "ps": "pus", "ro": "ron", "rn": "run", "ru": "rus", "sk": "slk", "sl": "slv", "se": "sme",
    "so": "som", "es": "spa", "sq": "sqi", "sr": "srp", "sw": "swa", "sv": "swe", "ta": "tam", "tl": "tgl",
    "th": "tha", "ti": "tir", "tr": "tur", "ug": "uig", "uk": "ukr", "ur": "urd", "uz": "uzb", "vi": "vie",
    "wo": "wol", "zh": "zho",
}  # fmt: skip


def language_name(code: str) -> str:
    """The name of the language with that ISO 639 code of two or three letters; the code if it is not listed."""
    return str(NAMES.get(SHORT.get(code, code), code))


def language_choices(chosen: str = "") -> list[tuple[str, str]]:
    """The languages to choose from, by code and name in Swedish order; `chosen` among them as it is stored, even if
    it is a code of two letters or one that is not listed."""
    names = {code: name for code, name in NAMES.items() if code != SHORT.get(chosen)}
    if chosen:
        names[chosen] = language_name(chosen)
    return sorted(((code, str(name)) for code, name in names.items()), key=lambda choice: sort_key(choice[1]))
