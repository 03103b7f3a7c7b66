"""Every notice about a table whose words the bureau may write anew: its name, shipped words and placeholders."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workflows.delivery.classes import NoticeClass, class_of
from workflows.delivery.wording import Words
from workflows.errors import NotFound

FILE = Path(__file__).with_name("notices.json")
ALWAYS = ("原题", "原文", "链接")
OF_A_TABLE = ("表名", "年度")
SAMPLE: Mapping[str, str] = {
    "表名": "《农村道路维护经费》", "环节": "单位审核（单位负责人）", "期限": "2026-03-09",
    "理由": "请补充指标值的测算依据", "办理人": "王审核", "年度": "2026", "文号": "清财预〔2026〕12号",
    "原题": "（出厂的标题）", "原文": "（出厂的正文）", "链接": "https://goaltrail.example/n/…",
}  # fmt: skip
"""A made-up table, to show words before they are published."""


@dataclass(frozen=True)
class KnownNotice:
    """One notice: its key, its name on the page, the words that ship and the placeholders that it knows."""

    key: str
    name: str
    shipped: Words
    known: frozenset[str]

    @property
    def of_class(self) -> NoticeClass:
        """Return its class."""
        return class_of(self.key)

    def sample(self, words: Words | None) -> Words:
        """Return words (None: the shipped ones) filled with the made-up table."""
        return (words or self.shipped).filled(SAMPLE)


def _known(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((*ALWAYS, *(OF_A_TABLE if row.get("table", True) else ()), *row["also"]))


@cache
def known_notices() -> Mapping[str, KnownNotice]:
    """Return every notice of the catalogue by its key, in the order of a table's life."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["notices"]
    return {
        row["key"]: KnownNotice(
            row["key"], row["name"], Words(row["subject"], row["text"]), _known(row)
        )
        for row in rows
    }


def known_notice(key: str) -> KnownNotice:
    """Return a notice of the catalogue; NotFound for a key that is none."""
    found = known_notices().get(key)
    if found is None:
        raise NotFound(key=key)
    return found
