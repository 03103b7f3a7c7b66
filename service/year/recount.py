"""Counts a year again from its exported events alone: no database, no product code, only the lines of the export."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

ENDS = {
    "table.closed": "closed", "table.refused": "refused", "table.voided": "voided", "table.terminated": "terminated",
    "table.replied": "monitoring", "selfeval.opened": "self_evaluation", "table.imported": "draft",
    "table.created": "draft",
}  # fmt: skip
"""What an event alone says about a table's stage; a desk that is entered says its own."""
NO_EVENT_BEFORE = "00" * 32


@dataclass
class Recount:
    """What the lines say; `faults` are breaks of the order or of a chain, each in a sentence."""

    events: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    stages: dict[str, str] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    corrections: int = 0
    red: int = 0
    faults: list[str] = field(default_factory=list)

    def tables_by_stage(self) -> dict[str, int]:
        """Return how many tables ended in each stage."""
        return dict(Counter(self.stages.values()))

    def tables_by_grade(self) -> dict[str, int]:
        """Return how many tables have each grade."""
        return dict(Counter(self.grades.values()))


def recount(lines: Iterable[str]) -> Recount:
    """Count the events of a JSONL export; each line holds log_index and body, in the sealed order."""
    counted = Recount()
    heads: dict[str, tuple[int, str]] = defaultdict(lambda: (0, NO_EVENT_BEFORE))
    for number, line in enumerate(lines):
        said = json.loads(line)
        if said["log_index"] != number:
            counted.faults.append(f"第{number}行的序号是{said['log_index']}")
        _follow_chain(counted, heads, said["body"])
        _count(counted, said["body"])
    return counted


def _follow_chain(counted: Recount, heads: dict[str, tuple[int, str]], body: Mapping[str, Any]) -> None:
    version, head = heads[body["stream"]]
    if body["version"] != version + 1 or body["prev"] != head:
        counted.faults.append(f"{body['stream']} 的第{body['version']}个事件没有接在前一个之后")
    heads[body["stream"]] = (body["version"], leaf_of(body))


def leaf_of(body: Mapping[str, Any]) -> str:
    """Return the leaf hash (hex) of an event: SHA-256 of a zero byte and its canonical bytes."""
    written = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hashlib.sha256(b"\0" + written).hexdigest()


def _count(counted: Recount, body: Mapping[str, Any]) -> None:
    kind, stream, data = body["kind"], body["stream"], body["data"]
    counted.events += 1
    counted.kinds[kind] += 1
    if kind == "node.entered":
        counted.stages[stream] = data["stage"]
    elif kind in ENDS:
        counted.stages[stream] = ENDS[kind]
    if kind == "table.submitted":
        counted.corrections += data["changed"]
    elif kind == "selfeval.filed":
        counted.grades[stream] = data["grade"]
    elif kind == "monitoring.filed":
        counted.red += data["colour"] in ("red", "红")
