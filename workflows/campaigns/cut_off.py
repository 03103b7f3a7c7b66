"""What a campaign does not take: a filing before it opens, or after it closed for the unit (features B2, B3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from workflows.campaigns.moments import said, said_beginning
from workflows.campaigns.standing import Campaign, Purpose
from workflows.state.standing import Table
from workflows.vocabulary import Action

FILES: Mapping[Action, Purpose] = {
    Action.SUBMIT: Purpose.GOAL_FILING,
    Action.FILE_MONITORING: Purpose.MONITORING,
    Action.FILE_SELF_EVALUATION: Purpose.SELF_EVALUATION,
}
"""The acts by which a unit files what a campaign asks for."""
NOT_OPEN, CUT_OFF = "G-NOT-OPEN", "G-CUTOFF"


def campaign_for(campaigns: Sequence[Campaign], table: Table, purpose: Purpose, window: str = "") -> Campaign | None:
    """Return the campaign that asks for what a table files: of several that name its unit the newest.

    `window` is the key of the monitoring window that is filed. A revision follows no campaign.
    """
    if purpose == Purpose.GOAL_FILING and table.revises:
        return None
    return newest_for(campaigns, table.unit, purpose, month_of(table, window) if purpose == Purpose.MONITORING else "")


def newest_for(campaigns: Sequence[Campaign], unit: str, purpose: Purpose, month: str = "") -> Campaign | None:
    """Return the newest campaign that asks a unit for this; `month` (YYYY-MM) is a monitoring campaign's."""
    mine = [each for each in campaigns if each.purpose == purpose and unit in each.scope and each.window == month]
    return max(mine, key=lambda each: each.number) if mine else None


def month_of(table: Table, window: str) -> str:
    """Return the month (YYYY-MM) up to which a window's figures are counted, empty for no window."""
    found = table.window(window)
    return found.date[:7] if found else ""


def came_back(table: Table, purpose: Purpose, window: str = "") -> bool:
    """Whether what is filed was filed before and sent back: then it was in time, and may be filed again at any time.

    What the unit itself took back (撤回) counts as not filed.
    """
    if purpose == Purpose.GOAL_FILING:
        return table.round > 0 and table.returned_reason is not None
    if purpose == Purpose.MONITORING:
        found = table.window(window)
        return found is not None and found.returned_reason is not None
    return table.evaluation is not None and table.evaluation.returned_reason is not None


def against(campaign: Campaign | None, unit: str, now: datetime) -> tuple[str, str] | None:
    """Return the rule and the sentence with which an enforcing campaign refuses a unit's filing now, None for taken."""
    if campaign is None or not campaign.enforcing:
        return None
    if campaign.over_for(unit, now):
        over = _over(campaign, unit)
        return CUT_OFF, f"{over}，不能再提交。确需补报的，请联系{whom_to_ask(campaign)}办理延期。"
    if now < campaign.opens:
        return NOT_OPEN, f"“{campaign.title}”自{said_beginning(campaign.opens)}开始，现在还不能提交。"
    return None


def _over(campaign: Campaign, unit: str) -> str:
    closes = campaign.closes_for(unit)
    if campaign.closed_at:
        return f"“{campaign.title}”已于{said(campaign.closed_at)}提前结束"
    later = f"（原定{said(campaign.closes)}，延期至此）" if closes > campaign.closes else "（没有延期）"
    return f"“{campaign.title}”已于{said(closes)}截止{later}"


def whom_to_ask(campaign: Campaign) -> str:
    """Return whom a unit asks about a campaign."""
    return f"财政绩效科（布置人：{campaign.by}）"


def refusal_of(
    campaigns: Sequence[Campaign], table: Table, action: Action, node: str, now: datetime
) -> tuple[str, str] | None:
    """Return the rule and the sentence that keep a filing act at a desk from being done now, None for nothing."""
    purpose = FILES.get(action)
    if purpose is None:
        return None
    window = node.partition(":")[2]
    if came_back(table, purpose, window):
        return None
    moment = max(now, datetime.fromisoformat(table.last_at)) if table.last_at else now
    return against(campaign_for(campaigns, table, purpose, window), table.unit, moment)
