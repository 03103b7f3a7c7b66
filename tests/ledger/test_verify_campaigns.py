"""The verifier reads campaigns by itself: a filing outside an enforced campaign's time is a forgery (B3)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.campaigns import closed, come_to, extended, opened, unit_in
from tests.support.forging import by_other, command_of, packed, saying, where
from tests.support.hands import PEOPLE
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from tests.workflows.test_campaigns import filed_window
from workflows.campaigns import Purpose
from workflows.campaigns.coverage import Owed, Stubs, coverage
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.commands.stubs import register_stubs
from workflows.vocabulary import Stage

OPENED, EXTENDED, CLOSED, URGED, DECLARED = (f"campaign.{word}" for word in ("opened", "extended", "closed", "urged", "declared"))
SUBMITTED = "table.submitted"


def campaigned() -> SealedLog:
    """A unit files in time, is sent back, files again after the cut-off; another says that nothing comes; an early end."""
    journal = appointed(PEOPLE)
    life = Life(journal).imported().completed()
    campaign = opened(journal)
    life.submitted().returned(roster.UNIT_HEAD, Stage.DRAFT)
    units = coverage(campaign, (), {})
    urge_missing(journal, campaign, units=units, by=roster.FINANCE_PERFORMANCE, command_id=uuid4())
    stands = unit_in(campaign, unit=roster.OTHER_UNIT)
    declare_complete(
        journal, campaign, stands=stands, by=roster.OTHER_CLERK, command_id=uuid4(), note="本单位本年度没有项目支出"
    )
    extended(journal, campaign, "2026-01-12", roster.UNIT)
    come_to(life, "2026-01-11T00:00:00")
    Life(journal).imported().completed().submitted()
    come_to(life, "2026-01-13T00:00:00").submitted()
    closed(journal, opened(journal, opens="2026-01-13", closes="2026-01-31"))
    return journal


def watched() -> SealedLog:
    """A monitoring window is filed under a campaign of its month."""
    life = Life(appointed(PEOPLE)).in_monitoring().window_opened()
    closes = (life.journal.at + timedelta(days=9)).date().isoformat()
    opened(life.journal, purpose=Purpose.MONITORING, window=life.table.window("w1").date[:7], closes=closes)
    filed_window(life)
    return life.journal


@pytest.mark.parametrize("make", [campaigned, watched])
def test_what_was_done_by_the_rules_passes(make, tmp_path):
    verdict = verdict_of(tmp_path, Packed(make()).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def at(log, index, moment):
    command = command_of(log, index)
    return lambda body: {**body, "at": f"{moment}.000000Z"} if body["command_id"] == command else body


def without_kind(kind):
    return lambda body: None if body["kind"] == kind else body


FORGERIES = {
    "an extension that ends earlier": (EXTENDED, lambda log, i: saying(log, i, closes="2026-01-10T16:00:00+00:00"), "at"),
    "filed before the opening": (OPENED, lambda log, i: saying(log, i, opens="2026-01-08T16:00:00+00:00"), "at"),
    "the extension left out": (EXTENDED, lambda log, i: without_kind(EXTENDED), "at"),
    "the extension for another unit": (EXTENDED, lambda log, i: saying(log, i, units=[roster.OTHER_UNIT]), "at"),
    "an extension of nothing": (EXTENDED, lambda log, i: saying(log, i, closes="2026-01-09T16:00:00+00:00"), "data.closes"),
    "an extension without a reason": (EXTENDED, lambda log, i: saying(log, i, reason=" "), "data.reason"),
    "an extension for a stranger": (EXTENDED, lambda log, i: saying(log, i, units=["unit-9"]), "data.units"),
    "extended by the budget section": (EXTENDED, lambda log, i: by_other(log, i, id="budget", role="finance_budget"), "actor.role"),
    "opened by another bureau's section": (OPENED, lambda log, i: by_other(log, i, organ="bureau-2"), "actor.role"),
    "another year on this stream": (OPENED, lambda log, i: saying(log, i, year=2027), "stream"),
    "a list of another length": (OPENED, lambda log, i: saying(log, i, size=7), "data.content_hash"),
    "ended without a reason": (CLOSED, lambda log, i: saying(log, i, reason="无"), "data.reason"),
    "urged twice": (URGED, lambda log, i: saying(log, i, units=[roster.UNIT, roster.UNIT]), "data.units"),
    "a stranger urged": (URGED, lambda log, i: saying(log, i, units=["unit-9"]), "data.units"),
    "nothing filed and no word why": (DECLARED, lambda log, i: saying(log, i, note=""), "data.note"),
    "said by another unit": (DECLARED, lambda log, i: saying(log, i, unit=roster.UNIT), "actor.role"),
    "said after the cut-off": (DECLARED, lambda log, i: at(log, i, "2026-01-09T16:00:00"), "at"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_campaign_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = FORGERIES[forgery]
    log = campaigned()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


def test_b3_a_submission_after_an_enforced_cut_off_is_a_forgery(tmp_path):
    """The second table's submission is moved from within its extension to one instant behind it."""
    log = campaigned()
    index = where(log, SUBMITTED, 1)
    forged = packed(log, at(log, index, "2026-01-12T16:00:00"))
    assert "at" in {each.field for each in verdict_of(tmp_path, forged.zipped()).findings}


