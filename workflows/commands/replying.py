"""The budget section's verb: one reply document under a document number puts approved tables into force."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, post_at
from workflows.commands.reviewing import decided_at
from workflows.errors import FieldsInvalid
from workflows.journal import Command, Journal
from workflows.packs import pack_from
from workflows.replay import Table
from workflows.vocabulary import Action, Actor, Outcome
from workflows.watch import checkpoints_of, self_evaluation_dates


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
    works = [begin(journal, table_id, by, uuid5(command_id, str(table_id))) for table_id in sorted(tables)]
    if all(work.done for work in works):
        return tuple(work.table for work in works)
    replied = tuple(_reply(work, tables[work.table.id], number, reply_id, opinion) for work in works)
    issued = e.ReplyIssued(
        number, tuple(str(table.id) for table in replied), tuple(table.content_hash for table in replied), opinion
    )
    post = next(post for post in by.posts if post.role == "finance_budget")
    journal.append(reply_id, "reply", (issued,), Command(by, post, command_id))
    return replied


def _reply(work: Work, seen: Seen, doc_no: str, reply_id: UUID, opinion: str) -> Table:
    desk = work.ask(Action.REPLY, seen).desk
    post = post_at(desk)
    decided = decided_at(work, desk, Outcome.PASS, opinion)
    in_force = _into_force(work, doc_no, reply_id)
    return work.record((decided, in_force, e.NodeCompleted(decided.node, decided.round)), post)


def _into_force(work: Work, doc_no: str, reply_id: UUID) -> e.TableReplied:
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
    return e.TableReplied(
        doc_no=doc_no, reply=str(reply_id), content_hash=table.content_hash, windows=windows,
        self_evaluation_opens=opens.isoformat(), self_evaluation_due=due.isoformat(),
    )  # fmt: skip
