"""What stands around a table, read for the pre-review: its document's other tables and part, and last year's table."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.folds.replay import Table, from_json
from workflows.ledger.canonical import canonical, read
from workflows.state.beginnings import COPIED
from workflows.store.standing import read_state
from workflows.store.streams import content_of
from workflows.store.transaction import Transaction
from workflows.surroundings import Surroundings, actuals_of, blocks_filing, unfilled

MOST_SIBLINGS = 500
GONE = "('voided', 'refused', 'terminated')"
SIBLINGS = f"""
SELECT c.body FROM desk.table_standing s JOIN log.content c ON c.hash = decode(s.content_hash, 'hex')
WHERE s.document = :document AND s.table_id <> :table AND s.stage NOT IN {GONE}
ORDER BY s.ordinal LIMIT {MOST_SIBLINGS}"""  # noqa: S608 - names of this file
DOCUMENT = "SELECT department_part, findings FROM desk.document WHERE document_id = :document"
BEFORE = f"""
SELECT s.state FROM desk.table_standing s
WHERE s.unit = ANY(desk.organ_line(:unit)) AND s.year = :year AND s.title = :title AND s.stage NOT IN {GONE}
ORDER BY s.created_at DESC LIMIT 1"""  # noqa: S608 - names of this file
BEGUN_ON = f"""
SELECT s.state FROM desk.table_standing s
WHERE s.table_id = CAST(:source AS uuid) AND s.unit = ANY(desk.organ_line(:unit)) AND s.year = :year
  AND s.stage NOT IN {GONE}"""  # noqa: S608 - names of this file
BEFORE_BY_CODE = f"""
SELECT s.state FROM desk.table_standing s JOIN log.content c ON c.hash = decode(s.content_hash, 'hex')
WHERE s.unit = ANY(desk.organ_line(:unit)) AND s.year = :year AND s.stage NOT IN {GONE}
  AND position(CAST(:code AS bytea) IN c.body) > 0
ORDER BY s.created_at DESC LIMIT 1"""  # noqa: S608 - names of this file

UNMENDED = """
SELECT s.state, s.title = :title OR position(CAST(:code AS bytea) IN c.body) > 0 AS same
FROM desk.table_standing s JOIN log.content c ON c.hash = decode(s.content_hash, 'hex')
WHERE s.unit = ANY(desk.organ_line(:unit)) AND s.year < :year AND s.stage = 'self_evaluation' AND s.grade IS NOT NULL
ORDER BY s.year, s.table_id"""
NO_CODE = b"\x00"
"""Bytes that no content holds."""


def surroundings_of(tx: Transaction, table: Table, content: Mapping[str, Any]) -> Surroundings:
    """Return what stands around a table; title and code of the `content` looked at name last year's table."""
    part, found = _document(tx, table)
    before = last_years_table(tx, table, content)
    blocking = tuple(_blocking(tx, table, content))
    rows = tx.rows(SIBLINGS, document=table.document, table=table.id) if table.document else ()
    return Surroundings(
        siblings=tuple(read(bytes(row["body"])) for row in rows), department=part, placeholders=unfilled(found),
        last_year=content_of(tx, before.in_force or before.content_hash) if before else None,
        actuals=actuals_of(before.evaluation.figures) if before and before.evaluation else {},
        unmended=tuple(dict.fromkeys(each.year for each, same in blocking if same)),
        others_unmended=tuple((each.year, each.title) for each, same in blocking if not same),
    )  # fmt: skip


def _blocking(tx: Transaction, table: Table, content: Mapping[str, Any]) -> Iterator[tuple[Table, bool]]:
    """Yield the unit's earlier tables whose grade asks for a rectification first; true: the same project."""
    title, code = content.get("title") or table.title, _code_bytes(content) or NO_CODE
    for row in tx.rows(UNMENDED, unit=table.unit, year=table.year, title=title, code=code):
        earlier = from_json(read_state(row["state"]))
        if earlier.result and blocks_filing(content_of(tx, earlier.pack_hash), earlier.result.grade):
            yield earlier, bool(row["same"])


def _code_bytes(content: Mapping[str, Any]) -> bytes | None:
    """Return how a content with the same project code says it, None without a code."""
    code = content.get("project_code")
    return canonical({"project_code": code})[1:-1] if code else None


def last_years_table(tx: Transaction, table: Table, content: Mapping[str, Any]) -> Table | None:
    """Return last year's table of the unit or of one that went into it: by its copy, title or project code."""
    asked = {"unit": table.unit, "year": table.year - 1}
    copied = table.origin == COPIED
    state = tx.scalar(BEGUN_ON, source=table.source, **asked) if copied else None
    if state is None:
        state = tx.scalar(BEFORE, title=content.get("title") or table.title, **asked)
    code = _code_bytes(content)
    if state is None and code:
        state = tx.scalar(BEFORE_BY_CODE, code=code, **asked)
    return from_json(read_state(state)) if state else None


def _document(tx: Transaction, table: Table) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    row = tx.row(DOCUMENT, document=table.document) if table.document else None
    if row is None:
        return None, None
    part = row["department_part"]
    return content_of(tx, part) if part else None, content_of(tx, row["findings"])
