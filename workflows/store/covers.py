"""Who may act for whom, resolved at the moment of need: the projection of the covers and waivers in the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.errors import NotAllowed
from workflows.events import Behalf, CoverEnded, CoverGiven, Recorded, WaiverSigned
from workflows.rights.waived import Signed
from workflows.store.transaction import Transaction
from workflows.vocabulary import Cover, Post, Role, Waiver
from workflows.words.notices import Addressee, Notice
from workflows.workdays import beijing_date

IN_FORCE = "c.from_at <= :at AND c.to_at > :at AND (c.ended_at IS NULL OR c.ended_at > :at)"
HELD = "p.person = c.principal AND p.from_at <= :at AND (p.to_at IS NULL OR p.to_at > :at)"
WITH_POSTS = f"""
SELECT c.cover, c.principal, c.name, c.nodes, c.units, c.most,
  ARRAY(SELECT p.role || ' ' || p.organ FROM desk.post p
        WHERE {HELD} AND EXISTS (SELECT FROM unnest(c.roles, c.organs) AS o (role, organ)
                                 WHERE o.role = p.role AND o.organ IN (p.organ, p.via))
        ORDER BY p.role, p.organ) AS posts
FROM desk.cover c"""  # noqa: S608 - names of this file
"""A cover with those of its posts that the principal holds at the moment."""
OF_DEPUTY = f"{WITH_POSTS} WHERE c.deputy = :person AND {IN_FORCE} ORDER BY c.from_at, c.cover"
WAIVED = """
SELECT w.waiver, w.rule, w.unit FROM desk.waiver w
WHERE w.person = :person AND w.signed_at <= :at AND w.until > :at ORDER BY w.waiver"""
GIVE = """
INSERT INTO desk.cover (cover, principal, name, deputy, deputy_name, roles, organs, nodes, units, most, from_at, to_at,
                        reason, given_by, given_by_name, given_at, version)
VALUES (:cover, :principal, :name, :deputy, :deputy_name, :roles, :organs, :nodes, :units, :most, :from_at, :to_at,
        :reason, :by, :by_name, :at, :version)"""
END = "UPDATE desk.cover SET ended_at = :at WHERE cover = :cover AND ended_at IS NULL"
WAIVE = """
INSERT INTO desk.waiver (waiver, rule, unit, person, person_name, reason, signed_by, signed_by_name, signed_at, until,
                         version)
VALUES (:waiver, :rule, :unit, :person, :person_name, :reason, :by, :by_name, :at, :until, :version)"""
SHARED = f"""
SELECT true FROM desk.cover c WHERE c.cover = :grant AND c.principal = :principal AND c.deputy = :deputy AND {IN_FORCE}
FOR SHARE"""  # noqa: S608 - names of this file
ON_PAPER = """
SELECT true FROM log.event e CROSS JOIN LATERAL (SELECT convert_from(e.body, 'UTF8')::jsonb -> 'data') AS said (data)
WHERE e.stream_id = :stream AND e.kind = 'paper.entered'
  AND data ->> 'request' = :grant AND data ->> 'leader' = :principal"""
ABOUT = """
SELECT c.* FROM desk.cover c WHERE (c.principal = :person OR c.deputy = :person)
ORDER BY c.ended_at IS NOT NULL, c.to_at DESC, c.cover LIMIT :limit"""
NOT_OVER = """
SELECT c.* FROM desk.cover c WHERE c.to_at > :at AND c.ended_at IS NULL ORDER BY c.from_at, c.cover LIMIT :limit"""
MOST_SHOWN = 200


def covers_at(tx: Transaction, deputy: str, at: datetime) -> tuple[Cover, ...]:
    """Return for whom a person may act at a moment: covers in force, with the posts that the principal holds then."""
    return tuple(_cover(row) for row in tx.rows(OF_DEPUTY, person=deputy, at=at) if row["posts"])


def waivers_at(tx: Transaction, person: str, at: datetime) -> tuple[Waiver, ...]:
    """Return what was waived for a person at a moment."""
    return tuple(Waiver(row["waiver"], row["rule"], row["unit"]) for row in tx.rows(WAIVED, person=person, at=at))


def _cover(row: RowMapping) -> Cover:
    posts = (held.partition(" ") for held in row["posts"])
    return Cover(
        row["cover"], row["principal"], row["name"], tuple(Post(Role(role), organ) for role, _blank, organ in posts),
        tuple(row["nodes"]), tuple(row["units"]), None if row["most"] is None else str(row["most"]),
    )  # fmt: skip


def refuse_over(tx: Transaction, behalf: Behalf, deputy: str, at: datetime, stream: UUID | None = None) -> None:
    """Raise NotAllowed where a cover is not in force at the moment of the record; else it lasts until this is kept.

    A decision that somebody took on paper needs no cover: its grant is the request with which the paper was entered.
    """
    shared = tx.row(SHARED, grant=behalf.grant, principal=behalf.id, deputy=deputy, at=at)
    if shared is None and tx.row(ON_PAPER, stream=stream, grant=behalf.grant, principal=behalf.id) is None:
        raise NotAllowed("代理授权此刻不在有效期内，不能代为办理。", rule="R-COVER")


def moment_of_end(tx: Transaction, cover: str) -> datetime:
    """Wait for those who act under a cover just now, and return the log's time after them: it ends then, not before."""
    tx.rows("SELECT 1 FROM desk.cover WHERE cover = :cover FOR UPDATE", cover=cover)
    moment: datetime = tx.scalar("SELECT log.now()")
    return moment


