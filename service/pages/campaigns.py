"""任务布置: what units are asked to file by when, who has filed, and what the performance section does about it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.campaigns import FILES, bureau_of_the_section, campaign_seen, campaigns_seen, mine_now, years_about
from service.context import journal, person, transaction
from service.pages.posted import asked, command_id, text, year_of
from workflows.campaigns import DECLARABLE, Campaign, Phase, Purpose
from workflows.campaigns.coverage import Standing, UnitStands, by_department, counted, table_standing
from workflows.campaigns.moments import ending, said, said_beginning
from workflows.commands import campaigns as verbs
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.errors import FieldsInvalid, GoaltrailError, NotFound
from workflows.events import CampaignDeclared
from workflows.store.campaign_coverage import coverage_of
from workflows.store.campaign_sums import standings_of
from workflows.store.campaigns import years_with_tables
from workflows.vocabulary import Role
from workflows.words.sentences import sentence

TAGS = {"filed": "green", "late": "amber", "missing": "red", "nothing": "", "ahead": "", "running": "blue", "over": ""}
SHOWN = 500
"""Tables of one unit that are listed."""

pages = Blueprint("campaigns", __name__)


@dataclass(frozen=True)
class Board:
    """A campaign as one person sees it: the units seen, by department, and all together."""

    campaign: Campaign
    units: tuple[UnitStands, ...]

    @property
    def departments(self) -> Mapping[str, tuple[UnitStands, ...]]:
        """Return the units by department."""
        return by_department(self.units)

    @property
    def missing(self) -> int:
        """Return how many units have not filed."""
        return counted(self.units).missing_units


def board_of(campaign_id: UUID, *, tables: bool = False) -> Board:
    """Return the board of a campaign, as far as the person sees it, if asked with each unit's tables.

    NotFound for a stranger.
    """
    campaign, seen = campaign_seen(transaction(), person(), campaign_id)
    read = coverage_of if tables else standings_of
    return Board(campaign, read(transaction(), campaign, seen))


@pages.get("/campaigns")
def index() -> str:
    """List the campaigns of a year, those that run with how far they are."""
    now, tx = transaction().now(), transaction()
    year = year_of(asked("year"))
    years = (year,) if year else sorted({*years_about(now), *years_with_tables(tx)})
    found = campaigns_seen(tx, person(), years)
    running = {each.id: counted(board_of(each.id).units) for each in found if each.phase(now) == Phase.RUNNING}
    return render_template("campaigns.html", campaigns=found, counts=running, now=now, year=year, mine=mine())


def mine() -> tuple[Any, ...]:
    """Return what campaigns ask of the person's own units now; for the frame of worklist and list."""
    return mine_now(transaction(), person(), journal().calendar())


@pages.get("/campaigns/<uuid:campaign_id>")
def show(campaign_id: UUID) -> str:
    """Show one campaign: its time, who has filed, and down to a unit's tables."""
    return _page(campaign_id)


def _page(campaign_id: UUID, refusal: GoaltrailError | None = None) -> str:
    board, tx = board_of(campaign_id), transaction()
    department, unit = asked("department"), asked("unit")
    wanted = [each for each in board.units if each.unit == unit or len(board.units) == 1]
    stands = coverage_of(tx, board.campaign, (wanted[0].unit,))[0] if wanted else None
    section = person().holds(Role.FINANCE_PERFORMANCE, board.campaign.bureau)
    own = {post.organ for post in person().posts if post.role in FILES}
    return render_template(
        "campaign.html", board=board, campaign=board.campaign, sums=counted(board.units), now=tx.now(),
        department=_department(board, department, stands), stands=stands,
        section=section, own=[each for each in board.units if each.unit in own],
        declarable=board.campaign.purpose == DECLARABLE, history=_history(campaign_id),
        mine=bool(stands and stands.unit in own), shown=SHOWN, refused=refusal.sentence if refusal else None,
        typed=request.form, more_time=_more_time(board.campaign),
    )  # fmt: skip


