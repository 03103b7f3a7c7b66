"""Late tasks (B9, B10): the superior is told, then may decide beside the holder; time itself decides nothing."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import standard_but
from tests.support.clockwork import Clockwork, timers_now
from tests.support.hands import act, kinds
from tests.support.life import Life, memory
from tests.support.memory_journal import MemoryJournal
from workflows.commands import asking, holding, recalling, reviewing
from workflows.commands.escalating import escalate_task
from workflows.errors import NotAllowed, TableChangedMeanwhile
from workflows.folds.replay import from_json, replay, to_json
from workflows.rights.handed_marks import handed_acts
from workflows.rights.holders import unread_copies
from workflows.rights.lifecycle import decide
from workflows.rights.permissions import may_read, seats_of
from workflows.rights.unassignable import stranded_tasks
from workflows.vocabulary import SYSTEM, Action, Actor, Cover, Post, Role, Stage
from workflows.words.notices import named, told_of
from workflows.words.sentences import sentence

LEADER = {"role": "finance_leader", "of": "bureau"}
RUNGS = [
    {"at": "T-1", "do": "remind"}, {"at": "T+1", "do": "remind"}, {"at": "T+3", "do": "inform", "to": LEADER},
    {"at": "T+5", "do": "hand", "to": LEADER},
]  # fmt: skip
DUE = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)


def late(rungs=RUNGS, node="finance_business", people=None, **changes) -> tuple[Life, Clockwork]:
    """A table before the bureau's sections since Monday the 5th, due on the 12th, under a chain with a ladder."""
    journal = memory() if people is None else MemoryJournal(memory().at, people)
    life = Life(journal, definition=standard_but(node, ladder=rungs, **changes)).in_finance_approval()
    return life, Clockwork(life)


def day(number: int) -> datetime:
    return datetime(2026, 1, number, 3, 0, tzinfo=UTC)


def task_at(life, node="finance_business"):
    return next(desk for desk in life.table.desks if desk.node == node)


def happened(life, kind):
    return [each for each in life.journal.history(life.table.id) if each.kind == kind]


def test_nothing_else_comes_by_time_than_the_rungs_that_are_written():
    life, _ = late()
    mine = [(each.kind, each.due_at) for each in timers_now(life) if each.task == task_at(life).task]
    nine = [datetime(2026, 1, number, 1, 0, tzinfo=UTC) for number in (9, 13, 15, 19)]
    assert mine == [*zip(("T-1", "T+1", "inform.T+3", "hand.T+5"), nine, strict=True), ("overdue", DUE)]


def test_the_superior_is_told_then_may_decide_beside_the_holder():
    life, clock = late()
    clock.until(day(15))
    (told,) = happened(life, "task.escalated")
    assert (told.actor_id, told.role, told.fact.rule, told.fact.due_at) == ("system", Role.SYSTEM, "ladder:T+3", DUE.isoformat())
    assert (told.fact.do, told.fact.role, told.fact.people) == ("inform", "finance_leader", ({"person": "leader", "name": "leader同志"},))
    assert may_read(roster.FINANCE_LEADER, life.table)
    assert seats_of(roster.FINANCE_LEADER, life.table) == ()
    assert decide(roster.FINANCE_LEADER, life.table, Action.APPROVE).allowed is False
    clock.until(day(19))
    assert [each.fact.do for each in happened(life, "task.escalated")] == ["inform", "hand"]
    (seat,) = seats_of(roster.FINANCE_LEADER, life.table)
    assert (seat.handed, seat.desk.role, seat.desk.task) == (True, "finance_leader", task_at(life).task)
    assert decide(roster.FINANCE_BUSINESS, life.table, Action.APPROVE).allowed


def test_the_superiors_decision_is_his_own_and_stands_as_such():
    life, clock = late()
    clock.until(day(19))
    task = task_at(life).task
    life.approved(roster.FINANCE_LEADER)
    (made,) = [each for each in happened(life, "task.decided") if each.fact.task == task]
    assert (made.actor_id, made.role, made.organ, made.behalf) == ("leader", Role.FINANCE_LEADER, roster.BUREAU, None)
    assert handed_acts(life.journal.history(life.table.id)) == {made.version}
    assert [desk.node for desk in life.table.desks] == ["finance_performance"]


