"""The comparison of what the product shows with what the replay found."""

from __future__ import annotations

from typing import Any, Optional, Set, Tuple

from workflows.ledger.verifier.events.payloads import Payloads
from workflows.ledger.verifier.evidence.bundle import Bundle, count_is_right
from workflows.ledger.verifier.evidence.canonical import WRITTEN, digest_of
from workflows.ledger.verifier.evidence.findings import Report
from workflows.ledger.verifier.evidence.manifest import STATE
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.table import last_place
from workflows.ledger.verifier.law.limits import ERASED
from workflows.ledger.verifier.verdict.replayed import Figures, replayed


class Comparison:
    """Holds shown states against replayed ones and names the first field that differs."""

    def __init__(self, payloads: Payloads) -> None:
        self.late, self.erased = payloads.late, payloads.erased

    def differs(self, shown: Any, wanted: Any, path: str) -> Optional[Tuple[str, Any, Any]]:
        """Return the first difference as (field, shown, wanted)."""
        if isinstance(wanted, Figures):
            return self.figures_differ(shown, wanted, path)
        if isinstance(wanted, bytes):
            return None if digest_of(shown) == wanted else (path, shown, "figures as recorded")
        if isinstance(wanted, tuple):
            return self.words_differ(shown, wanted[0], path)
        if isinstance(wanted, dict) and isinstance(shown, dict):
            return self.first((shown.get(key), wanted.get(key), f"{path}.{key}") for key in sorted({*wanted, *map(str, shown)}))
        if isinstance(wanted, list) and isinstance(shown, list) and len(wanted) == len(shown):
            return self.first((one, two, f"{path}[{number}]") for number, (one, two) in enumerate(zip(shown, wanted)))
        if isinstance(wanted, str) and shown == ERASED and wanted != ERASED:
            return path, shown, wanted
        return None if shown == wanted and type(shown) is type(wanted) else (path, shown, wanted)

    def first(self, pairs: Any) -> Optional[Tuple[str, Any, Any]]:
        """Return the first difference among pairs."""
        return next((found for one, two, path in pairs for found in [self.differs(one, two, path.lstrip("."))] if found), None)

    def words_differ(self, shown: Any, commitment: str, path: str) -> Optional[Tuple[str, Any, Any]]:
        """Words that were not at hand came late, or were erased."""
        wanted = self.late.get(commitment, ERASED if commitment in self.erased else None)
        return None if wanted is None or shown == wanted else (path, shown, wanted)

    def figures_differ(self, shown: Any, wanted: Figures, path: str) -> Optional[Tuple[str, Any, Any]]:
        """Compare figures: the words one by one, the rest by its hash."""
        if not isinstance(shown, dict):
            return path, shown, "figures"
        rest = {name: value for name, value in shown.items() if name not in dict(wanted.words)}
        if digest_of(rest) != wanted.digest:
            return path, WRITTEN.encode(rest), "figures as recorded"
        return self.first((shown.get(name), word, f"{path}.{name}") for name, word in wanted.words)


def compare_states(bundle: Bundle, judge: Judge, comparison: Comparison, report: Report) -> None:
    """Compare each shown state with the replayed one, field by field; a table whose steps broke is not judged again."""
    seen: Set[str] = set()
    for number, shown in enumerate(bundle.rows(STATE), 1):
        table = judge.tables.get(str(shown.get("id")))
        if table is None or table.id in seen:
            report.add("state", "unnamed", field=f"{STATE}:{number}", seen=shown.get("id"))
            continue
        seen.add(table.id)
        found = None if table.broken else comparison.differs(shown, replayed(table), "")
        if found:
            report.add("state", "shown", last_place(table), *found)
    for missing in sorted(set(judge.tables) - seen):
        report.add("state", "no_state", last_place(judge.tables[missing]), "state")
    count_is_right(bundle, report, "tables", len(seen))
    report.done.add("state")
