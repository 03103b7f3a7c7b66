"""Taking back: one's own vote while nobody acted on it (拿回), or the table with a reviewer's consent (申请撤回)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.errors import NotAllowed, NotOpenNow
from workflows.folds.replay import Desk, Table, replay
from workflows.journal import Journal
from workflows.rights.holders import recallable_vote
from workflows.rights.permissions import seat_as
from workflows.vocabulary import Action, Actor, Cover, Post, Role

HARMLESS = frozenset({"task.escalated", "task.overdue", "task.due_set", "task.urged", "task.unassignable"})
"""What may have happened to a task that followed without anybody having looked at it."""


@dataclass(frozen=True)
class Decision:
    """A person's last decision: its fact, the table before it, all facts of its command and all that came later.

    `papers` are the requests under which decisions on paper were entered (补录).
    """

    fact: e.TaskDecided
    before: Table
    along: tuple[e.Recorded, ...]
    later: tuple[e.Recorded, ...]
    papers: frozenset[str] = frozenset()

    @property
    def made(self) -> e.Recorded:
        """Return the decision as it was recorded."""
        return next(each for each in self.along if each.fact is self.fact)

    @property
    def desk(self) -> Desk:
        """Return the desk at which it was made."""
        return next(desk for desk in self.before.desks if desk.task == self.fact.task)

    @property
    def opened(self) -> frozenset[str]:
        """Return the tasks that followed from it: opened by its command, or waiting for it at the same node (顺签)."""
        entered = {each.fact.task for each in self.along if isinstance(each.fact, e.NodeEntered)}
        shared = {
            task["task"] for each in self.along if isinstance(each.fact, e.NodeShared) for task in each.fact.tasks
        }
        waiting = {desk.task for desk in self.before.desks if self.fact.task in desk.waits_for}
        return frozenset(entered | shared | waiting)

    @property
    def closed(self) -> tuple[Desk, ...]:
        """Return the desks of its node that its command closed, the decided one first."""
        gone = {self.fact.task} | {each.fact.task for each in self.along if isinstance(each.fact, e.TaskSuperseded)}
        desks = [desk for desk in self.before.desks if desk.node == self.fact.node and desk.task in gone]
        return tuple(sorted(desks, key=lambda desk: desk.task != self.fact.task))


def recall_decision(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str
) -> Table:
    """Take one's own vote back while no task that followed was opened or decided; those are closed (A15, T24)."""
    work = begin(journal, table_id, by, command_id, Action.RECALL)
    if work.done:
        return work.table
    work.ask(Action.RECALL, seen)
    decision = last_decision(work.table, journal.history(table_id), by)
    touched = {task for each in decision.later if each.kind not in HARMLESS for task in _tasks_of(each.fact)}
    if touched & decision.opened:
        raise NotOpenNow("后续办理人已打开或办理此表，不能再拿回；可以请其退回。", rule="G-OPENED")
    if any(isinstance(each.fact, e.NodeCompleted) and each.fact.node == decision.fact.node for each in decision.later):
        raise NotOpenNow("本环节在您签署之后已由其他操作办结，不能再拿回；可以请后续办理人退回。", rule="G-OPENED")
    followed = [desk.task for desk in work.table.desks if desk.task in decision.opened]
    gone = [fact for fact in work.leaving_all("拿回") if fact.task in followed and fact.node != decision.fact.node]
    made, recalled = decision.made, _recalled(work, decision, reason_given(reason))
    return work.record((*gone, recalled), Post(made.role, made.organ), _in_whose_name(work, decision))


def _in_whose_name(work: Work, decision: Decision) -> Cover | None:
    """Return the cover under which a deputy takes back what he decided as one; what two entered, none takes back."""
    behalf, desk = decision.made.behalf, decision.desk
    if behalf is None:
        return None
    if behalf.grant in decision.papers:
        raise NotAllowed("线下批示由两人补录并确认，不能由一人拿回；可以请后续办理人退回，或办理管理干预。", rule="S10")
    made = decision.made
    seat = seat_as(work.deputed(), work.table, desk, behalf.id, Post(made.role, made.organ))
    if seat is None:
        raise NotAllowed("此决定是代他人作出的，您现在没有其授权，不能拿回；可以请后续办理人退回。", rule="R-COVER")
    return seat.cover


def last_decision(table: Table, history: Sequence[e.Recorded], by: Actor) -> Decision:
    """Return the person's last decision that still counts; NotOpenNow where there is none."""
    vote = recallable_vote(by, table)
    if vote is None:
        raise NotOpenNow("没有可以拿回的签署意见。", rule="G-NO-VOTE")
    mine = [
        each for each in history
        if isinstance(each.fact, e.TaskDecided) and (each.actor_id, each.fact.node) == (by.id, vote.node)
    ]  # fmt: skip
    along = tuple(each for each in history if each.command_id == mine[-1].command_id)
    fact = mine[-1].fact
    if not isinstance(fact, e.TaskDecided):
        raise NotOpenNow
    before = replay(table.id, history[: along[0].version - 1])
    papers = frozenset(each.fact.request for each in history if isinstance(each.fact, e.PaperEntered))
    return Decision(fact, before, along, tuple(history[along[-1].version :]), papers)


def _tasks_of(fact: e.Event) -> tuple[str, ...]:
    """Return the tasks that a fact speaks of."""
    return tuple(getattr(fact, name) for name in ("task", "anchor") if getattr(fact, name, None))


def _recalled(work: Work, decision: Decision, reason: str) -> e.TaskRecalled:
    fact, closed = decision.fact, decision.closed
    instead = {desk.task: work.task_at(desk.node, desk.task) for desk in closed}
    reopened = tuple(
        {
            "task": instead[desk.task], "instead_of": desk.task, "role": desk.role, "organ": desk.organ,
            "person": desk.person, "group": desk.group, "must": desk.must, "anchor": desk.anchor,
            "waits_for": tuple(instead.get(task, task) for task in desk.waits_for), "added_by": desk.added_by,
            "depth": desk.depth, "due_at": desk.due_at, "provisional": desk.provisional,
        }
        for desk in closed
    )  # fmt: skip
    routes = [each.fact for each in decision.along if isinstance(each.fact, e.RouteChosen | e.RouteShortened)]
    return e.TaskRecalled(
        fact.node, instead[fact.task], fact.task, fact.round, decision.desk.stage, fact.level, reopened,
        tuple(node for route in routes for node in route.passed_over), reason,
    )  # fmt: skip


def ask_to_withdraw(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str
) -> Table:
    """Ask for the table back after a reviewer opened it or decided; whoever holds it now confirms or declines (A14)."""
    work = begin(journal, table_id, by, command_id, Action.ASK_WITHDRAWAL)
    if work.done:
        return work.table
    work.ask(Action.ASK_WITHDRAWAL, seen)
    asked = e.ConfirmationRequested(str(work.command_id), Action.WITHDRAW, reason_given(reason))
    return work.record((asked,), Post(Role.CLERK, work.table.unit))
