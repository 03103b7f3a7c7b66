"""Mobile numbers of mainland China: which texts are one, and how one is shown to anybody, its owner included."""

import re

from workflows.errors import FieldsInvalid

NUMBER = re.compile(r"1[3-9]\d{9}", re.ASCII)
INSIDE = re.compile(r"(?<!\d)((?:(?:00)?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)", re.ASCII)
"""A number within a text, as gateways write it back too: behind the country's 86, 0086 or +86, in groups."""
BLANKS = str.maketrans("", "", " -\u3000")


def read_mobile(text: str) -> str:
    """Return the number that a person typed, blanks and hyphens left out; FieldsInvalid where it is none."""
    number = text.translate(BLANKS).removeprefix("+86")
    if not NUMBER.fullmatch(number):
        raise FieldsInvalid("手机号须为11位中国大陆手机号码（以13至19开头），请核对。", field="mobile")
    return number


def masked(text: str) -> str:
    """Return a text with the middle of every mobile number in it hidden: 138****5678."""
    return INSIDE.sub(r"\1****\2", text)
