"""B2, B3, I3: campaigns of units, what they refuse at the moment of the command, and who has filed under them."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.campaigns import SCOPE, closed, come_to, extended, opened, terms, unit_in
from tests.support.life import Life, memory
from tests.workflows.test_after_the_evaluation import Year
from tests.workflows.test_any_person_any_verb import figures
from workflows.campaigns import Phase, Purpose
from workflows.campaigns.coverage import Owed, Standing, Stubs, by_department, counted, coverage, filed_since
from workflows.campaigns.moments import beginning, ending, said
from workflows.campaigns.reminding import reminders_of, workdays_left
from workflows.commands import campaigns as verbs
from workflows.commands import drafting, monitoring
from workflows.commands.adjusting import open_revision
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.commands.recipe import demands_of
from workflows.errors import FieldsInvalid, GoaltrailError, ReasonMissing
from workflows.events import CampaignOpened
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Cover, Post, Role, Stage
from workflows.words.sentences import sentence
from workflows.workdays import official_calendar

CLOSING = datetime(2026, 1, 9, 16, 0, tzinfo=UTC)
"""24:00 of the 9th of January in Beijing."""
INSTANT = timedelta(microseconds=1)


def drafted() -> Life:
    return Life(memory()).imported().completed()


def refused(act, *words, **named) -> tuple[str, str]:
    with pytest.raises(GoaltrailError) as refusal:
        act(*words, **named)
    return getattr(refusal.value, "rule", type(refusal.value).__name__), refusal.value.sentence


@pytest.mark.parametrize(("before", "taken"), [(2, True), (1, False), (0, False)])
def test_b3_the_cut_off_is_the_moment_itself_and_not_an_instant_later(before, taken):
    """The journal's clock gives each question a microsecond more: the submission is decided at CLOSING - before + 1."""
    life = drafted()
    opened(life.journal)
    life.journal.at = CLOSING - before * INSTANT
    if taken:
        assert life.submitted().table.stage == Stage.UNIT_REVIEW
    else:
        assert refused(life.submitted)[0] == "G-CUTOFF"


def test_b3_the_refusal_says_when_it_closed_what_extension_there_was_and_whom_to_ask():
    life = drafted()
    campaign = opened(life.journal)
    come_to(life, "2026-01-09T16:00:00")
    assert refused(life.submitted) == (
        "G-CUTOFF",
        "“2026年度目标申报”已于2026年1月9日24时截止（没有延期），不能再提交。确需补报的，请联系财政绩效科（布置人：performance同志）办理延期。",
    )  # fmt: skip
    extended(life.journal, campaign, "2026-01-12T17:30", roster.UNIT)
    come_to(life, "2026-01-12T09:30:00")
    assert refused(life.submitted)[1].startswith(
        "“2026年度目标申报”已于2026年1月12日17时30分截止（原定2026年1月9日24时，延期至此）"
    )


def test_before_it_opens_nothing_is_filed():
    life = drafted()
    opened(life.journal, opens="2026-01-07", closes="2026-01-20")
    assert refused(life.submitted) == ("G-NOT-OPEN", "“2026年度目标申报”自2026年1月7日开始，现在还不能提交。")
    assert come_to(life, "2026-01-06T16:00:00").submitted().table.stage == Stage.UNIT_REVIEW


def test_the_page_and_the_command_answer_the_same():
    """The table's page asks lifecycle.decide with the same demands as the verb does."""
    life = drafted()
    opened(life.journal)
    come_to(life, "2026-01-09T16:00:00")
    shown = decide(
        roster.CLERK, life.table, Action.SUBMIT, demands=demands_of(life.journal, life.table, life.journal.now())
    )
    assert (shown.rule, shown.sentence) == refused(life.submitted)
    stranger = decide(
        roster.UNIT_HEAD, life.table, Action.SUBMIT, demands=demands_of(life.journal, life.table, life.journal.now())
    )
    assert stranger.rule == "R-ROLE", "who is not the clerk is told so first"


