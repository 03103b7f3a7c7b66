"""What the ledger proposes in the self-evaluation of a table on overall spending; the person confirms or changes it."""

from typing import Any

from flask import Blueprint

from service.context import journal, transaction
from workflows.folds.replay import Table
from workflows.measures.proposed_actuals import Proposed, proposed_actuals
from workflows.measures.unit_loop import loop_of
from workflows.packs import pinned_pack
from workflows.state.assessments import components_now
from workflows.store.stubs import stubs_counted
from workflows.store.tallies import tallies_of_organ
from workflows.vocabulary import SYSTEM
from workflows.workdays import beijing_date

pages = Blueprint("proposing", __name__)


def proposals_of(table: Table, content: dict[str, Any]) -> dict[str, Proposed]:
    """Return the proposed actuals by row ID: of the table's own unit or department, in its year; empty for projects."""
    rules = pinned_pack(table.pack_hash, journal().content).unit_loop
    if rules is None or table.scope not in ("unit", "department"):
        return {}
    tx, whole = transaction(), table.scope == "department"
    organ, day = table.department if whole else table.unit, beijing_date(transaction().now()).isoformat()
    found = tallies_of_organ(tx, organ, table.year, department=whole)
    stubs = sum(
        number for (department, unit), number in stubs_counted(tx, SYSTEM, table.year).items()
        if organ == (department if whole else unit)
    )  # fmt: skip
    rates = loop_of(found.tallies, stubs=stubs, day=day, rules=rules)
    return proposed_actuals(content["indicators"], rates, rules, components_now(table.components), day)


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"proposals_of": proposals_of}