@pytest.mark.parametrize(("first", "second"), [
    (roster.FINANCE_LEADER, roster.FINANCE_BUSINESS), (roster.FINANCE_BUSINESS, roster.FINANCE_LEADER),
])  # fmt: skip
def test_whoever_decides_first_decides_and_the_other_no_more(first, second):
    life, clock = late()
    clock.until(day(19))
    seen = life.seen()
    life.approved(first)
    with pytest.raises(TableChangedMeanwhile):
        reviewing.approve_table(life.journal, life.table.id, seen=seen, by=second, command_id=uuid4(), opinion="同意")
    assert decide(second, life.table, Action.APPROVE, node="finance_business").allowed is False


def test_nothing_is_ever_approved_by_time():
    """Whatever goes by, nobody's decision is made: the desks stand, only told and handed."""
    life, clock = late()
    before = [(desk.node, desk.task) for desk in life.table.desks]
    clock.until(datetime(2027, 12, 31, tzinfo=UTC))
    assert [(desk.node, desk.task) for desk in life.table.desks] == before
    assert life.table.stage == Stage.FINANCE_APPROVAL
    assert {each.kind for each in life.journal.history(life.table.id) if each.actor_id == SYSTEM.id} == {"task.escalated", "task.overdue"}


def test_segregation_keeps_a_superior_from_a_handed_task_and_the_alarm_goes_off_where_nobody_is_left():
    """The unit's head passed the table in this round; handed to him in his other post, nobody could take it (S2)."""
    both = roster.person("unit_head", (Role.UNIT_HEAD, roster.UNIT), (Role.FINANCE_LEADER, roster.BUREAU))
    people = tuple(both if each.id == "unit_head" else each for each in roster.PEOPLE if each.id not in ("leader", "every_hat"))
    life, clock = late(people=people)
    clock.until(day(19))
    (told,), (alarm,) = happened(life, "task.escalated"), happened(life, "task.unassignable")
    assert (told.fact.do, alarm.fact.role, alarm.fact.rule) == ("inform", "finance_leader", "ladder:T+5")
    assert {notice.text for notice in told_of(alarm, life.table, life.table)} == {
        f"{named(life.table)}的一项任务（逾期升级给财政分管领导）无人可以办理，请核对岗位授权或改派。"
    }
    assert task_at(life).unassignable
    assert decide(both, life.table, Action.APPROVE).allowed is False


def test_nobody_holds_the_superiors_post():
    people = tuple(each for each in roster.PEOPLE if each.id not in ("leader", "every_hat"))
    life, clock = late(people=people)
    clock.until(day(19))
    assert ([each.fact.rule for each in happened(life, "task.unassignable")], happened(life, "task.escalated")) == (["ladder:T+3"], [])


def test_what_goes_beyond_deciding_stays_with_the_holder():
    life, clock = late()
    clock.until(day(19))
    task = task_at(life).task
    with pytest.raises(NotAllowed, match="此任务因逾期升级办理，您可以直接作出决定；认领由原办理人办理。") as refused:
        act(life, holding.claim_task, roster.FINANCE_LEADER, task=task)
    assert refused.value.rule == "G-HANDED"


def test_a_claimed_or_delegated_task_is_open_to_the_superior_too():
    life, clock = late()
    act(life, holding.delegate_task, roster.FINANCE_BUSINESS, task=task_at(life).task, person="officer", reason="请先核对测算")
    clock.until(day(19))
    assert decide(roster.FINANCE_BUSINESS, life.table, Action.APPROVE).rule == "R-DELEGATED"
    assert decide(roster.FINANCE_LEADER, life.table, Action.APPROVE).allowed


def test_a_handed_task_is_not_left_without_anybody():
    life, clock = late(people=tuple(each for each in roster.PEOPLE if each.id != "every_hat"))
    clock.until(day(19))
    gone = [each for each in life.journal.people if each.id != "business"]
    left = MemoryJournal(life.journal.at, tuple(gone))
    assert stranded_tasks(life.table, left.holders) == ()
    empty = MemoryJournal(life.journal.at, tuple(each for each in gone if each.id != "leader"))
    assert [each.desk.node for each in stranded_tasks(life.table, empty.holders)] == ["finance_business"]


