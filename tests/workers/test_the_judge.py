"""The chaos year's judge by hand: what one table in unit review must have told by the twentieth of January, and what it may."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tests.support import roster
from tests.support.campaigns import closed, extended, opened
from tests.support.campaigns_by_the_log import campaigns_from, rungs, tell_of_campaigns
from tests.support.chains import standard_but
from tests.support.filings_by_the_log import Refused, against_the_cut_off
from tests.support.life import Life, memory
from tests.support.notices_by_the_log import Said, Step, World, counted, said_by, works
from tests.support.replies_by_the_log import tell_of_replies
from tests.workflows.test_recounting import notice
from workflows.calendars import shipped_content
from workflows.campaigns import Purpose
from workflows.commands import asking
from workflows.commands.escalating import deem_read, escalate_task
from workflows.vocabulary import Stage

BEGAN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)


def judged(life: Life, *steps: datetime) -> Said:
    at = tuple(Step(each, each + timedelta(seconds=30)) for each in steps)
    world = World(at, roster.PEOPLE, (), life.journal.content, shipped_content())
    return said_by({life.table.id: life.journal.history(life.table.id)}, world)


def templates(said: dict, person: str) -> list[str]:
    return sorted(template for _, _, template, told in said if told == person)


def test_b7_a_table_that_lies_still_tells_every_rung_and_owes_its_overdue_mark() -> None:
    """Submitted on Monday the 5th, due on Thursday the 8th; T-3 falls on the moment it came in, so it is not set."""
    life = Life(memory()).in_unit_review()
    said = judged(life, BEGAN, LATER)
    rungs = ["reminder.T", "reminder.T+1", "reminder.T-1"]
    assert templates(said.must, "unit_head") == [*rungs, "task.waiting"]
    assert templates(said.must, "clerk") == []
    assert templates(said.may, "clerk") == ["task.waiting"]
    assert said.undone == [(str(life.table.id), "overdue", life.table.desks[0].task)]


def test_b7_what_was_decided_before_its_moment_is_told_to_nobody() -> None:
    life = Life(memory()).in_unit_review()
    life.journal.at = BEGAN + timedelta(days=1)
    life.approved(roster.UNIT_HEAD)
    said = judged(life, BEGAN, BEGAN + timedelta(days=1), LATER)
    assert templates(said.must | said.may, "unit_head") == ["task.waiting"]
    assert "reminder.T+1" in templates(said.must, "planner")


def test_b7_what_was_decided_while_the_work_drained_may_be_told() -> None:
    life = Life(memory()).in_unit_review()
    life.journal.at = LATER + timedelta(seconds=10)
    life.approved(roster.UNIT_HEAD)
    said = judged(life, BEGAN, LATER)
    assert templates(said.must, "unit_head") == ["task.waiting"]
    assert templates(said.may, "unit_head") == ["reminder.T", "reminder.T+1", "reminder.T-1"]
    assert said.undone == []


def test_its_own_counting_of_days_knows_make_up_days_and_years_without_a_notice() -> None:
    calendar, of = shipped_content(), datetime.fromisoformat
    days = [of(day).date() for day in ("2026-02-14", "2026-02-16", "2030-05-01", "2030-05-06")]
    assert [works(day, calendar) for day in days] == [True, False, False, True]
    assert counted(of("2026-02-13").date(), 2, calendar).isoformat() == "2026-02-24"
    assert counted(of("2026-02-24").date(), -1, calendar).isoformat() == "2026-02-14"


def campaign_judged(life: Life, *steps: datetime, calendars=()) -> Said:
    """What the one campaign of a journal says, with one table beside it."""
    world = World(tuple(Step(each, each + timedelta(seconds=30)) for each in steps), roster.PEOPLE, (), life.journal.content, shipped_content(), calendars)
    said = Said()
    asked = {stream: log for stream, log in life.journal.streams.items() if log and log[0].subject == "campaign"}
    tell_of_campaigns(asked, {life.table.id: life.journal.history(life.table.id)}, world, said)
    return said


def on(day: int, hour: int = 2, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def reminded(said: dict, person: str) -> list[str]:
    return [each.removeprefix("reminder.campaign.") for each in templates(said, person) if each.startswith("reminder.")]


def drafted() -> Life:
    return Life(memory()).imported().completed()


def test_b2_each_rung_goes_to_the_units_that_have_not_filed_until_they_have() -> None:
    """Closes on Friday the 30th: T-7 is the 21st, T-3 the 27th, T-1 the 29th; one unit files on the 22nd, one never."""
    life = drafted()
    opened(life.journal, closes="2026-01-30")
    life.journal.at = on(22)
    life.submitted()
    said = campaign_judged(life, BEGAN, on(21), on(22, 1), on(27), on(29), on(30))
    assert (reminded(said.must, "clerk"), reminded(said.may, "clerk")) == (["T-7.2026-01-30"], [])
    assert reminded(said.must, "other_clerk") == [f"{rung}.2026-01-30" for rung in ("T-1", "T-3", "T-7", "T")]
    (told,) = [texts for key, texts in said.must.items() if key[2:] == ("reminder.campaign.T-7.2026-01-30", "clerk")]
    assert told == ("“2026年度目标申报”还有7个工作日截止（2026年1月30日24时），本单位还有1张表没有提交，请及时办理。",)
    assert templates(said.must, "unit_head") == ["campaign.opened", "reminder.campaign.T-7.2026-01-30"]


def test_b2_what_was_filed_while_the_work_drained_may_be_told() -> None:
    life = drafted()
    opened(life.journal, closes="2026-01-30")
    life.journal.at = on(21) + timedelta(seconds=10)
    life.submitted()
    said = campaign_judged(life, BEGAN, on(21))
    assert (reminded(said.must, "clerk"), reminded(said.may, "clerk")) == ([], ["T-7.2026-01-30"])


def test_b2_more_time_moves_the_rungs_of_its_unit_and_an_early_end_ends_them() -> None:
    """More time until the 13th of February, a Friday: T-7 is the 4th; ended on the 5th, before T-3 on the 10th."""
    life = drafted()
    campaign = opened(life.journal, closes="2026-01-30")
    life.journal.at = on(8)
    extended(life.journal, campaign, "2026-02-13", roster.UNIT)
    life.journal.at = on(5, month=2)
    closed(life.journal, life.journal.campaigns(roster.BUREAU, 2026, Purpose.GOAL_FILING)[0])
    said = campaign_judged(life, BEGAN, on(7), on(30), on(4, month=2), on(5, 1, month=2), on(20, month=2))
    assert reminded(said.must, "clerk") == ["T-7.2026-02-13"]
    assert reminded(said.must, "other_clerk") == [f"{rung}.2026-01-30" for rung in ("T-1", "T-3", "T-7", "T")]
    assert templates(said.must, "other_clerk")[:2] == ["campaign.closed", "campaign.opened"], "of the other's time it hears nothing"


def test_b2_a_calendar_published_on_the_way_moves_what_is_ahead_alone() -> None:
    """The 28th and 29th are off by the calendar that comes on the 22nd: T-1 and T-3 move to the 27th and the 23rd."""
    life = drafted()
    opened(life.journal, closes="2026-01-30")
    content = notice("2026-01-28,放假\n2026-01-29,放假\n")
    steps = [on(day, 1) + timedelta(minutes=1) for day in (5, 21, 23, 27, 28, 29, 30)]
    world = World([Step(each, each) for each in steps], roster.PEOPLE, (), life.journal.content, shipped_content(), [(on(22), content)])
    ((stream, log),) = [(stream, log) for stream, log in life.journal.streams.items() if log and log[0].subject == "campaign"]
    (asked,) = campaigns_from({stream: log}, world)
    assert [(rung, moment.day) for _, rung, moment in rungs(asked, roster.UNIT, world)] == [
        ("T-7", 21), ("T-3", 23), ("T-1", 27), ("T", 30),
    ]  # fmt: skip


def test_b3_it_finds_a_filing_that_was_to_be_refused_and_a_refusal_without_ground() -> None:
    """A table filed on the 12th, sent back and filed again; judged by a campaign that had closed on the 9th it never knew."""
    life, other = drafted(), Life(memory())
    opened(other.journal, closes="2026-01-09")
    life.journal.at = on(12)
    life.submitted().returned(roster.UNIT_HEAD, Stage.DRAFT).submitted()
    events = {life.table.id: life.journal.history(life.table.id)}
    streams = {stream: log for stream, log in other.journal.streams.items() if log}
    world = World((), roster.PEOPLE, (), other.journal.content, shipped_content())
    campaigns = campaigns_from(streams, world)
    first = next(each for each in events[life.table.id] if each.kind == "table.submitted")
    assert against_the_cut_off(events, campaigns, ()) == ([(str(life.table.id), "table.submitted", first.at, "G-CUTOFF")], 1)
    draft = first.version - 1
    in_time, too_late = (Refused(life.table.id, on(day), "G-CUTOFF", draft) for day in (8, 10))
    assert against_the_cut_off(events, campaigns, (in_time, too_late))[0][1:] == [(str(life.table.id), "refused", on(8), "G-CUTOFF")]


def test_b9_a_hand_rung_that_has_come_and_was_not_carried_out_is_owed() -> None:
    to = {"role": "finance_leader", "of": "bureau"}
    chain = standard_but("department_finance", ladder=[{"at": "T+2", "do": "hand", "to": to}])
    life = Life(memory(), definition=chain).in_unit_review().approved(roster.UNIT_HEAD)
    task = life.table.desks[0].task
    said = judged(life, BEGAN, LATER)
    assert said.undone == [(str(life.table.id), "hand.T+2", task), (str(life.table.id), "overdue", task)]
    life.journal.at = LATER
    escalate_task(life.journal, life.table.id, task=task, kind="hand.T+2", command_id=uuid4())
    said = judged(life, BEGAN, LATER)
    assert said.undone == [(str(life.table.id), "overdue", task)]
    assert templates(said.must, "leader") == ["task.escalated.hand.T+2"]


def test_b10_a_copy_whose_term_is_over_is_owed_its_being_read() -> None:
    life = Life(memory(), definition=standard_but("department_finance") | {"copies_read_after": 3}).in_unit_review()
    asking.send_copies(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), people=["leader"], note="请阅知"
    )
    (copy,) = life.journal.lock_table(life.table.id).copies
    assert [each for each in judged(life, BEGAN, LATER).undone if each[1] == "deem read"] == [(str(life.table.id), "deem read", copy.copy)]
    assert [each for each in judged(life, BEGAN, on(6)).undone if each[1] == "deem read"] == []
    life.journal.at = LATER
    deem_read(life.journal, life.table.id, copy=copy.copy, person="leader", command_id=uuid4())
    assert [each for each in judged(life, BEGAN, LATER).undone if each[1] == "deem read"] == []


def test_f5_a_reply_reminds_of_passing_on_and_of_disclosing_once_for_all_its_tables() -> None:
    """Replied to on Monday the 5th: to be passed on by the 20th, a Tuesday, and disclosed by the 25th, a Sunday."""
    life = Life(memory()).in_monitoring()
    history = life.journal.history(life.table.id)
    steps = tuple(Step(on(day), on(day) + timedelta(seconds=30)) for day in (6, 15, 19, 20, 21, 22, 23, 26))
    said, world = Said(), World(steps, roster.PEOPLE, (), life.journal.content, shipped_content())
    assert tell_of_replies({life.table.id: history}, world, said) == {UUID(life.table.replied.reply)}
    assert templates(said.must, "planner") == [
        f"reminder.{what}.{rung}" for what in ("disclose", "pass_on") for rung in ("T", "T+1", "T-1", "T-3")
    ]
    assert said.may == {}


def test_a_window_whose_day_has_come_is_owed_its_opening() -> None:
    life = Life(memory()).in_monitoring()
    assert judged(life, BEGAN).undone == []
    undone = judged(life, BEGAN, on(1, month=8)).undone
    assert undone == [(str(life.table.id), "open the window", "w1")]
