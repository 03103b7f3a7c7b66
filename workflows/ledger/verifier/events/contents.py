"""The contents of the bundle by their hash, and which events name them."""

from __future__ import annotations

import sys
from hashlib import sha256
from typing import Any, Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.layouts import is_hash
from workflows.ledger.verifier.events.sheets import (
    MODULUS,
    ORDERS,
    Changes,
    Sheet,
    aims_of,
    origin_of,
    shared,
    sum_of,
    sum_of_changes,
)
from workflows.ledger.verifier.evidence.bundle import CONTENT_LIMIT, Bundle, count_is_right
from workflows.ledger.verifier.evidence.canonical import CONTENT_KEY, Profile
from workflows.ledger.verifier.evidence.checks import MOST_FINDINGS
from workflows.ledger.verifier.evidence.findings import Report
from workflows.ledger.verifier.evidence.manifest import CONTENTS

NAMED = ("content_hash", "base", "changes", "definition_hash", "pack_hash", "department_part", "findings")


class Contents:
    """The contents of the bundle by their hash: only what later checks need is kept of each."""

    def __init__(self) -> None:
        self.kept: Dict[bytes, Any] = {}
        self.named: Dict[bytes, Any] = {}

    def read(self, bundle: Bundle, report: Report) -> None:
        """Read every content: its bytes must be canonical, its hash is its name."""
        profile, lines = Profile(CONTENT_KEY), 0
        for lines, line in enumerate(bundle.lines(CONTENTS), 1):
            try:
                value = profile.read(line) if len(line) <= CONTENT_LIMIT else None
            except (ValueError, RecursionError) as wrong:
                report.add("contents", "not_canonical", field=f"{CONTENTS}:{lines}", seen=str(wrong))
                continue
            try:
                self.kept[sha256(line).digest()] = self.extract(value)
            except (KeyError, TypeError, AttributeError, RecursionError) as wrong:
                report.add("contents", "malformed", field=f"{CONTENTS}:{lines}", seen=f"{CONTENTS}:{lines} {wrong}")
        count_is_right(bundle, report, "contents", lines)

    @staticmethod
    def extract(value: Any) -> Any:
        """Keep the number of changes, a definition's nodes, a pack's numbers or a table's few facts."""
        if set(value) == {"changes"} and isinstance(value["changes"], list):
            places = tuple(sys.intern(str(each["pointer"])) for each in value["changes"])
            return Changes(len(value["changes"]), sum_of_changes(value["changes"]) % MODULUS, places)
        if "nodes" in value or "selfeval" in value or set(value) in ({"lines", "rest"}, {"units"}) or {"years", "local"} <= set(value):
            return value
        if {"format", "name"} <= set(value) and ("shipped" in value or "text" in value):
            return value
        if "indicators" not in value:
            return value if "self_evaluation" in value else None
        budget = value.get("budget")
        plan = value.get("spending_plan")
        steps = tuple((step.get("checkpoint"), step.get("cumulative_percent")) for step in plan or () if isinstance(step, dict))
        total = budget.get("total") if isinstance(budget, dict) else None
        rows = tuple(sys.intern(str(row.get("id", n) if isinstance(row, dict) else n)) for n, row in enumerate(value["indicators"] or ()))
        rows = ORDERS.setdefault(rows, rows)
        origins = tuple(origin_of(row) for row in value["indicators"] or () if isinstance(row, dict) and "origin" in row)
        return Sheet(
            shared(value.get("title")), shared(value.get("disclosure")), steps, shared(total), sum_of(value) % MODULUS,
            shared(value.get("amount_unit")), shared(value.get("attribute")), bool(value.get("key_project")), rows, origins,
            aims_of(value["indicators"] or ()),
        )  # fmt: skip

    def of(self, hex_hash: str) -> Any:
        """Return what is kept of a content that was found."""
        digest = bytes.fromhex(hex_hash)
        return self.named[digest] if digest in self.named else self.kept.get(digest)

    def check(self, event: Event, report: Report) -> None:
        """Every content that an event names is there."""
        for field in NAMED:
            value = event.data.get(field)
            if value is None or value == "":
                continue
            digest = bytes.fromhex(value) if is_hash(value) else b""
            if digest in self.kept:
                self.named[digest] = self.kept.pop(digest)
            elif digest not in self.named:
                report.add("contents", "no_content", event.place, f"data.{field}", value)

    def end(self, report: Report) -> None:
        """Nothing lies in the bundle that no event names."""
        for digest in sorted(self.kept)[:MOST_FINDINGS]:
            report.add("contents", "unnamed", field=CONTENTS, seen=digest.hex())
