"""Which filings a campaign was to refuse and which it was not to, from the log alone; apart from the product."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from tests.support.campaigns_by_the_log import FILED, GOALS, RESULTS, TAKEN_BACK, WINDOWS, Asked, Tables
from workflows.events import Recorded
from workflows.folds.replay import Table, apply

SENT_BACK = {"table.returned": GOALS, "monitoring.returned": WINDOWS, "selfeval.returned": RESULTS}


@dataclass(frozen=True)
class Refused:
    """A filing that was refused: at which table, when, by which rule, as which version it stood."""

    table: UUID
    at: dt.datetime
    rule: str
    version: int


def against_the_cut_off(tables: Tables, campaigns: Sequence[Asked], refusals: Sequence[Refused]) -> tuple[list[tuple], int]:
    """Return every filing that the log took though it was to be refused and every refusal without ground; beside it how
    many filings came after the cut-off with right: they had been filed in time and sent back.
    """
    wrong, late = list[tuple](), 0
    for stream, events in tables.items():
        for number, recorded in enumerate(events):
            if recorded.kind in FILED:
                filing = Filing(stream, events[:number], FILED[recorded.kind], getattr(recorded.fact, "window", ""))
                rule = filing.shut(campaigns, recorded.at)
                late += bool(rule) and filing.sent_back
                wrong += [(str(stream), recorded.kind, recorded.at, rule)] if rule and not filing.sent_back else []
    for refusal in refusals:
        filings = filings_open(refusal.table, tables[refusal.table][: refusal.version])
        rules = {each.shut(campaigns, refusal.at) for each in filings if not each.sent_back}
        wrong += [] if refusal.rule in rules else [(str(refusal.table), "refused", refusal.at, refusal.rule)]
    return wrong, late


@dataclass(frozen=True)
class Filing:
    """Something that a table could file after these events."""

    stream: UUID
    events: Sequence[Recorded]
    purpose: str
    window: str = ""

    def shut(self, campaigns: Sequence[Asked], at: dt.datetime) -> str:
        """Return the rule by which the newest campaign that asks for it refuses it at a moment, empty for none."""
        table = _folded(self.stream, self.events)
        month = next((each.date[:7] for each in table.windows if each.window == self.window), "")
        about = (self.purpose, month if self.purpose == WINDOWS else "")
        mine = [each for each in campaigns if (each.fact.purpose, each.fact.window) == about and table.unit in each.units]
        newest = max((each for each in mine if each.since <= at), key=lambda each: each.fact.number, default=None)
        return newest.shut(table.unit, at) if newest else ""

    @property
    def sent_back(self) -> bool:
        """Whether it was sent back since it was filed last, and not taken back by the unit itself."""
        turns = [
            each.kind for each in self.events
            if self.purpose in (FILED.get(each.kind), SENT_BACK.get(each.kind), TAKEN_BACK.get(each.kind))
            and (self.purpose != WINDOWS or getattr(each.fact, "window", "") == self.window)
        ]
        return bool(turns) and turns[-1] in SENT_BACK


def filings_open(stream: UUID, events: Sequence[Recorded]) -> Iterator[Filing]:
    """Yield what a table could file."""
    for desk in _folded(stream, events).desks:
        node, _colon, window = desk.node.partition(":")
        purpose = {"drafting": GOALS, "monitoring_filing": WINDOWS, "evaluation_filing": RESULTS}.get(node)
        if purpose:
            yield Filing(stream, events, purpose, window)


def _folded(stream: UUID, events: Sequence[Recorded]) -> Table:
    table = Table(stream)
    for recorded in events:
        table = apply(table, recorded)
    return table
