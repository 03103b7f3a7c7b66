"""The verifier on calendars: two persons, sound days; deadlines counted anew by the system alone, to the right day."""

from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.ledger.test_verify_beside import ADMIN, ALL, SECOND_ADMIN, as_
from tests.support.forging import packed, saying, where, without
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_recounting import TWO_DAYS, notice
from workflows.calendars import shipped_content
from workflows.commands.publishing_calendars import CALENDARS, propose_calendar, publish_calendar
from workflows.commands.recounting import recount_due
from workflows.ledger.bundle import EVERYTHING, Scope


def counted_anew() -> Life:
    """A table in review, its clock counted anew after a notice; then it goes on, and the notice is taken back."""
    log = appointed(ALL)
    life = Life(log).in_unit_review()
    for content in (notice(TWO_DAYS), shipped_content()):
        proposed = propose_calendar(log, content=content, by=ADMIN, command_id=uuid4())
        publish_calendar(log, content_hash=proposed.content_hash, by=SECOND_ADMIN, command_id=uuid4())
        life.table = recount_due(log, life.table.id)
    return life


def test_a_calendar_published_by_two_and_clocks_counted_anew_are_clean(tmp_path):
    life = counted_anew()
    assert [desk.clock for desk in life.table.desks] == [2]
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, []), told(verdict)


FORGED = {
    "published by who proposed": ("calendar.published", as_("process", "process_admin", "bureau"), ("segregation", "S9")),
    "published though nobody proposed": (
        "calendar.published", lambda log, i: without(log, where(log, "calendar.proposed")), ("segregation", "S9")),
    "proposed by a clerk": ("calendar.proposed", as_("clerk", "clerk"), ("posts", "person")),
    "proposed in another's name": ("calendar.proposed", lambda log, i: saying(log, i, by="other"), ("posts", "person")),
    "under another name": ("calendar.published", lambda log, i: saying(log, i, name="other-days"), ("steps", "value")),
    "never published": ("calendar.published", without, ("steps", "value")),
    "a due day by nobody's calendar": ("task.due_set", lambda log, i: saying(log, i, calendar="0" * 64), ("steps", "value")),
    "a day more than the calendar gives": (
        "task.due_set", lambda log, i: saying(log, i, due_at="2026-01-11T10:00:00+00:00"), ("steps", "value")),
    "a due moment in the night": (
        "task.due_set", lambda log, i: saying(log, i, due_at="2026-01-10T15:00:00+00:00"), ("steps", "value")),
    "provisional though there is a notice": ("task.due_set", lambda log, i: saying(log, i, provisional=True), ("steps", "value")),
    "a due moment that is past": (
        "task.due_set", lambda log, i: saying(log, i, due_at="2026-01-02T10:00:00+00:00"), ("steps", "value")),
    "by a person": ("task.due_set", as_("unit_head", "unit_head"), ("posts", "person")),
    "for no reason": ("task.due_set", lambda log, i: saying(log, i, rule="somebody wished so"), ("steps", "step")),
    "of a task that is not open": ("task.due_set", lambda log, i: saying(log, i, task=str(uuid4())), ("steps", "step")),
    "of another round": ("task.due_set", lambda log, i: saying(log, i, round=7), ("steps", "value")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_calendar_or_clock_is_found(forgery, tmp_path):
    kind, forger, found = FORGED[forgery]
    log = counted_anew().journal
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert found in [(each.check, each.what) for each in verdict.findings], told(verdict)


def test_the_version_counted_by_before_is_the_one_named(tmp_path):
    log = counted_anew().journal
    forger = saying(log, where(log, "task.due_set", 1), rule=f"calendar.published:{'1' * 64}")
    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert ("steps", "value") in [(each.check, each.what) for each in verdict.findings], told(verdict)


def test_a_make_up_wednesday_is_no_calendar(tmp_path):
    """Written into the log by somebody who owns the database: the lint of the product never saw it."""
    log = appointed(ALL)
    life = Life(log).in_unit_review()
    content = notice(TWO_DAYS)
    content["years"][-1]["make_up_days"] = ["2026-01-14"]
    proposed = CALENDARS.propose(log, "working-days", content, ADMIN, uuid4())
    CALENDARS.publish(log, "working-days", proposed.content_hash, lambda _content: None, SECOND_ADMIN, uuid4())
    assert life.table.version
    verdict = verdict_of(tmp_path, Packed(log, scope=EVERYTHING).zipped())
    assert [(each.check, each.what) for each in verdict.findings] == [("contents", "content")], told(verdict)
