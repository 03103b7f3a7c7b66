"""任务布置: the performance section asks units to file by a moment, gives more time, or ends it early (features B2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from workflows import events as e
from workflows.campaigns import MOST_CAMPAIGNS, Campaign, Phase, Purpose, campaign_stream, unit_list
from workflows.campaigns.moments import said
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, NotFound, NotOpenNow
from workflows.journal import Command, Journal
from workflows.state.disclosures import mark_of_classification
from workflows.vocabulary import Actor, Post, Role

CAMPAIGN = "campaign"
MOST_UNITS, MOST_LEAST = 1_000, 999
LONGEST_TITLE, LONGEST_BASIS, LONGEST_REASON = 100, 100, 200
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Terms:
    """What a campaign asks for; moments are UTC, `scope` maps every unit asked to its department."""

    year: int
    purpose: Purpose
    title: str
    opens: datetime
    closes: datetime
    scope: Mapping[str, str]
    enforcing: bool = True
    window: str = ""
    departments: tuple[str, ...] = ()
    least: int = 1
    basis: str = ""


def open_campaign(journal: Journal, *, bureau: str, terms: Terms, by: Actor, command_id: UUID) -> Campaign:
    """Ask units to file. FieldsInvalid for terms that cannot be, or a unit that another running campaign asks already.

    NotAllowed for anybody but the performance section of the bureau (or who covers it).
    """
    command = signed(by, bureau, command_id, e.CampaignOpened.kind)
    others = journal.campaigns(bureau, terms.year, terms.purpose, to_change=True)
    done = next((each for each in others if journal.recorded(each.id, command.id)), None)
    if done:
        return done
    refuse_terms(terms, journal.now())
    _refuse_asked_twice(terms, others, journal.now())
    if len(others) >= MOST_CAMPAIGNS:
        raise FieldsInvalid(f"同一年度的同类任务最多布置{MOST_CAMPAIGNS}次。", field="title")
    number = len(others) + 1
    fact = e.CampaignOpened(
        bureau, terms.year, terms.purpose, terms.window, number, terms.title.strip(), terms.opens.isoformat(),
        terms.closes.isoformat(), terms.enforcing, tuple(sorted(terms.departments)),
        journal.put_content(unit_list(terms.scope)), len(terms.scope), terms.least, terms.basis.strip(),
    )  # fmt: skip
    journal.append(campaign_stream(bureau, terms.year, terms.purpose, number), CAMPAIGN, (fact,), command)
    return journal.campaigns(bureau, terms.year, terms.purpose)[-1]


def signed(by: Actor, bureau: str, command_id: UUID, kind: str) -> Command:
    """Return the command of an act of the performance section, for whom it is done; NotAllowed for anybody else."""
    post = Post(Role.FINANCE_PERFORMANCE, bureau)
    own = uuid5(command_id, f"{by.id}:{kind}")
    if post in by.posts:
        return Command(by, post, own)
    cover = next((each for each in by.covers if post in each.posts and not each.nodes and not each.units), None)
    if cover is None:
        raise NotAllowed("任务布置由财政绩效科办理。", rule="R-ROLE")
    return Command(by, post, own, e.Behalf(cover.principal, cover.name, cover.grant))


def refuse_terms(terms: Terms, now: datetime) -> None:
    """Raise FieldsInvalid for terms that cannot be."""
    _refuse_words(terms)
    if terms.year not in YEARS:
        raise FieldsInvalid("请填写四位年度。", field="year")
    if (terms.purpose == Purpose.MONITORING) != bool(terms.window) or (
        terms.window and not MONTH.fullmatch(terms.window)
    ):
        raise FieldsInvalid("绩效监控须写明监控节点所在的月份（如 2026-07），其他任务不写。", field="window")
    if not terms.opens < terms.closes:
        raise FieldsInvalid("截止时间须晚于开始时间。", field="closes")
    if terms.closes <= now:
        raise FieldsInvalid("截止时间须在现在之后。", field="closes")
    if not 0 < len(terms.scope) <= MOST_UNITS:
        raise FieldsInvalid(f"请选择单位，一次布置1至{MOST_UNITS}个。", field="units")
    if not 1 <= terms.least <= MOST_LEAST:
        raise FieldsInvalid(f"每个单位应报张数须为1至{MOST_LEAST}。", field="least")


def _refuse_words(terms: Terms) -> None:
    if not 0 < len(terms.title.strip()) <= LONGEST_TITLE:
        raise FieldsInvalid(f"请填写任务名称，至多{LONGEST_TITLE}个字。", field="title")
    if len(terms.basis.strip()) > LONGEST_BASIS:
        raise FieldsInvalid(f"布置依据（文号）至多{LONGEST_BASIS}个字。", field="basis")
    if mark_of_classification((terms.title, terms.basis)):
        raise MarkedAsSecret(field="title")


def _refuse_asked_twice(terms: Terms, others: Sequence[Campaign], now: datetime) -> None:
    for each in others:
        same = [unit for unit in terms.scope if unit in each.scope and not each.over_for(unit, now)]
        if same and each.window == terms.window:
            raise FieldsInvalid(
                f"所选单位中有{len(same)}个已由未截止的“{each.title}”布置，请延期该任务，或去掉这些单位。",
                field="units",
            )


def extend_campaign(
    journal: Journal, campaign: Campaign, *, closes: datetime, reason: str, by: Actor, command_id: UUID,
    units: Sequence[str] = (),
) -> Campaign:  # fmt: skip
    """Give all units, or those named, more time; also after it closed, not after it was ended early.

    FieldsInvalid unless every unit gets more time than it has; NotOpenNow once it was ended; ReasonMissing.
    """
    command = signed(by, campaign.bureau, command_id, e.CampaignExtended.kind)
    held = locked(journal, campaign)
    if journal.recorded(held.id, command.id):
        return held
    _refuse_ended(held)
    meant = tuple(sorted(set(units)))
    if not held.scope.keys() >= set(meant):
        raise FieldsInvalid("所选单位中有的不在此任务的范围内。", field="units")
    latest = max(held.closes_for(unit) for unit in (meant or held.scope))
    if closes <= max(latest, journal.now()):
        raise FieldsInvalid(f"新的截止时间须晚于现在和原截止时间（{said(latest)}）。", field="closes")
    fact = e.CampaignExtended(meant, closes.isoformat(), _reason(reason))
    journal.append(held.id, CAMPAIGN, (fact,), command)
    return locked(journal, held)


def close_campaign(
    journal: Journal, campaign: Campaign, *, reason: str, by: Actor, command_id: UUID
) -> Campaign:  # fmt: skip
    """End a campaign before its time; NotOpenNow once it is over."""
    command = signed(by, campaign.bureau, command_id, e.CampaignClosed.kind)
    held = locked(journal, campaign)
    if journal.recorded(held.id, command.id):
        return held
    _refuse_ended(held)
    if held.phase(journal.now()) == Phase.OVER:
        raise NotOpenNow("此任务已经截止，不必再结束。", rule="G-OVER")
    journal.append(held.id, CAMPAIGN, (e.CampaignClosed(_reason(reason)),), command)
    return locked(journal, held)


def locked(journal: Journal, campaign: Campaign) -> Campaign:
    """Return a campaign as it stands, with nobody filing under it or changing it until the transaction ends."""
    found = journal.campaigns(campaign.bureau, campaign.year, campaign.purpose, to_change=True)
    held = next((each for each in found if each.id == campaign.id), None)
    if held is None:
        raise NotFound
    return held


def _refuse_ended(campaign: Campaign) -> None:
    if campaign.closed_at:
        raise NotOpenNow("此任务已提前结束；须继续的，请另行布置。", rule="G-OVER")


def _reason(reason: str) -> str:
    said_so = reason_given(reason)
    if len(said_so) > LONGEST_REASON:
        raise FieldsInvalid(f"理由至多{LONGEST_REASON}个字。", field="reason")
    if mark_of_classification((said_so,)):
        raise MarkedAsSecret(field="reason")
    return said_so
