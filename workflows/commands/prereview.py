"""The one validator (features G2): what the machine pre-review finds in a table, and what keeps it from being filed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workflows.errors import BlockedByFindings, WarningsUnexplained
from workflows.findings import Finding, review
from workflows.journal import Content, Journal
from workflows.packs import pinned_pack
from workflows.rights.appraising import bars_filing
from workflows.state.standing import Table
from workflows.surroundings import Surroundings


def findings_of(
    journal: Journal, table: Table, content: Content, around: Surroundings | None = None
) -> tuple[Finding, ...]:
    """Return what the machine pre-review finds, by the pack that the table is pinned to.

    It looks at the table as it stands among the others now, unless the caller says what is `around` it.
    """
    beside = journal.surroundings(table, content) if around is None else around
    beside = replace(beside, unappraised=bars_filing(journal.content(table.pack_hash), table, content))
    return review(content, fiscal_year=table.year, pack=pinned_pack(table.pack_hash, journal.content), around=beside)


def finding_key(finding: Finding) -> str:
    """Return the key under which a warning's explanation is kept in the content."""
    return f"{finding.rule}@{finding.pointer}"


def refuse_open_findings(findings: Sequence[Finding], content: Content) -> None:
    """Raise BlockedByFindings or WarningsUnexplained, each naming all places at once."""
    blocking = tuple(finding for finding in findings if finding.severity == "B")
    if blocking:
        raise BlockedByFindings(findings=blocking)
    explained: dict[str, Any] = content.get("explanations") or {}
    silent = tuple(f for f in findings if f.severity == "W" and not (explained.get(finding_key(f)) or "").strip())
    if silent:
        raise WarningsUnexplained(findings=silent)


def refuse_unfit(journal: Journal, table: Table, content: Content) -> None:
    """Raise what refuse_open_findings raises for a content that is about to be handed in, on whatever way."""
    refuse_open_findings(findings_of(journal, table, content), content)
