"""What of a department's year can be disclosed, how many classified stubs it has, and the packs that are public."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from workflows.events import DisclosureReleased
from workflows.state.disclosures import FIT, GOALS, PUBLIC_MARK, SELF_EVALUATION, STUBS_NAME
from workflows.store.event_rows import recorded_row
from workflows.store.streams import TEXTS
from workflows.store.transaction import Transaction

REPLIED = """
SELECT t.table_id FROM desk.table_standing t
WHERE t.department = ANY(desk.organ_line(:department)) AND t.year = :year AND t.in_force IS NOT NULL
ORDER BY t.table_id LIMIT :limit"""
TO_REVIEW = f"""
SELECT t.table_id, t.title, t.unit, t.year, t.changed_at FROM desk.table_standing t
WHERE (t.department = ANY(:organs) OR t.unit = ANY(:organs)) AND t.in_force IS NOT NULL
  AND t.disclosure = '{PUBLIC_MARK}' AND t.stage IN ('monitoring', 'self_evaluation', 'closed')
  AND (t.state ->> 'source' IS NULL OR t.state ->> 'source' = '')
  AND t.state #>> '{{secrecy,content_hash}}' IS DISTINCT FROM t.in_force
ORDER BY t.year, t.title_key, t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
EVALUATED = f"""
SELECT t.table_id, t.title, t.unit, t.year, t.changed_at FROM desk.table_standing t
WHERE (t.department = ANY(:organs) OR t.unit = ANY(:organs)) AND t.stage = 'closed'
  AND t.disclosure = '{PUBLIC_MARK}' AND t.state #>> '{{secrecy,content_hash}}' = t.in_force
  AND t.state #>> '{{evaluation,total}}' IS NOT NULL AND coalesce(t.state ->> 'source', '') = ''
  AND (t.state #> '{{secrecy,evaluated}}') IS NULL
ORDER BY t.year, t.title_key, t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
TO_LOOK_AT = {GOALS: TO_REVIEW, SELF_EVALUATION: EVALUATED}
STUBS = f"""
SELECT coalesce(sum(undisclosed), 0) FROM (
  SELECT DISTINCT ON (CASE WHEN name = '{STUBS_NAME}' THEN unit ELSE bytes_sha256 END) undisclosed
  FROM desk.document WHERE department = ANY(desk.organ_line(:department)) AND year = :year
  ORDER BY CASE WHEN name = '{STUBS_NAME}' THEN unit ELSE bytes_sha256 END, filed_at DESC) AS d"""  # noqa: S608
RELEASED = f"""
SELECT e.body, e.leaf_hash, {TEXTS} FROM log.stream s JOIN log.event e USING (stream_id)
WHERE s.subject = 'campaign' AND e.kind = 'disclosure.released' ORDER BY e.event_id"""  # noqa: S608 - names of this file
STILL = f"""
SELECT t.table_id, t.unit, t.state #>> '{{secrecy,evaluated,0}}' AS evaluated FROM desk.table_standing t
WHERE t.table_id = ANY(:tables) AND t.disclosure = '{PUBLIC_MARK}'"""  # noqa: S608 - names of this file
MOST_LISTED = 200


@dataclass(frozen=True)
class PublicPack:
    """A pack as the public sees it now; what was found internal since is taken out and counted."""

    pack: UUID
    released_at: datetime
    fact: DisclosureReleased
    units: dict[str, str]

    @property
    def reviewers(self) -> str:
        """Return the names of who reviewed the secrecy."""
        return "、".join(dict.fromkeys(row["reviewer_name"] for row in self.fact.tables))


def tables_in_force(tx: Transaction, department: str, year: int, *, limit: int) -> list[UUID]:
    """Return the IDs of the tables of a year in force of a department and of those that went into it."""
    return [row["table_id"] for row in tx.rows(REPLIED, department=department, year=year, limit=limit)]


def tables_to_review(tx: Transaction, organs: Sequence[str], what: str = GOALS) -> list[dict[str, object]]:
    """Return the tables marked 公开 of these units or departments whose goals, or evaluation, nobody reviewed yet."""
    return [dict(row) for row in tx.rows(TO_LOOK_AT[what], organs=list(organs), limit=MOST_LISTED)]


def stubs_of(tx: Transaction, department: str, year: int) -> int:
    """Return how many classified tables are known by number alone; a document taken in twice counts once."""
    return int(tx.scalar(STUBS, department=department, year=year) or 0)


def public_packs(tx: Transaction) -> tuple[PublicPack, ...]:
    """Return the newest released pack of each department, year and kind, newest first."""
    newest = {}
    for recorded in map(recorded_row, tx.rows(RELEASED)):
        fact = recorded.fact
        if isinstance(fact, DisclosureReleased):
            newest[fact.department, fact.year, fact.what] = PublicPack(recorded.stream, recorded.at, fact, {})
    found = sorted(newest.values(), key=lambda each: each.released_at, reverse=True)
    still = _still(tx, [row["table"] for each in found for row in each.fact.tables])
    return tuple(_now(each, still) for each in found)


def public_pack(tx: Transaction, pack: UUID) -> PublicPack | None:
    """Return one of the public packs, None for any other ID."""
    return next((each for each in public_packs(tx) if each.pack == pack), None)


def _still(tx: Transaction, tables: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Return of tables whose goals are public still: the unit, and whether the evaluation was not found internal."""
    rows = tx.rows(STILL, tables=[UUID(each) for each in tables])
    return {str(row["table_id"]): (row["unit"], row["evaluated"] in (None, FIT)) for row in rows}


def _now(pack: PublicPack, still: dict[str, tuple[str, bool]]) -> PublicPack:
    goals = pack.fact.what == GOALS
    shown = tuple(
        row for row in pack.fact.tables if row["table"] in still and (goals or still[row["table"]][1])
    )
    gone = len(pack.fact.tables) - len(shown)
    fact = replace(
        pack.fact, tables=shown, undisclosed=pack.fact.undisclosed + gone, internal=pack.fact.internal + gone
    )
    return replace(pack, fact=fact, units={row["table"]: still[row["table"]][0] for row in shown})
