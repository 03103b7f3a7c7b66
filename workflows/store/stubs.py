"""How many classified projects units registered by number alone, for the statistics of whoever oversees them."""

from datetime import datetime

from workflows.rights.permissions import scope_of
from workflows.state.disclosures import STUBS_NAME
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role

COUNTED = f"""
SELECT department, unit, sum(undisclosed) AS stubs FROM (
  SELECT DISTINCT ON (CASE WHEN name = '{STUBS_NAME}' THEN unit ELSE bytes_sha256 END) department, unit, undisclosed
  FROM desk.document
  WHERE year = :year AND (CAST(:until AS timestamptz) IS NULL OR filed_at <= :until)
    AND (:all OR unit = ANY(:units) OR department = ANY(:departments) OR bureau = ANY(:bureaus))
  ORDER BY CASE WHEN name = '{STUBS_NAME}' THEN unit ELSE bytes_sha256 END, filed_at DESC) AS d
GROUP BY department, unit HAVING sum(undisclosed) > 0"""  # noqa: S608 - names of this file

OWN = f"""
SELECT undisclosed FROM desk.document WHERE unit = :unit AND year = :year AND name = '{STUBS_NAME}'
ORDER BY filed_at DESC, document_id LIMIT 1"""  # noqa: S608 - names of this file


def own_stubs(tx: Transaction, unit: str, year: int) -> int:
    """Return the number that a unit registered last itself for a year; 0 for none."""
    row = tx.row(OWN, unit=unit, year=year)
    return int(row["undisclosed"]) if row else 0


def stubs_counted(
    tx: Transaction, actor: Actor, year: int, until: datetime | None = None
) -> dict[tuple[str, str], int]:  # fmt: skip
    """Return the number of classified projects by (department, unit) within the person's scope, up to a moment."""
    scope = scope_of(actor)
    rows = tx.rows(
        COUNTED, year=year, until=until, units=list(scope.units), departments=list(scope.departments),
        bureaus=list(scope.bureaus), all=actor.holds(Role.SYSTEM),
    )  # fmt: skip
    return {(row["department"], row["unit"]): int(row["stubs"]) for row in rows}
