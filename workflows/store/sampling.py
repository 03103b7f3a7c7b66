"""Which tables of a bureau wait to be closed and can be drawn for its check, with last year's totals beside."""

from decimal import Decimal

from workflows.measures.sampling import Candidate
from workflows.store.transaction import Transaction
from workflows.vocabulary import Grade

WAITING = """
SELECT t.table_id, t.total, t.grade, t.title, t.unit, t.department,
  (SELECT max(b.total) FROM desk.table_standing b
   WHERE b.bureau = t.bureau AND b.unit = ANY(desk.organ_line(t.unit))
     AND b.title = t.title AND b.year = t.year - 1) AS last
FROM desk.table_standing t JOIN desk.task k ON k.table_id = t.table_id AND k.node = 'archiving'
WHERE t.bureau = :bureau AND t.year = :year AND (:department = '' OR t.department = :department)
  AND t.asked IS NULL AND t.state -> 'drawn' IS NULL AND t.state -> 'suspended' IS NULL AND t.total IS NOT NULL
ORDER BY t.table_id LIMIT :limit"""
DRAWS = """
SELECT t.table_id, t.title, t.unit, t.year, t.total, t.grade, t.state -> 'drawn' AS drawn,
  t.state #>> '{evaluation,total}' AS own
FROM desk.table_standing t
WHERE t.bureau = :bureau AND t.year = :year AND t.state -> 'drawn' IS NOT NULL
ORDER BY t.state #>> '{drawn,sampling}', t.title_key LIMIT :limit"""
RESULTS = """
SELECT t.department, t.unit, count(*) AS tables, count(*) FILTER (WHERE t.grade = 'excellent') AS excellent,
  count(*) FILTER (WHERE t.grade = 'good') AS good, count(*) FILTER (WHERE t.grade = 'fair') AS fair,
  count(*) FILTER (WHERE t.grade = 'poor') AS poor, count(*) FILTER (WHERE t.total = 100) AS full_marks,
  count(*) FILTER (WHERE t.total >= 80) AS eighty,
  count(*) FILTER (WHERE t.state -> 'rescores' IS NOT NULL) AS rescored,
  avg(abs(t.total - (t.state #>> '{evaluation,total}')::numeric))
    FILTER (WHERE t.state -> 'rescores' IS NOT NULL) AS off
FROM desk.table_standing t
WHERE t.bureau = :bureau AND t.year = :year AND t.total IS NOT NULL
GROUP BY t.department, t.unit ORDER BY t.department, t.unit LIMIT :limit"""
MOST = 1000


def tables_to_draw_from(
    tx: Transaction, bureau: str, year: int, department: str, *, limit: int
) -> tuple[Candidate, ...]:  # fmt: skip
    """Return what can be drawn, in the order of IDs; last year's total by unit and title where there is one."""
    rows = tx.rows(WAITING, bureau=bureau, year=year, department=department, limit=limit)
    return tuple(
        Candidate(row["table_id"], Decimal(row["total"]), Grade(row["grade"]), row["last"]) for row in rows
    )


def tables_drawn(tx: Transaction, bureau: str, year: int) -> list[dict[str, object]]:
    """Return what was drawn in a year: table, title, unit, own total, the one that counts, why, done."""
    return [dict(row) for row in tx.rows(DRAWS, bureau=bureau, year=year, limit=MOST)]


def results_by_unit(tx: Transaction, bureau: str, year: int) -> list[dict[str, object]]:
    """Return grades by unit, how many have full marks or 80 and more, and how far re-scoring was off on average."""
    return [dict(row) for row in tx.rows(RESULTS, bureau=bureau, year=year, limit=MOST)]
