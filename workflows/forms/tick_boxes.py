"""The check boxes of 项目属性 on the national form: how they are printed and what a ticked one says."""

import re

CHOICES = ("新增项目", "延续项目")
EMPTY, TICKED = "□", "■"
_BOX = re.compile(r"([□☐☑☒■√✓])\s*(新增项目|延续项目|新增|延续)")
_EMPTY_SIGNS = "□☐"


def boxes_of(attribute: str | None) -> str:
    """Return both boxes with the one ticked that the attribute says; other words stand as they are."""
    if attribute and attribute not in CHOICES:
        return attribute
    return " ".join(f"{TICKED if each == attribute else EMPTY}{each}" for each in CHOICES)


def chosen_of(text: str | None) -> str | None:
    """Return what the ticked box says, None where none is; a text that is no two boxes is left as printed."""
    found = _BOX.findall(text or "")
    if len(found) < len(CHOICES) or _BOX.sub("", text or "").strip():
        return text
    ticked = [name for sign, name in found if sign not in _EMPTY_SIGNS]
    if len(ticked) > 1:
        return text
    return next((each for each in CHOICES if ticked and each.startswith(ticked[0])), None)