def test_an_advisory_campaign_judges_nobody(tmp_path):
    log = campaigned()
    advisory = packed(log, lambda body: {**body, "data": {**body["data"], "enforcing": False}} if body["kind"] == OPENED else body)
    late = packed(advisory.log, at(advisory.log, where(advisory.log, SUBMITTED, 1), "2026-01-12T16:00:00"))
    assert "at" not in {each.field for each in verdict_of(tmp_path, late.zipped()).findings}


def test_a_window_filed_after_its_campaign_is_a_forgery(tmp_path):
    log = watched()
    late = packed(log, at(log, where(log, "monitoring.filed"), "2026-12-01T00:00:00"))
    assert "at" in {each.field for each in verdict_of(tmp_path, late.zipped()).findings}


def counted() -> SealedLog:
    """A unit files one table and registers two classified ones in time, and says an hour later that these are all."""
    journal = appointed(PEOPLE)
    life = Life(journal).imported().completed()
    campaign = opened(journal)
    life.submitted()
    register_stubs(journal, uuid4(), home=roster.HOME, year=2026, count=2, by=roster.CLERK, command_id=uuid4())
    come_to(life, "2026-01-08T03:00:00")
    owed = Owed(life.table.id, life.table.title, roster.UNIT, journal.at)
    stands = unit_in(campaign, (owed,), {roster.UNIT: Stubs(2, journal.at)})
    declare_complete(journal, campaign, stands=stands, by=roster.CLERK, command_id=uuid4())
    come_to(life, "2026-01-08T08:00:00")
    urge_missing(journal, campaign, units=coverage(campaign, (owed,), {}), by=roster.FINANCE_PERFORMANCE, command_id=uuid4(), only={roster.OTHER_UNIT})
    return journal


MISCOUNTED = {
    "more than it filed": (DECLARED, lambda log, i: saying(log, i, tables=4), "data.tables"),
    "fewer than it filed": (DECLARED, lambda log, i: saying(log, i, tables=2), "data.tables"),
    "a declared unit urged": (URGED, lambda log, i: saying(log, i, units=[roster.UNIT]), "data.units"),
    "another number of classified projects": ("document.filed", lambda log, i: saying(log, where(log, "document.filed", 1), undisclosed_tables=1), "data.tables"),
    "a number registered after the cut-off": ("document.filed", lambda log, i: at(log, where(log, "document.filed", 1), "2026-01-09T16:00:00"), "at"),
}  # fmt: skip


def test_a_declaration_that_counts_what_the_unit_filed_passes(tmp_path):
    log = counted()
    assert told(verdict_of(tmp_path, Packed(log).zipped())) == []


@pytest.mark.parametrize("forgery", MISCOUNTED)
def test_a_declaration_is_counted_again_from_the_log(forgery, tmp_path):
    kind, forger, field = MISCOUNTED[forgery]
    log = counted()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


def test_a_unit_does_not_say_that_it_is_done_while_a_draft_waits(tmp_path):
    journal = appointed(PEOPLE)
    life = Life(journal).imported().completed()
    campaign = opened(journal)
    come_to(life, "2026-01-08T03:00:00")
    declare_complete(journal, campaign, stands=unit_in(campaign), by=roster.CLERK, command_id=uuid4(), note="本单位本年度没有项目支出")
    findings = verdict_of(tmp_path, Packed(journal).zipped()).findings
    assert [(each.check, each.field, each.wanted) for each in findings] == [("steps", "data.unit", "1 table.submitted")]
