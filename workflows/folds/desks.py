"""Folds of the desks' facts: who received the table, who decided, what was overtaken."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Decider, Desk, Table, Vote, changed
from workflows.vocabulary import Outcome, Stage
from workflows.workdays import published_version


def _entered(table: Table, fact: e.NodeEntered, at: e.Recorded) -> Table:
    desk = Desk(
        node=fact.node, stage=Stage(fact.stage), round=fact.round, task=fact.task, role=fact.role, organ=fact.organ,
        person=fact.person, level=fact.level, entered_at=at.at.isoformat(), due_at=fact.due_at,
        provisional=fact.provisional, calendar=published_version(fact.calendar),
    )  # fmt: skip
    return changed(table, desks=(*table.desks, desk), stage=desk.stage)


def _left(table: Table, fact: e.NodeCompleted | e.NodeSuperseded, _at: e.Recorded) -> Table:
    return changed(table, desks=tuple(desk for desk in table.desks if desk.node != fact.node))


def _shared(table: Table, fact: e.NodeShared, at: e.Recorded) -> Table:
    desks = tuple(
        Desk(
            node=fact.node, stage=Stage(fact.stage), round=fact.round, task=task["task"], role=task["role"],
            organ=task["organ"], person=task["person"], level=fact.level, entered_at=at.at.isoformat(),
            due_at=fact.due_at, provisional=fact.provisional, group=task["group"], waits_for=tuple(task["waits_for"]),
            calendar=published_version(fact.calendar),
        )
        for task in fact.tasks
    )  # fmt: skip
    return changed(table, desks=(*table.desks, *desks), stage=Stage(fact.stage))


def _decided(table: Table, fact: e.TaskDecided, at: e.Recorded) -> Table:
    desk = next(desk for desk in table.desks if desk.task == fact.task)
    behalf = at.behalf.id if at.behalf else ""
    vote = Vote(
        fact.node, desk.stage, fact.level, at.actor_id, Outcome(fact.outcome), fact.content_hash, fact.round,
        desk.group, desk.must, behalf,
    )  # fmt: skip
    decider = Decider(at.actor_id, fact.level, fact.node, behalf)
    left = tuple(each for each in table.desks if each.task != fact.task)
    return changed(table, desks=left, votes=(*table.votes, vote), deciders=(*table.deciders, decider), answered=None)


def _superseded(table: Table, fact: e.TaskSuperseded, _at: e.Recorded) -> Table:
    return changed(table, desks=tuple(desk for desk in table.desks if desk.task != fact.task))


def _route_chosen(table: Table, fact: e.RouteChosen, _at: e.Recorded) -> Table:
    return changed(table, passed_over=(*table.passed_over, *fact.passed_over))


def _route_shortened(table: Table, fact: e.RouteShortened, _at: e.Recorded) -> Table:
    return changed(
        table, passed_over=(*table.passed_over, *fact.passed_over), returned=None, answered=table.returned
    )


def _overdue(table: Table, fact: e.TaskOverdue, _at: e.Recorded) -> Table:
    marked = tuple(changed(desk, overdue=True) if desk.task == fact.task else desk for desk in table.desks)
    return changed(table, desks=marked)


FOLDS: Mapping[str, Fold] = {
    "node.entered": _entered,
    "node.shared": _shared,
    "node.completed": _left,
    "node.superseded": _left,
    "task.decided": _decided,
    "task.superseded": _superseded,
    "route.chosen": _route_chosen,
    "route.shortened": _route_shortened,
    "task.overdue": _overdue,
}
