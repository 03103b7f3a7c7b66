"""A campaign as it stands after its events: its terms, the units asked, extensions, an early end, who was urged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.vocabulary import Word

CAMPAIGNS = UUID("1f6d3c52-0b7e-5f0c-9a64-8f4f0f4d7b21")
"""Namespace of the streams: derived from bureau, year, purpose and number, so that they are found without a search."""
MOST_CAMPAIGNS = 40
"""Campaigns of one purpose in one year."""


class Purpose(Word):
    """What a campaign asks for."""

    GOAL_FILING = "goal_filing", "目标申报", "goal filing"
    MONITORING = "monitoring", "绩效监控", "monitoring"
    SELF_EVALUATION = "self_evaluation", "绩效自评", "self-evaluation"


class Phase(Word):
    """Where a campaign is in its time."""

    AHEAD = "ahead", "未开始", "ahead"
    RUNNING = "running", "进行中", "running"
    OVER = "over", "已截止", "over"


DECLARABLE = Purpose.GOAL_FILING
"""Only here can a unit say that it has nothing more to file: elsewhere its tables say what is owed."""


@dataclass(frozen=True)
class Extension:
    """A later closing: for which units (none: all), until when, why, by whom and when."""

    units: tuple[str, ...]
    closes: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Declaration:
    """A unit's word that it has nothing more to file."""

    tables: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Campaign:
    """A campaign after its events; `scope` maps every unit asked to its department; moments are UTC."""

    id: UUID
    bureau: str
    year: int
    purpose: Purpose
    window: str
    number: int
    title: str
    opens: datetime
    closes: datetime
    enforcing: bool
    departments: tuple[str, ...]
    scope: Mapping[str, str]
    least: int
    basis: str
    by: str
    opened_at: datetime
    version: int = 1
    extensions: tuple[Extension, ...] = ()
    closed_at: datetime | None = None
    closed_why: str = ""
    urged: Mapping[str, datetime] = field(default_factory=dict)
    declared: Mapping[str, Declaration] = field(default_factory=dict)

    def closes_for(self, unit: str) -> datetime:
        """Return when the campaign closes for a unit by its terms and extensions, whatever ended it early."""
        return max((each.closes for each in self.extensions if unit in each.units or not each.units),
                   default=self.closes)

    def over_for(self, unit: str, now: datetime) -> bool:
        """Whether a unit's time is over. An early end that is on record counts, whatever the clock says."""
        return self.closed_at is not None or now >= self.closes_for(unit)

    @property
    def last_closing(self) -> datetime:
        """Return when it closes for the last unit, or when it was ended."""
        return self.closed_at or max((self.closes, *(each.closes for each in self.extensions)))

    def phase(self, now: datetime) -> Phase:
        """Return where the campaign is in its time."""
        if now < self.opens and self.closed_at is None:
            return Phase.AHEAD
        return Phase.OVER if self.closed_at or now >= self.last_closing else Phase.RUNNING


def campaign_stream(bureau: str, year: int, purpose: Purpose, number: int) -> UUID:
    """Return the ID of the stream of a bureau's n-th campaign (from 1) of one purpose in a year."""
    return uuid5(CAMPAIGNS, f"{bureau}#{year}#{purpose}#{number}")


def campaign_streams(bureau: str, year: int, purposes: Sequence[Purpose] = tuple(Purpose)) -> tuple[UUID, ...]:
    """Return every stream on which a campaign of a year may stand, in the order of purpose and number."""
    numbers = range(1, MOST_CAMPAIGNS + 1)
    return tuple(campaign_stream(bureau, year, purpose, number) for purpose in purposes for number in numbers)


def unit_list(scope: Mapping[str, str]) -> dict[str, Any]:
    """Return the content under whose hash the units asked are kept: in the order of their IDs."""
    return {"units": [{"unit": unit, "department": scope[unit]} for unit in sorted(scope)]}


def campaign_from(history: Sequence[e.Recorded], content: Callable[[str], Mapping[str, Any]]) -> Campaign | None:
    """Return the campaign that a stream's events tell of, None where they tell of none; the rest may be left out."""
    if not history or not isinstance(history[0].fact, e.CampaignOpened):
        return None
    campaign = _opened(history[0], history[0].fact, content)
    for recorded in history[1:]:
        campaign = replace(_after(campaign, recorded), version=recorded.version)
    return campaign


def _opened(recorded: e.Recorded, fact: e.CampaignOpened, content: Callable[[str], Mapping[str, Any]]) -> Campaign:
    return Campaign(
        id=recorded.stream, bureau=fact.bureau, year=fact.year, purpose=Purpose(fact.purpose), window=fact.window,
        number=fact.number, title=fact.title, opens=datetime.fromisoformat(fact.opens),
        closes=datetime.fromisoformat(fact.closes), enforcing=fact.enforcing, departments=fact.departments,
        scope={each["unit"]: each["department"] for each in content(fact.content_hash)["units"]},
        least=fact.least, basis=fact.basis, by=recorded.actor_name, opened_at=recorded.at,
    )  # fmt: skip


def _after(campaign: Campaign, recorded: e.Recorded) -> Campaign:
    match recorded.fact:
        case e.CampaignExtended(units, closes, reason):
            later = Extension(units, datetime.fromisoformat(closes), reason, recorded.actor_name, recorded.at)
            return replace(campaign, extensions=(*campaign.extensions, later))
        case e.CampaignClosed(reason):
            return replace(campaign, closed_at=recorded.at, closed_why=reason)
        case e.CampaignUrged(units):
            return replace(campaign, urged={**campaign.urged, **dict.fromkeys(units, recorded.at)})
        case e.CampaignDeclared(unit, tables, note):
            said = Declaration(tables, note, recorded.actor_name, recorded.at)
            return replace(campaign, declared={**campaign.declared, unit: said})
        case _:
            return campaign