@pytest.mark.parametrize("how", ["advisory", "of another unit", "of another year", "none"])
def test_without_an_enforced_campaign_of_its_own_a_table_is_filed_as_before(how):
    life = drafted()
    if how == "advisory":
        opened(life.journal, enforcing=False)
    elif how == "of another unit":
        opened(life.journal, scope={roster.OTHER_UNIT: roster.DEPARTMENT})
    elif how == "of another year":
        other = verbs.Terms(2027, Purpose.GOAL_FILING, "2027年度目标申报", beginning("2026-01-01"), ending("2026-01-09"), SCOPE)
        verbs.open_campaign(life.journal, bureau=roster.BUREAU, terms=other, by=roster.FINANCE_PERFORMANCE, command_id=uuid4())
    assert come_to(life, "2026-02-01T00:00:00").submitted().table.stage == Stage.UNIT_REVIEW


def test_what_was_filed_in_time_and_sent_back_is_filed_again_after_the_cut_off():
    life = drafted()
    opened(life.journal)
    life.submitted().returned(roster.UNIT_HEAD, Stage.DRAFT)
    assert come_to(life, "2026-01-20T00:00:00").submitted().table.round == 2


def test_what_the_unit_itself_took_back_counts_as_not_filed():
    life = drafted()
    opened(life.journal)
    life.submitted()
    life.table = drafting.withdraw_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), reason="金额有误，须更正"
    )
    come_to(life, "2026-01-09T16:00:00")
    assert refused(life.submitted)[0] == "G-CUTOFF"


def test_a_revision_follows_no_campaign():
    life = Life(memory()).in_monitoring()
    opened(life.journal)
    come_to(life, "2026-03-01T00:00:00")
    parent = open_revision(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), trigger="budget",
        reason="年度中追加预算",
    )  # fmt: skip
    draft = life.journal.lock_table(UUID(parent.revision))
    demands = demands_of(life.journal, draft, life.journal.now())
    assert decide(roster.CLERK, draft, Action.SUBMIT, demands=demands).allowed


def test_of_two_campaigns_that_name_a_unit_the_newest_counts():
    life = drafted()
    opened(life.journal)
    come_to(life, "2026-01-10T00:00:00")
    opened(life.journal, opens="2026-01-10", closes="2026-01-31", scope={roster.UNIT: roster.DEPARTMENT})
    assert life.submitted().table.stage == Stage.UNIT_REVIEW


