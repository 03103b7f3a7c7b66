"""Sending a notice again: the fact into the log and the copy into the outbox, both or neither."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from sqlalchemy import RowMapping

from workflows.commands.resending import Sent, resend_notice
from workflows.errors import NotFound, NotOpenNow
from workflows.store.journal import PostgresJournal
from workflows.store.letters import letter_locked, letter_of, send_again
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role


def resend(tx: Transaction, letter_id: UUID, *, reason: str, by: Actor, command_id: UUID) -> UUID:
    """Send one letter again and return the new one's id; the same command again gives the same letter.

    NotFound for somebody else's letter but for the system administrator, NotOpenNow where it is still on its way or
    was sent again.
    """
    letter = letter_locked(tx, letter_id)
    if letter is None or not (letter["recipient"] == by.id or by.holds(Role.SYSTEM_ADMIN)):
        raise NotFound
    again = uuid5(command_id, f"again:{letter_id}")
    if letter_of(tx, again) is None:
        resend_notice(
            PostgresJournal(tx), sent=_sent(letter), again=again, reason=reason, by=by,
            command_id=uuid5(command_id, f"{by.id}:{letter_id}"),
        )  # fmt: skip
        if not send_again(tx, letter_id, again):
            raise NotOpenNow("这条通知还在发送中，或已经重发，不用再重发。")
    return again


def resend_all(tx: Transaction, letters: Iterable[RowMapping], *, reason: str, by: Actor, command_id: UUID) -> int:
    """Send many letters again for one reason and return how many there were."""
    sent = [resend(tx, each["id"], reason=reason, by=by, command_id=command_id) for each in letters]
    return len(sent)


def _sent(letter: RowMapping) -> Sent:
    return Sent(letter["id"], letter["channel"], letter["recipient"], letter["kind"])
