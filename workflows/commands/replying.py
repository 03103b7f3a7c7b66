"""The budget section's verb: one reply document under a document number puts approved tables into force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, post_at
from workflows.commands.reviewing import decided_at, desk_of
from workflows.errors import FieldsInvalid, GoaltrailError
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.measures.watch import checkpoints_of, self_evaluation_dates
from workflows.packs import Pack, pack_from
from workflows.rights.lifecycle import Answer
from workflows.state.disclosures import due_day
from workflows.state.reply_terms import last_day
from workflows.vocabulary import Action, Actor, Outcome, Post, Role
from workflows.workdays import beijing_date

MOST_TABLES = 400
"""Tables that one reply document may cover: their hashes must fit into one event."""


def issue_reply(
    journal: Journal, reply_id: UUID, *, tables: Mapping[UUID, Seen], doc_no: str, by: Actor, command_id: UUID,
    opinion: str = "",
) -> tuple[Table, ...]:  # fmt: skip
    """Reply to one or many tables in one transaction: one event on the reply, the steps on each table (features F5).

    Tables are locked in the order of their IDs. If one of them may not be replied to, nothing is recorded.
    """
    number = doc_no.strip()
    if not number:
        raise FieldsInvalid("请填写批复文号。", field="doc_no")
    if not 0 < len(tables) <= MOST_TABLES:
        raise FieldsInvalid(f"一份批复须包含1至{MOST_TABLES}张表，请分开批复。", field="tables")
    works = [begin(journal, table_id, by, command_id, Action.REPLY) for table_id in sorted(tables)]
    if all(work.done for work in works):
        return tuple(work.table for work in works)
    answers = [work.ask(Action.REPLY, tables[work.table.id]) for work in works]
    document = _Reply(reply_id, number, opinion)
    replied = tuple(_reply(work, answer, document) for work, answer in zip(works, answers, strict=True))
    issued = e.ReplyIssued(
        number, tuple(str(table.id) for table in replied), tuple(table.content_hash for table in replied), opinion
    )
    post = Post(Role.FINANCE_BUDGET, works[0].table.bureau)
    journal.append(reply_id, "reply", (issued,), Command(by, post, works[0].command_id, _behalf(answers)))
    return replied


def _behalf(answers: Sequence[Answer]) -> e.Behalf | None:
    """Return for whom the reply is issued, where a deputy issues it."""
    covers = (answer.cover for answer in answers)
    return next((e.Behalf(cover.principal, cover.name, cover.grant) for cover in covers if cover), None)


def refused_in_reply(
    journal: Journal, *, tables: Mapping[UUID, Seen], by: Actor, command_id: UUID
) -> dict[UUID, GoaltrailError]:
    """Return which of these tables may not be replied to as they were seen, each with its refusal; records nothing."""
    found = {}
    for table_id in sorted(tables):
        try:
            work = begin(journal, table_id, by, command_id, Action.REPLY)
            if not work.done:
                work.ask(Action.REPLY, tables[table_id])
        except GoaltrailError as refusal:
            found[table_id] = refusal
    return found


@dataclass(frozen=True)
class _Reply:
    """The reply document that the tables share."""

    id: UUID
    doc_no: str
    opinion: str


def _reply(work: Work, answer: Answer, document: _Reply) -> Table:
    desk = desk_of(answer)
    decided = decided_at(work, desk, Outcome.PASS, document.opinion)
    facts = (decided, _into_force(work, document), e.NodeCompleted(decided.node, decided.round))
    return work.record(facts, post_at(desk), answer.cover)


def _into_force(work: Work, document: _Reply) -> e.TableReplied:
    """Fix the version in force and the year's plan: the table's own checkpoints and the self-evaluation's dates."""
    table = work.table
    pack = pack_from(work.journal.content(table.pack_hash))
    windows = tuple(
        {
            "window": f"w{number}", "name": point.name, "date": point.date.isoformat(),
            "planned_percent": str(point.planned_percent) if point.planned_percent is not None else None,
            "source": point.source,
        }
        for number, point in enumerate(checkpoints_of(work.journal.content(table.content_hash), pack, table.year), 1)
    )  # fmt: skip
    opens, due = self_evaluation_dates(pack, table.year)
    pass_on, disclose = _terms(work, pack)
    return e.TableReplied(
        doc_no=document.doc_no, reply=str(document.id), content_hash=table.content_hash, windows=windows,
        self_evaluation_opens=opens.isoformat(), self_evaluation_due=due.isoformat(),
        pass_on_due=pass_on, disclose_due=disclose,
    )  # fmt: skip


def _terms(work: Work, pack: Pack) -> tuple[str, str]:
    """Return until when the department passes the reply on and the table is disclosed (预算法 第五十二、十四条)."""
    today = beijing_date(work.journal.now())
    disclose = due_day(today, pack.disclosure_days).isoformat() if pack.disclosure_days else ""
    return pass_on_day(work, pack), disclose


def pass_on_day(work: Work, pack: Pack) -> str:
    """Return until when (ISO) the department passes a reply of today on; empty for its own table, or without a term."""
    today, table = beijing_date(work.journal.now()), work.table
    if pack.reply is None or table.unit == table.department:
        return ""
    return last_day(today, pack.reply.pass_on_days, next_workday=pack.reply.next_workday).isoformat()
