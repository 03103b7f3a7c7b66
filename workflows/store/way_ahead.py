"""Who stands around a table: the holders of every business post on it and their deputies, read in two queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import RowMapping

from workflows.folds.replay import Desk, Table
from workflows.rights.permissions import covers_amount, covers_desk
from workflows.rights.preview import Candidate, Deputy
from workflows.store.posts import holders_at
from workflows.store.transaction import Transaction
from workflows.vocabulary import BUSINESS_ROLES, Actor, Cover, Post, Role

COVERS = """
SELECT c.* FROM desk.cover c
WHERE c.principal = ANY(:principals) AND c.given_at <= :at AND c.to_at > :at
  AND (c.ended_at IS NULL OR c.ended_at > :at) ORDER BY c.from_at, c.cover"""


@dataclass(frozen=True)
class PeopleAround:
    """The people with a post on a table at a moment, by ID, each with those posts, and who may act for whom."""

    at: datetime
    people: Mapping[str, Actor]
    covers: Mapping[str, tuple[Deputy, ...]]

    def holders(self, role: Role, organ: str) -> Sequence[Actor]:
        """Return who holds a post, by ID."""
        return tuple(each for each in self.people.values() if each.holds(role, organ))

    def deputies(self, person: str) -> Sequence[Deputy]:
        """Return who may act for a person, then or later."""
        return self.covers.get(person, ())

    def candidates(self, table: Table, desk: Desk, amount: Decimal | None) -> tuple[Candidate, ...]:
        """Return who holds a desk's post, each with those who may act for him there at this very moment.

        `amount` is the table's in 万元: no deputy goes beyond the one of his cover.
        A seat without a name is nobody's who has a task by name beside it.
        """
        beside = {each.person for each in table.desks if each.node == desk.node and each.task != desk.task}
        held = [
            each for each in self.holders(Role(desk.role), desk.organ)
            if desk.person is not None or each.id not in beside
        ]  # fmt: skip
        return tuple(Candidate(each.id, each.name, self._standing_in(each.id, table, desk, amount)) for each in held)

    def _standing_in(
        self, person: str, table: Table, desk: Desk, amount: Decimal | None
    ) -> tuple[Deputy, ...]:  # fmt: skip
        post = Post(Role(desk.role), desk.organ)
        return tuple(
            each for each in self.deputies(person)
            if each.from_at <= self.at and post in each.cover.posts and covers_desk(each.cover, table, desk)
            and covers_amount(each.cover, amount)
        )  # fmt: skip


def people_around(tx: Transaction, table: Table, at: datetime) -> PeopleAround:
    """Return everybody with a business post of the table's unit, department or bureau, or with the post of a desk."""
    held: dict[str, list[tuple[str, Post]]] = {}
    for post, found in holders_at(tx, _posts(table), at).items():
        for person, name in found:
            held.setdefault(person, []).append((name, post))
    people = {
        person: Actor(person, held[person][0][0], tuple(post for _name, post in held[person]))
        for person in sorted(held)
    }  # fmt: skip
    return PeopleAround(at, people, _covers(tx, tuple(people), at))


def _posts(table: Table) -> list[Post]:
    organs = (table.unit, table.department, table.bureau)
    around = [Post(role, organ) for role in sorted(BUSINESS_ROLES) for organ in organs]
    return list(dict.fromkeys((*around, *(Post(Role(desk.role), desk.organ) for desk in table.desks))))


def _covers(tx: Transaction, principals: Sequence[str], at: datetime) -> dict[str, tuple[Deputy, ...]]:
    found: dict[str, tuple[Deputy, ...]] = {}
    for row in tx.rows(COVERS, principals=list(principals), at=at):
        found[row["principal"]] = (*found.get(row["principal"], ()), _deputy(row))
    return found


def _deputy(row: RowMapping) -> Deputy:
    posts = tuple(Post(Role(role), organ) for role, organ in zip(row["roles"], row["organs"], strict=True))
    cover = Cover(
        row["cover"], row["principal"], row["name"], posts, tuple(row["nodes"]), tuple(row["units"]),
        None if row["most"] is None else str(row["most"]),
    )  # fmt: skip
    return Deputy(Actor(row["deputy"], row["deputy_name"]), cover, row["from_at"], row["to_at"])