def project_covers(tx: Transaction, recorded: Recorded) -> None:
    """Write what one event means for the covers and waivers."""
    fact: Any = recorded.fact
    signed = {"by": recorded.actor_id, "by_name": recorded.actor_name, "at": recorded.at, "version": recorded.version}
    if isinstance(fact, CoverGiven):
        tx.run(GIVE, **_given(fact), **signed)
    elif isinstance(fact, CoverEnded):
        tx.run(END, cover=fact.cover, at=recorded.at)
    elif isinstance(fact, WaiverSigned):
        tx.run(WAIVE, **vars(fact) | {"until": datetime.fromisoformat(fact.until)}, **signed)


def _given(fact: CoverGiven) -> Mapping[str, Any]:
    told = vars(fact).copy()
    posts = told.pop("posts")
    return told | {
        "roles": [post["role"] for post in posts], "organs": [post["organ"] for post in posts],
        "nodes": list(fact.nodes), "units": list(fact.units), "most": fact.most,
        "from_at": datetime.fromisoformat(fact.from_at), "to_at": datetime.fromisoformat(fact.to_at),
    }  # fmt: skip


def notice_of_cover(recorded: Recorded) -> Notice | None:
    """Return what the deputy is told of a cover that he was given; nothing else here needs to be told."""
    fact = recorded.fact
    if not isinstance(fact, CoverGiven):
        return None
    first = beijing_date(datetime.fromisoformat(fact.from_at))
    last = beijing_date(datetime.fromisoformat(fact.to_at) - timedelta(seconds=1))
    text = f"{fact.name}授权您在{first}至{last}代其办理绩效目标审批事项，期满自动终止。理由：{fact.reason}"
    said = {
        "授权人": fact.name, "代理人": fact.deputy_name, "开始日期": str(first), "截止日期": str(last),
        "理由": fact.reason,
    }  # fmt: skip
    subject = f"代理授权：{fact.deputy_name} 代 {fact.name}"
    return Notice(Addressee(fact.deputy), recorded.kind, subject, text, said)


def covers_about(tx: Transaction, person: str) -> Sequence[RowMapping]:
    """Return the covers that a person gave or received, those that are not over first."""
    return tx.rows(ABOUT, person=person, limit=MOST_SHOWN)


def covers_not_over(tx: Transaction, at: datetime) -> Sequence[RowMapping]:
    """Return every cover in force or to come, for those who watch over grants."""
    return tx.rows(NOT_OVER, at=at, limit=MOST_SHOWN)


def cover_of(tx: Transaction, cover: str) -> RowMapping | None:
    """Return a cover by its ID."""
    return tx.row("SELECT c.* FROM desk.cover c WHERE c.cover = :cover", cover=cover)


def waivers_for(tx: Transaction, unit: str) -> tuple[Signed, ...]:
    """Return the waivers that were ever signed for a unit, as a table's history is held against them."""
    return tuple(
        Signed(
            row["person"], row["person_name"], row["signed_by_name"], row["reason"], row["signed_at"], row["until"]
        )
        for row in waivers_of_unit(tx, unit)
    )  # fmt: skip


def waivers_of_unit(tx: Transaction, unit: str) -> Sequence[RowMapping]:
    """Return the waivers that were ever signed for a unit, newest first."""
    return tx.rows("SELECT w.* FROM desk.waiver w WHERE w.unit = :unit ORDER BY w.signed_at DESC, w.waiver", unit=unit)
