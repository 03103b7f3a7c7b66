"""调整 as values: why an approved goal is changed, and which version of it was in force on a day (domain.md 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.vocabulary import Word


class Trigger(Word):
    """Why an approved table is adjusted (财预〔2015〕88号 第二十八条; 财预〔2019〕136号 第十四条)."""

    BUDGET = "budget", "预算追加、追减或调剂", "the budget changed"
    POLICY = "policy", "政策变化、突发事件或不可抗力", "policy or force majeure"
    SCOPE = "scope", "项目内容、地点或期限变化（不涉及资金）", "content, place or term changed"


REVISION = "revision"
"""The origin of a table that carries a revision of another through the chain."""


@dataclass(frozen=True)
class Version:
    """A version of an approved table: in force from the Beijing day `effective_from` (ISO, empty: from its reply)."""

    number: int
    content_hash: str
    effective_from: str
    doc_no: str
    table: str = ""


def in_force_on(versions: Sequence[Version], newest: str | None, day: str) -> str | None:
    """Return the hash of the content in force on an ISO day; `newest` where nothing was ever revised."""
    begun = [each for each in versions if each.effective_from <= day]
    return begun[-1].content_hash if begun else newest
