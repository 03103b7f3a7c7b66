"""Disclosure as values: the three marks, what a secrecy review found, when a pack is due, and marks of classification."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

PUBLIC_MARK, INTERNAL_MARK = "公开", "内部"
FIT, INTERNAL = "public", "internal"
OUTCOMES = {FIT: "可以公开", INTERNAL: "不宜公开，按内部处理"}
CLASSIFIED = re.compile(r"(?:秘密|机密|绝密)\s*[★☆]|[★☆]\s*(?:秘密|机密|绝密)|密\s*级\s*[:：]\s*(?:秘密|机密|绝密)|机密|绝密")
"""Marks of state secrets as they are printed on papers (保密法: a network not meant for them holds none)."""
NOT_A_MARK = re.compile(r"(?:保守|涉及|防止|查处|泄露|非涉|商业|工作|保护)(?:国家)?(?:机密|绝密)|机密性|机密级以下|保密机密")


@dataclass(frozen=True)
class Secrecy:
    """The secrecy review that counts: who looked at which content, and whether it may be disclosed."""

    outcome: str
    content_hash: str
    by: str
    name: str


def mark_of_classification(texts: Iterable[str]) -> str | None:
    """Return the first mark of a state secret among the texts, None where there is none."""
    for text in texts:
        found = CLASSIFIED.search(NOT_A_MARK.sub("", text))
        if found:
            return found.group()
    return None


def due_day(replied: date, days: int) -> date:
    """Return the last calendar day on which the pack of a reply may be disclosed in time."""
    return replied + timedelta(days=days)
