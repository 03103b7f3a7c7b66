"""Executed amounts come in by file: one event for the file, one for each table that a row of it is about."""

from dataclasses import replace
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.field_situations import bar_of_form
from workflows.commands.recipe import chain_of, own_command
from workflows.definitions.field_rights import FieldGroup
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.measures.execution_matching import Matched, Matching
from workflows.state.executions import IMPORTING
from workflows.vocabulary import Action, Actor, Post, Stage
from workflows.workdays import beijing_date

BATCHES = UUID("5b1c4c0e-4c0b-5b39-9a55-5d3f6a2f9c10")
"""Namespace of batches: the same bytes, year, date and unit under the same post are the same batch."""
CAMPAIGN = "campaign"
OPEN = (Stage.MONITORING, Stage.SELF_EVALUATION)


def batch_of(found: Matching, digest: str, post: Post) -> UUID:
    """Return the batch that a file (its SHA-256 in hex) makes under a post."""
    file = found.file
    return uuid5(BATCHES, f"{digest}:{file.year}:{file.date}:{file.amount_unit}:{post.role}:{post.organ}")


def import_executions(
    journal: Journal, *, name: str, data: bytes, found: Matching, post: Post, by: Actor, command_id: UUID,
) -> tuple[UUID, tuple[UUID, ...]]:  # fmt: skip
    """Record a file and the amount of every table that it names; return the batch and the tables recorded now.

    The same file again records nothing but rows that found their table only meanwhile, in a batch of their own; with
    none of those it changes nothing and returns the first batch. A later file stands beside the older ones; the newest
    counts. FieldsInvalid where nothing matched or the date is still to come.
    """
    if post not in by.posts or post.role not in {role for role, _whose in IMPORTING}:
        raise NotAllowed("执行数须由单位财务、规划财务处或财政业务科、绩效科导入。", rule="R-ROLE")
    digest = journal.put_bytes(data)
    batch, before = _next_batch(journal, batch_of(found, digest, post))
    if before and not {_table(row) for row in found.matched} - before:
        return batch_of(found, digest, post), ()
    found = replace(found, rows=tuple(_taken_once(row, before) for row in found.rows))
    found = _where_allowed(journal, found, post)
    rows = sorted(found.matched, key=lambda row: str(_table(row)))
    if not rows:
        raise FieldsInvalid("文件中没有一行对应已批复的绩效目标表，没有导入。", field="file")
    if found.file.date > beijing_date(journal.now()).isoformat():
        raise FieldsInvalid(f"截止日期{found.file.date}还没有到。", field="date")
    kept = journal.put_content({"lines": [_line(row) for row in rows], "rest": [_left(row) for row in found.rest]})
    own = own_command(command_id, by, Action.FILE_MONITORING)
    for row in rows:
        _record(journal, row, batch, found, Command(by, post, own))
    fact = _imported(name, digest, len(data), found, kept)
    journal.append(batch, CAMPAIGN, (fact,), Command(by, post, own))
    return batch, tuple(map(_table, rows))


def _next_batch(journal: Journal, batch: UUID) -> tuple[UUID, frozenset[UUID]]:
    """Return the first batch of this file that nobody recorded yet, and the tables of those recorded before."""
    tables: set[UUID] = set()
    while history := journal.history(batch):
        fact = history[0].fact
        tables |= {UUID(table) for table in fact.tables} if isinstance(fact, e.ExecutionImported) else set()
        batch = uuid5(batch, "again")
    return batch, frozenset(tables)


def _taken_once(row: Matched, before: frozenset[UUID]) -> Matched:
    return replace(row, table=None, why="此行已随同一文件导入") if row.table and _table(row) in before else row


def _where_allowed(journal: Journal, found: Matching, post: Post) -> Matching:
    """Return the rows, those without their table whose chain lets this post write no executed amount.

    NotAllowed (R-FIELD) where that leaves none.
    """
    barred = {}
    for table_id in sorted(_table(row) for row in found.matched):
        table = journal.lock_table(table_id)
        barred[table_id] = bar_of_form(journal, table, chain_of(journal, table))(post.role, FieldGroup.EXECUTED)
    rows = (
        replace(row, table=None, why=barred[_table(row)].rstrip("。")) if row.table and barred.get(_table(row)) else row
        for row in found.rows
    )
    left = replace(found, rows=tuple(rows))
    if found.matched and not left.matched:
        raise NotAllowed(next(filter(None, barred.values())), rule="R-FIELD", field="file")
    return left


def _table(row: Matched) -> UUID:
    return row.table.table if row.table else UUID(int=0)


def _record(journal: Journal, row: Matched, batch: UUID, found: Matching, command: Command) -> None:
    table: Table = journal.lock_table(_table(row), command.id)
    if table.stage not in OPEN or command.post.organ not in (table.unit, table.department, table.bureau):
        raise FieldsInvalid(f"第{row.line.row}行的项目已办结或不属您的范围，请重新核对。", field="file")
    fact = e.ExecutionRecorded(str(batch), row.line.row, f"{row.executed:f}", _text(row), found.file.date)
    journal.append_to_table(table, (fact,), command)


def _text(row: Matched) -> str | None:
    return None if row.budget is None else f"{row.budget:f}"


def _line(row: Matched) -> dict[str, object]:
    return {**_named(row), "table": str(_table(row)), "amount": f"{row.executed:f}", "budget": _text(row)}


def _left(row: Matched) -> dict[str, object]:
    return {**_named(row), "why": row.why}


def _named(row: Matched) -> dict[str, object]:
    line = row.line
    executed = None if line.executed is None else f"{line.executed:f}"
    return {"row": line.row, "code": line.code, "unit": line.unit, "title": line.title, "executed": executed}


def _imported(name: str, digest: str, size: int, found: Matching, kept: str) -> e.ExecutionImported:
    file, totals = found.file, found.totals
    tables = tuple(sorted(str(_table(row)) for row in found.matched))
    return e.ExecutionImported(
        name, digest, size, file.year, file.date, file.amount_unit, tables, f"{totals.all:f}", f"{totals.matched:f}",
        f"{totals.rest:f}", kept,
    )  # fmt: skip
