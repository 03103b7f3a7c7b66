"""Which tables were given to an expert from outside, in the rounds of review that are still going on."""

from collections.abc import Sequence

import orjson

from workflows.folds.replay import Table, from_json
from workflows.store.standing import read_state
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

GIVEN = """
SELECT t.state FROM desk.table_standing t
WHERE t.stage IN ('department_review', 'finance_approval') AND t.state -> 'experts' @> CAST(:mine AS jsonb)
ORDER BY t.changed_at DESC, t.table_id LIMIT 500"""


def tables_given_to(tx: Transaction, expert: Actor) -> Sequence[Table]:
    """Return the tables under review that name the person as an expert; what he may see of them the domain says."""
    mine = orjson.dumps([{"person": expert.id}]).decode()
    return [from_json(read_state(row["state"])) for row in tx.rows(GIVEN, mine=mine)]
