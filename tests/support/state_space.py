"""Every state that a small house can bring a table into: breadth first over the verbs, states told apart by what counts."""

from collections import deque
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from tests.support.forms import all_graded
from tests.support.invariants import check_table
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands import drafting, ending, grading, replying, reviewing
from workflows.commands.recipe import Seen, Work
from workflows.errors import GoaltrailError
from workflows.folds.replay import Table
from workflows.rights.grading import grade_at
from workflows.rights.lifecycle import decide
from workflows.state.standing import DIRECT, STEP_BY_STEP
from workflows.vocabulary import ENDED, Action, Actor, Grade, Stage

REASON = "指标值与目标不匹配"
NAMES = UUID("6c1b7f5a-9d0e-5b5d-8a43-0a4f2f1f7d10")
Act = Callable[[MemoryJournal, Table, Actor], object]
Edge = tuple[str, str]


def key_of(table: Table) -> tuple[Any, ...]:
    """What counts of a state: where it stands, who may still act, what was decided; not when, nor how often."""
    desks = sorted((d.node, d.role, d.person or "", len(d.waits_for), d.must) for d in table.desks)
    votes = sorted((v.node, v.group, v.person, v.outcome) for v in table.votes)
    deciders = sorted({(d.person, d.level, d.node) for d in table.deciders})
    returned = (table.returned.node, table.returned.mode, table.returned.done) if table.returned else None
    asked = (table.request.action, table.request.by) if table.request else None
    forms = sorted((r.node, r.grade) for r in table.reviews if not r.void)
    returned = (returned, *forms) if forms else returned
    return (table.stage, tuple(desks), tuple(votes), tuple(deciders), tuple(sorted(set(table.passed_over))), returned, asked)


def _words(journal: MemoryJournal, table: Table, by: Actor, name: str) -> dict[str, Any]:
    command = uuid5(NAMES, f"{table.version}:{by.id}:{name}:{table.head}")
    return {"seen": Seen(table.version, table.content_hash), "by": by, "command_id": command}


def acts_on(journal: MemoryJournal, table: Table) -> Iterator[tuple[str, Act]]:
    """Every act of the review stages, by name; whether somebody may do it is asked of the one decision function."""
    yield "submit", lambda j, t, p: drafting.submit_table(j, t.id, **_words(j, t, p, "submit"))
    yield "withdraw", lambda j, t, p: drafting.withdraw_table(j, t.id, reason=REASON, **_words(j, t, p, "withdraw"))
    yield "confirm", lambda j, t, p: ending.confirm_ending(j, t.id, **_words(j, t, p, "confirm"))
    yield "decline", lambda j, t, p: ending.decline_ending(j, t.id, reason=REASON, **_words(j, t, p, "decline"))
    yield "refuse", lambda j, t, p: ending.ask_to_end(j, t.id, action=Action.REFUSE, reason=REASON, **_words(j, t, p, "refuse"))
    yield "reply", _reply
    work = Work(journal, table, Actor("", ""), NAMES, done=False)
    for node in sorted({desk.node for desk in table.desks}):
        yield f"approve {node}", _approve(node)
        if work.chain.demands_form(node) and grade_at(table, node) is None:
            yield f"review {node} excellent", _review(node, Grade.EXCELLENT)
            yield f"review {node} fair", _review(node, Grade.FAIR)
        yield f"return {node}→draft", _return(node, Stage.DRAFT, None, STEP_BY_STEP)
        yield f"return {node}⇢draft", _return(node, Stage.DRAFT, None, DIRECT)
        for target in reviewing.returnable_nodes(work):
            stage = work.chain.node(target).stage
            yield f"return {node}→{target}", _return(node, stage, target, STEP_BY_STEP)
            yield f"return {node}⇢{target}", _return(node, stage, target, DIRECT)


def _approve(node: str) -> Act:
    return lambda j, t, p: reviewing.approve_table(j, t.id, node=node, **_words(j, t, p, f"approve {node}"))


def _review(node: str, grade: Grade) -> Act:
    words = {"mode": "qualitative", "items": all_graded(grade), "grade": grade.value, "node": node}
    return lambda j, t, p: grading.score_review(j, t.id, **words, **_words(j, t, p, f"review {node} {grade}"))


def _return(node: str, to: Stage, to_node: str | None, mode: str) -> Act:
    def act(journal: MemoryJournal, table: Table, by: Actor) -> object:
        words = _words(journal, table, by, f"return {node} {to} {to_node} {mode}")
        return reviewing.return_table(
            journal, table.id, to=to, to_node=to_node, mode=mode, node=node, reason=REASON, **words
        )

    return act


def _reply(journal: MemoryJournal, table: Table, by: Actor) -> object:
    words = _words(journal, table, by, "reply")
    reply_id = uuid5(words["command_id"], "reply")
    return replying.issue_reply(
        journal, reply_id, tables={table.id: words["seen"]}, doc_no="清财预〔2026〕1号", by=by, command_id=words["command_id"]
    )


def branched(journal: MemoryJournal) -> MemoryJournal:
    """The same log in a copy that may go another way."""
    twin = copy(journal)
    twin.streams = copy(journal.streams)
    for stream, log in journal.streams.items():
        twin.streams[stream] = list(log)
    twin.contents, twin.values = dict(journal.contents), dict(journal.values)
    twin.drafts, twin.files, twin.waiting = dict(journal.drafts), dict(journal.files), dict(journal.waiting)
    return twin


@dataclass
class Space:
    """The states found, what leads from one to the next, and which of them are ends."""

    people: tuple[Actor, ...]
    rounds: int = 2
    states: dict[tuple[Any, ...], int] = field(default_factory=dict)
    edges: list[tuple[int, str, int]] = field(default_factory=list)
    ends: set[int] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)

    def explore(self, life: Life, most: int) -> "Space":
        """Go through every state from here, the invariants checked at each; a bounded number of rounds is followed."""
        queue = deque([(branched(life.journal), life.table)])
        self.states[key_of(life.table)] = 0
        while queue:
            journal, table = queue.popleft()
            here = self.states[key_of(table)]
            if table.stage in ENDED or table.stage == Stage.MONITORING:
                self.ends.add(here)
                continue
            if table.round > self.rounds:
                self.cut.add(here)
                continue
            for name, after, log in self._next(journal, table):
                key = key_of(after)
                if key not in self.states:
                    assert len(self.states) < most, "the space is larger than the bound"
                    self.states[key] = len(self.states)
                    check_table(after, log.history(after.id))
                    queue.append((log, after))
                self.edges.append((here, name, self.states[key]))
        return self

    def _next(self, journal: MemoryJournal, table: Table) -> Iterator[tuple[str, Table, MemoryJournal]]:
        for name, act in acts_on(journal, table):
            action = Action(name.split(" ")[0])
            for person in self.people:
                if action != Action.RETURN and not decide(person, table, action).allowed:
                    continue
                log = branched(journal)
                try:
                    act(log, table, person)
                except GoaltrailError:
                    continue
                after = log.lock_table(table.id)
                assert after.version > table.version
                yield f"{person.id} {name}", after, log

    def stuck(self) -> set[int]:
        """The states from which no end can be reached any more."""
        back: dict[int, set[int]] = {}
        for start, _name, to in self.edges:
            back.setdefault(to, set()).add(start)
        reached, queue = set(), deque([*self.ends, *self.cut])
        while queue:
            if (state := queue.popleft()) not in reached:
                reached.add(state)
                queue.extend(back.get(state, ()))
        return set(self.states.values()) - reached
