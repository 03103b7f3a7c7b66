"""Compares documents as the corpus README does: blanks inside texts do not count, notes are remarks."""

import re
from typing import Any


def without_blanks(value: Any) -> Any:
    """Take a JSON value without blanks in its texts and without remarks."""
    if isinstance(value, str):
        return re.sub(r"\s+", "", value)
    if isinstance(value, dict):
        return {key: without_blanks(inner) for key, inner in value.items() if key != "notes"}
    if isinstance(value, list):
        return [without_blanks(inner) for inner in value]
    return value
