"""Asking without giving the decision away: an opinion from a colleague, a copy for information and its receipt."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from workflows import events as e
from workflows.commands.colleagues import colleague
from workflows.commands.escalating import term_of_copy
from workflows.commands.holding import open_desk, own_post
from workflows.commands.recipe import Seen, begin, post_at, reason_given
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.holders import open_inquiries, posts_on, unread_copies
from workflows.rights.permissions import may_read
from workflows.state.inquiries import OPINION
from workflows.vocabulary import Action, Actor
from workflows.workdays import beijing_date


def ask_opinion(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, person: str,
    question: str, answer_by: date | None = None,
) -> Table:  # fmt: skip
    """Ask a colleague who may read the table for an opinion on one's task; the decision stays where it is (A19)."""
    work = begin(journal, table_id, by, command_id, Action.ASK_OPINION)
    if work.done:
        return work.table
    answer = work.ask(Action.ASK_OPINION, seen, node=task)
    desk, asked = open_desk(work, task), colleague(work, person)
    refuse_stranger(work.table, asked)
    if answer_by and answer_by < beijing_date(journal.now()):
        raise FieldsInvalid("反馈日期不能早于今天。", field="answer_by")
    waiting = {(each.task, each.to) for each in open_inquiries(work.table, OPINION)}
    if (desk.task, person) in waiting:
        raise NotAllowed(f"已就此任务征求{asked.name}的意见，请待其反馈。", rule="G-ASKED")
    fact = e.OpinionAsked(
        str(work.command_id), desk.node, desk.task, asked.id, asked.name, reason_given(question),
        answer_by.isoformat() if answer_by else None,
    )  # fmt: skip
    return work.record((fact,), post_at(answer.desk), answer.cover)


def give_opinion(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, request: str, opinion: str,
) -> Table:  # fmt: skip
    """Give the opinion one was asked for, as long as the task is open."""
    work = begin(journal, table_id, by, command_id, Action.GIVE_OPINION)
    if work.done:
        return work.table
    work.ask(Action.GIVE_OPINION, seen)
    asked = next((each for each in open_inquiries(work.table, OPINION) if each.id == request), None)
    if asked is None or asked.to != by.id:
        raise NotFound
    return work.record((e.OpinionGiven(asked.id, reason_given(opinion)),), own_post(work))


def send_copies(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, people: Collection[str],
    note: str = "",
) -> Table:  # fmt: skip
    """Send the table to colleagues for their information; a copy is no task, gives no right, outlives returns (A18)."""
    work = begin(journal, table_id, by, command_id, Action.COPY)
    if work.done:
        return work.table
    work.ask(Action.COPY, seen)
    receivers = [colleague(work, person) for person in dict.fromkeys(people)]
    if not receivers:
        raise FieldsInvalid("请选择抄送对象。", field="people")
    for receiver in receivers:
        refuse_stranger(work.table, receiver)
    named = tuple({"person": receiver.id, "name": receiver.name} for receiver in receivers)
    sent = e.CopySent(str(work.command_id), named, note.strip())
    return work.record((sent, *term_of_copy(work, sent.copy)), posts_on(by, work.table)[0])


def read_copies(journal: Journal, table_id: UUID, *, by: Actor, command_id: UUID) -> Table:
    """Record that the person has read the copies sent to him, once each; silent where there is none."""
    work = begin(journal, table_id, by, command_id, Action.READ_COPY)
    unread = unread_copies(by, work.table)
    if work.done or not unread:
        return work.table
    work.ask(Action.READ_COPY, Seen(work.table.version))
    return work.record([e.CopyRead(each.copy) for each in unread], own_post(work))


def refuse_stranger(table: Table, person: Actor) -> None:
    """Raise NotAllowed for somebody who may not read the table: to be asked or copied gives no right to."""
    if not may_read(person, table):
        raise NotAllowed(f"{person.name}无权查看此表，不能向其抄送或征求意见。", rule="S-READ")
