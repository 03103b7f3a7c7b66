"""Folds of the facts about files, erasure and holds."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Attachment, Table, changed


def _attached(table: Table, fact: e.AttachmentAdded, at: e.Recorded) -> Table:
    return changed(table, attachments=(*table.attachments, Attachment(**fact.data(), by=at.actor_id)))


def _taken_back(table: Table, fact: e.AttachmentWithdrawn, _at: e.Recorded) -> Table:
    return changed(table, attachments=tuple(a for a in table.attachments if a.attachment != fact.attachment))


def _redacted(table: Table, fact: e.AttachmentRedacted, _at: e.Recorded) -> Table:
    return changed(
        table,
        attachments=tuple(
            changed(each, name=e.ERASED, erased=True) if each.attachment == fact.attachment else each
            for each in table.attachments
        ),
    )


def _words_erased(table: Table, _fact: e.PayloadErased, _at: e.Recorded) -> Table:
    return table


def _hold(*, held: bool) -> Callable[[Table, Any, e.Recorded], Table]:
    def mark(table: Table, _fact: Any, _at: e.Recorded) -> Table:
        return changed(table, held=held)

    return mark


FOLDS: Mapping[str, Fold] = {
    "attachment.added": _attached,
    "attachment.withdrawn": _taken_back,
    "attachment.redacted": _redacted,
    "payload.erased": _words_erased,
    "hold.placed": _hold(held=True),
    "hold.lifted": _hold(held=False),
}
