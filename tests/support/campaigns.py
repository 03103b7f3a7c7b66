"""Campaigns for tests: opened, moved and ended in one line each, and what a life files under them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from tests.support import roster
from tests.support.life import Life
from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.coverage import UnitStands, coverage
from workflows.campaigns.moments import beginning, ending
from workflows.commands import campaigns as verbs
from workflows.journal import Journal
from workflows.vocabulary import Actor

SCOPE = {roster.UNIT: roster.DEPARTMENT, roster.OTHER_UNIT: roster.DEPARTMENT}
WHY = "部分单位预算口径调整"


def terms(
    *, opens: str = "2026-01-01", closes: str = "2026-01-09", scope: Mapping[str, str] = SCOPE,
    purpose: Purpose = Purpose.GOAL_FILING, **more,
) -> verbs.Terms:  # fmt: skip
    title = f"2026年度{purpose.chinese}"
    return verbs.Terms(2026, purpose, title, beginning(opens), ending(closes), scope, **more)


def opened(journal: Journal, *, by: Actor = roster.FINANCE_PERFORMANCE, **said) -> Campaign:
    return verbs.open_campaign(journal, bureau=roster.BUREAU, terms=terms(**said), by=by, command_id=uuid4())


def extended(journal: Journal, campaign: Campaign, closes: str, *units: str) -> Campaign:
    return verbs.extend_campaign(
        journal, campaign, closes=ending(closes), units=units, reason=WHY, by=roster.FINANCE_PERFORMANCE,
        command_id=uuid4(),
    )  # fmt: skip


def closed(journal: Journal, campaign: Campaign) -> Campaign:
    return verbs.close_campaign(
        journal, campaign, reason="各单位均已报齐", by=roster.FINANCE_PERFORMANCE, command_id=uuid4()
    )


def come_to(life: Life, moment: str) -> Life:
    """Let the journal in memory stand at a moment (UTC); its next event comes a microsecond later."""
    life.journal.at = datetime.fromisoformat(f"{moment}+00:00")
    return life


def unit_in(campaign: Campaign, owed=(), stubs=None, unit: str = roster.UNIT) -> UnitStands:
    return next(each for each in coverage(campaign, owed, stubs or {}) if each.unit == unit)