def filed_window(life: Life) -> Life:
    life.table = monitoring.file_monitoring(
        life.journal, life.table.id, seen=life.seen(), window="w1", figures=figures(life.journal, life.table.id),
        by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return life


def test_a_monitoring_window_closes_too_and_a_returned_one_is_filed_again():
    life = Life(memory()).in_monitoring().window_opened()
    month = life.table.window("w1").date[:7]
    at = life.journal.at
    closes = (at + timedelta(days=9)).date().isoformat()
    opened(life.journal, purpose=Purpose.MONITORING, window=month, opens="2026-01-01", closes=closes)
    filed_window(life)
    life.table = monitoring.return_monitoring(
        life.journal, life.table.id, seen=life.seen(), window="w1", by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
        reason="执行数与账面不符",
    )  # fmt: skip
    life.journal.at = at + timedelta(days=30)
    assert filed_window(life).table.window("w1").state == "filed"


def test_a_window_that_was_never_filed_is_refused_after_the_cut_off():
    life = Life(memory()).in_monitoring().window_opened()
    closes = (life.journal.at + timedelta(days=9)).date().isoformat()
    opened(life.journal, purpose=Purpose.MONITORING, window=life.table.window("w1").date[:7], closes=closes)
    opened(life.journal, purpose=Purpose.MONITORING, window="2027-12", closes="2027-12-31")
    life.journal.at += timedelta(days=30)
    assert refused(filed_window, life)[0] == "G-CUTOFF"


def test_the_self_evaluation_closes_too():
    year = Year.evaluating()
    campaign = opened(year.journal, purpose=Purpose.SELF_EVALUATION, closes="2027-02-28")
    come_to(year, "2027-03-10T00:00:00")
    assert refused(year.filed)[0] == "G-CUTOFF"
    extended(year.journal, campaign, "2027-03-31")
    assert year.filed().table.evaluation.filed_by == roster.CLERK.id


# -- opening, extending, ending ----------------------------------------------------------------------------------------


def test_a_campaign_keeps_its_units_and_says_what_it_asks():
    journal = memory()
    campaign = opened(journal, departments=(roster.DEPARTMENT,), basis="清财绩〔2026〕2号", least=3)
    assert (campaign.scope, campaign.closes, campaign.number, campaign.phase(journal.now())) == (SCOPE, CLOSING, 1, Phase.RUNNING)
    (event,) = journal.history(campaign.id)
    assert sentence(event).endswith("2个单位，2026年1月1日至2026年1月9日24时，硬性截止）。")
    assert isinstance(event.fact, CampaignOpened)
    assert journal.content(event.fact.content_hash)["units"][0] == {"unit": roster.UNIT, "department": roster.DEPARTMENT}


def test_the_same_command_opens_one_campaign():
    journal, command = memory(), uuid4()
    first, again = (
        verbs.open_campaign(journal, bureau=roster.BUREAU, terms=terms(), by=roster.FINANCE_PERFORMANCE, command_id=command)
        for _ in range(2)
    )
    assert (first, len(journal.history(first.id))) == (again, 1)


@pytest.mark.parametrize(("said", "field"), [
    ({"closes": "2026-01-01"}, "closes"), ({"opens": "2026-02-01"}, "closes"), ({"scope": {}}, "units"),
    ({"least": 0}, "least"), ({"window": "2026-07"}, "window"), ({"purpose": Purpose.MONITORING}, "window"),
    ({"purpose": Purpose.MONITORING, "window": "July"}, "window"), ({"basis": "号" * 101}, "basis"),
])  # fmt: skip
def test_terms_that_cannot_be_are_refused_by_name(said, field):
    with pytest.raises(FieldsInvalid) as refusal:
        opened(memory(), **said)
    assert refusal.value.facts["field"] == field


def test_only_the_performance_section_or_its_deputy_opens_and_a_unit_is_asked_once_at_a_time():
    journal = memory()
    assert refused(opened, journal, by=roster.FINANCE_BUDGET)[0] == "R-ROLE"
    post = Post(Role.FINANCE_PERFORMANCE, roster.BUREAU)
    deputy = roster.person("deputy")
    deputy = type(deputy)(deputy.id, deputy.name, (), (Cover("grant-1", "performance", "performance同志", (post,)),))
    campaign = opened(journal, by=deputy)
    assert journal.history(campaign.id)[0].behalf.id == "performance"
    with pytest.raises(FieldsInvalid):
        opened(journal)
    opened(journal, scope={"unit-9": roster.DEPARTMENT})


def test_more_time_is_really_more_and_says_why():
    journal = memory()
    campaign = opened(journal)
    with pytest.raises(FieldsInvalid):
        extended(journal, campaign, "2026-01-09")
    with pytest.raises(FieldsInvalid):
        extended(journal, campaign, "2026-01-20", "unit-9")
    with pytest.raises(ReasonMissing):
        verbs.extend_campaign(journal, campaign, closes=ending("2026-01-20"), reason="", by=roster.FINANCE_PERFORMANCE, command_id=uuid4())
    campaign = extended(journal, campaign, "2026-01-20", roster.UNIT)
    assert [campaign.closes_for(unit) for unit in (roster.UNIT, roster.OTHER_UNIT)] == [ending("2026-01-20"), CLOSING]
    campaign = extended(journal, campaign, "2026-01-25")
    assert {campaign.closes_for(unit) for unit in SCOPE} == {ending("2026-01-25")}
    assert said(campaign.last_closing) == "2026年1月25日24时"


def test_an_early_end_closes_at_once_and_for_good():
    life = drafted()
    campaign = closed(life.journal, opened(life.journal))
    assert campaign.phase(life.journal.now()) == Phase.OVER
    assert refused(life.submitted)[1].startswith("“2026年度目标申报”已于2026年1月5日9时提前结束，不能再提交。")
    assert refused(extended, life.journal, campaign, "2026-02-01")[0] == "G-OVER"
    assert refused(closed, life.journal, campaign)[0] == "G-OVER"


def test_an_extension_lets_in_who_was_late_by_a_moment_whatever_came_first():
    """The race by hand: submission then extension is refused; extension then submission is taken."""
    life = drafted()
    campaign = opened(life.journal)
    come_to(life, "2026-01-09T16:00:00")
    assert refused(life.submitted)[0] == "G-CUTOFF"
    extended(life.journal, campaign, "2026-01-12")
    assert life.submitted().table.stage == Stage.UNIT_REVIEW


# -- coverage ----------------------------------------------------------------------------------------------------------

EARLY, LATE = CLOSING - timedelta(days=1), CLOSING + timedelta(days=1)


@pytest.mark.parametrize(("filed", "least", "standing"), [
    ((), 1, Standing.MISSING), ((EARLY,), 1, Standing.FILED), ((EARLY,), 2, Standing.MISSING),
    ((EARLY, EARLY), 2, Standing.FILED), ((EARLY, None), 1, Standing.MISSING), ((EARLY, LATE), 1, Standing.LATE),
    ((CLOSING,), 1, Standing.LATE),
])  # fmt: skip
def test_i3_a_unit_has_filed_when_nothing_is_missing_and_enough_was_filed(filed, least, standing):
    campaign = opened(memory(), least=least)
    owed = [Owed(uuid4(), f"表{number}", roster.UNIT, at) for number, at in enumerate(filed)]
    assert unit_in(campaign, owed).standing == standing


def test_i3_classified_projects_count_among_the_filed_by_number_alone():
    campaign = opened(memory(), least=3)
    owed = [Owed(uuid4(), "表", roster.UNIT, EARLY)]
    found = unit_in(campaign, owed, {roster.UNIT: Stubs(2, EARLY)})
    assert (found.standing, found.filed, found.stubs) == (Standing.FILED, 3, 2)


def test_a_unit_says_that_it_has_nothing_more_to_file():
    journal = memory()
    campaign = opened(journal, least=5)
    says = {"by": roster.CLERK, "command_id": uuid4()}
    draft = [Owed(uuid4(), "表", roster.UNIT)]
    assert refused(declare_complete, journal, campaign, stands=unit_in(campaign, draft), **says)[0] == "G-DRAFTS"
    with pytest.raises(ReasonMissing):
        declare_complete(journal, campaign, stands=unit_in(campaign), **says)
    assert refused(declare_complete, journal, campaign, stands=unit_in(campaign), by=roster.OTHER_CLERK, command_id=uuid4())[0] == "R-ROLE"
    campaign = declare_complete(journal, campaign, stands=unit_in(campaign), note="本单位本年度没有项目支出", **says)
    assert unit_in(campaign).standing == Standing.FILED
    assert refused(declare_complete, journal, campaign, stands=unit_in(campaign), by=roster.UNIT_HEAD, command_id=uuid4())[0] == "G-ONCE"
    assert sentence(journal.history(campaign.id)[-1]).endswith("零申报，说明：本单位本年度没有项目支出。")


def test_b8_the_missing_are_urged_once_in_four_hours():
    journal = memory()
    campaign = opened(journal)
    units = coverage(campaign, [Owed(uuid4(), "表", roster.UNIT, EARLY)], {})
    urge = {"by": roster.FINANCE_PERFORMANCE}
    assert urge_missing(journal, campaign, units=units, command_id=uuid4(), **urge) == (roster.OTHER_UNIT,)
    journal.at += timedelta(hours=3, minutes=59)
    assert refused(urge_missing, journal, campaign, units=units, command_id=uuid4(), **urge)[0] == "G-URGE"
    journal.at += timedelta(minutes=2)
    assert urge_missing(journal, campaign, units=units, command_id=uuid4(), **urge) == (roster.OTHER_UNIT,)
    done = coverage(campaign, [Owed(uuid4(), "表", unit, EARLY) for unit in SCOPE], {})
    assert refused(urge_missing, journal, campaign, units=done, command_id=uuid4(), **urge)[0] == "G-NOTHING"


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), purpose=st.sampled_from([Purpose.GOAL_FILING, Purpose.SELF_EVALUATION]))
def test_i3_the_board_equals_a_count_by_hand(seed, purpose):
    """Units and tables drawn by lot; the hand counts units by crossing out whoever has something missing."""
    lot = Random(seed)
    scope = {f"u{number}": f"d{number % 3}" for number in range(lot.randint(1, 9))}
    campaign = opened(memory(), scope=scope, purpose=purpose, closes="2026-01-09")
    journal_of = {uuid4(): (lot.choice([*scope, "stranger"]), _marks(lot, purpose)) for _ in range(lot.randint(0, 25))}
    owed = [Owed(table, "表", unit, filed_since(marks, purpose)) for table, (unit, marks) in journal_of.items()]
    board = counted(coverage(campaign, owed, {}))

    missing, late, filed, nothing, tables = set(), set(), set(), set(), {"missing": 0, "late": 0, "filed": 0}
    for unit in scope:
        mine = [marks for of, marks in journal_of.values() if of == unit]
        states = [_by_hand(marks) for marks in mine]
        for state in states:
            tables[state] += 1
        if not mine:
            (missing if purpose == Purpose.GOAL_FILING else nothing).add(unit)
        elif "missing" in states:
            missing.add(unit)
        else:
            (late if "late" in states else filed).add(unit)
    assert (board.missing_units, board.late_units, board.filed_units, board.nothing) == (len(missing), len(late), len(filed), len(nothing))
    assert (board.missing, board.late, board.filed) == (tables["missing"], tables["late"], tables["filed"])
    departments = by_department(coverage(campaign, owed, {}))
    assert sum(counted(units).units for units in departments.values()) == len(scope)


