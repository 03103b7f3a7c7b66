"""Who held which post at a moment, since when, given by whom: folded from the log, not read from the cache."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.events import Recorded
from workflows.organs import heirs_told
from workflows.store.event_rows import recorded_row
from workflows.store.streams import TEXTS
from workflows.store.transaction import Transaction

UNTIL = f"""
SELECT e.body, e.leaf_hash, {TEXTS} FROM log.stream s JOIN log.event e USING (stream_id)
WHERE s.subject = ANY(CAST(:subjects AS text[])) AND e.kind = ANY(CAST(:kinds AS text[])) AND e.at <= :at
ORDER BY e.event_id"""  # noqa: S608 - names of this house
GIVEN, REVOKED, CLOSED, OPENED = "grant.given", "grant.revoked", "account.disabled", "account.enabled"
KINDS = [GIVEN, REVOKED, CLOSED, OPENED, "organ.merged", "organ.closed"]


@dataclass(frozen=True)
class Held:
    """A post that a person held: since when, who gave it, and whether the account was closed at that moment."""

    person: str
    name: str
    role: str
    organ: str
    since: datetime
    given_by: str
    given_by_name: str
    disabled: bool


def access_at(tx: Transaction, at: datetime) -> tuple[Held, ...]:
    """Return every post held at a moment (a grant counts from its own moment on), by person, role and organ."""
    rows = tx.rows(UNTIL, subjects=["person", "log", "organ"], kinds=KINDS, at=at)
    given: dict[tuple[str, str, str], Recorded] = {}
    names: dict[str, str] = {}
    closed: set[str] = set()
    for recorded in map(recorded_row, rows):
        fact: Any = recorded.fact
        if recorded.kind == GIVEN:
            given.setdefault((fact.person, fact.role, fact.organ), recorded)
            names[fact.person] = fact.name
        elif recorded.kind == REVOKED:
            given.pop((fact.person, fact.role, fact.organ), None)
        elif recorded.subject == "organ":
            ended = heirs_told((recorded,))
            given = {held: grant for held, grant in given.items() if held[2] not in ended}
        else:
            (closed.add if recorded.kind == CLOSED else closed.discard)(fact.person)
    return tuple(
        Held(
            person, names[person], role, organ, recorded.at, recorded.actor_id, recorded.actor_name, person in closed
        )
        for (person, role, organ), recorded in sorted(given.items(), key=lambda item: item[0])
    )
