"""H5: quiet hours, days off and the morning's letter, by hand-made cases of the calendar that ships (Beijing time)."""

from datetime import datetime

import pytest

from workflows.delivery.classes import NoticeClass, class_of, is_urgent
from workflows.delivery.quiet import SHIPPED, next_morning, read_quiet
from workflows.errors import FieldsInvalid
from workflows.workdays import BEIJING, is_workday


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(("now", "until"), [
    ("2026-03-02 09:00", None),
    ("2026-03-02 20:59:59", None),
    ("2026-03-02 21:00", "2026-03-03 08:00"),
    ("2026-03-03 07:59", "2026-03-03 08:00"),
    ("2026-03-03 08:00", None),
    ("2026-03-06 21:30", "2026-03-09 08:00"),
    ("2026-03-07 10:00", "2026-03-09 08:00"),
    ("2026-02-14 10:00", None),
    ("2026-02-14 22:00", "2026-02-24 08:00"),
    ("2026-02-17 12:00", "2026-02-24 08:00"),
    ("2025-12-31 23:00", "2026-01-04 08:00"),
])  # fmt: skip
def test_a_letter_waits_until_nobody_is_disturbed(now, until):
    assert SHIPPED.until(beijing(now), is_workday) == (until and beijing(until))


def test_quiet_at_noon_only():
    quiet = read_quiet("12:00-14:00", days_off=False)
    assert quiet.until(beijing("2026-03-07 13:00"), is_workday) == beijing("2026-03-07 14:00")
    assert quiet.until(beijing("2026-03-07 22:00"), is_workday) is None


@pytest.mark.parametrize(("now", "morning"), [
    ("2026-03-02 08:29", "2026-03-02 08:30"),
    ("2026-03-02 08:30", "2026-03-03 08:30"),
    ("2026-03-06 10:00", "2026-03-09 08:30"),
    ("2026-02-13 10:00", "2026-02-14 08:30"),
    ("2026-02-14 10:00", "2026-02-24 08:30"),
])  # fmt: skip
def test_the_morning_is_that_of_the_next_working_day(now, morning):
    assert next_morning(beijing(now), is_workday) == beijing(morning)


@pytest.mark.parametrize("text", ["", "9-17", "21:00-21:00", "24:00-08:00", "21:60-08:00", "21:00-08:00 "])
def test_quiet_hours_of_another_form_are_refused(text):
    with pytest.raises(FieldsInvalid):
        read_quiet(text)


@pytest.mark.parametrize(("template", "urgent"), [
    ("task.overdue", True), ("task.overdue.2", True), ("monitoring.red", True), ("reminder.T+1", True),
    ("reminder.T+1.3", True), ("reminder.pass_on.T+1", True), ("ledger.digest", True), ("reminder.T-1", False),
    ("reminder.T", False), ("task.waiting", False), ("copy.sent", False),
])  # fmt: skip
def test_what_is_red_or_overdue_never_waits(template, urgent):
    assert is_urgent(template) == urgent


@pytest.mark.parametrize(("template", "of_class"), [
    ("task.waiting", NoticeClass.TASK), ("table.returned", NoticeClass.RETURN), ("monitoring.returned", NoticeClass.RETURN),
    ("reminder.T-3.2", NoticeClass.REMINDER), ("amendment.T+1", NoticeClass.REMINDER), ("copy.sent", NoticeClass.COPY),
    ("amendment.confirmed", NoticeClass.COPY), ("campaign.opened", NoticeClass.TASK), ("reminder.campaign.T-1.2026-03-02", NoticeClass.REMINDER),
    ("task.escalated.hand.T+3", NoticeClass.REMINDER), ("cover.given", NoticeClass.SYSTEM), ("unheard.of", NoticeClass.SYSTEM),
])  # fmt: skip
def test_every_notice_is_of_one_class(template, of_class):
    assert class_of(template) == of_class
