"""Campaigns (任务布置) for programs: what is asked by when, who has filed, what section and units do about it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import Body, Reason, Text
from service.api.operation import Reply
from service.campaigns import Typed, bureau_of_the_section, campaign_seen, campaigns_seen, terms_from, years_about
from service.context import journal, person, transaction
from workflows.campaigns import Campaign
from workflows.campaigns.coverage import UnitStands, counted
from workflows.campaigns.moments import ending
from workflows.commands import campaigns as verbs
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.errors import NotFound
from workflows.store.campaign_sums import standings_of

Moment = Annotated[Text, Field(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$")]
Units = Annotated[list[Text], Field(max_length=1_000)]


class CampaignsQuery(Body):
    """Which budget year; without one those about now."""

    year: int | None = Field(None, ge=2000, le=2100)


class NewCampaign(Body):
    """What is asked of whom: a day is meant to its end (24:00 in Beijing), a minute may be named.

    `departments` stand for all their units of today; `window` is the month of the checkpoints that are monitored.
    """

    year: int = Field(ge=2000, le=2100)
    purpose: Literal["goal_filing", "monitoring", "self_evaluation"]
    title: Annotated[Text, Field(min_length=1, max_length=100)]
    opens: Moment
    closes: Moment
    enforcing: bool = True
    window: Annotated[Text, Field(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = ""
    departments: Units = Field(default_factory=list)
    units: Units = Field(default_factory=list)
    least: int = Field(1, ge=1, le=999)
    basis: Annotated[Text, Field(max_length=100)] = ""


class MoreTime(Body):
    """A later closing, for the units named or for all."""

    closes: Moment
    reason: Reason
    units: Units = Field(default_factory=list)


class EarlyEnd(Body):
    """Why a campaign ends before its time."""

    reason: Reason


class Urging(Body):
    """Which units are urged: all that have not filed where none is named."""

    units: Units = Field(default_factory=list)


class NothingMore(Body):
    """A unit's word that it has nothing more to file; with no table filed the note is the reason."""

    unit: Annotated[Text, Field(min_length=1)]
    note: Annotated[Text, Field(max_length=200)] = ""


class CampaignRow(Shape):
    """A campaign: its terms as they stand now, and whether it runs."""

    campaign: UUID
    title: str
    year: int
    purpose: str
    window: str
    opens: datetime
    closes: datetime
    last_closing: datetime
    enforcing: bool
    phase: str
    least: int
    basis: str
    units: int


class Campaigns(Shape):
    """Campaigns, those that close last first."""

    items: list[CampaignRow]


class UnitRow(Shape):
    """How a unit stands: `standing` is filed, late, missing or nothing; tables counted, stubs by number alone."""

    unit: str
    department: str
    standing: str
    filed: int
    late: int
    missing: int
    stubs: int
    closes: datetime
    complete_at: datetime | None
    urged_at: datetime | None
    declared: bool


class CampaignShown(CampaignRow):
    """A campaign with the units that the caller sees, counted at `as_of`; `dry_run` where nothing was recorded."""

    as_of: datetime
    filed_units: int
    late_units: int
    missing_units: int
    coverage: list[UnitRow]
    dry_run: bool = False


class Urged(Shape):
    """The units that were urged now."""

    units: list[str]
    dry_run: bool


def list_campaigns(asked: Asked) -> Reply:
    """Return the campaigns of which the person sees a unit."""
    query: CampaignsQuery = asked.query
    years = (query.year,) if query.year else years_about(transaction().now())
    found = campaigns_seen(transaction(), person(), years)
    return Reply(Campaigns(items=[CampaignRow(**_row(each)) for each in found]))


def show_campaign(asked: Asked) -> Reply:
    """Return one campaign and how its units stand."""
    return Reply(_shown(asked.path["campaign_id"]))


def open_one(asked: Asked) -> Reply:
    """Ask units to file."""
    body: NewCampaign = asked.body
    said = body.model_dump() | {"departments": tuple(body.departments), "units": tuple(body.units)}
    bureau = bureau_of_the_section(person())
    terms = terms_from(transaction(), Typed(**said))
    campaign = verbs.open_campaign(
        journal(), bureau=bureau, terms=terms, by=person(), command_id=asked.command_id
    )
    return Reply(_shown(campaign.id, dry_run=asked.dry_run), status=201)


def extend(asked: Asked) -> Reply:
    """Give more time."""
    body: MoreTime = asked.body
    verbs.extend_campaign(
        journal(), _campaign(asked), closes=ending(body.closes), units=body.units, reason=body.reason, by=person(),
        command_id=asked.command_id,
    )  # fmt: skip
    return Reply(_shown(asked.path["campaign_id"], dry_run=asked.dry_run))


def close(asked: Asked) -> Reply:
    """End it before its time."""
    body: EarlyEnd = asked.body
    verbs.close_campaign(
        journal(), _campaign(asked), reason=body.reason, by=person(), command_id=asked.command_id
    )
    return Reply(_shown(asked.path["campaign_id"], dry_run=asked.dry_run))


def urge(asked: Asked) -> Reply:
    """Urge who has not filed."""
    body: Urging = asked.body
    campaign, seen = campaign_seen(transaction(), person(), asked.path["campaign_id"])
    urged = urge_missing(
        journal(), campaign, units=standings_of(transaction(), campaign, seen), only=body.units, by=person(),
        command_id=asked.command_id,
    )  # fmt: skip
    return Reply(Urged(units=list(urged), dry_run=asked.dry_run))


def declare(asked: Asked) -> Reply:
    """Say for a unit that nothing more comes."""
    body: NothingMore = asked.body
    campaign, seen = campaign_seen(transaction(), person(), asked.path["campaign_id"])
    stands = standings_of(transaction(), campaign, seen & {body.unit})
    if not stands:
        raise NotFound
    declare_complete(
        journal(), campaign, stands=stands[0], by=person(), command_id=asked.command_id, note=body.note
    )
    return Reply(_shown(campaign.id, dry_run=asked.dry_run))


def _campaign(asked: Asked) -> Campaign:
    return campaign_seen(transaction(), person(), asked.path["campaign_id"])[0]


def _row(campaign: Campaign) -> dict[str, Any]:
    same = ("title", "year", "window", "opens", "closes", "last_closing", "enforcing", "least", "basis")
    return {name: getattr(campaign, name) for name in same} | {
        "campaign": campaign.id, "purpose": campaign.purpose.value, "units": len(campaign.scope),
        "phase": campaign.phase(transaction().now()).value,
    }  # fmt: skip


def _shown(campaign_id: UUID, *, dry_run: bool = False) -> CampaignShown:
    campaign, seen = campaign_seen(transaction(), person(), campaign_id)
    units = standings_of(transaction(), campaign, seen)
    sums = counted(units)
    return CampaignShown(
        **_row(campaign), as_of=transaction().now(), filed_units=sums.filed_units, late_units=sums.late_units,
        missing_units=sums.missing_units, coverage=[_unit(each) for each in units], dry_run=dry_run,
    )  # fmt: skip


def _unit(each: UnitStands) -> UnitRow:
    return UnitRow(
        unit=each.unit, department=each.department, standing=each.standing.value, filed=each.filed, late=each.late,
        missing=each.missing, stubs=each.stubs, closes=each.closes, complete_at=each.at, urged_at=each.urged_at,
        declared=each.declared is not None,
    )  # fmt: skip
