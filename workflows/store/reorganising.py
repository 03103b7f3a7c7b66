"""What a reorganisation means for the rows of organs and posts, whom it touches, and who is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping

from workflows.events import (
    GrantGiven,
    OrganClosed,
    OrganFounded,
    OrganMerged,
    OrganMoved,
    OrganRenamed,
    Recorded,
)
from workflows.organs.sentences import SENTENCES
from workflows.store.leavers import CALLED
from workflows.store.organs import put_organ
from workflows.store.standing import title_key
from workflows.store.transaction import Transaction
from workflows.vocabulary import ENDED, Role
from workflows.words.notices import Addressee, Notice

ENDS = "UPDATE desk.organ SET ended_at = :at, successor = :successor WHERE id = ANY(:organs)"
RENAMES = "UPDATE desk.organ SET name = :name, name_key = :key, code = :code WHERE id = :organ"
MOVES = "UPDATE desk.organ SET parent = :parent WHERE id = :organ"
STAND_STILL = "LOCK TABLE desk.post IN SHARE ROW EXCLUSIVE MODE"
"""A grant under way is waited for, one that comes waits: it then sees who went into whom."""
END_POSTS = """
UPDATE desk.post SET to_at = :at WHERE to_at IS NULL AND (organ = ANY(:organs) OR via = ANY(:organs))"""
INHERIT = """
INSERT INTO desk.post (person, role, organ, name, from_at, version, via)
SELECT p.person, p.role, l.organ, p.name, :at, :version, p.organ
FROM desk.post p CROSS JOIN unnest(desk.organ_line(p.organ)) AS l (organ)
WHERE p.organ = :organ AND p.to_at IS NULL AND p.via = '' AND l.organ <> p.organ
  AND (CAST(:person AS text) IS NULL OR p.person = :person) AND NOT EXISTS (
    SELECT FROM desk.post o
    WHERE o.person = p.person AND o.role = p.role AND o.organ = l.organ AND o.to_at IS NULL)"""
FORGET = "UPDATE desk.organ SET successor = NULL, ended_at = NULL WHERE ended_at IS NOT NULL"

OPEN_TABLES = f"""
SELECT t.table_id, {CALLED}, t.unit, t.department, t.year, t.stage, t.owner FROM desk.table_standing t
WHERE (t.unit = ANY(:organs) OR t.department = ANY(:organs)) AND NOT t.stage = ANY(:ended)
ORDER BY t.unit, t.year, t.title_key, t.table_id LIMIT :limit"""  # noqa: S608 - names of this house
HOW_MANY = """
SELECT count(*) FROM desk.table_standing t
WHERE (t.unit = ANY(:organs) OR t.department = ANY(:organs)) AND NOT t.stage = ANY(:ended)"""
TASKS = "SELECT count(*) FROM desk.task k WHERE k.organ = ANY(:organs)"
POSTS = """
SELECT person, name, role, organ FROM desk.post WHERE organ = ANY(:organs) AND to_at IS NULL AND via = ''
ORDER BY organ, role, person"""
ALONE = """
SELECT DISTINCT k.role FROM desk.task k WHERE k.organ = ANY(:organs) AND NOT EXISTS (
  SELECT FROM desk.post p WHERE p.role = k.role AND p.organ = :successor AND p.to_at IS NULL AND p.via = '')
