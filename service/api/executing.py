"""Executed amounts by file over the REST interface: the whole file, with a result for each row."""

from service.api import bodies
from service.api.answers import ExecutionRow, Executions
from service.api.asked import Asked
from service.api.operation import Reply
from service.context import journal, person, transaction
from service.executions import held_against, post_for
from workflows.commands.executing import import_executions
from workflows.measures.execution_matching import Matched


def take_executions_in(asked: Asked) -> Reply:
    """Take a file in under the widest post that the person holds; a repeat of the same file changes nothing."""
    body: bodies.ExecutionFile = asked.body
    post = post_for(person())
    found = held_against(
        transaction(), post, body.data, amount_unit=body.amount_unit or "", day=str(body.date or ""), year=body.year
    )
    batch, _tables = import_executions(
        journal(), name=body.name, data=body.data, found=found, post=post, by=person(), command_id=asked.command_id
    )
    file, totals = found.file, found.totals
    return Reply(
        Executions(
            batch=batch, dry_run=asked.dry_run, year=file.year, date=file.date, amount_unit=file.amount_unit,
            total=f"{totals.all:f}", matched=f"{totals.matched:f}", rest=f"{totals.rest:f}",
            rows=[_row(each) for each in found.rows],
        ),
        status=201,
    )  # fmt: skip


def _row(row: Matched) -> ExecutionRow:
    line = row.line
    return ExecutionRow(
        row=line.row, code=line.code, unit=line.unit, title=line.title,
        executed=None if line.executed is None else f"{line.executed:f}",
        table=row.table.table if row.table else None, why=row.why, note=line.note,
    )  # fmt: skip
