"""The indicators that public tables in force of a bureau use, counted by name; and how often an entry was picked."""

from collections.abc import Sequence

from workflows.events import Recorded
from workflows.library import Entry, Used, curated, joined, library_of, matching
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction

MOST_NAMES = 2_000
ROWS = """
FROM desk.table_standing t JOIN log.content c ON c.hash = decode(t.in_force, 'hex')
  CROSS JOIN LATERAL (SELECT convert_from(c.body, 'UTF8')::jsonb AS body) said
  CROSS JOIN LATERAL jsonb_array_elements(said.body -> 'indicators') AS each(row)
WHERE t.bureau = :bureau AND t.stage NOT IN ('voided', 'refused', 'terminated')
  AND coalesce(t.state ->> 'origin', '') <> 'revision' AND said.body ->> 'disclosure' = '公开'
  AND coalesce(t.state #>> '{secrecy,outcome}', '') <> 'internal' """
USED = f"""
SELECT row ->> 'level1' AS level1, row ->> 'level2' AS level2, row ->> 'level3' AS level3,
  count(DISTINCT t.table_id) AS tables, array_agg(DISTINCT t.year) AS years,
  array_agg(DISTINCT t.department) AS departments, array_agg(DISTINCT row #>> '{{target,raw}}') AS targets,
  coalesce(max(row ->> 'description'), '') AS description, coalesce(max(row ->> 'basis'), '') AS basis
{ROWS} AND row ->> 'level3' <> '' AND row ->> 'level2' <> ''
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3 LIMIT {MOST_NAMES}"""
PICKED = f"""
SELECT row #>> '{{origin,entry}}' AS entry, count(*) AS n {ROWS}
  AND row #>> '{{origin,entry}}' IS NOT NULL GROUP BY 1"""
COUNTED = f"SELECT count(DISTINCT t.table_id) AS tables, count(*) AS rows {ROWS}"


def library(tx: Transaction, bureau: str, *, words: str = "") -> tuple[Entry, ...]:
    """Return a bureau's library, retired entries last; those with all of these words where some are asked for.

    Only indicators of tables in force that are 公开 are in it, and what the performance office says of them.
    """
    used = tuple(
        Used(
            row["level1"] or "", row["level2"], row["level3"], row["tables"], tuple(row["years"]),
            tuple(row["departments"]), tuple(each for each in row["targets"] if each), row["description"],
            row["basis"],
        )
        for row in tx.rows(USED, bureau=bureau)
    )  # fmt: skip
    picked = {row["entry"]: int(row["n"]) for row in tx.rows(PICKED, bureau=bureau)}
    return matching(joined(bureau, used, curated(spoken_of(tx, bureau)), picked), words)


def spoken_of(tx: Transaction, bureau: str) -> Sequence[Recorded]:
    """Return what the performance office said of the library, oldest first."""
    return history_of(tx, library_of(bureau))


def counted(tx: Transaction, bureau: str) -> tuple[int, int]:
    """Return of how many tables, and how many of their rows, the library is made."""
    row = tx.row(COUNTED, bureau=bureau)
    return (int(row["tables"]), int(row["rows"])) if row else (0, 0)
