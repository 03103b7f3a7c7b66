"""A leaver's work handed over as a whole: each table by itself, with its own result (features C7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import RowMapping

from workflows.commands.covering import end_cover
from workflows.commands.leaving import hand_over_table
from workflows.errors import GoaltrailError
from workflows.store.journal import PostgresJournal
from workflows.store.leavers import in_hand_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor


@dataclass(frozen=True)
class HandedOver:
    """What became of one table or cover: its name, and the sentence where it was refused."""

    what: str
    refused: str = ""


def hand_over_everything(
    tx: Transaction, *, leaver: Actor, successor: Actor, reason: str, by: Actor, command_id: UUID
) -> list[HandedOver]:
    """Give every table that a leaver is in charge of to a successor and end the leaver's covers.

    One that is refused stays as it is and says why; a repeat finds nothing left to do.
    """
    journal, held, results = PostgresJournal(tx), in_hand_of(tx, leaver.id), list[HandedOver]()
    for row in held.tables:
        try:
            hand_over_table(
                journal, row["table_id"], leaver=leaver, successor=successor, reason=reason, by=by,
                command_id=command_id,
            )  # fmt: skip
        except GoaltrailError as refused:
            results.append(HandedOver(row["title"], refused.sentence))
        else:
            results.append(HandedOver(row["title"]))
    return [*results, *_covers_ended(journal, held.covers, reason, by, command_id)]


def _covers_ended(
    journal: PostgresJournal, covers: Sequence[RowMapping], reason: str, by: Actor, command_id: UUID
) -> list[HandedOver]:
    ended = []
    for row in covers:
        end_cover(
            journal, principal=row["principal"], cover=row["cover"], reason=reason, by=by,
            command_id=uuid5(command_id, row["cover"]),
        )  # fmt: skip
        ended.append(HandedOver(f"{row['deputy_name']} 代 {row['name']}（代理授权已结束）"))
    return ended