def _department(board: Board, typed: str, stands: UnitStands | None) -> str:
    """Return the department whose units are listed: the one asked for, else that of the unit asked for."""
    if len(board.units) == 1:
        return ""
    if len(board.departments) == 1:
        return next(iter(board.departments))
    return typed if typed in board.departments else stands.department if stands else ""


def _more_time(campaign: Campaign) -> list[tuple[datetime, int]]:
    """Return the later closings in order, each with the number of units whose time ends there."""
    closings = Counter(map(campaign.closes_for, campaign.scope))
    return sorted((moment, units) for moment, units in closings.items() if moment != campaign.closes)


def _history(campaign_id: UUID) -> list[tuple[datetime, str]]:
    """Return what was done about the campaign, newest first; what units said stands at the units."""
    told = [each for each in journal().history(campaign_id) if each.kind != CampaignDeclared.kind]
    return [(each.at, sentence(each)) for each in reversed(told)]


def _acted(sentence: str) -> ResponseReturnValue:
    flash(sentence, "good")
    return redirect(g.back, 303)


def _opened(campaign_id: UUID) -> Board:
    """Return the board, with the way back for a refusal set."""
    g.back = url_for("campaigns.show", campaign_id=campaign_id, department=text("department") or None)
    g.fresh = partial(_page, campaign_id)
    return board_of(campaign_id)


@pages.post("/campaigns/<uuid:campaign_id>/extension")
def extend(campaign_id: UUID) -> ResponseReturnValue:
    """Give all units, or the ticked ones, more time."""
    board = _opened(campaign_id)
    units = request.form.getlist("unit")
    if text("whom") == "ticked" and not units:
        raise FieldsInvalid(_("请勾选要延期的单位。"), field="units")
    after = verbs.extend_campaign(
        journal(), board.campaign, closes=ending(text("closes")), units=units if text("whom") == "ticked" else (),
        reason=text("reason"), by=person(), command_id=command_id(),
    )  # fmt: skip
    return _acted(_("已延期至%(moment)s", moment=said(after.extensions[-1].closes)))


@pages.post("/campaigns/<uuid:campaign_id>/closing")
def close(campaign_id: UUID) -> ResponseReturnValue:
    """End the campaign before its time."""
    board = _opened(campaign_id)
    verbs.close_campaign(journal(), board.campaign, reason=text("reason"), by=person(), command_id=command_id())
    return _acted(_("已提前结束"))


@pages.post("/campaigns/<uuid:campaign_id>/urging")
def urge(campaign_id: UUID) -> ResponseReturnValue:
    """Urge all units that have not filed, or those of them that were ticked."""
    board = _opened(campaign_id)
    only = request.form.getlist("unit") if text("whom") == "ticked" else []
    if text("whom") == "ticked" and not only:
        raise FieldsInvalid(_("请勾选要催办的单位。"), field="units")
    urged = urge_missing(
        journal(), board.campaign, units=board.units, only=only, by=person(), command_id=command_id()
    )
    return _acted(_("已催办%(n)d个单位", n=len(urged)))


@pages.post("/campaigns/<uuid:campaign_id>/declaration")
def declare(campaign_id: UUID) -> ResponseReturnValue:
    """Say for the own unit that nothing more is to be filed."""
    board = _opened(campaign_id)
    stands = next((each for each in board.units if each.unit == text("unit")), None)
    if stands is None:
        raise NotFound
    declare_complete(
        journal(), board.campaign, stands=stands, by=person(), command_id=command_id(), note=text("note")
    )
    return _acted(_("已申报完毕"))


@pages.app_context_processor
def _words() -> dict[str, object]:
    return {
        "said_moment": said, "said_beginning": said_beginning, "campaigns_of_mine": mine, "Purpose": Purpose,
        "standing_tag": lambda standing: TAGS[standing], "Standing": Standing, "table_standing": table_standing,
        "opens_campaigns": _opens, "counted_units": counted,
    }  # fmt: skip


def _opens() -> bool:
    try:
        bureau_of_the_section(person())
    except GoaltrailError:
        return False
    return True
