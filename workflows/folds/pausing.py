"""Folds of a project's pause: the clocks of monitoring filings stop, every pause is kept."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.project_pauses import ProjectPause
from workflows.state.standing import Desk, Table, changed


def _paused(table: Table, fact: e.ProjectPaused, at: e.Recorded) -> Table:
    pause = ProjectPause(at.at.isoformat(), at.actor_id, fact.reason)
    return changed(table, pauses=(*table.pauses, pause), desks=tuple(map(_stopped, table.desks)))


def _stopped(desk: Desk) -> Desk:
    filing = desk.node.partition(":")[0] == "monitoring_filing"
    return changed(desk, due_at=None, provisional=False, overdue=False) if filing else desk


def _resumed(table: Table, fact: e.ProjectResumed, at: e.Recorded) -> Table:
    ended = changed(table.pauses[-1], until=at.at.isoformat(), ended_by=at.actor_id, ended_why=fact.reason)
    return changed(table, pauses=(*table.pauses[:-1], ended))


FOLDS: Mapping[str, Fold] = {"project.paused": _paused, "project.resumed": _resumed}
