"""A pack's term in calendar days: it ends on its day, or at the next working day where the pack moves it."""

from __future__ import annotations

from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.moments import beijing_day, days_on
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.law.limits import REST_DAYS


def check_pass_on(judge: Judge, event: Event, terms: Optional[Dict[str, Any]]) -> None:
    """A reply is passed on within the pack's calendar days from its day; a department's own table has no such term."""
    moves = terms is not None and terms["rest_day"] != "stays"
    check_term(judge, event, "data.pass_on_due", beijing_day(event.at), terms["pass_on_days"] if terms else None, moves=moves)


def check_term(judge: Judge, event: Event, field: str, day: str, days: Optional[int], moves: bool) -> None:
    """A term ends so many calendar days later, at most at the next working day where the pack moves its end; none: no day."""
    due = event.data[field.partition(".")[2]]
    wanted = "" if days is None else days_on(day, days)
    if due != wanted and not (moves and wanted <= due <= days_on(wanted, REST_DAYS)):
        judge.blame("steps", "value", event, field, due, wanted)