def test_a_beat_twice_escalates_once():
    life, _ = late()
    task, command = task_at(life).task, uuid4()
    life.journal.at = day(15)
    for _beat in range(2):
        life.table = escalate_task(life.journal, life.table.id, task=task, kind="inform.T+3", command_id=command)
    assert len(happened(life, "task.escalated")) == 1


def test_a_decided_task_escalates_no_more():
    life, clock = late()
    task = task_at(life).task
    life.approved(roster.FINANCE_BUSINESS)
    clock.until(day(19))
    assert escalate_task(life.journal, life.table.id, task=task, kind="hand.T+5", command_id=uuid4()).version == life.table.version
    assert happened(life, "task.escalated") == []


def test_the_state_comes_back_from_its_written_form_and_stays_as_it_was_without_a_ladder():
    life, clock = late()
    assert "escalated" not in str(to_json(life.table))
    clock.until(day(19))
    assert from_json(to_json(life.table)) == life.table == replay(life.table.id, life.journal.history(life.table.id))


def test_what_the_system_did_says_so_with_its_rule():
    """B10: 时间线上写明由系统按哪一条规则办理。"""
    life, clock = late()
    clock.until(day(19))
    told, handed = happened(life, "task.escalated")
    assert sentence(told) == "系统：升级告知财政分管领导（leader同志）：任务应于2026-01-12 18:00前办理（审批链的逾期阶梯，规则 ladder:T+3）。"
    assert sentence(handed) == (
        "系统：升级办理财政分管领导（leader同志），可与办理人并行办理，谁先办谁算：任务应于2026-01-12 18:00前办理（审批链的逾期阶梯，规则 ladder:T+5）。"
    )
    (notice,) = told_of(handed, life.table, life.table)
    assert (notice.to.person, notice.template) == ("leader", "task.escalated.hand.T+5")
    assert notice.text.endswith("期限为2026-01-12，至今没有办理。您可以直接办理，也可以督促办理人；谁先办谁算。（规则 ladder:T+5）")


def deputy_of_the_leader(**narrow):
    post = Post(Role.FINANCE_LEADER, roster.BUREAU)
    return Actor("deputy", "代理同志", (), (Cover("grant-1", "leader", "leader同志", (post,), **narrow),))


def recalled(life, by):
    return act(life, recalling.recall_decision, by, reason="附件须再核对一次")


@pytest.mark.parametrize(("decided", "first"), [(19, roster.FINANCE_LEADER), (19, roster.FINANCE_BUSINESS), (16, roster.FINANCE_BUSINESS)])
def test_a_task_opened_again_by_its_signer_is_handed_to_the_superior_again(decided, first):
    """拿回: the ladder had come to its hand rung before the decision, or between it and the taking back."""
    life, clock = late()
    clock.until(day(decided))
    life.approved(first)
    life.journal.at = day(20)
    recalled(life, first)
    clock.until(day(20))
    again = happened(life, "task.escalated")[-1]
    assert (again.actor_id, again.fact.rule, again.fact.do, again.fact.task) == ("system", "ladder:T+5", "hand", task_at(life).task)
    (seat,) = seats_of(roster.FINANCE_LEADER, life.table)
    assert seat.handed
    clock.until(day(31))
    assert [each.fact.task for each in happened(life, "task.escalated")].count(task_at(life).task) == 1


def test_a_task_taken_back_in_time_is_handed_to_nobody_before_its_rung():
    life, clock = late()
    clock.until(day(13))
    recalled(life.approved(roster.FINANCE_BUSINESS), roster.FINANCE_BUSINESS)
    clock.until(day(18))
    assert seats_of(roster.FINANCE_LEADER, life.table) == ()


def test_a_late_task_whose_clock_ran_on_while_the_table_was_away_is_handed_on_coming_back():
    life, clock = late(on_return="continue")
    clock.until(day(14))
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    clock.until(day(21))
    life.completed().submitted().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    clock.until(day(21))
    assert [seat.handed for seat in seats_of(roster.FINANCE_LEADER, life.table)] == [True]


