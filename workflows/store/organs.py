"""The organs: bureau, departments and their units, with the names that lists print and who went into whom."""

from datetime import datetime

from sqlalchemy import RowMapping

from workflows.events import Recorded
from workflows.organs import ORGANS_STREAM, Organ, OrganTree, tree_at
from workflows.store.standing import title_key
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction

PUT = """
INSERT INTO desk.organ (id, name, kind, parent, code, name_key)
VALUES (:id, :name, :kind, :parent, :code, :key)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, parent = excluded.parent,
  code = excluded.code, name_key = excluded.name_key"""

STAMP = "SELECT concat(count(*), ':', sum(CAST(CAST(xmin AS text) AS bigint))) FROM desk.organ"
"""A row that is written anew lies there under the number of another transaction."""


def put_organ(
    tx: Transaction, organ: str, *, name: str, kind: str, parent: str | None = None, code: str | None = None
) -> None:
    """Keep an organ; `kind` is bureau, department, unit or outside; a parent must be there before."""
    tx.run(PUT, id=organ, name=name, kind=kind, parent=parent, code=code, key=title_key(name))


def organ_of(tx: Transaction, organ: str) -> RowMapping | None:
    """Return an organ by its id, one that has ended too."""
    return tx.row("SELECT * FROM desk.organ WHERE id = :organ", organ=organ)


def all_organs(tx: Transaction) -> list[RowMapping]:
    """Return every organ in the order of its name, those that have ended too."""
    return list(tx.rows("SELECT * FROM desk.organ ORDER BY kind, name_key, id"))


def organ_names(tx: Transaction) -> dict[str, str]:
    """Return the printed name of every organ by its id."""
    return {row["id"]: row["name"] for row in all_organs(tx)}


def organ_from(row: RowMapping) -> Organ:
    """Return the organ that a row of desk.organ is about."""
    return Organ(
        row["id"], row["name"], row["kind"], row["parent"] or "", row["code"] or "", row["ended_at"],
        row["successor"] or "",
    )  # fmt: skip


def reorganisations(tx: Transaction) -> tuple[Recorded, ...]:
    """Return everything that ever happened to organs, oldest first."""
    return history_of(tx, ORGANS_STREAM)


def organs_now(tx: Transaction) -> OrganTree:
    """Return the tree of this moment."""
    return OrganTree({row["id"]: organ_from(row) for row in all_organs(tx)})


def organs_then(tx: Transaction, at: datetime) -> OrganTree:
    """Return the tree of a moment."""
    return tree_at(map(organ_from, all_organs(tx)), reorganisations(tx), at)
