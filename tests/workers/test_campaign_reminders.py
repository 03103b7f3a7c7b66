"""Reminders of campaigns: only to who is missing, counted by the calendar in force, dropped where it was filed since."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.support import roster
from tests.support.campaigns import extended, opened
from tests.support.life import Life
from tests.workers.test_held_letters import ADMIN, SECOND
from tests.workers.test_notifications import Door, deliver
from tests.workers.test_recounting import published
from tests.workflows.test_recounting import TWO_DAYS, notice
from workers.campaign_reminders import behind_the_calendar, recount_campaigns
from workers.dispatch import Dispatcher
from workers.reminders import fire_due
from workflows.calendars import shipped_content
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.commands.publishing_words import propose_words, publish_words
from workflows.delivery.wording import Words
from workflows.store.campaign_coverage import coverage_of
from workflows.store.journal import PostgresJournal
from workflows.store.organs import organ_names
from workflows.store.preferences import Preference, keep_preference
from workflows.store.transaction import begin

TOLD = "SELECT recipient, kind FROM desk.inbox WHERE kind LIKE 'reminder.campaign%' ORDER BY created_at, kind, recipient"
WAITING = "SELECT recipient, kind, state FROM desk.outbox WHERE kind LIKE 'reminder.campaign%' AND channel = 'inbox' ORDER BY recipient"
SHORT = "SELECT rendered ->> 'text' AS text FROM desk.outbox WHERE channel = 'sms' AND kind LIKE 'reminder.campaign%'"
MISSING_UNIT = ["clerk", "every_hat", "unit_head"]
"""Who is told for the unit whose table is filed: its clerks and its head; the other unit has a clerk alone."""


def acting(bureau, act):
    with begin(bureau.engine) as tx:
        return act(PostgresJournal(tx))


def told(bureau) -> list[tuple[str, str]]:
    return [(row["recipient"], row["kind"]) for row in bureau.rows(TOLD)]


def come(bureau, day: int, hour: int = 2) -> int:
    bureau.move_clock(datetime(2026, 1, day, hour, tzinfo=UTC))
    return fire_due(bureau.engine, lease_seconds=30)


def test_only_who_is_missing_is_reminded_at_each_rung(bureau):
    """Closes on Friday the 30th: T-7 is the 21st, T-3 the 27th, T-1 the 29th."""
    campaign = acting(bureau, lambda journal: opened(journal, closes="2026-01-30"))
    come(bureau, 21)
    deliver(bureau, Door())
    assert told(bureau) == [(who, "reminder.campaign.T-7.2026-01-30") for who in ("clerk", "every_hat", "other_clerk", "unit_head")]
    acting(bureau, lambda journal: Life(journal).imported().completed().submitted())
    come(bureau, 27)
    deliver(bureau, Door())
    assert told(bureau)[4:] == [("other_clerk", "reminder.campaign.T-3.2026-01-30")]
    acting(bureau, lambda journal: declare_complete(
        journal, campaign, stands=coverage_of(journal.tx, campaign, (roster.OTHER_UNIT,))[0], by=roster.OTHER_CLERK,
        command_id=uuid4(), note="本年度没有项目支出",
    ))  # fmt: skip
    come(bureau, 29)
    come(bureau, 30)
    deliver(bureau, Door())
    assert len(told(bureau)) == 5, "nobody is missing any more"


def test_what_was_filed_between_the_rung_and_the_delivery_is_not_delivered(bureau):
    acting(bureau, lambda journal: opened(journal, closes="2026-01-30", scope={roster.UNIT: roster.DEPARTMENT}))
    come(bureau, 21)
    assert [(row["recipient"], row["state"]) for row in bureau.rows(WAITING)] == [(who, "pending") for who in MISSING_UNIT]
    acting(bureau, lambda journal: Life(journal).imported().completed().submitted())
    deliver(bureau, Door())
    assert told(bureau) == []
    assert {row["state"] for row in bureau.rows(WAITING)} == {"dropped"}


def test_an_extension_moves_the_rungs_of_its_units_alone(bureau):
    campaign = acting(bureau, lambda journal: opened(journal, closes="2026-01-30"))
    acting(bureau, lambda journal: extended(journal, campaign, "2026-02-13", roster.UNIT))
    come(bureau, 30)
    deliver(bureau, Door())
    assert {who for who, _ in told(bureau)} == {"other_clerk"}
    assert recount_campaigns(bureau.engine) == 0, "the calendar is the same"


def test_an_extension_for_one_unit_leaves_the_other_the_reminder_that_is_due(bureau):
    """The clock passes T-7 while no worker runs; before one does, one unit gets more time."""
    campaign = acting(bureau, lambda journal: opened(journal, closes="2026-01-30"))
    bureau.move_clock(datetime(2026, 1, 21, 2, tzinfo=UTC))
    acting(bureau, lambda journal: extended(journal, campaign, "2026-02-13", roster.UNIT))
    fire_due(bureau.engine, lease_seconds=30)
    deliver(bureau, Door())
    assert told(bureau) == [("other_clerk", "reminder.campaign.T-7.2026-01-30")]


def test_a_calendar_published_over_a_reminder_that_is_due_does_not_lose_it(bureau):
    """The clock passes T-7 while no worker runs; before one does, a calendar comes into force that leaves that day alone."""
    acting(bureau, lambda journal: opened(journal, closes="2026-01-30"))
    bureau.move_clock(datetime(2026, 1, 21, 2, tzinfo=UTC))
    published(bureau, notice(TWO_DAYS))
    fire_due(bureau.engine, lease_seconds=30)
    assert recount_campaigns(bureau.engine) == 1
    deliver(bureau, Door())
    assert told(bureau) == [(who, "reminder.campaign.T-7.2026-01-30") for who in ("clerk", "every_hat", "other_clerk", "unit_head")]


def test_a_calendar_that_comes_back_brings_the_reminders_back(bureau):
    acting(bureau, lambda journal: opened(journal, closes="2026-01-30"))
    for content in (shipped_content(), notice(TWO_DAYS), shipped_content()):
        published(bureau, content)
        assert recount_campaigns(bureau.engine) == 1
    assert recount_campaigns(bureau.engine) == 0
    come(bureau, 21)
    deliver(bureau, Door())
    assert len(told(bureau)) == 4


def test_without_a_broker_the_dispatcher_counts_campaigns_anew_though_no_table_waits(bureau):
    acting(bureau, lambda journal: opened(journal, closes="2026-01-30"))
    published(bureau, notice(TWO_DAYS))
    with begin(bureau.engine) as tx:
        assert len(behind_the_calendar(tx)) == 1
    called: list[str] = []
    Dispatcher(bureau.engine, call=called.append).look()
    assert "deadlines" in called
    recount_campaigns(bureau.engine)
    with begin(bureau.engine) as tx:
        assert behind_the_calendar(tx) == ()


def test_who_is_urged_again_is_told_again(bureau):
    campaign = acting(bureau, lambda journal: opened(journal, closes="2026-01-30", scope={roster.UNIT: roster.DEPARTMENT}))
    for day in (8, 12):
        bureau.move_clock(datetime(2026, 1, day, 2, tzinfo=UTC))
        acting(bureau, lambda journal: urge_missing(
            journal, campaign, units=coverage_of(journal.tx, campaign), by=roster.FINANCE_PERFORMANCE, command_id=uuid4(),
        ))  # fmt: skip
        deliver(bureau, Door())
    urged = bureau.rows("SELECT recipient, kind FROM desk.inbox WHERE kind LIKE 'campaign.urged%' ORDER BY kind, recipient")
    assert [tuple(row.values()) for row in urged] == [(who, f"campaign.urged.{n}") for n in (2, 3) for who in MISSING_UNIT]


def test_h6_a_units_reminder_goes_out_in_the_words_that_two_published(bureau):
    words = Words("截止提醒：{名称}", "{单位}：“{名称}”{截止时间}截止，{欠报}。")

    def publish(journal):
        proposed = propose_words(journal, key="reminder.campaign", words=words, by=ADMIN, command_id=uuid4())
        publish_words(journal, key="reminder.campaign", content_hash=proposed.content_hash, by=SECOND, command_id=uuid4())
        return opened(journal, closes="2026-01-30")

    with begin(bureau.engine) as tx:
        keep_preference(tx, "clerk", Preference(wanted=frozenset({("reminder", "sms")}), mobile="13800001234"))
    campaign = acting(bureau, publish)
    come(bureau, 21)
    assert [row["text"] for row in bureau.rows(SHORT)] == [f"截止提醒：{campaign.title}，期限2026年1月30日24时，请登录办理。"]
    names = acting(bureau, lambda journal: organ_names(journal.tx))
    text = "SELECT DISTINCT rendered ->> 'text' AS text FROM desk.outbox WHERE kind LIKE 'reminder.campaign%' AND channel <> 'sms' ORDER BY 1"
    assert {row["text"] for row in bureau.rows(text)} == {
        f"{names.get(unit, unit)}：“{campaign.title}”2026年1月30日24时截止，尚未报齐。" for unit in campaign.scope
    }
