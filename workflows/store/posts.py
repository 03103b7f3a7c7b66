"""Who holds which post: the projection of the grants in the log."""

from itertools import groupby

from workflows.events import GrantGiven, GrantRevoked, Recorded
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post, Role

HOLDERS = """
SELECT person, name, role, organ FROM desk.post
WHERE to_at IS NULL AND person IN (SELECT person FROM desk.post WHERE role = :role AND organ = :organ AND to_at IS NULL)
ORDER BY person, role, organ"""
POSTS_OF = """
SELECT person, name, role, organ FROM desk.post WHERE person = :person AND to_at IS NULL ORDER BY role, organ"""
GIVE = """
INSERT INTO desk.post (person, role, organ, name, from_at, version)
SELECT :person, :role, :organ, :name, :at, :version
WHERE NOT EXISTS (SELECT FROM desk.post
                  WHERE person = :person AND role = :role AND organ = :organ AND to_at IS NULL)"""
REVOKE = """
UPDATE desk.post SET to_at = :at WHERE person = :person AND role = :role AND organ = :organ AND to_at IS NULL"""
RENAME = "UPDATE desk.post SET name = :name WHERE person = :person AND to_at IS NULL"


def project_grants(tx: Transaction, recorded: Recorded) -> None:
    """Write what one grant event means for the posts."""
    fact = recorded.fact
    if isinstance(fact, GrantGiven):
        held = {"person": fact.person, "role": str(fact.role), "organ": fact.organ}
        tx.run(GIVE, **held, name=fact.name, at=recorded.at, version=recorded.version)
        tx.run(RENAME, person=fact.person, name=fact.name)
    elif isinstance(fact, GrantRevoked):
        tx.run(REVOKE, person=fact.person, role=str(fact.role), organ=fact.organ, at=recorded.at)


def holders_of(tx: Transaction, role: Role, organ: str) -> tuple[Actor, ...]:
    """Return who holds the role in the organ now, with all their posts, ordered by id."""
    rows = tx.rows(HOLDERS, role=str(role), organ=organ)
    return tuple(
        Actor(person, of_person[0]["name"], tuple(Post(Role(row["role"]), row["organ"]) for row in of_person))
        for person, of_person in ((key, list(group)) for key, group in groupby(rows, key=lambda row: row["person"]))
    )


def actor_of(tx: Transaction, person: str, name: str) -> Actor:
    """Return the person with the posts held now: none for an administrator without grants."""
    rows = tx.rows(POSTS_OF, person=person)
    return Actor(person, name, tuple(Post(Role(row["role"]), row["organ"]) for row in rows))


def people_with_posts(tx: Transaction) -> tuple[tuple[str, str, Role, str], ...]:
    """Return (person, name, role, organ) of every post held now."""
    rows = tx.rows("SELECT person, name, role, organ FROM desk.post WHERE to_at IS NULL ORDER BY person, role, organ")
    return tuple((row["person"], row["name"], Role(row["role"]), row["organ"]) for row in rows)

