"""Referrals read from the log by those who may: each with the table that it is about, nothing for anybody else."""

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from workflows.errors import NotFound
from workflows.folds.replay import Table
from workflows.referrals.reading import looks_for_referrals, may_read_referral
from workflows.referrals.referral import Referral, referral_from
from workflows.rights.permissions import scope_of
from workflows.store.event_rows import recorded_row
from workflows.store.queries import table_in
from workflows.store.streams import TEXTS, history_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

ALL = f"SELECT e.stream_id, e.body, e.leaf_hash, {TEXTS} FROM log.event e WHERE e.subject = 'referral' ORDER BY e.event_id"  # noqa: S608, E501 - names of this house
STANDING = "SELECT t.* FROM desk.table_standing t WHERE t.table_id = :table"


@dataclass(frozen=True)
class Seen:
    """A referral and the table it is about, for somebody who may read both."""

    referral: Referral
    table: Table


def referrals_read_by(tx: Transaction, actor: Actor, table_id: UUID | None = None) -> tuple[Seen, ...]:
    """Return the referrals that the person may read, newest first; those about one table where it is named.

    There are few, and an index holds them alone; nothing is read for people without a post that could read one.
    """
    if not looks_for_referrals(actor) and not scope_of(actor).bureaus:
        return ()
    rows = sorted(map(recorded_row, tx.rows(ALL)), key=lambda each: str(each.stream))
    found = [referral_from(group) for _, group in groupby(rows, key=lambda each: each.stream)]
    wanted = [each for each in found if table_id in (None, each.table)]
    seen = (_seen(tx, actor, each) for each in wanted)
    return tuple(sorted((each for each in seen if each), key=lambda each: each.referral.at, reverse=True))


def referral_read_by(tx: Transaction, actor: Actor, referral_id: UUID) -> Seen:
    """Return one referral; NotFound where there is none or the person may not read it."""
    seen = _seen(tx, actor, referral_from(history_of(tx, referral_id)))
    if seen is None:
        raise NotFound
    return seen


def _seen(tx: Transaction, actor: Actor, referral: Referral) -> Seen | None:
    row = tx.row(STANDING, table=referral.table)
    if row is None:
        return None
    table = table_in(tx, row)
    return Seen(referral, table) if may_read_referral(actor, referral, table) else None
