"""Telephone numbers to which a text message can be sent."""

import re

#: Swedish mobile numbers begin with 070, 072, 073, 076 or 079 and have nine digits after the first 0 (PTS, the
#: national numbering plan).
_MOBILE = re.compile(r"7[02369]\d{7}")


def mobile_of(phone: str) -> str | None:
    """A Swedish mobile number as gateways take it, +46701234567, from how people write it; None for anything else."""
    digits = re.sub(r"[\s().\-–/]", "", phone)
    for prefix in ("+46", "0046", "0"):
        if digits.startswith(prefix):
            rest = digits.removeprefix(prefix).removeprefix("0" if prefix != "0" else "")
            return f"+46{rest}" if _MOBILE.fullmatch(rest) else None
    return None
