"""Campaigns as pages, programs and the command line ask for them: who sees which units, terms as they were typed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflows.campaigns import Campaign, Phase, Purpose
from workflows.campaigns.coverage import Standing, UnitStands
from workflows.campaigns.moments import beginning, ending
from workflows.campaigns.reminding import workdays_left
from workflows.commands.campaigns import Terms
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.store.campaign_sums import standings_of
from workflows.store.campaigns import campaign_at, campaigns_of_year, units_by_department
from workflows.store.organs import all_organs
from workflows.store.transaction import Transaction
from workflows.vocabulary import BUREAU_ROLES, DEPARTMENT_ROLES, UNIT_ROLES, Actor, Role
from workflows.workdays import Calendar, beijing_date

OVERSEES = BUREAU_ROLES | {Role.OBSERVER}
"""Who sees every unit of a campaign."""
FILES = frozenset({Role.CLERK, Role.UNIT_HEAD})
"""Who says that a unit has nothing more to file."""


@dataclass(frozen=True)
class Typed:
    """A campaign's terms as somebody typed them; `departments` and `units` are IDs."""

    year: int
    purpose: str
    title: str
    opens: str
    closes: str
    enforcing: bool = True
    window: str = ""
    departments: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    least: int = 1
    basis: str = ""


@dataclass(frozen=True)
class Mine:
    """A campaign that asks a person's unit for something: how it stands, and how many working days are left."""

    campaign: Campaign
    stands: UnitStands
    left: int

    @property
    def owes(self) -> bool:
        """Whether the unit still has to file."""
        return self.stands.standing == Standing.MISSING


def bureau_of_the_section(actor: Actor) -> str:
    """Return the bureau whose performance section the person holds or covers; NotAllowed for anybody else."""
    posts = (*actor.posts, *(post for cover in actor.covers for post in cover.posts))
    bureau = next((post.organ for post in posts if post.role == Role.FINANCE_PERFORMANCE), None)
    if bureau is None:
        raise NotAllowed("任务布置由财政绩效科办理。", rule="R-ROLE")
    return bureau


def bureaus(tx: Transaction) -> tuple[str, ...]:
    """Return the finance bureaus of this installation."""
    return tuple(row["id"] for row in all_organs(tx) if row["kind"] == "bureau")


def units_seen(actor: Actor, campaign: Campaign) -> frozenset[str]:
    """Return the units of a campaign that the person sees: all, those of the own department, or the own."""
    posts = (*actor.posts, *(post for cover in actor.covers for post in cover.posts))
    if any(post.role in OVERSEES for post in posts):
        return frozenset(campaign.scope)
    departments = {post.organ for post in posts if post.role in DEPARTMENT_ROLES}
    units = {post.organ for post in posts if post.role in UNIT_ROLES}
    return frozenset(unit for unit, of in campaign.scope.items() if unit in units or of in departments)


def campaign_seen(tx: Transaction, actor: Actor, campaign_id: UUID) -> tuple[Campaign, frozenset[str]]:
    """Return a campaign and the units of it that the person sees; NotFound where that is none."""
    campaign = campaign_at(tx, campaign_id)
    seen = units_seen(actor, campaign)
    if not seen:
        raise NotFound
    return campaign, seen


def campaigns_seen(tx: Transaction, actor: Actor, years: Sequence[int]) -> tuple[Campaign, ...]:
    """Return the campaigns of some years of which the person sees a unit, those that close last first."""
    found = [each for year in years for bureau in bureaus(tx) for each in campaigns_of_year(tx, bureau, year)]
    mine = (each for each in found if units_seen(actor, each))
    return tuple(sorted(mine, key=lambda each: (each.last_closing, each.opened_at), reverse=True))


def years_about(now: datetime) -> tuple[int, int, int]:
    """Return the budget years for which something may be asked at a moment."""
    year = beijing_date(now).year
    return year + 1, year, year - 1


def mine_now(tx: Transaction, actor: Actor, calendar: Calendar) -> tuple[Mine, ...]:
    """Return what campaigns that are not over ask of the units where a person files, the nearest closing first."""
    units = {post.organ for post in actor.posts if post.role in FILES}
    if not units:
        return ()
    now = tx.now()
    found: list[Mine] = []
    for campaign in campaigns_seen(tx, actor, years_about(now)):
        if campaign.phase(now) == Phase.OVER:
            continue
        left = calendar.of(campaign.bureau)
        found += [
            Mine(campaign, each, workdays_left(each.closes, left, now))
            for each in standings_of(tx, campaign, units) if not campaign.over_for(each.unit, now)
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.stands.closes, each.campaign.number)))


def terms_from(tx: Transaction, typed: Typed) -> Terms:
    """Return the terms that were typed, with the units they mean resolved; FieldsInvalid names what cannot be read."""
    if typed.purpose not in set(Purpose):
        raise FieldsInvalid("请选择任务类别。", field="purpose")
    return Terms(
        typed.year, Purpose(typed.purpose), typed.title, beginning(typed.opens), ending(typed.closes),
        scope_from(tx, typed.departments, typed.units), typed.enforcing, typed.window, typed.departments, typed.least,
        typed.basis,
    )  # fmt: skip


def scope_from(tx: Transaction, departments: Collection[str], units: Collection[str]) -> dict[str, str]:
    """Return the units of these departments and these units, each with its department; FieldsInvalid for another."""
    known = units_by_department(tx)
    home = {unit: department for department, of in known.items() for unit in of}
    if not set(departments) <= known.keys() or not set(units) <= home.keys():
        raise FieldsInvalid("所选的部门或单位中有的不存在，请刷新后重新选择。", field="units")
    meant = {unit for department in departments for unit in known[department]} | set(units)
    return {unit: home[unit] for unit in sorted(meant)}
