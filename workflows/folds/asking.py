"""Folds of what people ask of each other: urging, opinions, copies, extensions, a pause and its end."""

from collections.abc import Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.inquiries import EXTENSION, OPINION, Copy, Inquiry, Suspension
from workflows.state.standing import Table, changed


def _urged(table: Table, fact: e.TaskUrged, at: e.Recorded) -> Table:
    moment = at.at.isoformat()
    return changed(table, desks=tuple(
        changed(desk, urged_at=moment) if desk.task == fact.task else desk for desk in table.desks
    ))  # fmt: skip


def _opinion_asked(table: Table, fact: e.OpinionAsked, at: e.Recorded) -> Table:
    asked = Inquiry(
        fact.request, OPINION, fact.task, at.actor_id, fact.person, fact.question, fact.answer_by or ""
    )
    return changed(table, inquiries=(*table.inquiries, asked))


def _extension_asked(table: Table, fact: e.ExtensionAsked, at: e.Recorded) -> Table:
    asked = Inquiry(fact.request, EXTENSION, fact.task, at.actor_id, "", fact.reason, fact.until)
    return changed(table, inquiries=(*table.inquiries, asked))


def _answered(table: Table, request: str, **news: Any) -> Table:
    return changed(table, inquiries=tuple(
        changed(each, **news) if each.id == request else each for each in table.inquiries
    ))  # fmt: skip


def _opinion_given(table: Table, fact: e.OpinionGiven, _at: e.Recorded) -> Table:
    return _answered(table, fact.request, state="given", answer=fact.opinion)


def _extension_granted(table: Table, fact: e.ExtensionGranted, _at: e.Recorded) -> Table:
    return _answered(table, fact.request, state="granted", answer=fact.opinion)


def _extension_refused(table: Table, fact: e.ExtensionRefused, _at: e.Recorded) -> Table:
    return _answered(table, fact.request, state="refused", answer=fact.reason)


def _copied(table: Table, fact: e.CopySent, at: e.Recorded) -> Table:
    sent = tuple(Copy(fact.copy, each["person"], at.actor_id) for each in fact.people)
    return changed(table, copies=(*table.copies, *sent))


def _copy_read(table: Table, fact: e.CopyRead, at: e.Recorded) -> Table:
    moment = at.at.isoformat()
    return changed(table, copies=tuple(
        changed(each, read_at=moment) if (each.copy, each.person) == (fact.copy, at.actor_id) else each
        for each in table.copies
    ))  # fmt: skip


def _suspended(table: Table, fact: e.TableSuspended, at: e.Recorded) -> Table:
    return changed(table, suspended=Suspension(at.at.isoformat(), fact.until, at.actor_id, fact.reason))


def _resumed(table: Table, _fact: e.TableResumed, _at: e.Recorded) -> Table:
    """End the pause; the clock of the table's windows counts one on, so that their timers are others than before."""
    return changed(table, suspended=None, resumptions=table.resumptions + 1)


FOLDS: Mapping[str, Fold] = {
    "task.urged": _urged,
    "opinion.asked": _opinion_asked,
    "opinion.given": _opinion_given,
    "copy.sent": _copied,
    "copy.read": _copy_read,
    "extension.asked": _extension_asked,
    "extension.granted": _extension_granted,
    "extension.refused": _extension_refused,
    "table.suspended": _suspended,
    "table.resumed": _resumed,
}
ASIDE = frozenset({
    "task.urged", "opinion.asked", "copy.sent", "copy.read", "extension.asked", "extension.granted",
    "extension.refused",
})  # fmt: skip
"""An opinion that came meanwhile is not among them: who asked for it should have seen it before deciding."""
