"""Campaigns: within which time a unit may file, and what is said of a campaign."""

from __future__ import annotations

import re
from typing import Callable, Dict, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import CAMPAIGNS, derived
from workflows.ledger.verifier.evidence.moments import apart, moment_of
from workflows.ledger.verifier.judge.beside import Campaign, FiledGoals
from workflows.ledger.verifier.judge.judge import Beside, Judge
from workflows.ledger.verifier.judge.seats import check_post, check_section
from workflows.ledger.verifier.law.limits import JUST_NOW, PURPOSES, SHORTEST_REASON, URGED_AT_MOST_EVERY


def check_in_time(judge: Judge, organs: Tuple[str, str], year: int, event: Event, purpose: str, month: str) -> None:
    """What an enforced campaign asks for is filed between its opening and its closing, as they stood then in the log.

    Of several campaigns that name the unit the newest counts. What was sent back was filed in time before.
    """
    bureau, unit = organs
    asked = [
        each for each in judge.campaigns.values()
        if (each.terms["bureau"], each.terms["year"], each.terms["purpose"], each.terms["window"]) == (bureau, year, purpose, month)
        and unit in each.units
    ]
    newest = max(asked, key=lambda each: int(each.terms["number"]), default=None)
    if newest is None or not newest.terms["enforcing"]:
        return
    if newest.over(unit, event.at):
        judge.blame("steps", "step", event, "at", event.at, f"< {newest.closes[unit]}")
    elif event.at < moment_of(newest.terms["opens"]):
        judge.blame("steps", "step", event, "at", event.at, f">= {newest.terms['opens']}")


def judge_campaign(judge: Judge, event: Event) -> None:
    """A campaign's own stream: the performance section opens, extends, ends and urges, a unit says that it is done."""
    if event.kind == "campaign.opened":
        campaign_opens(judge, event)
        return
    campaign = judge.campaigns.get(event.stream)
    if campaign is None:
        judge.blame("steps", "step", event, "kind", event.kind, "campaign.opened")
    elif event.kind == "campaign.declared":
        unit_is_done(judge, event, campaign)
    else:
        check_section(judge, event, campaign.terms["bureau"])
        CAMPAIGN_STEPS[event.kind](judge, event, campaign)


def campaign_opens(judge: Judge, event: Event) -> None:
    """Its stream, number and list of units are what they must be; no unit is asked twice for the same at a time."""
    data, content = event.data, judge.contents.of(event.data["content_hash"])
    check_section(judge, event, data["bureau"])
    if event.stream != derived(CAMPAIGNS, f"{data['bureau']}#{data['year']}#{data['purpose']}#{data['number']}") or event.place.version != 1:
        judge.blame("steps", "value", event, "stream", event.stream, "its own stream")
    if data["purpose"] not in PURPOSES or (data["purpose"] == "monitoring") != bool(re.fullmatch(r"\d{4}-\d\d", data["window"])):
        judge.blame("steps", "value", event, "data.purpose", f"{data['purpose']} {data['window']}", " ".join(PURPOSES))
    if not max(moment_of(data["opens"]), event.at) < moment_of(data["closes"]):
        judge.blame("steps", "value", event, "data.closes", data["closes"], f"> {max(data['opens'], event.at)}")
    rows = content.get("units") if isinstance(content, dict) else None
    units = [row.get("unit") for row in rows or () if isinstance(row, dict)]
    if not units or len(units) != data["size"] or units != sorted(set(map(str, units))):
        judge.blame("contents", "content", event, "data.content_hash", len(units), f"{data['size']}, each once")
        return
    same = [each for each in judge.campaigns.values() if all(each.terms[name] == data[name] for name in ("bureau", "year", "purpose"))]
    if data["number"] != len(same) + 1:
        judge.blame("steps", "value", event, "data.number", data["number"], str(len(same) + 1))
    twice = [unit for unit in units for each in same if each.terms["window"] == data["window"] and unit in each.units and not each.over(unit, event.at)]
    if twice:
        judge.blame("steps", "value", event, "data.content_hash", twice[0], "asked once at a time")
    judge.campaigns[event.stream] = Campaign(data, units)


def campaign_grows(judge: Judge, event: Event, campaign: Campaign) -> None:
    """More time, for all or for units of the campaign, and for each of them really more; never after an early end."""
    data, closes = event.data, moment_of(event.data["closes"])
    campaign_reason(judge, event)
    units = data["units"] or sorted(campaign.units)
    if campaign.ended or not campaign.units >= set(units) or data["units"] != sorted(set(data["units"])):
        judge.blame("steps", "step", event, "data.units", " ".join(data["units"]), "units of a campaign that was not ended")
        return
    if not closes > max(event.at, *(campaign.closes[unit] for unit in units)):
        judge.blame("steps", "value", event, "data.closes", data["closes"], "later than before")
    campaign.closes.update(dict.fromkeys(units, closes))


