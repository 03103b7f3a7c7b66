"""Folds of comments: they stand beside the table and change nothing that anybody decides on."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Table, Thread, changed


def _opened(table: Table, fact: e.ThreadOpened, at: e.Recorded) -> Table:
    thread = Thread(
        thread=fact.thread, node=fact.node, level=fact.level, round=fact.round, pointer=fact.pointer, row=fact.row,
        criterion=fact.criterion, words=fact.words, by=at.actor_id, at=at.at.isoformat(),
    )  # fmt: skip
    return changed(table, threads=(*table.threads, thread))


def _answered(table: Table, fact: e.ThreadAnswered, at: e.Recorded) -> Table:
    return _with(table, fact.thread, answer=fact.words, answered_by=at.actor_id)


def _resolved(table: Table, fact: e.ThreadResolved, _at: e.Recorded) -> Table:
    return _with(table, fact.thread, resolved=True)


def _with(table: Table, thread: str, **news: object) -> Table:
    return changed(
        table, threads=tuple(changed(each, **news) if each.thread == thread else each for each in table.threads)
    )


FOLDS: Mapping[str, Fold] = {
    "thread.opened": _opened,
    "thread.answered": _answered,
    "thread.resolved": _resolved,
}
ASIDE = frozenset(FOLDS)
"""Whoever saw the table before a comment saw everything that he decides on."""
