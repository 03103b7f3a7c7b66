"""Folds of who holds a task: opened, claimed, handed over, delegated, signers added, due moments set anew, recalled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Desk, Table, changed
from workflows.vocabulary import Stage
from workflows.workdays import published_version


def _with_desk(table: Table, task: str, **news: Any) -> tuple[Desk, ...]:
    return tuple(changed(desk, **news) if desk.task == task else desk for desk in table.desks)


def _opened(table: Table, fact: e.TaskOpened, at: e.Recorded) -> Table:
    desks = tuple(
        changed(desk, opened_by=(*desk.opened_by, at.actor_id)) if desk.task == fact.task else desk
        for desk in table.desks
    )
    return changed(table, desks=desks, received=table.received or fact.ends_withdrawing)


def _in_whose_name(at: e.Recorded) -> str:
    """Return the person for whom something was done: a deputy holds nothing himself that would outlive his cover."""
    return at.behalf.id if at.behalf else at.actor_id


def _claimed(table: Table, fact: e.TaskClaimed, at: e.Recorded) -> Table:
    return changed(table, desks=_with_desk(table, fact.task, claimed_by=_in_whose_name(at), claimed_until=fact.until))


def _released(table: Table, fact: e.TaskReleased, _at: e.Recorded) -> Table:
    return changed(table, desks=_with_desk(table, fact.task, claimed_by="", claimed_until=""))


def _transferred(table: Table, fact: e.TaskTransferred, _at: e.Recorded) -> Table:
    news = {"person": fact.receiver, "claimed_by": "", "claimed_until": "", "delegated_to": "", "unassignable": False}
    return changed(table, desks=_with_desk(table, fact.task, **news))


def _delegated(table: Table, fact: e.TaskDelegated, at: e.Recorded) -> Table:
    news = {"delegated_to": fact.delegate, "claimed_by": _in_whose_name(at), "claimed_until": ""}
    return changed(table, desks=_with_desk(table, fact.task, **news))


def _delegation_returned(table: Table, fact: e.TaskDelegationReturned, _at: e.Recorded) -> Table:
    """Give a task back to whom it came from: a task of a post stays his, one by name needs no claim."""
    return changed(table, desks=tuple(
        changed(desk, delegated_to="", claimed_by="" if desk.person else desk.claimed_by)
        if desk.task == fact.task else desk for desk in table.desks
    ))  # fmt: skip


def _signer_added(table: Table, fact: e.TaskSignerAdded, at: e.Recorded) -> Table:
    """Open the added signer's task: the one before keeps its anchor waiting, the one after waits for it."""
    anchor = next(desk for desk in table.desks if desk.task == fact.anchor)
    added = Desk(
        node=fact.node, stage=anchor.stage, round=fact.round, task=fact.task, role=fact.role, organ=fact.organ,
        person=fact.person, level=anchor.level, entered_at=at.at.isoformat(), due_at=fact.due_at,
        provisional=fact.provisional, group=anchor.group, must=True, anchor=fact.anchor,
        added_by=_in_whose_name(at),
        waits_for=(fact.anchor,) if fact.how == "after" else (), depth=fact.depth,
        calendar=published_version(fact.calendar),
    )  # fmt: skip
    desks = table.desks
    if fact.how == "before":
        desks = _with_desk(table, fact.anchor, waits_for=(*anchor.waits_for, fact.task))
    return changed(table, desks=(*desks, added))


def _due_set(table: Table, fact: e.TaskDueSet, at: e.Recorded) -> Table:
    """Set another due moment; the desk's clock counts one on, so that its reminders are others than before."""
    later = datetime.fromisoformat(fact.due_at) > at.at
    return changed(table, desks=tuple(
        changed(
            desk, due_at=fact.due_at, provisional=fact.provisional, overdue=desk.overdue and not later,
            clock=desk.clock + 1, due_set_at=at.at.isoformat(), calendar=published_version(fact.calendar),
        ) if desk.task == fact.task else desk
        for desk in table.desks
    ))  # fmt: skip


def _unassignable(table: Table, fact: e.TaskUnassignable, _at: e.Recorded) -> Table:
    return changed(table, desks=_with_desk(table, fact.task, unassignable=True))


def _recalled(table: Table, fact: e.TaskRecalled, at: e.Recorded) -> Table:
    """Open again what the vote had closed, the way straight back too, and take the vote away, remembered for S2."""
    instead = {each["instead_of"]: each["task"] for each in fact.reopened}
    waiting = tuple(
        changed(desk, waits_for=tuple(instead.get(task, task) for task in desk.waits_for)) for desk in table.desks
    )
    reopened = tuple(_reopened(fact, each, at) for each in fact.reopened)
    votes = tuple(vote for vote in table.votes if (vote.node, vote.person) != (fact.node, at.actor_id))
    passed_over = tuple(node for node in table.passed_over if node not in fact.unrouted)
    last = table.deciders[-1]
    way_back = table.answered if (last.person, last.node) == (at.actor_id, fact.node) else None
    return changed(
        table, desks=(*waiting, *reopened), votes=votes, stage=Stage(fact.stage), passed_over=passed_over,
        returned=way_back or table.returned, answered=None,
    )  # fmt: skip


def _reopened(fact: e.TaskRecalled, task: Mapping[str, Any], at: e.Recorded) -> Desk:
    return Desk(
        node=fact.node, stage=Stage(fact.stage), round=fact.round, task=task["task"], role=task["role"],
        organ=task["organ"], person=task["person"], level=fact.level, entered_at=at.at.isoformat(),
        due_at=task["due_at"], provisional=task["provisional"], group=task["group"],
        waits_for=tuple(task["waits_for"]), must=task["must"], anchor=task["anchor"], added_by=task["added_by"],
        depth=task["depth"],
    )  # fmt: skip


FOLDS: Mapping[str, Fold] = {
    "task.opened": _opened,
    "task.recalled": _recalled,
    "task.claimed": _claimed,
    "task.released": _released,
    "task.transferred": _transferred,
    "task.delegated": _delegated,
    "task.delegation_returned": _delegation_returned,
    "task.signer_added": _signer_added,
    "task.due_set": _due_set,
    "task.unassignable": _unassignable,
}
ASIDE = frozenset({"task.opened", "task.claimed", "task.released", "task.due_set", "task.unassignable"})
