"""What publishing a chain asks of the store: which tables stand at which node, and who holds which post."""

from collections.abc import Mapping, Sequence

from workflows.definitions.roster import Home, Roster
from workflows.store.organs import all_organs
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post, Role

STANDING = """
SELECT DISTINCT split_part(k.node, ':', 1) AS node, t.title, t.table_id
FROM desk.task k JOIN desk.table_standing t USING (table_id)
WHERE t.state ->> 'definition' = :name ORDER BY node, t.table_id"""
PEOPLE = "SELECT person, name, role, organ FROM desk.post WHERE to_at IS NULL ORDER BY person, role, organ"


def tables_at_nodes(tx: Transaction, name: str) -> Mapping[str, Sequence[str]]:
    """Return, for each node of a chain, the tables that stand there now: 《title》 and the first digits of the ID."""
    found: dict[str, list[str]] = {}
    for row in tx.rows(STANDING, name=name):
        found.setdefault(row["node"], []).append(f"《{row['title']}》{str(row['table_id'])[:8]}")
    return found


def present_roster(tx: Transaction) -> Roster:
    """Return every unit with the department and bureau above it, and everybody with a post, as of now."""
    organs = {row["id"]: row for row in all_organs(tx)}
    living = [row for row in organs.values() if not row["ended_at"]]
    units = [row for row in living if row["kind"] == "unit" and row["parent"] in organs]
    homes = tuple(Home(row["id"], row["parent"], organs[row["parent"]]["parent"]) for row in units)
    people: dict[str, Actor] = {}
    for row in tx.rows(PEOPLE):
        known = people.get(row["person"], Actor(row["person"], row["name"]))
        people[row["person"]] = Actor(known.id, known.name, (*known.posts, Post(Role(row["role"]), row["organ"])))
    return Roster(homes, tuple(people.values()), {organ: row["name"] for organ, row in organs.items()})
