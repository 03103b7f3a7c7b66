"""Which chain definitions tables are pinned to, and the real people and units that a chain is held against."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from workflows.definitions.roster import Home, Roster
from workflows.store.organs import all_organs
from workflows.store.posts import people_with_posts
from workflows.store.transaction import Transaction
from workflows.vocabulary import ENDED, Actor, Post

USED = """
SELECT t.state ->> 'definition' AS name, t.state ->> 'definition_hash' AS hash, count(*) AS tables,
  count(*) FILTER (WHERE NOT t.stage = ANY(:ended)) AS running
FROM desk.table_standing t GROUP BY 1, 2 ORDER BY 1, 2"""


def definitions_used(tx: Transaction) -> Sequence[RowMapping]:
    """Return name and hash of every definition that a table is pinned to, with all its tables and those not ended."""
    return tx.rows(USED, ended=sorted(map(str, ENDED)))


def real_roster(tx: Transaction) -> Roster:
    """Return every unit with what is above it, and everybody who holds a post now."""
    organs = all_organs(tx)
    parent = {organ["id"]: organ["parent"] or "" for organ in organs}
    homes = tuple(
        Home(organ["id"], parent[organ["id"]], parent.get(parent[organ["id"]], ""))
        for organ in organs if organ["kind"] == "unit" and parent[organ["id"]]
    )  # fmt: skip
    held: dict[tuple[str, str], list[Post]] = {}
    for person, name, role, organ in people_with_posts(tx):
        held.setdefault((person, name), []).append(Post(role, organ))
    people = tuple(Actor(person, name, tuple(posts)) for (person, name), posts in held.items())
    return Roster(homes, people, {organ["id"]: organ["name"] for organ in organs})
