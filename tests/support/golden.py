"""Golden events: for every kind and shape ever released, the stored bytes and what they mean when they are loaded.

`python -m tests.support.golden` writes the files that are missing and adds their lines to SHA256SUMS; what is there
it never touches, for a stored event never changes (features E5). A new shape gets a new file, the old one stays.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from workflows.events import KINDS, LIFTS, Event, Recorded, load
from workflows.journal import Command
from workflows.ledger.canonical import canonical_body, read
from workflows.store.event_rows import Batch, Head, recorded_from
from workflows.vocabulary import Actor, Post, Role

FOLDER = Path(__file__).resolve().parents[1] / "golden"
SUMS = FOLDER / "SHA256SUMS"
GOLD = UUID("7d0c2f5e-3f0b-5c8e-9e57-6a1f4c9d2b38")
AT = datetime(2026, 1, 5, 1, 2, 3, 456789, tzinfo=UTC)
CLERK = Actor("clerk", "李经办", (Post(Role.CLERK, "unit-1"),))
SUBJECTS = {
    "document": "document", "reply": "reply", "grant": "person", "definition": "definition", "rule_pack": "rule_pack",
    "calendar": "calendar",
    "account": "log", "owner": "log", "catalog": "log", "clock": "log", "audit": "log", "backup": "log",
    "cover": "person", "library": "campaign", "waiver": "waiver", "budget": "campaign", "campaign": "campaign",
    "referral": "referral", "accounts": "campaign", "template": "template", "notice": "notice", "organ": "organ",
}  # fmt: skip
"""First word of a kind -> the subject of its stream; everything else happens to a table."""


def _hash(word: str) -> str:
    return sha256(word.encode()).hexdigest()


VALUES: Mapping[str, Any] = {
    "do": "inform", "change": "set", "rung": "T+3", "read_at": "2026-01-19T10:00:00+00:00",
    "evaluation": "e1", "recommendation": "s1", "sort": "finance", "indicator": "预算执行率", "score": "88.50",
    "numerator": "95.00", "denominator": "100.00", "counted_in": "万元",
    "action": "refuse", "amount": "66.00", "asked_by": "planner", "bureau": "bureau", "calendar": "2026.1",
    "cause": "雨季停工两个月", "colour": "yellow", "confirmed_by": "clerk", "date": "2026-06-30", "day": "2026-01-05",
    "deadline": "2026-07-31", "definition": "standard", "department": "dept-1", "deviation": "-12.5",
    "disclosure": "公开", "doc_no": "清财预〔2026〕1号", "due_at": "2026-01-12T10:00:00+00:00", "execution_points": "9.5",
    "execution_rate": "37.5", "findings": _hash("findings"), "grade": "good",
    "ground": "本人依法请求删除", "level": "unit", "measure": "八月底前完成招标", "media_type": "application/pdf",
    "mode": "restart", "name": "农村道路维护经费", "node": "unit_head", "opinion": "同意", "organ": "unit-1",
    "outcome": "pass", "owner": "clerk", "pack": "ningxia-county-2026", "person": "clerk", "planned": "50",
    "planned_percent": "50", "purpose": "upgrade", "realisation": "0.75", "reason": "指标值与目标不匹配",
    "revision": "0006", "role": "clerk", "rule": "deadline.passed", "scope": "all", "seconds": "-3.2",
    "self_evaluation_due": "2027-03-31", "self_evaluation_opens": "2027-01-01", "source": "plan", "stage": "unit_review",
    "title": "农村道路维护经费", "to": "draft", "total": "92.50", "unit": "unit-1", "what": "table", "window": "w1",
    "address": "203.0.113.7", "note": "附件齐全", "year": 2026, "days": 20, "due": "2026-02-09", "approved_on": "2026-01-20", "pass_on_due": "2026-02-24",
    "disclose_due": "2026-03-01", "editors": ["clerk", "other_clerk"],
    "leader": "unit_head", "leader_name": "王局长", "signed_on": "2026-01-04",
    "for_step": "unit_head", "pointer": "/indicators/r3/target", "row": "r3", "criterion": "indicators",
    "by": "clerk", "words": "指标值依据不足，请补充测算", "process": "dispatch", "reasons": ["支出进度落后"], "family": "ningxia-county-project",
    "posts": [{"role": "unit_head", "organ": "unit-1"}], "nodes": ["unit_head"], "units": ["unit-1"], "most": "500.00",
    "from_at": "2026-02-01T00:00:00+00:00", "to_at": "2026-02-15T00:00:00+00:00", "until": "2026-12-31T16:00:00+00:00",
    "people": [{"person": "planner", "name": "规划同志"}], "how": "before", "giver": "unit_head", "receiver": "deputy_head",
    "receiver_name": "副职同志", "delegate": "deputy_head", "delegate_name": "副职同志", "question": "该指标值是否可行",
    "reopened": [{"task": "new", "instead_of": "old", "role": "unit_head", "organ": "unit-1", "person": None,
                  "group": "", "waits_for": [], "must": False, "anchor": "", "added_by": "", "depth": 0,
                  "due_at": "2026-01-12T10:00:00+00:00", "provisional": False}],
    "unrouted": ["unit_finance"], "answer_by": "2026-01-12",
    "figures": {"executed": "24.75", "rows": [{"id": "r1", "actual": "12"}]},
    "items": {"form": {"grade": "good", "comment": "缺少依据说明"}, "clarity": {"grade": "excellent", "comment": ""}},
    "scores": [{"id": "r1", "points": "10", "reason": None}],
    "windows": [
        {"window": "w1", "name": "上半年", "date": "2026-06-30", "planned_percent": "50", "source": "plan"},
        {"window": "w2", "name": "前三季度", "date": "2026-09-30", "planned_percent": None, "source": "pack"},
    ],
}  # fmt: skip
HASHES = frozenset(
    {"base", "bytes_sha256", "changes", "commitment", "content_hash", "definition_hash", "department_part", "expected",
     "fingerprint", "found", "head", "pack_hash", "root", "session_sha256"},
)  # fmt: skip


def released() -> list[tuple[str, int]]:
    """Every (kind, shape) that may lie in a log, ordered."""
    return sorted({*LIFTS, *((kind, fact.shape) for kind, fact in KINDS.items())})


def file_of(kind: str, shape: int) -> Path:
    return FOLDER / f"{kind}.{shape}.json"


def sample(kind: str) -> Event:
    """A fact of today's shape with a value in every field."""
    return load(kind, KINDS[kind].shape, {each.name: _value(each.name, str(each.type)) for each in fields(KINDS[kind])})


