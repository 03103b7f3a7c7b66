"""Facts of campaigns (任务布置): units are asked to file by a moment; more time, an early end, urging, 申报完毕."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class CampaignOpened(Event):
    """The performance section asks units of its bureau to file by a moment; one stream for each, numbered in its year.

    `purpose` is goal_filing, monitoring or self_evaluation; `window` is the month (YYYY-MM) whose checkpoints are
    monitored, empty otherwise. `opens` and `closes` are moments (UTC, ISO). `enforcing`: nothing is taken outside them.
    `content_hash` names the list of units as it was resolved then ({"units": [{"unit", "department"}]}), `size` counts
    it, `departments` are those of which all units are meant. `least` is how many tables a unit files at least.
    """

    kind = "campaign.opened"
    bureau: str
    year: int
    purpose: str
    window: str
    number: int
    title: str
    opens: str
    closes: str
    enforcing: bool
    departments: tuple[str, ...]
    content_hash: str
    size: int
    least: int
    basis: str


@dataclass(frozen=True)
class CampaignExtended(Event):
    """The campaign closes later, for the units named, or for all where none is; `closes` is a moment (UTC, ISO)."""

    kind = "campaign.extended"
    units: tuple[str, ...]
    closes: str
    reason: str


@dataclass(frozen=True)
class CampaignClosed(Event):
    """The campaign ended before its time."""

    kind = "campaign.closed"
    reason: str


@dataclass(frozen=True)
class CampaignUrged(Event):
    """Units that had not filed were urged, all at once."""

    kind = "campaign.urged"
    units: tuple[str, ...]


@dataclass(frozen=True)
class CampaignDeclared(Event):
    """A unit says that it has nothing more to file (申报完毕; with no table 零申报); `tables` is what it had filed."""

    kind = "campaign.declared"
    unit: str
    tables: int
    note: str
