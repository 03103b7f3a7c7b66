"""What a person should have before the eyes who decides on many tables: their standings, and his own last looks."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.last_look import Look
from workflows.store.scopes import VISIBLE, scope_values
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

STANDINGS = f"""
SELECT t.* FROM desk.table_standing t WHERE t.table_id = ANY(:tables) AND {VISIBLE}"""  # noqa: S608 - names of the store
LOOKS = """
SELECT table_id, version, content_hash, at FROM desk.look WHERE person = :person AND table_id = ANY(:tables)"""


def standings_among(tx: Transaction, actor: Actor, tables: Collection[UUID]) -> Mapping[UUID, RowMapping]:
    """Return the standings of these tables by their IDs; those that the person may not read are left out."""
    rows = tx.rows(STANDINGS, tables=list(tables), **scope_values(actor))
    return {row["table_id"]: row for row in rows}


def looks_among(tx: Transaction, person: str, tables: Collection[UUID]) -> Mapping[UUID, Look]:
    """Return what a reader last saw of these tables; those never opened are left out."""
    rows = tx.rows(LOOKS, person=person, tables=list(tables))
    return {row["table_id"]: Look(row["version"], row["content_hash"], row["at"]) for row in rows}