def _marks(lot: Random, purpose: Purpose) -> list[tuple[str, datetime]]:
    files = "table.submitted" if purpose == Purpose.GOAL_FILING else "selfeval.filed"
    kinds = [files, "table.withdrawn"] if purpose == Purpose.GOAL_FILING else [files]
    at, marks = CLOSING - timedelta(hours=3), []
    for _ in range(lot.randint(0, 4)):
        at += timedelta(hours=lot.randint(0, 3), minutes=lot.randint(0, 1))
        marks.append((lot.choice(kinds), at))
    return marks


def _by_hand(marks: list[tuple[str, datetime]]) -> str:
    last_out = max((number for number, (kind, _) in enumerate(marks) if kind == "table.withdrawn"), default=-1)
    after = [at for kind, at in marks[last_out + 1 :]]
    if not after:
        return "missing"
    return "late" if after[0] >= CLOSING else "filed"


# -- reminders ---------------------------------------------------------------------------------------------------------


def test_reminders_come_on_working_days_before_each_closing_and_none_after_an_early_end():
    journal = memory()
    campaign = opened(journal, opens="2026-09-01", closes="2026-09-30")
    calendar, now = official_calendar(), journal.now()
    days = {each.rung: each.due_at.isoformat() for each in reminders_of(campaign, calendar, now)}
    assert days == {
        "T-7": "2026-09-20T01:00:00+00:00", "T-3": "2026-09-24T01:00:00+00:00", "T-1": "2026-09-29T01:00:00+00:00",
        "T": "2026-09-30T01:00:00+00:00",
    }  # fmt: skip
    later = extended(journal, campaign, "2026-10-09", roster.UNIT)
    assert len(reminders_of(later, calendar, now)) == 8
    assert reminders_of(closed(journal, later), calendar, now) == ()


def test_working_days_left_are_counted_by_the_calendar():
    calendar = official_calendar()
    closes = ending("2026-10-09")
    left = [workdays_left(closes, calendar, datetime(2026, month, day, 1, tzinfo=UTC)) for month, day in ((9, 30), (10, 8), (10, 9), (10, 10))]
    assert left == [2, 1, 0, -1]
