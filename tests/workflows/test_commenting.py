"""G9: a comment on a place is answered before the table is handed in again, on every path, and a return is about it."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.commands import commenting, drafting, reviewing
from workflows.commands.calling import called_in
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, NotOpenNow, TableChangedMeanwhile
from workflows.rights.lifecycle import decide
from workflows.state.criteria import ASPECTS, Aspect, Criterion
from workflows.state.standing import DIRECT
from workflows.vocabulary import Action, Stage
from workflows.words.sentences import sentence

TARGET = "/indicators/r1/target"


@pytest.fixture
def life():
    return Life(memory()).in_unit_review()


def comment(life, by=roster.UNIT_HEAD, pointer=TARGET, criterion="indicators", words="指标值依据不足"):
    life.table = commenting.open_thread(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), pointer=pointer, criterion=criterion,
        words=words,
    )  # fmt: skip
    return life.table.threads[-1]


def answer(life, thread, by=roster.CLERK, words="已补充测算依据"):
    life.table = commenting.answer_thread(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), thread=thread.thread, words=words
    )


def resolve(life, thread, by):
    life.table = commenting.resolve_thread(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), thread=thread.thread
    )


def edit(life, change):
    draft = drafting.content_in_work(life.journal, life.table)
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content=change(draft.content),
        reasons={"": "按批注修改"}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return life


def with_description(row_id, words):
    def change(content):
        rows = [{**row, "description": words} if row["id"] == row_id else row for row in content["indicators"]]
        return {**content, "indicators": rows}

    return change


def test_a_criterion_is_one_of_eight_in_four_groups_of_two():
    groups = [ASPECTS[criterion] for criterion in Criterion]
    assert {aspect: groups.count(aspect) for aspect in Aspect} == dict.fromkeys(Aspect, 2)


def test_a_comment_names_its_place_its_row_and_its_criterion(life):
    thread = comment(life)
    assert (thread.pointer, thread.row, thread.criterion, thread.level, thread.by) == (
        TARGET, "r1", "indicators", "unit", "unit_head",
    )  # fmt: skip
    history = life.journal.history(life.table.id)
    assert sentence(history[-1], called_in(life.journal, life.table, history)) == (
        "unit_head同志（单位负责人）：批注指标“维护道路里程” · 指标值（指标科学性）：指标值依据不足。"
    )
    check_table(life.table, life.journal.history(life.table.id))


@pytest.mark.parametrize("pointer", ["", "/", "/indicators/r99", "/nothing", "indicators/r1", "/goals/7"])
def test_a_comment_needs_a_place_that_there_is(life, pointer):
    with pytest.raises(FieldsInvalid, match="位置"):
        comment(life, pointer=pointer)


@pytest.mark.parametrize(("criterion", "words"), [("taste", "指标值依据不足"), ("money", "  "), ("money", "字" * 1001)])
def test_a_comment_needs_words_and_a_criterion(life, criterion, words):
    with pytest.raises(FieldsInvalid):
        comment(life, criterion=criterion, words=words)


@pytest.mark.parametrize("by", [roster.CLERK, roster.DEPARTMENT_FINANCE, roster.OTHER_CLERK, roster.OBSERVER])
def test_only_a_reviewer_at_the_desk_comments(life, by):
    with pytest.raises((NotAllowed, NotFound)):
        comment(life, by=by)


def test_a_comment_leaves_open_what_others_saw(life):
    seen = life.seen()
    comment(life)
    table = reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.UNIT_HEAD, command_id=uuid4())
    assert table.stage == Stage.DEPARTMENT_REVIEW
    assert [thread.unanswered for thread in table.threads] == [True]


def test_after_a_decision_the_older_view_is_gone_whatever_was_commented(life):
    seen = life.seen()
    comment(life)
    life.approved(roster.UNIT_HEAD)
    with pytest.raises(TableChangedMeanwhile):
        reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.DEPARTMENT_FINANCE, command_id=uuid4())


def test_the_same_comment_twice_is_one(life):
    words = {"seen": life.seen(), "by": roster.UNIT_HEAD, "command_id": uuid4(), "pointer": "/goals", "criterion": "form", "words": "不够清楚"}
    for _time in range(2):
        table = commenting.open_thread(life.journal, life.table.id, **words)
    assert len(table.threads) == 1


def test_a_return_is_about_what_it_names_and_every_open_comment(life):
    first, second = comment(life), comment(life, pointer="/goals")
    resolve(life, first, roster.UNIT_HEAD)
    reviewing.return_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), to=Stage.DRAFT,
        reason="请按批注修改", fields=("/budget",), mode=DIRECT,
    )  # fmt: skip
    (returned,) = [each.fact for each in life.journal.history(life.table.id) if each.kind == "table.returned"]
    assert returned.fields == ("/budget", second.pointer)


def test_handing_in_again_names_every_comment_without_an_answer(life):
    comment(life)
    comment(life, pointer="/goals", criterion="clarity", words="请写明本年度要达到的效果，并与部门职责逐条对应")
    life.returned(roster.UNIT_HEAD, Stage.DRAFT)
    with pytest.raises(NotAllowed) as refused:
        life.submitted()
    assert refused.value.rule == "G-THREADS"
    assert refused.value.sentence == (
        "还有2条批注没有答复，请先逐条答复：“指标值依据不足”（指标科学性）；“请写明本年度要达到的效果，并与部门职责逐…”（明确清晰性）。"
    )
    assert decide(roster.CLERK, life.table, Action.SUBMIT).rule == "G-THREADS"


def returned_step_by_step(life):
    return life.returned(roster.UNIT_HEAD, Stage.DRAFT)


def returned_directly(life):
    life.table = reviewing.return_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), to=Stage.DRAFT,
        reason="请按批注修改", mode=DIRECT,
    )  # fmt: skip
    return life


def withdrawn(life):
    life.table = drafting.withdraw_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), reason="有一处需要更正"
    )
    return life


def returned_by_a_later_level(life):
    return life.approved(roster.UNIT_HEAD).returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT)


@pytest.mark.parametrize("path", [returned_step_by_step, returned_directly, withdrawn, returned_by_a_later_level])
def test_every_path_back_to_drafting_stops_at_an_unanswered_comment(life, path):
    thread = comment(life)
    path(life)
    with pytest.raises(NotAllowed) as refused:
        life.submitted()
    assert refused.value.rule == "G-THREADS"
    answer(life, thread)
    assert life.submitted().table.round == 2
    check_table(life.table, life.journal.history(life.table.id))


def test_a_comment_laid_aside_needs_no_answer(life):
    resolve(life, comment(life), roster.UNIT_HEAD)
    assert life.returned(roster.UNIT_HEAD, Stage.DRAFT).submitted().table.round == 2


def test_straight_back_only_where_changes_lie_at_the_comments(life):
    life.approved(roster.UNIT_HEAD)
    thread = comment(life, roster.DEPARTMENT_FINANCE, "/indicators/r1/description")
    life.table = reviewing.return_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), to=Stage.DRAFT,
        reason="请按批注修改", mode=DIRECT,
    )  # fmt: skip
    answer(life, thread)
    edit(life, with_description("r1", "按里程统计")).submitted()
    assert [desk.node for desk in life.table.desks] == ["department_finance"]


def test_a_change_beside_the_comments_goes_step_by_step(life):
    life.approved(roster.UNIT_HEAD)
    thread = comment(life, roster.DEPARTMENT_FINANCE, "/indicators/r1/description")
    life.table = reviewing.return_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), to=Stage.DRAFT,
        reason="请按批注修改", mode=DIRECT,
    )  # fmt: skip
    answer(life, thread)
    edit(life, with_description("r2", "按合格率统计")).submitted()
    assert [desk.node for desk in life.table.desks] == ["unit_head"]


def test_the_clerk_and_the_unit_answer_nobody_else(life):
    thread = comment(life)
    for by in (roster.OTHER_CLERK, roster.DEPARTMENT_FINANCE, roster.OBSERVER):
        with pytest.raises((NotAllowed, NotFound)):
            answer(life, thread, by=by)
    answer(life, thread, by=roster.SECOND_UNIT_HEAD)
    answer(life, thread, by=roster.CLERK, words="再补充一份说明")
    assert (life.table.threads[0].answer, life.table.threads[0].answered_by) == ("再补充一份说明", "clerk")


def test_who_commented_does_not_answer_himself(life):
    thread = comment(life)
    with pytest.raises(NotAllowed) as refused:
        answer(life, thread, by=roster.UNIT_HEAD)
    assert refused.value.rule == "G-THREAD-OWN"


def test_another_level_does_not_lay_a_comment_aside(life):
    thread = comment(life)
    life.approved(roster.UNIT_HEAD)
    with pytest.raises(NotAllowed) as refused:
        resolve(life, thread, roster.DEPARTMENT_FINANCE)
    assert refused.value.rule == "G-THREAD-LEVEL"


def test_nobody_comments_once_the_goals_are_in_force():
    life = Life(memory()).in_monitoring()
    with pytest.raises(NotOpenNow):
        comment(life)


def test_an_older_content_is_not_commented(life):
    with pytest.raises(TableChangedMeanwhile):
        commenting.open_thread(
            life.journal, life.table.id, seen=Seen(life.table.version, "0" * 64), by=roster.UNIT_HEAD,
            command_id=uuid4(), pointer="/goals", criterion="form", words="不够清楚",
        )  # fmt: skip
