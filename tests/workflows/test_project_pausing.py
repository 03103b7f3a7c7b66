"""Domain 8.4, T14: the bureau pauses a project, alone or on the department's request, and lets it go on."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.clocks.timers import OPEN_MONITORING, OVERDUE, meant, timers_of
from workflows.commands import ending, pausing
from workflows.commands import project_pausing as verbs
from workflows.commands.administering import mark_overdue
from workflows.definitions import chain_from, shipped
from workflows.errors import GoaltrailError, NotAllowed, ReasonMissing
from workflows.folds.replay import from_json, replay, to_json
from workflows.forms.form import Line, Place
from workflows.forms.writing.docx_file import docx_of
from workflows.measures.monitoring_summary import summary
from workflows.printing.approval_sheet import standing_of
from workflows.printing.monitoring_form import monitoring_form
from workflows.printing.paper import Paper
from workflows.rights.lifecycle import decide
from workflows.state.executions import Execution
from workflows.vocabulary import SYSTEM, Action, Role, Stage
from workflows.words.notices import told_of
from workflows.words.sentences import sentence
from workflows.workdays import official_calendar

WHY, AGAIN = "支出严重偏离目标，先行止损", "问题已经纠正，可以继续"


def did(life: Life, verb, by, **words) -> Life:
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **words)
    return life


def paused(life: Life, by=roster.FINANCE_PERFORMANCE, reason=WHY) -> Life:
    return did(life, verbs.pause_project, by, reason=reason)


def asked(life: Life, by=roster.DEPARTMENT_FINANCE) -> Life:
    return did(life, verbs.ask_to_pause, by, reason=WHY)


def resumed(life: Life, by=roster.FINANCE_BUSINESS, reason=AGAIN) -> Life:
    return did(life, verbs.resume_project, by, reason=reason)


def watched() -> Life:
    return Life(memory()).in_monitoring()


def kinds(life: Life) -> list[str]:
    return [each.kind for each in life.journal.history(life.table.id)]


def who_may(life: Life, action: Action) -> set[str]:
    return {person.id for person in (*roster.PEOPLE, SYSTEM) if decide(person, life.table, action).allowed}


def test_only_the_bureaus_two_sections_pause_alone_and_only_the_department_asks():
    life = watched()
    assert who_may(life, Action.PAUSE_PROJECT) == {"business", "performance", "every_hat"}
    assert who_may(life, Action.ASK_PAUSE) == {"planner", "every_hat"}
    assert who_may(life, Action.RESUME_PROJECT) == set()


def test_the_bureau_pauses_alone_with_a_reason_and_resumes_with_one():
    life = watched()
    with pytest.raises(ReasonMissing):
        paused(life, reason="停")
    paused(life)
    assert (life.table.paused.by, life.table.paused.why, kinds(life)[-1]) == ("performance", WHY, "project.paused")
    with pytest.raises(ReasonMissing):
        resumed(life, reason="")
    resumed(life)
    (one,) = life.table.pauses
    assert (life.table.paused, one.ended_by, one.ended_why, one.until > one.since) == (None, "business", AGAIN, True)


def test_the_department_asks_and_nothing_stops_before_the_bureau_confirms():
    life = asked(watched())
    assert (life.table.paused, life.table.request.action) == (None, "pause_project")
    assert who_may(life, Action.CONFIRM) == {"business", "performance", "every_hat"}
    did(life, ending.confirm_ending, roster.FINANCE_BUSINESS, opinion="同意")
    assert kinds(life)[-2:] == ["confirmation.given", "project.paused"]
    assert (life.table.paused.by, life.table.paused.why, life.table.request) == ("business", WHY, None)


def test_declined_the_project_goes_on():
    life = did(asked(watched()), ending.decline_ending, roster.FINANCE_PERFORMANCE, reason="情况尚可，不予暂停")
    assert (life.table.paused, life.table.request) == (None, None)


@pytest.mark.parametrize("by", [roster.CLERK, roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUDGET])
def test_nobody_else_pauses(by):
    with pytest.raises(GoaltrailError):
        paused(watched(), by)


def test_it_is_not_paused_twice_nor_resumed_when_it_runs():
    life = paused(watched())
    assert decide(roster.FINANCE_BUSINESS, life.table, Action.PAUSE_PROJECT).rule == "G-PAUSED"
    assert decide(roster.DEPARTMENT_FINANCE, life.table, Action.ASK_PAUSE).rule == "G-PAUSED"
    assert decide(roster.FINANCE_BUSINESS, watched().table, Action.RESUME_PROJECT).rule == "G-NOT-PAUSED"


def test_no_window_opens_while_it_is_paused_and_each_is_waited_for_anew_afterwards():
    life = watched()
    before = {timer.task for timer in timers_of(life.table) if timer.kind == OPEN_MONITORING}
    paused(life)
    assert [timer for timer in timers_of(life.table) if timer.kind == OPEN_MONITORING] == []
    assert decide(SYSTEM, life.table, Action.OPEN_MONITORING).rule == "G-PAUSED"
    with pytest.raises(NotAllowed, match="项目已暂停"):
        life.window_opened()
    resumed(life)
    after = {timer.task for timer in timers_of(life.table) if timer.kind == OPEN_MONITORING}
    assert ({meant(task) for task in after}, after & before) == (before, set()), "the old ones were cancelled for good"
    assert life.window_opened().table.window("w1").state == "open"


def test_the_clock_of_an_open_filing_stops_and_its_whole_time_is_given_anew():
    life = watched().window_opened()
    (old,) = life.table.desks
    keys = {timer.task for timer in timers_of(life.table) if meant(timer.task) == old.task}
    paused(life)
    assert [timer for timer in timers_of(life.table) if meant(timer.task) == old.task] == []
    life.journal.at = datetime.fromisoformat(old.due_at) + timedelta(days=30)
    life.table = mark_overdue(life.journal, life.table.id, task=old.task, command_id=uuid4())
    assert (life.table.desks[0].due_at, life.table.desks[0].overdue) == (None, False)
    resumed(life)
    (desk,) = life.table.desks
    (node,) = (each for each in shipped()["nodes"] if each["node"] == "monitoring_filing")
    whole = official_calendar().add_workdays(life.journal.at.date(), node["working_days"])
    assert desk.due_at == whole.moment.isoformat()
    assert kinds(life)[-2:] == ["project.resumed", "task.due_set"]
    anew = {timer.task for timer in timers_of(life.table) if meant(timer.task) == desk.task}
    assert (anew & keys, OVERDUE in {timer.kind for timer in timers_of(life.table)}) == (set(), True)


def test_what_stands_open_may_still_be_filed_and_executed_amounts_come_in_but_nothing_is_sent_back():
    life = paused(watched().window_opened())
    assert decide(roster.CLERK, life.table, Action.FILE_MONITORING).allowed
    assert decide(roster.CLERK, life.table, Action.ASK_EXTENSION).rule == "G-NO-DUE"
    window = replace(life.table.windows[0], state="filed")
    check = replace(
        life.table.desks[0], node="monitoring_check:w1", role=Role.DEPARTMENT_FINANCE, organ=roster.DEPARTMENT,
        person=None, level="department",
    )  # fmt: skip
    filed = replace(life.table, windows=(window, *life.table.windows[1:]), desks=(check,))
    assert decide(roster.DEPARTMENT_FINANCE, filed, Action.ACCEPT_MONITORING).allowed
    assert decide(roster.DEPARTMENT_FINANCE, filed, Action.RETURN_MONITORING).rule == "G-PAUSED"
    assert replace(life.table, executions=(Execution("b", 1, "1", None, "2026-07-01", "x", ""),)).executed_on("2026-07-31")


def test_the_year_ends_while_it_is_paused_and_it_may_be_resumed_then():
    life = paused(watched()).evaluation_opened()
    assert (life.table.stage, life.table.paused is None) == (Stage.SELF_EVALUATION, False)
    assert resumed(life).table.paused is None


def test_a_suspension_within_a_pause_gives_back_no_clock_that_the_pause_stopped():
    life = paused(watched().window_opened())
    day = life.journal.at.date() + timedelta(days=10)
    did(life, pausing.suspend_table, roster.FINANCE_PERFORMANCE, until=day, reason=WHY)
    assert decide(roster.FINANCE_PERFORMANCE, life.table, Action.RESUME_PROJECT).rule == "G-SUSPENDED"
    did(life, pausing.resume_table, roster.FINANCE_PERFORMANCE)
    assert (life.table.desks[0].due_at, life.table.paused is None) == (None, False)


def test_its_state_is_written_read_back_and_replayed():
    for life in (paused(watched().window_opened()), resumed(paused(watched().window_opened()))):
        assert from_json(to_json(life.table)) == life.table
        assert replay(life.table.id, life.journal.history(life.table.id)) == life.table


def test_a_table_never_paused_is_written_as_before():
    assert "pauses" not in to_json(watched().table)


def test_everybody_who_spends_files_or_pays_is_told_and_the_sentences_say_what_happened():
    life = watched()
    before = life.table
    paused(life)
    stopped = life.journal.history(life.table.id)[-1]
    told = told_of(stopped, before, life.table)
    assert [each.to.person or each.to.role for each in told] == [
        "clerk", Role.UNIT_HEAD, Role.UNIT_FINANCE, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_BUDGET,
    ]  # fmt: skip
    resumed(life)
    said = [sentence(each).partition("：")[2] for each in life.journal.history(life.table.id)[-2:]]
    assert said == [f"暂停项目，停止拨付，理由：{WHY}。", f"恢复项目，可以继续拨付，理由：{AGAIN}。"]


def test_the_same_command_twice_pauses_once():
    life, command = watched(), uuid4()
    words = {"seen": life.seen(), "by": roster.FINANCE_PERFORMANCE, "command_id": command, "reason": WHY}
    first = verbs.pause_project(life.journal, life.table.id, **words)
    assert verbs.pause_project(life.journal, life.table.id, **words) == first


def paper(life: Life) -> Paper:
    content = life.journal.content(life.table.in_force)
    return Paper(life.table, content, life.journal.history(life.table.id), chain_from(shipped()), {})


def test_printed_forms_say_in_red_that_it_is_paused_and_say_nothing_once_it_goes_on():
    life = paused(watched())
    on = life.table.paused.since[:10]
    assert standing_of(paper(life)) == "已批复（清财预〔2026〕1号），现处于绩效运行监控；项目已暂停，停止拨付"
    warning = Line(f"项目已暂停，停止拨付（自{on}起）。理由：{WHY}", Place.WARNING)
    assert [part for part in monitoring_form(paper(life), None).parts if getattr(part, "place", "") == Place.WARNING] == [warning]
    with ZipFile(BytesIO(docx_of(monitoring_form(paper(life), None)))) as word:
        assert word.read("word/document.xml").count(b'<w:color w:val="B3261E"/>') == 1
    resumed(life)
    assert standing_of(paper(life)) == "已批复（清财预〔2026〕1号），现处于绩效运行监控"
    assert warning not in monitoring_form(paper(life), None).parts


def brought(number: int, executed: str, day: str, at: str) -> Execution:
    return Execution("batch", number, executed, None, day, "performance", at)


def test_money_spent_though_the_project_is_paused_is_told():
    """Amounts may come in; more than was known when it was paused stands out, a later day with the same amount not."""
    table = paused(watched()).table
    since = table.paused.since
    before = brought(1, "10", "2026-06-30", since)
    same, more = (brought(2, much, "2026-07-31", f"{since[:4]}-12-31T01:00:00+00:00") for much in ("10", "12.5"))
    assert replace(table, executions=(before, same)).spent_while_paused is None
    assert replace(table, executions=(before, more)).spent_while_paused == (before, more)
    assert replace(table, executions=(more,)).spent_while_paused is None, "nobody knows what was spent before"
    assert replace(table, executions=(before, more), pauses=()).spent_while_paused is None


def test_the_departments_summary_misses_no_figures_of_a_paused_project():
    life = watched().window_opened()
    until = life.table.windows[0].date
    assert len(summary((life.table,), until).missing) == 1
    assert summary((paused(life).table,), until).missing == ()
    assert len(summary((resumed(life).table,), until).missing) == 1
