"""B1, B5, B7 for a document's department part: its review has a due moment, reminders and an overdue mark, no more."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import standard_but
from tests.workflows.test_filing_documents import Paper, paper
from workflows.commands.document_clocks import mark_review_overdue, node_of, set_review_clock
from workflows.commands.recipe import Seen
from workflows.definitions import chain_from, shipped
from workflows.errors import TableChangedMeanwhile
from workflows.filings import PartState
from workflows.vocabulary import Post, Role
from workflows.words.review_clock_sentences import notices_of_clock, part_reminder
from workflows.words.sentences import sentence
from workflows.workdays import beijing_date, official_calendar


def clocked(one: Paper) -> Paper:
    set_review_clock(one.life.journal, one.id, command_id=uuid4())
    return one


def late(one: Paper, days: int = 30) -> Paper:
    one.life.journal.at += timedelta(days=days)
    mark_review_overdue(one.life.journal, one.id, command_id=uuid4())
    return one


def last(one: Paper):
    return one.life.journal.history(one.id)[-1]


def due_after(since, node: str):
    days = next(each for each in chain_from(shipped()).nodes if each.node == node).working_days
    return official_calendar().add_workdays(beijing_date(since), days).moment


def test_b1_the_departments_review_is_due_as_many_working_days_after_the_first_submission_as_its_node_has():
    one = clocked(paper())
    fact = last(one).fact
    submitted = next(each for each in one.life.journal.history(one.life.table.id) if each.kind == "table.submitted")
    assert (last(one).actor_id, last(one).role, last(one).kind) == ("system", "system", "document.due_set")
    assert (fact.number, fact.role, fact.organ, fact.rule) == (1, "department_finance", roster.DEPARTMENT, "node:department_finance")
    assert (fact.since, fact.due_at) == (submitted.at.isoformat(), due_after(submitted.at, "department_finance").isoformat())
    day = beijing_date(one.now.clock.due_at).isoformat()
    assert sentence(last(one)) == (
        f"系统：{Role.DEPARTMENT_FINANCE.chinese}应于{day} 18:00前审阅部门整体部分第1版（按审批链环节的办理期限，规则 node:department_finance）。"
    )


def test_before_a_table_is_submitted_nobody_owes_a_review():
    one = clocked(paper("imported"))
    assert (one.now.clock, last(one).kind) == (None, "document.filed")


def test_b5_every_turn_has_its_own_clock_and_ends_with_it():
    one = clocked(paper())
    one.spoken(roster.DEPARTMENT_FINANCE)
    assert (one.now.state, one.now.clock) == (PartState.AT_FINANCE, None)
    passed = last(one).at
    one.life.journal.at += timedelta(days=3)
    clock = clocked(one).now.clock
    assert (clock.due_at, last(one).fact.rule) == (due_after(passed, "finance_performance"), "node:finance_performance")
    one.spoken(roster.FINANCE_PERFORMANCE)
    assert (clocked(one).now.clock, last(one).kind) == (None, "document.reviewed")


def test_what_was_sent_back_has_no_clock_and_the_amendment_begins_a_new_one():
    one = clocked(paper())
    one.spoken(roster.DEPARTMENT_FINANCE, "请补充目标", passed=False)
    assert clocked(one).now.clock is None
    one.life.journal.at += timedelta(days=10)
    one.amended(overall_goals=["新的目标"])
    amended = last(one).at
    assert clocked(one).now.clock.due_at == due_after(amended, "department_finance")


def test_a_clock_is_set_once_and_the_moment_marked_once_and_only_when_it_is_over():
    one = clocked(clocked(paper()))
    mark_review_overdue(one.life.journal, one.id, command_id=uuid4())
    late(late(one))
    kinds = [each.kind for each in one.life.journal.history(one.id)]
    assert kinds == ["document.filed", "document.due_set", "document.overdue"]
    assert (one.now.clock.overdue, one.now.state) == (True, PartState.AT_DEPARTMENT)


def test_whoever_saw_the_part_before_its_clock_was_set_or_ran_out_may_still_act():
    one = paper()
    before = one.seen()
    late(clocked(one))
    one.amended(seen=before, overall_goals=["新的目标"])
    assert (one.now.in_force.number, one.now.clock) == (2, None)
    with pytest.raises(TableChangedMeanwhile, match="刚刚被他人"):
        one.amended(seen=Seen(1, one.now.content_hash), overall_goals=["别的目标"])


def test_the_office_is_told_of_its_turn_its_due_day_and_that_it_is_late():
    one = clocked(paper())
    (told,) = notices_of_clock(last(one), one.now)
    day = beijing_date(one.now.clock.due_at).isoformat()
    assert (told.to.role, told.to.organ, told.template) == ("department_finance", roster.DEPARTMENT, "document.due_set")
    assert told.text == f"2026年度申报文本的部门整体部分等待您审阅，期限为{day}。"
    reminders = [part_reminder(one.now, rung) for rung in ("T-1", "T+1")]
    assert [each.template for each in reminders] == ["reminder.part.T-1", "reminder.part.T+1"]
    assert [each.text.startswith(f"2026年度申报文本的部门整体部分（第1版）{words}") for each, words in zip(reminders, ("等待您审阅", "已过审阅期限"), strict=True)] == [True, True]
    (over,) = notices_of_clock(last(late(one)), one.now)
    assert (over.template, over.text) == ("document.overdue", f"2026年度申报文本的部门整体部分应于{day}前审阅，至今没有审阅。")
    one.spoken(roster.DEPARTMENT_FINANCE)
    (silent,) = [notices_of_clock(last(clocked(one)), one.now)]
    assert silent == (), "the performance section was told by the review itself"


def test_an_office_without_a_node_of_its_own_has_the_clock_of_the_nearest_node():
    chain = chain_from(standard_but("department_finance", role="department_business", working_days=2))
    posts = Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT), Post(Role.FINANCE_PERFORMANCE, roster.BUREAU)
    assert [node_of(chain, post).node for post in posts] == ["department_finance", "finance_performance"]
