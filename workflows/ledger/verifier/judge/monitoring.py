"""Monitoring windows: opened, filed with figures and colour, accepted or returned."""

from __future__ import annotations

from decimal import Decimal
from typing import Dict, Optional

from workflows.ledger.verifier.events.amounts import ratio, rounded
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.canonical import digest_of
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.judge.campaigns import check_in_time
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import check_number, check_pack_named, expect, left
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import at_its_desk, check_goes_on, window_named
from workflows.ledger.verifier.judge.seats import check_issuer
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import entering
from workflows.ledger.verifier.law.colours import SEVERITY, colours_of, goals_of, realised


def open_window(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A monitoring window opens on its day, on a project that goes on."""
    check_goes_on(table, event)
    window = window_named(table, event, "planned")
    check_issuer(judge, table, event)
    expect(event, {"name": window.name, "date": window.date, "planned_percent": window.planned_percent,
                   "source": window.source, "rule": "monitoring.checkpoint"})  # fmt: skip
    if beijing_day(event.at) < window.date:
        judge.blame("steps", "value", event, "at", event.at, f">= {window.date}")
    return [entering(table, event, judge.definition(table).named("monitoring_filing"), table.round, window.window)]


def open_filed(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The figures of a window are filed: rate, deviation and colour are reckoned from them."""
    window, data = window_named(table, event, "open"), event.data
    at_its_desk(table, event, desk, f"monitoring_filing:{window.window}")
    read = table.in_force_on(window.date)
    expect(event, {"content_hash": read, "planned": window.planned_percent})
    check_pack_named(table, event)
    if window.returned_reason is None:
        check_in_time(judge, (table.bureau, table.unit), table.year, event, "monitoring", window.date[:7])
    rate, planned = ratio(data["figures"], judge.sheet(read, event)), window.planned_percent
    wanted = None if rate is None else rounded(rate * 100)
    check_number(judge, event, "execution_rate", wanted)
    check_number(judge, event, "deviation", None if wanted is None or planned is None else wanted - Decimal(planned))
    check_colour(judge, table, event, window.date, wanted)
    check = judge.definition(table).named("monitoring_check")
    return [left(desk), entering(table, event, check, table.round, window.window)]


def check_colour(judge: Judge, table: Table, event: Event, date: str, rate: Optional[Decimal]) -> None:
    """The goals' realisation and the colour are those that the pinned pack gives the figures (domain.md 8.2, 8.3)."""
    data, sheet, pack = event.data, judge.sheet(event.data["content_hash"], event), judge.pack(table, event)
    if not isinstance(pack.get("colours"), dict):
        return
    said = None if data["realisation"] is None else Decimal(data["realisation"])
    span = realised(goals_of(sheet, data["figures"], pack))
    if (said is None) != (span is None) or (said is not None and span is not None and not span[0] <= said <= span[1]):
        judge.blame("steps", "value", event, "data.realisation", said, "–".join(map(str, span or ())))
    deviation = None if data["deviation"] is None else Decimal(data["deviation"])
    calm, grave = colours_of(sheet, pack, date, data["figures"], rate, deviation, said)
    if data["colour"] not in SEVERITY[SEVERITY.index(calm) : SEVERITY.index(grave) + 1]:
        judge.blame("steps", "value", event, "data.colour", data["colour"], calm if calm == grave else f"{calm}–{grave}")


def open_accepted(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The figures of a window are accepted."""
    window = window_named(table, event, "filed")
    at_its_desk(table, event, desk, f"monitoring_check:{window.window}")
    return [left(desk)]


def open_window_returned(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The figures of a window are sent back."""
    check_goes_on(table, event)
    window = window_named(table, event, "filed")
    at_its_desk(table, event, desk, f"monitoring_check:{window.window}")
    filing = judge.definition(table).named("monitoring_filing")
    return [left(desk), entering(table, event, filing, table.round, window.window)]


def apply_window_opened(judge: Judge, table: Table, event: Event) -> None:
    """A window is open."""
    window_named(table, event, "planned").state = "open"


def apply_window_filed(judge: Judge, table: Table, event: Event) -> None:
    """A window has its figures, of which the hash and the erasable words are kept."""
    window, data = window_named(table, event, "open"), event.data
    words = tuple((name, judge.word(data[name])) for name in ("cause", "measure", "person") if data[name])
    rest = {name: value for name, value in data["figures"].items() if name not in dict(words)}
    window.state, window.colour, window.filed_by, window.returned_reason = "filed", data["colour"], event.person, None
    window.execution_rate, window.deviation = data["execution_rate"], data["deviation"]
    window.figures, window.words = digest_of(rest), words


def apply_window_accepted(judge: Judge, table: Table, event: Event) -> None:
    """A window's figures are accepted."""
    window_named(table, event, "filed").state = "accepted"


def apply_window_returned(judge: Judge, table: Table, event: Event) -> None:
    """A window is open again, with a reason."""
    window = window_named(table, event, "filed")
    window.state, window.returned_reason = "open", judge.word(event.data["reason"])


MONITORING_OPENERS: Dict[str, Opener] = {
    "monitoring.opened": open_window,
    "monitoring.filed": open_filed,
    "monitoring.accepted": open_accepted,
    "monitoring.returned": open_window_returned,
}
MONITORING_EFFECTS: Dict[str, Effect] = {
    "monitoring.opened": apply_window_opened,
    "monitoring.filed": apply_window_filed,
    "monitoring.accepted": apply_window_accepted,
    "monitoring.returned": apply_window_returned,
}
