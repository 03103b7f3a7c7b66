"""The figures that callers file, as the verbs want them: texts by indicator, empty ones left out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from service.api.answers import Flaw
from service.api.bodies import Evaluation, Monitoring
from service.api.refusals import RequestInvalid
from workflows.journal import Journal


def monitoring_figures(journal: Journal, table_id: UUID, body: Monitoring) -> dict[str, Any]:
    """Return a window's figures; RequestInvalid names every row that the table does not have."""
    figures = _said(body, without=("window", "rows"))
    table = journal.lock_table(table_id)
    window = table.window(body.window)
    return figures | {"rows": _rows(journal, table.watched(window) if window else table.content_hash, body.rows)}


def evaluation_figures(journal: Journal, table_id: UUID, body: Evaluation) -> dict[str, Any]:
    """Return the self-evaluation's figures; the reasons of the two totals stand beside the rows, as in the form."""
    rows = _rows(journal, journal.lock_table(table_id).evaluated, body.rows)
    for name, reason in (("execution", body.execution_reason), ("total", body.total_reason)):
        rows[name] = {"reason": reason} if reason else {}
    return _said(body, without=("rows", "execution_reason", "total_reason")) | {"rows": rows}


def _rows(journal: Journal, content_hash: str, rows: Mapping[str, BaseModel]) -> dict[str, dict[str, str]]:
    known = [row["id"] for row in journal.content(content_hash)["indicators"]]
    strange = tuple(Flaw(pointer=f"/rows/{each}", detail="此表没有这一行指标。") for each in rows if each not in known)
    if strange:
        raise RequestInvalid(problems=strange)
    return {row: _said(rows[row]) if row in rows else {} for row in known}


def _said(shape: BaseModel, without: tuple[str, ...] = ()) -> dict[str, str]:
    said = shape.model_dump(mode="json", exclude=set(without))
    return {name: text for name, text in said.items() if text}
