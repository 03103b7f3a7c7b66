"""The campaigns of the chaos year: goals with more time for some and an early end for others, a window, the year's results."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from tests.support.roster import BUREAU
from tests.workers.desk import Bureau
from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.moments import beginning, ending
from workflows.commands.campaign_units import urge_missing
from workflows.commands.campaigns import Terms, close_campaign, extend_campaign, open_campaign
from workflows.store.campaign_coverage import coverage_of
from workflows.store.campaigns import campaign_at
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Actor
from workflows.workdays import beijing_date

PLAN = (
    ("2026-01-05", "goals", "open", "2026-04-17"),
    ("2026-01-05", "early", "open", "2026-05-29"),
    ("2026-02-25", "goals", "extend", "2026-06-12"),
    ("2026-03-10", "early", "close", ""),
    ("2026-06-01", "window", "open", "2026-10-30"),
    ("2026-11-01", "results", "open", "2027-02-12"),
    ("2027-01-20", "results", "extend", "2027-03-26"),
)
"""On which day what is done with which campaign, and until when it lasts then."""
WITH_MORE_TIME = ("unit1", "unit2")
OF_UNITS = {"goals": range(6), "early": range(6, 8), "window": range(8), "results": range(8)}
ASKING = {
    "goals": (Purpose.GOAL_FILING, "2026-01-05", ""), "early": (Purpose.GOAL_FILING, "2026-01-05", ""),
    "window": (Purpose.MONITORING, "2026-07-31", "2026-07"), "results": (Purpose.SELF_EVALUATION, "2027-01-01", ""),
}  # fmt: skip


@dataclass
class Campaigns:
    """What the performance section has asked for so far; every act keeps its command."""

    bureau: Bureau
    by: Actor
    departments: int
    streams: dict[str, UUID] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    urged: int = 0

    def keep_to_the_plan(self, now: datetime) -> None:
        """Do what the plan says up to today and is not done yet."""
        for number, (day, name, act, until) in enumerate(PLAN):
            if number not in self.done and date.fromisoformat(day) <= beijing_date(now):
                self.done.add(number)
                with begin(self.bureau.engine) as tx:
                    self._act(PostgresJournal(tx), name, act, until, uuid5(UUID(int=44), f"{name} {act} {number}"))

    def _act(self, journal: PostgresJournal, name: str, act: str, until: str, command: UUID) -> None:
        if act == "open":
            self.streams[name] = open_campaign(journal, bureau=BUREAU, terms=self._terms(name, until), by=self.by, command_id=command).id
            return
        campaign = campaign_at(journal.tx, self.streams[name])
        if act == "close":
            close_campaign(journal, campaign, reason="各单位均已报齐", by=self.by, command_id=command)
        elif ending(until) > journal.now():
            units = WITH_MORE_TIME if name == "goals" else ()
            extend_campaign(journal, campaign, closes=ending(until), reason="部分单位预算口径调整", by=self.by, command_id=command, units=units)

    def _terms(self, name: str, until: str) -> Terms:
        purpose, opens, window = ASKING[name]
        scope = {f"unit{unit}": f"dept{unit % self.departments}" for unit in OF_UNITS[name]}
        return Terms(2026, purpose, f"2026年度{purpose.chinese}", beginning(opens), ending(until), scope, window=window)

    def urges(self, command: UUID) -> None:
        """Urge who is missing in one of the campaigns. Raises GoaltrailError where nobody is or none is running."""
        if not self.streams:
            return
        stream = sorted(self.streams.values())[command.int % len(self.streams)]
        with begin(self.bureau.engine) as tx:
            campaign: Campaign = campaign_at(tx, stream)
            urge_missing(PostgresJournal(tx), campaign, units=coverage_of(tx, campaign), by=self.by, command_id=command)
        self.urged += 1
