"""The worker's work with timers on a journal in memory: what is due is carried out in order, each timer once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from tests.support.life import Life
from workflows.clocks.timers import DEEM_READ, OVERDUE, RESUME, Timer, meant, timers_of
from workflows.commands.administering import mark_overdue
from workflows.commands.escalating import deem_read, escalate_task
from workflows.commands.pausing import resume_expired
from workflows.definitions import chain_from
from workflows.folds.replay import Table


def chains_of(life: Life) -> Any:
    return lambda content_hash: chain_from(life.journal.content(content_hash)) if content_hash else None


def timers_now(life: Life) -> tuple[Timer, ...]:
    return timers_of(life.table, life.journal.calendar, chains_of(life))


@dataclass
class Clockwork:
    """Fires what a life's table waits for; `told` are the reminders that went out: task, rung, moment."""

    life: Life
    fired: set[tuple[str, str]] = field(default_factory=set)
    told: list[tuple[str, str, datetime]] = field(default_factory=list)

    def until(self, moment: datetime) -> None:
        """Let time pass: every timer fires at its moment, those set anew on the way too."""
        while due := self._next(moment):
            self.life.journal.at = max(self.life.journal.at, due.due_at)
            self.fired.add((due.task, due.kind))
            self.fire(due)
        self.life.journal.at = max(self.life.journal.at, moment)

    def _next(self, moment: datetime) -> Timer | None:
        waiting: Iterable[Timer] = (
            each for each in timers_now(self.life) if each.due_at <= moment and (each.task, each.kind) not in self.fired
        )
        return min(waiting, key=lambda each: (each.due_at, each.task, each.kind), default=None)

    def fire(self, timer: Timer) -> None:
        journal, table, task = self.life.journal, self.life.table, meant(timer.task)
        self.life.table = self._deed(journal, table, task, timer)

    def _deed(self, journal: Any, table: Table, task: str, timer: Timer) -> Table:
        if timer.kind.startswith(("inform.", "hand.")):
            return escalate_task(journal, table.id, task=task, kind=timer.kind, command_id=uuid4())
        if timer.kind == DEEM_READ:
            copy, _colon, person = task.partition(":")
            return deem_read(journal, table.id, copy=copy, person=person, command_id=uuid4())
        if timer.kind == OVERDUE:
            return mark_overdue(journal, table.id, task=task, command_id=uuid4())
        if timer.kind == RESUME:
            return resume_expired(journal, table.id, command_id=uuid4())
        if timer.kind.startswith("T"):
            self.told.append((task, timer.kind, timer.due_at))
        return table
