"""A22, S10, INV11: text that is no goal is put right after the reply by two persons, and nothing else ever is."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.as_of import content_hash_at
from workflows.commands import correcting, ending
from workflows.errors import ContentDiffers, FieldsInvalid, NotAllowed, NotFound, NotOpenNow, ReasonMissing
from workflows.state.standing import changed
from workflows.vocabulary import Stage
from workflows.words.sentences import sentence

NAME = {"/implementing_unit": "清江市公路养护中心（本级）"}


@pytest.fixture
def life():
    return Life(memory()).in_monitoring()


def ask(life, values=NAME, by=roster.FINANCE_PERFORMANCE, reason="单位名称漏写本级"):
    life.table = correcting.ask_to_correct(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), values=values, reason=reason
    )
    return life


def confirm(life, by=roster.FINANCE_BUDGET):
    life.table = ending.confirm_ending(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4())
    return life


def told(life):
    return [sentence(each) for each in life.journal.history(life.table.id)]


def test_a_correction_takes_two_persons_and_changes_the_version_in_force(life):
    before = life.table
    asked = ask(life).table
    assert (asked.in_force, asked.request.action) == (before.in_force, "correct")
    after = confirm(life).table
    assert after.request is None
    assert (after.in_force, after.content_hash) == (life.journal.history(after.id)[-1].fact.content_hash,) * 2
    old, new = life.journal.content(before.in_force), life.journal.content(after.in_force)
    assert new == {**old, "implementing_unit": "清江市公路养护中心（本级）"}
    assert content_hash_at(life.journal.history(after.id)) == after.in_force
    assert told(life)[-1].startswith("budget同志（预算科）：更正生效，共1处")
    assert changed(after, content_hash="", in_force="", version=0, head="", last_at="", deciders=(), votes=()) == changed(
        before, content_hash="", in_force="", version=0, head="", last_at="", deciders=(), votes=()
    ), "nothing but the content reads otherwise"


def test_a_corrected_title_is_the_table_s_title(life):
    assert confirm(ask(life, {"/title": "农村公路维护经费"})).table.title == "农村公路维护经费"


@pytest.mark.parametrize("place", [
    "/goals", "/goals/0", "/indicators/r1/target/raw", "/indicators", "/budget/total", "/disclosure", "/attribute",
    "/fiscal_year", "/spending_plan", "", "title", "/explanations",
])  # fmt: skip
def test_goals_money_and_marks_are_not_corrected(life, place):
    with pytest.raises(FieldsInvalid):
        ask(life, {place: "另一个值"})


@pytest.mark.parametrize("values", [{}, {"/title": " "}, {"/title": "字" * 201}, {"/title": "农村道路维护经费"}])
def test_a_correction_says_something_new(life, values):
    with pytest.raises(FieldsInvalid):
        ask(life, values)


def test_a_correction_needs_a_reason(life):
    with pytest.raises(ReasonMissing):
        ask(life, reason="错")


@pytest.mark.parametrize("by", [roster.CLERK, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER, roster.DEPARTMENT_FINANCE])
def test_only_the_performance_section_asks(life, by):
    with pytest.raises(NotAllowed):
        ask(life, by=by)


@pytest.mark.parametrize("by", [roster.FINANCE_PERFORMANCE, roster.CLERK, roster.UNIT_HEAD, roster.OTHER_CLERK])
def test_nobody_confirms_his_own_request_nor_from_outside_the_bureau(life, by):
    ask(life)
    with pytest.raises((NotAllowed, NotFound)):
        confirm(life, by)


def test_a_declined_correction_changes_nothing(life):
    before = life.table.in_force
    ask(life)
    life.table = ending.decline_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_LEADER, command_id=uuid4(), reason="名称并无错误"
    )
    assert (life.table.in_force, life.table.request) == (before, None)


def test_before_the_reply_there_is_nothing_to_correct():
    with pytest.raises(NotOpenNow):
        ask(Life(memory()).in_finance_approval())


def test_a_terminated_table_is_corrected_after_its_end(life):
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action="terminate", seen=life.seen(), by=roster.FINANCE_BUSINESS,
        command_id=uuid4(), reason="项目已经取消",
    )  # fmt: skip
    confirm(life)
    assert life.table.stage == Stage.TERMINATED
    assert confirm(ask(life)).table.stage == Stage.TERMINATED
    check_table(life.table, life.journal.history(life.table.id))


def test_a_request_that_rests_on_another_content_is_refused(life):
    ask(life)
    stale = changed(life.table, in_force="0" * 64)
    work = correcting.Work(life.journal, stale, roster.FINANCE_BUDGET, uuid4(), done=False)
    with pytest.raises(ContentDiffers):
        correcting.apply_correction(work, stale.request, "")


def test_the_same_confirmation_twice_corrects_once(life):
    ask(life)
    words = {"seen": life.seen(), "by": roster.FINANCE_BUDGET, "command_id": uuid4()}
    first = ending.confirm_ending(life.journal, life.table.id, **words)
    assert ending.confirm_ending(life.journal, life.table.id, **words) == first
