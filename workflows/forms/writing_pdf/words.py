"""Words as they can be printed: no control signs, 〓 for what the font does not have, breaks inside long runs."""

import re
import unicodedata
from collections.abc import Set as AbstractSet

UNKNOWN = "〓"
MAY_BREAK = "\u200b"
LONG_RUN = re.compile(r"[!-~]{9,}")
DATE_OR_AMOUNT = re.compile(r"[\d.,:/-]{9,17}")
WHITE = {"\t": " ", "\r\n": "\n", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n"}


def printable(text: str, signs: AbstractSet[int]) -> str:
    """Return a text in signs that the font has; a run of Latin signs may break anywhere, so that no box overflows."""
    for white, instead in WHITE.items():
        text = text.replace(white, instead)
    kept = "".join(_sign(sign, signs) for sign in text)
    return LONG_RUN.sub(lambda run: run[0] if DATE_OR_AMOUNT.fullmatch(run[0]) else MAY_BREAK.join(run[0]), kept)


def _sign(sign: str, signs: AbstractSet[int]) -> str:
    if sign == "\n":
        return sign
    kind = unicodedata.category(sign)
    if kind in ("Cc", "Cf"):
        return ""
    return sign if ord(sign) in signs and kind[0] != "C" else UNKNOWN
