"""The names of the languages that interpreters are booked for; the register carries only their codes (ISO 639)."""

from django.utils.translation import gettext_lazy as _

#: By code of three letters. What is missing is shown as its code.
NAMES = {
    "amh": _("Amharic"),
    "ara": _("Arabic"),
    "bos": _("Bosnian"),
    "ckb": _("Central Kurdish (Sorani)"),
    "eng": _("English"),
    "fas": _("Persian"),
    "fin": _("Finnish"),
    "fra": _("French"),
    "kmr": _("Northern Kurdish (Kurmanji)"),
    "kur": _("Kurdish"),
    "pol": _("Polish"),
    "prs": _("Dari"),
    "pus": _("Pashto"),
    "ron": _("Romanian"),
    "rus": _("Russian"),
    "som": _("Somali"),
    "spa": _("Spanish"),
    "swe": _("Swedish"),
    "tha": _("Thai"),
    "tir": _("Tigrinya"),
    "tur": _("Turkish"),
    "ukr": _("Ukrainian"),
    "urd": _("Urdu"),
    "vie": _("Vietnamese"),
    "zho": _("Chinese"),
}
SHORT = {
    "am": "amh", "ar": "ara", "bs": "bos", "en": "eng", "fa": "fas", "fi": "fin", "fr": "fra",
    "ku": "kur", "pl": "pol", "ps": "pus", "ro": "ron", "ru": "rus", "so": "som", "es": "spa",
    "sv": "swe", "th": "tha", "ti": "tir", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "zho",
}  # fmt: skip


def language_name(code: str) -> str:
    """The name of the language with that ISO 639 code of two or three letters; the code if it is not listed."""
    return str(NAMES.get(SHORT.get(code, code), code))
