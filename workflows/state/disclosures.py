"""Disclosure as values: the marks, what a secrecy review found, when a pack is due, and marks of classification."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

PUBLIC_MARK, INTERNAL_MARK = "公开", "内部"
FIT, INTERNAL = "public", "internal"
OUTCOMES = {FIT: "可以公开", INTERNAL: "不宜公开，按内部处理"}
GOALS, SELF_EVALUATION = "goals", "self_evaluation"
KINDS = {GOALS: "绩效目标", SELF_EVALUATION: "单位自评结果"}
SHEETS = {GOALS: "绩效目标表", SELF_EVALUATION: "绩效自评表"}
"""What a pack discloses: the goals with the budget, the self-evaluations with the final accounts (domain.md 12)."""
STUBS_NAME = "涉密项目绩效目标表（仅登记张数）"
"""Under this name the number of classified tables of a unit and year is filed; nothing else is."""
MOST_STUBS = 10_000
CLASSIFIED = re.compile(
    r"[秘机绝]\s*密\s*[★☆]|[★☆]\s*[秘机绝]\s*密|密\s*级\s*[:：]\s*[秘机绝]\s*密|机密|绝密"
)
"""Marks of state secrets as they are printed on papers (保密法: a network not meant for them holds none)."""
PRINTED_MARK = re.compile(
    r"[秘机绝]\s*密\s*[★☆]|[★☆]\s*[秘机绝]\s*密|密\s*级\s*[:：]\s*[秘机绝]\s*密"
    r"|^[ \t\u3000]*[秘机绝][ \t\u3000]*密(?:级|件|文件)?(?:[·•\s]*(?:\d+\s*年|长期))?[ \t\u3000\r]*$", re.MULTILINE,
)
"""A mark as it stands on a paper: with its star, behind 密级, or alone on its line; 机密 in running words is none."""
NOT_A_MARK = re.compile(r"(?:保守|涉及|防止|查处|泄露|非涉|商业|工作|保护)(?:国家)?(?:机密|绝密)|机密性")


@dataclass(frozen=True)
class Secrecy:
    """The secrecy review that counts: who looked at which content, and whether it may be disclosed.

    `evaluated` are the same four words of the review of the self-evaluation, empty before it.
    """

    outcome: str
    content_hash: str
    by: str
    name: str
    evaluated: tuple[str, ...] = ()

    @property
    def of_evaluation(self) -> "Secrecy | None":
        """Return the review of the self-evaluation, None before it."""
        if not self.evaluated:
            return None
        outcome, content_hash, by, name = self.evaluated
        return Secrecy(outcome, content_hash, by, name)


def mark_of_classification(texts: Iterable[str]) -> str | None:
    """Return the first mark of a state secret among the texts, None where there is none."""
    for text in texts:
        found = CLASSIFIED.search(NOT_A_MARK.sub("", text))
        if found:
            return found.group()
    return None


def mark_printed_in(text: str) -> str | None:
    """Return the first mark printed in a longer text, None where there is none."""
    found = PRINTED_MARK.search(text)
    return found.group().strip() if found else None


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from texts_in(each)


def due_day(replied: date, days: int) -> date:
    """Return the last calendar day on which the pack of a reply may be disclosed in time."""
    return replied + timedelta(days=days)


def in_words(internal: int, stubs: int, what: str = GOALS, unfinished: int = 0) -> str:
    """Return the sentence that counts what is left out, as the documents print it."""
    sheet = SHEETS[what]
    inside = f"不予公开的内部项目{sheet}{internal}个，" if internal else ""
    later = f"尚未办结自评的项目{unfinished}个，" if unfinished else ""
    return f"{later}{inside}不予公开涉密项目{sheet}{stubs}个。"
