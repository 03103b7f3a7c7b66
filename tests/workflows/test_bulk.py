"""Bulk acts in memory: what may not be decided among many, what is said before, and bulk as the single verb, each alone."""

from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands.bulk import for_all, for_each
from workflows.commands.bulk_acts import Target, Wish, step_before, verb_for
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, GoaltrailError, ReasonMissing
from workflows.folds.replay import Table
from workflows.rights.bulk_rules import RULES, notes_before, refusal_in_bulk
from workflows.state.standing import Evaluation
from workflows.vocabulary import Action, Actor, Grade, Stage

PASS = Wish(Action.APPROVE, opinion="同意")
BACK = Wish(Action.RETURN, reason="指标值与目标不匹配")
STEP_BACK = replace(BACK, target=Target.PREVIOUS)
REVIEWERS = (
    roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE, roster.CLERK,
    roster.OTHER_CLERK, roster.EVERY_HAT, roster.OBSERVER,
)  # fmt: skip


def graded(grade: str) -> Table:
    evaluation = object.__new__(Evaluation)
    evaluation.__dict__["grade"] = grade
    return replace(Table(UUID(int=1)), evaluation=evaluation)


@pytest.mark.parametrize(("table", "content", "rule"), [
    (Table(UUID(int=1)), {}, None),
    (Table(UUID(int=1)), {"key_project": False}, None),
    (Table(UUID(int=1)), {"key_project": True}, "B-KEY"),
    (graded(Grade.POOR), {}, "B-POOR"),
    (graded(Grade.FAIR), {}, None),
    (graded(Grade.POOR), {"key_project": True}, "B-KEY"),
])  # fmt: skip
def test_key_projects_and_those_graded_poor_are_decided_alone(table, content, rule) -> None:
    """F1: 差 and 重点 never among many."""
    refusal = refusal_in_bulk(table, content)
    assert (refusal.rule if refusal else None) == rule
    assert len(RULES) == 3


def test_what_one_should_know_before_is_said_and_refuses_nothing() -> None:
    life = Life(memory()).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT).submitted()
    content = life.journal.content(life.table.content_hash)
    explained = len(content["explanations"])
    said = {f"机审提示{explained}条，单位已说明理由"} if explained else set()
    assert set(notes_before(life.table, content)) - {"曾被退回"} == said
    assert notes_before(replace(life.table, held=True, returned_reason="x"), {}) == ("曾被退回", "已被保全，内容不得删除")


def test_a_wish_without_a_reason_or_of_another_kind_is_refused_before_any_table_is_opened() -> None:
    with pytest.raises(ReasonMissing):
        verb_for(replace(BACK, reason="不行"), roster.UNIT_HEAD)
    with pytest.raises(FieldsInvalid):
        verb_for(Wish(Action.VOID, reason="项目取消不再实施"), roster.UNIT_HEAD)


def test_one_step_back_goes_to_whoever_passed_it_on() -> None:
    life = Life(memory()).in_unit_review()
    own = uuid4()
    assert step_before(life.journal, life.table.id, roster.UNIT_HEAD, own) == (Stage.DRAFT, None)
    life.approved(roster.UNIT_HEAD)
    assert step_before(life.journal, life.table.id, roster.DEPARTMENT_FINANCE, own) == (Stage.UNIT_REVIEW, "unit_head")
    life.approved(roster.DEPARTMENT_FINANCE).approved(roster.FINANCE_BUSINESS)
    before = step_before(life.journal, life.table.id, roster.FINANCE_PERFORMANCE, own)
    assert before == (Stage.DEPARTMENT_REVIEW, "department_finance")


def standing_at(number: int) -> Life:
    """A table somewhere between the draft and the reply."""
    life = Life(STOCK).imported().completed()
    if number:
        life.submitted()
    for by in (roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS)[: max(0, number - 1)]:
        life.approved(by)
    return life


STOCK = memory()
TABLES = tuple(standing_at(number % 5).table for number in range(10))


def looks() -> st.SearchStrategy[tuple[UUID, Seen]]:
    """A table as somebody saw it: rightly, or at another version, with another content, or one that there is not."""
    return st.builds(
        lambda table, off, other, unknown: (
            UUID(int=7) if unknown else table.id,
            Seen(table.version - off, "00" * 32 if other else table.content_hash),
        ),
        st.sampled_from(TABLES), st.sampled_from((0, 0, 0, 1)), st.sampled_from((False, False, True)),
        st.sampled_from((False, False, False, True)),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(REVIEWERS), st.sampled_from((PASS, BACK, STEP_BACK)), st.lists(looks(), max_size=8))
def test_bulk_is_the_single_verb_for_each_table(by: Actor, wish: Wish, items: list[tuple[UUID, Seen]]) -> None:
    items = list({table_id: (table_id, seen) for table_id, seen in items}.values())
    bulk, single, command = deepcopy(STOCK), deepcopy(STOCK), uuid4()

    @contextmanager
    def opened():
        yield bulk

    verb = verb_for(wish, by)
    results = for_all(opened, items, verb, by=by, action=wish.action, command_id=command)
    assert [outcome(each.table, each.refusal) for each in results] == [alone(single, verb, *each) for each in items]
    assert kinds(bulk) == kinds(single)
    before = kinds(bulk)
    again = for_all(opened, items, verb, by=by, action=wish.action, command_id=command)
    assert [(each.table, type(each.refusal)) for each in again] == [(each.table, type(each.refusal)) for each in results]
    assert kinds(bulk) == before


def outcome(table: Table | None, refusal: GoaltrailError | None) -> tuple[object, ...]:
    return (table.stage, table.version) if table else (type(refusal), str(refusal))


def alone(journal, verb, table_id: UUID, seen: Seen) -> tuple[object, ...]:
    try:
        return outcome(verb(journal, table_id, seen, uuid4()), None)
    except GoaltrailError as refusal:
        return outcome(None, refusal)


def kinds(journal) -> dict[UUID, list[str]]:
    return {stream: [each.kind for each in log] for stream, log in journal.streams.items() if log}


def test_one_after_another_results_come_back_in_the_order_asked() -> None:
    journal = deepcopy(STOCK)

    @contextmanager
    def opened():
        yield journal

    items = [(table.id, Seen(table.version)) for table in sorted(TABLES, key=lambda each: each.id, reverse=True)]
    results = for_each(opened, items, verb_for(PASS, roster.UNIT_HEAD), command_id=uuid4())
    assert [each.table_id for each in results] == [table_id for table_id, _ in items]
