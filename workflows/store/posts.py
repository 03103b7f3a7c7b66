"""Who holds which post: the projection of the grants in the log, with the posts that count at a predecessor's desks."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import RowMapping

from workflows.events import GrantGiven, GrantRevoked, Recorded
from workflows.store.covers import covers_at, waivers_at
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post, Role

HOLDERS = """
SELECT person, name, role, organ, via FROM desk.post
WHERE to_at IS NULL AND person IN (SELECT person FROM desk.post WHERE role = :role AND to_at IS NULL
  AND (CAST(:organ AS text) IS NULL OR organ = :organ))
ORDER BY person, via <> '', role, organ"""
POSTS_OF = """
SELECT person, name, role, organ, via FROM desk.post WHERE person = :person AND to_at IS NULL
ORDER BY via <> '', role, organ"""
AT = "from_at <= :at AND (to_at IS NULL OR to_at > :at)"
HOLDERS_AT = f"""
SELECT DISTINCT p.role, p.organ, p.person, p.name FROM desk.post p
JOIN unnest(CAST(:roles AS text[]), CAST(:organs AS text[])) AS asked (role, organ) USING (role, organ)
WHERE {AT} ORDER BY p.role, p.organ, p.person"""  # noqa: S608 - names of this file
POSTS_AT = f"""
SELECT role, organ, via FROM desk.post WHERE person = :person AND {AT} ORDER BY via <> '', role, organ"""  # noqa: S608 - names of this file
GIVE = """
INSERT INTO desk.post (person, role, organ, name, from_at, version)
SELECT :person, :role, :organ, :name, :at, :version
WHERE NOT EXISTS (SELECT FROM desk.post
                  WHERE person = :person AND role = :role AND organ = :organ AND to_at IS NULL)"""
REVOKE = """
UPDATE desk.post SET to_at = :at
WHERE person = :person AND role = :role AND (organ = :organ OR via = :organ) AND to_at IS NULL"""
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


def holders_of(tx: Transaction, role: Role, organ: str | None) -> tuple[Actor, ...]:
    """Return who holds the role in the organ now (None: in any), with all their posts, ordered by id."""
    rows = tx.rows(HOLDERS, role=str(role), organ=organ)
    return tuple(
        Actor(person, of_person[0]["name"], tuple(map(_post, of_person)))
        for person, of_person in ((key, list(group)) for key, group in groupby(rows, key=lambda row: row["person"]))
    )


def _post(row: RowMapping) -> Post:
    return Post(Role(row["role"]), row["organ"], row["via"])


def actor_of(tx: Transaction, person: str, name: str) -> Actor:
    """Return the person with the posts held now, none for an administrator without grants, and who is covered now."""
    rows = tx.rows(POSTS_OF, person=person)
    posts = tuple(map(_post, rows))
    return Actor(person, name, posts, covers_at(tx, person, tx.now()), waivers_at(tx, person, tx.now()))


def people_with_posts(tx: Transaction) -> tuple[tuple[str, str, Role, str], ...]:
    """Return (person, name, role, organ) of every post held now, without those that count at a predecessor's desks."""
    rows = tx.rows(
        "SELECT person, name, role, organ FROM desk.post WHERE to_at IS NULL AND via = '' ORDER BY person, role, organ"
    )
    return tuple((row["person"], row["name"], Role(row["role"]), row["organ"]) for row in rows)


def holders_at(tx: Transaction, posts: Sequence[Post], at: datetime) -> dict[Post, tuple[tuple[str, str], ...]]:
    """Return (person, name) of everybody who held these posts at a moment (a grant counts from its own moment on)."""
    asked = {"roles": [str(post.role) for post in posts], "organs": [post.organ for post in posts]}
    held: dict[Post, tuple[tuple[str, str], ...]] = dict.fromkeys(posts, ())
    for row in tx.rows(HOLDERS_AT, **asked, at=at):
        held[Post(Role(row["role"]), row["organ"])] += ((row["person"], row["name"]),)
    return held


def actor_at(tx: Transaction, person: str, name: str, at: datetime) -> Actor:
    """Return the person with the posts held at a moment, and the covers and waivers in force then."""
    rows = tx.rows(POSTS_AT, person=person, at=at)
    posts = tuple(map(_post, rows))
    return Actor(person, name, posts, covers_at(tx, person, at), waivers_at(tx, person, at))
