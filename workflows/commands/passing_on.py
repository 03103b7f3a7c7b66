"""批复下达: a department's finance office passes replies on to its units, many tables under one number, all or none."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin
from workflows.content.goal_table import amount_in_wan
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.rights.passing import passing_post
from workflows.vocabulary import Action, Actor, Cover, Post

MOST_TABLES = 250
"""Tables of one document: all of them with hash and amount must fit into one event."""
LONGEST_NUMBER = 100


def pass_on_reply(
    journal: Journal, document_id: UUID, *, tables: Mapping[UUID, Seen], doc_no: str, by: Actor, command_id: UUID,
    opinion: str = "",
) -> tuple[Table, ...]:  # fmt: skip
    """Pass the replies to these tables on in one transaction: one event on the document, one on each table (N4).

    Amounts and content are those in force at this moment and stay so in the document. FieldsInvalid for a missing
    number, none or too many tables, or tables of two departments; NotAllowed as the lifecycle says.
    """
    number = doc_no.strip()
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise FieldsInvalid(f"请填写下达文号（至多{LONGEST_NUMBER}个字）。", field="doc_no")
    if not 0 < len(tables) <= MOST_TABLES:
        raise FieldsInvalid(f"一次下达须包含1至{MOST_TABLES}张表，请分开下达。", field="tables")
    works = [begin(journal, table_id, by, command_id, Action.PASS_ON) for table_id in sorted(tables)]
    if all(work.done for work in works):
        return tuple(work.table for work in works)
    found = [_under(work, tables[work.table.id]) for work in works]
    if len({post for post, _ in found}) > 1:
        raise FieldsInvalid("一份下达文件只能包含一个主管部门的表。", field="tables")
    rows = [_row(work) for work in works]
    passed = tuple(
        work.record((_fact(number, document_id, row),), post, cover)
        for work, row, (post, cover) in zip(works, rows, found, strict=True)
    )
    (post, cover), first = found[0], works[0]
    fact = e.ReplyPassedOn(number, first.table.bureau, first.table.department, tuple(rows), opinion.strip())
    journal.append(document_id, "reply", (fact,), Command(by, post, first.command_id, _behalf(cover)))
    return passed


def refused_in_passing(
    journal: Journal, *, tables: Mapping[UUID, Seen], by: Actor, command_id: UUID
) -> dict[UUID, GoaltrailError]:
    """Return which of these tables may not be passed on as they were seen, each with its refusal; records nothing."""
    found = {}
    for table_id in sorted(tables):
        try:
            work = begin(journal, table_id, by, command_id, Action.PASS_ON)
            if not work.done:
                _under(work, tables[table_id])
        except GoaltrailError as refusal:
            found[table_id] = refusal
    return found


def _under(work: Work, seen: Seen) -> tuple[Post, Cover | None]:
    """Ask whether the table may be passed on, and return the post and the cover under which."""
    work.ask(Action.PASS_ON, seen)
    found = passing_post(work.deputed(), work.table)
    if found is None:
        raise NotAllowed("此表金额超过代理授权的上限，须由本人下达。", rule="R-COVER")
    return found


def _row(work: Work) -> dict[str, str | None]:
    table = work.table
    amount = amount_in_wan(work.journal.content(str(table.in_force)))
    return {
        "table": str(table.id), "unit": table.unit, "content_hash": str(table.in_force),
        "amount": None if amount is None else str(amount),
    }  # fmt: skip


def _fact(doc_no: str, document_id: UUID, row: Mapping[str, str | None]) -> e.TablePassedOn:
    return e.TablePassedOn(doc_no, str(document_id), str(row["content_hash"]), row["amount"])


def _behalf(cover: Cover | None) -> e.Behalf | None:
    return e.Behalf(cover.principal, cover.name, cover.grant) if cover else None


def listed(fact: e.ReplyPassedOn) -> Sequence[UUID]:
    """Return the tables that a document names."""
    return [UUID(str(row["table"])) for row in fact.tables]