def test_a_superiors_deputy_decides_a_handed_task_for_him():
    life, clock = late()
    clock.until(day(19))
    deputy = deputy_of_the_leader()
    (seat,) = seats_of(deputy, life.table)
    assert (seat.handed, seat.cover.principal, seat.desk.role) == (True, "leader", "finance_leader")
    assert decide(deputy, life.table, Action.CLAIM).rule == "G-HANDED"
    life.approved(deputy)
    made = happened(life, "task.decided")[-1]
    assert (made.actor_id, made.behalf.id, made.role) == ("deputy", "leader", Role.FINANCE_LEADER)
    assert made.version in handed_acts(life.journal.history(life.table.id))
    recalled(life, deputy)
    assert happened(life, "task.recalled")[-1].behalf.id == "leader"


@pytest.mark.parametrize("narrow", [{"nodes": ("finance_performance",)}, {"units": ("another-unit",)}])
def test_a_cover_that_does_not_reach_gives_no_handed_seat(narrow):
    life, clock = late()
    clock.until(day(19))
    assert seats_of(deputy_of_the_leader(**narrow), life.table) == ()


def test_segregation_binds_the_superior_for_whom_a_deputy_would_decide():
    both = roster.person("unit_head", (Role.UNIT_HEAD, roster.UNIT), (Role.FINANCE_LEADER, roster.BUREAU))
    life, clock = late(people=tuple(both if each.id == "unit_head" else each for each in roster.PEOPLE if each.id != "every_hat"))
    clock.until(day(19))
    post = Post(Role.FINANCE_LEADER, roster.BUREAU)
    deputy = Actor("deputy", "代理同志", (), (Cover("grant-1", "unit_head", "unit_head同志", (post,)),))
    assert decide(deputy, life.table, Action.APPROVE).rule == "S7"


def with_copy(days: int) -> tuple[Life, Clockwork]:
    definition = standard_but("unit_head", working_days=3) | {"copies_read_after": days}
    life = Life(memory(), definition=definition).in_unit_review()
    act(life, asking.send_copies, roster.UNIT_HEAD, people=["planner", "performance"], note="供阅知")
    return life, Clockwork(life)


def test_a_copy_counts_as_read_when_its_term_is_over_and_says_by_whom():
    life, clock = with_copy(3)
    assert kinds(life)[-2:] == ["copy.sent", "copy.term_set"]
    clock.until(datetime(2026, 1, 8, 9, 59, tzinfo=UTC))
    life.table = asking.read_copies(life.journal, life.table.id, by=roster.DEPARTMENT_FINANCE, command_id=uuid4())
    clock.until(datetime(2026, 1, 8, 10, 0, tzinfo=UTC))
    (deemed,) = happened(life, "copy.deemed_read")
    assert (deemed.actor_id, deemed.fact.person, deemed.fact.rule) == ("system", "performance", "copies_read_after:3")
    assert sentence(deemed) == "系统：抄送给performance同志的件到期未打开，视同已阅（审批链的抄送阅知期限，规则 copies_read_after:3）。"
    mine, theirs = life.table.copies
    assert (bool(mine.read_at), mine.read_by_rule, theirs.read_by_rule) == (True, "", "copies_read_after:3")
    assert unread_copies(roster.FINANCE_PERFORMANCE, life.table) == ()
    assert from_json(to_json(life.table)) == life.table


def test_a_copy_counts_as_read_though_the_table_was_sent_back_meanwhile():
    life, clock = with_copy(3)
    life.returned(roster.UNIT_HEAD, Stage.DRAFT)
    clock.until(datetime(2026, 1, 8, 10, 0, tzinfo=UTC))
    assert sorted(each.fact.person for each in happened(life, "copy.deemed_read")) == ["performance", "planner"]


def test_without_the_rule_a_copy_stays_unread_for_ever():
    life, clock = with_copy(0)
    clock.until(datetime(2026, 3, 1, tzinfo=UTC))
    assert kinds(life).count("copy.term_set") == 0
    assert [each.read_at for each in life.table.copies] == ["", ""]