ORDER BY k.role"""
ENDED_POSTS = "SELECT DISTINCT person FROM desk.post WHERE organ = ANY(:organs) AND to_at = :at ORDER BY person"
HOLDERS = "SELECT DISTINCT person FROM desk.post WHERE organ = :organ AND to_at IS NULL AND via = '' ORDER BY person"
MOST_SHOWN = 200


@dataclass(frozen=True)
class Touched:
    """What stands at organs now: tables not ended (the first ones of so many), open tasks, and posts held there."""

    tables: Sequence[RowMapping]
    how_many: int
    tasks: int
    posts: Sequence[RowMapping]


def touched_by(tx: Transaction, organs: Sequence[str]) -> Touched:
    """Return what an end of these organs would touch."""
    asked = {"organs": list(organs), "ended": [str(stage) for stage in ENDED]}
    return Touched(
        tx.rows(OPEN_TABLES, **asked, limit=MOST_SHOWN), open_tables(tx, organs),
        int(tx.scalar(TASKS, organs=list(organs))), tx.rows(POSTS, organs=list(organs)),
    )  # fmt: skip


def roles_left_alone(tx: Transaction, organs: Sequence[str], successor: str) -> tuple[Role, ...]:
    """Return the roles with open tasks at these organs that nobody holds at the successor."""
    return tuple(Role(row["role"]) for row in tx.rows(ALONE, organs=list(organs), successor=successor))


def open_tables(tx: Transaction, organs: Sequence[str]) -> int:
    """Return how many tables of these units or departments have not ended."""
    return int(tx.scalar(HOW_MANY, organs=list(organs), ended=[str(stage) for stage in ENDED]))


def project_organs(tx: Transaction, recorded: Recorded) -> None:
    """Write what one event means for the organs, and for the posts held at them."""
    fact: Any = recorded.fact
    if isinstance(fact, OrganFounded):
        put_organ(
            tx, fact.organ, name=fact.name, kind=fact.sort, parent=fact.parent or None, code=fact.code or None
        )
    elif isinstance(fact, OrganRenamed):
        tx.run(RENAMES, organ=fact.organ, name=fact.name, key=title_key(fact.name), code=fact.code or None)
    elif isinstance(fact, OrganMoved):
        tx.run(MOVES, organ=fact.organ, parent=fact.parent or None)
    elif isinstance(fact, OrganMerged):
        _end(tx, fact.organs, recorded, fact.successor)
        tx.run(INHERIT, organ=fact.successor, person=None, at=recorded.at, version=recorded.version)
    elif isinstance(fact, OrganClosed):
        _end(tx, (fact.organ,), recorded, None)
    elif isinstance(fact, GrantGiven):
        tx.run(INHERIT, organ=fact.organ, person=fact.person, at=recorded.at, version=recorded.version)


def _end(tx: Transaction, organs: Sequence[str], recorded: Recorded, successor: str | None) -> None:
    tx.run(STAND_STILL)
    tx.run(ENDS, organs=list(organs), at=recorded.at, successor=successor)
    tx.run(END_POSTS, organs=list(organs), at=recorded.at)


def forget_ends(tx: Transaction) -> None:
    """Let every organ live again, before all reorganisations are replayed."""
    tx.run(FORGET)


def notices_of_reorganisation(tx: Transaction, recorded: Recorded) -> tuple[Notice, ...]:
    """Return who is told: those whose posts ended or whose organ changed, and those who take over."""
    fact: Any = recorded.fact
    if recorded.subject != "organ" or isinstance(fact, OrganFounded):
        return ()
    said = f"{SENTENCES[recorded.kind](fact)}。"
    if isinstance(fact, OrganMerged):
        ended = _ended(tx, fact.organs, recorded)
        lost = f"{said}您在原机构的岗位随之终止，未办结事项由承接机构办理；需要继续办理的，请联系安全管理员授予新岗位。"
        taking = f"{said}原机构的未办结事项今后由贵单位同一岗位办理。"
        heirs = [row["person"] for row in tx.rows(HOLDERS, organ=fact.successor)]
        new = [person for person in heirs if person not in ended]
        return (*_notices(recorded, ended, lost), *_notices(recorded, new, taking))
    if isinstance(fact, OrganClosed):
        return _notices(recorded, _ended(tx, (fact.organ,), recorded), f"{said}您在该机构的岗位随之终止。")
    here = [row["person"] for row in tx.rows(HOLDERS, organ=fact.organ)]
    return _notices(recorded, here, said)


def _ended(tx: Transaction, organs: Sequence[str], recorded: Recorded) -> list[str]:
    return [row["person"] for row in tx.rows(ENDED_POSTS, organs=list(organs), at=recorded.at)]


def _notices(recorded: Recorded, people: Sequence[str], text: str) -> tuple[Notice, ...]:
    return tuple(Notice(Addressee(person), recorded.kind, "机构变动", text) for person in people)
