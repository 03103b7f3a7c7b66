"""What somebody who leaves has in hand: tables in charge, tasks in his name or claimed by him, covers not over."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping

from workflows.store.transaction import Transaction
from workflows.vocabulary import ENDED

CALLED = "CASE WHEN t.disclosure = '公开' THEN t.title ELSE '编号 ' || left(CAST(t.table_id AS text), 8) END AS title"
"""How a table is called to an officer, who need not read it: by its title only where it is marked 公开 (INV20)."""
IN_CHARGE = f"""
SELECT t.table_id, {CALLED}, t.unit, t.year, t.stage, t.version FROM desk.table_standing t
WHERE t.owner = :person AND NOT t.stage = ANY(:ended) ORDER BY t.unit, t.title_key, t.table_id"""  # noqa: S608 - names of this file
TASKS = f"""
SELECT k.table_id, k.task, k.node, k.stage, k.role, k.organ, {CALLED}, t.unit, t.year, t.version,
  k.claimed_by = :person AS claimed
FROM desk.task k JOIN desk.table_standing t USING (table_id)
WHERE (k.person = :person AND k.level <> 'filing') OR k.claimed_by = :person OR k.delegated_to = :person
ORDER BY k.due_at NULLS LAST, t.title_key, k.task"""  # noqa: S608 - names of this file
COVERS = """
SELECT c.* FROM desk.cover c
WHERE :person IN (c.principal, c.deputy) AND c.ended_at IS NULL AND c.to_at > :at ORDER BY c.to_at, c.cover"""


@dataclass(frozen=True)
class InHand:
    """What a leaver has in hand; tasks for anybody of a post are not his alone and not among it."""

    tables: Sequence[RowMapping]
    tasks: Sequence[RowMapping]
    covers: Sequence[RowMapping]

    @property
    def nothing(self) -> bool:
        """Whether nothing is left to hand over or to end."""
        return not (self.tables or self.tasks or self.covers)


def in_hand_of(tx: Transaction, person: str) -> InHand:
    """Return what a person has in hand now."""
    ended = [str(stage) for stage in ENDED]
    return InHand(
        tx.rows(IN_CHARGE, person=person, ended=ended), tx.rows(TASKS, person=person),
        tx.rows(COVERS, person=person, at=tx.now()),
    )  # fmt: skip