def campaign_ends(judge: Judge, event: Event, campaign: Campaign) -> None:
    """A campaign is closed before its time, with a reason."""
    campaign_reason(judge, event)
    if all(campaign.over(unit, event.at) for unit in campaign.units):
        judge.blame("steps", "step", event, "kind", event.kind, "a campaign that is not over")
    campaign.ended = True


def campaign_urges(judge: Judge, event: Event, campaign: Campaign) -> None:
    """Units of the campaign, each once, none within four hours of the time before."""
    units = event.data["units"]
    if not units or units != sorted(set(units)) or not campaign.units >= set(units) or event.at < moment_of(campaign.terms["opens"]):
        judge.blame("steps", "value", event, "data.units", " ".join(units), "units asked, once it opened")
    soon = [unit for unit in units if unit in campaign.urged and apart(campaign.urged[unit], event.at) < URGED_AT_MOST_EVERY]
    if soon:
        judge.blame("steps", "value", event, "data.units", soon[0], "once in 4 hours")
    for unit in units if campaign.terms["purpose"] == "goal_filing" and judge.bundle.whole else ():
        filed = goals_filed_by(judge, campaign, unit, event.at)
        if unit in campaign.declared or (not filed.unfiled and filed.most == filed.least >= max(campaign.terms["least"], 1)):
            judge.blame("steps", "value", event, "data.units", unit, "a unit that has not filed")
    campaign.urged.update(dict.fromkeys(units, event.at))


def unit_is_done(judge: Judge, event: Event, campaign: Campaign) -> None:
    """A unit's clerk or head says once, in its time, that nothing more comes; with nothing filed there is a reason."""
    data = event.data
    if event.role not in ("clerk", "unit_head") or event.organ != data["unit"]:
        judge.blame("posts", "person", event, "actor.role", f"{event.role} {event.organ}", f"clerk / unit_head {data['unit']}")
    check_post(judge, event)
    early = event.at < moment_of(campaign.terms["opens"])
    if campaign.terms["purpose"] != "goal_filing" or data["unit"] not in campaign.units or data["unit"] in campaign.declared:
        judge.blame("steps", "step", event, "data.unit", data["unit"], "a unit that was asked for its goals, once")
    elif early or (campaign.terms["enforcing"] and campaign.over(data["unit"], event.at)):
        judge.blame("steps", "step", event, "at", event.at, f"< {campaign.closes[data['unit']]}")
    if data["tables"] < 0 or (data["tables"] == 0 and len(data["note"].strip()) < SHORTEST_REASON):
        judge.blame("steps", "value", event, "data.note", data["note"], f">= {SHORTEST_REASON}")
    if judge.bundle.whole:
        filed = goals_filed_by(judge, campaign, data["unit"], event.at)
        if not filed.least <= data["tables"] <= filed.most:
            judge.blame("steps", "value", event, "data.tables", data["tables"], f"{filed.least}–{filed.most}")
        if filed.unfiled:
            judge.blame("steps", "step", event, "data.unit", data["unit"], f"{filed.unfiled} table.submitted")
    campaign.declared.add(data["unit"])


def goals_filed_by(judge: Judge, campaign: Campaign, unit: str, at: str) -> FiledGoals:
    """Count what a unit had filed of its goals before a moment, and what it had begun and not filed.

    What changed within the minute before may have been counted either way: who says how much looked before he said it.
    """
    least = most = unfiled = 0
    for stream, (filed, turned) in judge.turns.items():
        table = judge.tables[stream]
        if (table.unit, table.year, table.bureau) != (unit, campaign.terms["year"], campaign.terms["bureau"]) or table.origin == "revision":
            continue
        gone, open_still = table.stage == "voided", table.stage not in ("voided", "refused", "terminated")
        lately = apart(max(turned, table.last_at if not open_still else ""), at) < JUST_NOW
        least += filed and not gone and not lately
        most += (filed and not gone) or lately
        unfiled += not filed and open_still and not lately
    known = judge.stubs.get((unit, campaign.terms["year"]), [])
    sums = [total for index, (total, _) in enumerate(known) if index + 1 == len(known) or apart(known[index + 1][1], at) < JUST_NOW]
    early = 0 if known and apart(known[0][1], at) < JUST_NOW else min(sums, default=0)
    return FiledGoals(least + early, most + max(sums, default=0), unfiled)


def campaign_reason(judge: Judge, event: Event) -> None:
    """What is said of a campaign has a reason that is long enough."""
    if len(event.data["reason"].strip()) < SHORTEST_REASON:
        judge.blame("steps", "value", event, "data.reason", event.data["reason"], f">= {SHORTEST_REASON}")


CAMPAIGN_STEPS: Dict[str, Callable[[Judge, Event, Campaign], None]] = {
    "campaign.extended": campaign_grows, "campaign.closed": campaign_ends, "campaign.urged": campaign_urges,
}


CAMPAIGNS_BESIDE: Dict[str, Beside] = {
    "campaign.opened": judge_campaign,
    "campaign.extended": judge_campaign,
    "campaign.closed": judge_campaign,
    "campaign.urged": judge_campaign,
    "campaign.declared": judge_campaign,
}