def _value(name: str, annotation: str) -> Any:
    if name in VALUES or name in HASHES:
        return VALUES.get(name, _hash(name))
    ids = [str(uuid5(GOLD, f"{name}{number}")) for number in range(2)]
    typed = {"bool": True, "tuple": ids, "Mapping": {"name": "值"}, "int": 2}
    return next((value for word, value in typed.items() if word in annotation), ids[0])


def golden(kind: str, shape: int) -> dict[str, Any]:
    """What the file of a kind and shape holds, made by today's code."""
    fact = sample(kind)
    stream = uuid5(GOLD, kind)
    batch = Batch(Head(stream, 6, bytes.fromhex(_hash("head")), AT, subject_of(kind)), lambda: bytes(range(32)))
    batch.add(subject_of(kind), fact, Command(CLERK, CLERK.posts[0], uuid5(GOLD, "command")), step=1, at=AT)
    body = read(batch.bodies[0])
    words = {each.commitment.hex(): each.body.decode() for each in batch.payloads}
    if shape < fact.shape:
        body, words = {**body, "shape": shape, "data": fact.data()}, {}
    text = canonical_body(body).decode()
    return {"kind": kind, "shape": shape, "body": text, "words": words, **meaning(text, words)}


def meaning(body: str, words: Mapping[str, str]) -> dict[str, Any]:
    """What a stored body means today, with its erasable words and after they were erased, as plain JSON."""
    return {"loaded": _plain(recorded_from(body.encode(), texts=words)), "erased": _plain(recorded_from(body.encode()))}


def subject_of(kind: str) -> str:
    return SUBJECTS.get(kind.partition(".")[0], "table")


def _plain(recorded: Recorded) -> dict[str, Any]:
    said = {name: str(getattr(recorded, name)) for name in ("stream", "subject", "actor_id", "actor_name", "role", "organ")}
    said |= {"at": recorded.at.isoformat(), "command_id": str(recorded.command_id), "step": recorded.step}
    said |= {"version": recorded.version, "leaf_hash": recorded.leaf_hash.hex(), "kind": recorded.kind}
    return json.loads(json.dumps({**said, "fact": type(recorded.fact).__name__, "data": recorded.fact.data()}))


def write_missing() -> list[str]:
    """Write the files that are missing, add their lines to the manifest, and return their names."""
    FOLDER.mkdir(exist_ok=True)
    made = []
    for kind, shape in released():
        file = file_of(kind, shape)
        if not file.exists():
            file.write_text(json.dumps(golden(kind, shape), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            made.append(file.name)
    with SUMS.open("a", encoding="ascii") as sums:
        sums.writelines(f"{sha256((FOLDER / name).read_bytes()).hexdigest()}  {name}\n" for name in made)
    return made


if __name__ == "__main__":
    print("\n".join(write_missing()) or "nothing is missing")
