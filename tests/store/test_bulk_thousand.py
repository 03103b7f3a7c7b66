"""A thousand tables in one bulk pass: exact counts, refused ones in the middle, a repeat that records nothing (F1, F6)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on, scalar
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.many_tables import many_waiting, seen
from workflows.commands.bulk import MOST_AT_ONCE, all_or_none, for_all
from workflows.commands.bulk_acts import Target, Wish, verb_for
from workflows.commands.recipe import Seen
from workflows.commands.rehearsal import rehearsal, rehearse
from workflows.commands.reviewing import approve_table
from workflows.errors import (
    ContentDiffers,
    FieldsInvalid,
    NotDoneTogether,
    NotFound,
    OnlyAlone,
    ReasonMissing,
    TableChangedMeanwhile,
)
from workflows.vocabulary import Action, Stage

PASS = Wish(Action.APPROVE, opinion="同意")


def run(app: Engine, items, wish=PASS, *, by=roster.UNIT_HEAD, command_id=None, how=for_all):
    return how(
        lambda: journal_on(app), items, verb_for(wish, by), by=by, action=wish.action, command_id=command_id or uuid4()
    )


def events(app: Engine) -> int:
    return int(scalar(app, "SELECT count(*) FROM log.event"))


def said(results) -> list[object]:
    return [type(each.refusal) if each.refusal else each.table.stage for each in results]


@pytest.mark.parametrize("number", [100, pytest.param(MOST_AT_ONCE, marks=pytest.mark.long)])
def test_refused_ones_in_the_middle_of_many(app: Engine, number: int) -> None:
    """F1: other version, other content, other files, 重点, unknown: each refused alone, all others passed, once."""
    appoint_everybody(app)
    tables = many_waiting(app, number - 1, key={50})
    items = seen(tables)
    items[10] = (tables[10].id, replace(items[10][1], version=tables[10].version - 1))
    items[30] = (tables[30].id, replace(items[30][1], content_hash="ab" * 32))
    items[31] = (tables[31].id, replace(items[31][1], attachments="cd" * 32))
    items.insert(70, (uuid4(), Seen(4, "ef" * 32)))
    before, command = events(app), uuid4()
    first = run(app, items, command_id=command)
    expected = [Stage.DEPARTMENT_REVIEW] * number
    expected[10], expected[30], expected[31], expected[50], expected[70] = (
        TableChangedMeanwhile, ContentDiffers, ContentDiffers, OnlyAlone, NotFound,
    )  # fmt: skip
    assert said(first) == expected
    assert events(app) - before == (number - 5) * 3
    assert [each.refusal.rule for each in first if isinstance(each.refusal, OnlyAlone)] == ["B-KEY"]
    again = run(app, items, command_id=command)
    assert [(each.table_id, each.table) for each in again] == [(each.table_id, each.table) for each in first]
    assert said(again) == expected
    assert events(app) - before == (number - 5) * 3


def test_more_than_a_thousand_are_refused_before_anything_is_opened() -> None:
    many = [(uuid4(), Seen(1)) for _ in range(MOST_AT_ONCE + 1)]
    for how in (for_all, all_or_none):
        with pytest.raises(FieldsInvalid):
            how(nobody_opens, many, verb_for(PASS, roster.UNIT_HEAD), by=roster.UNIT_HEAD, action=Action.APPROVE,
                command_id=uuid4())


def nobody_opens():
    raise AssertionError


def test_all_or_none_takes_everything_back_and_says_which(app: Engine) -> None:
    """F6: one refused table leaves the log as it was; without it all are done in one transaction, a repeat does nothing."""
    appoint_everybody(app)
    tables = many_waiting(app, 12, key={5})
    before = events(app)
    refused = run(app, seen(tables), how=all_or_none)
    assert said(refused) == [OnlyAlone if place == 5 else NotDoneTogether for place in range(12)]
    assert events(app) == before
    others, command = [each for each in tables if each is not tables[5]], uuid4()
    done = run(app, seen(others), command_id=command, how=all_or_none)
    assert said(done) == [Stage.DEPARTMENT_REVIEW] * 11
    assert scalar(app, f"SELECT count(DISTINCT tx) FROM log.event WHERE event_id > {before}") == 1
    assert run(app, seen(others), command_id=command, how=all_or_none) == done
    assert events(app) == before + 33
    with pytest.raises(FieldsInvalid):
        run(app, seen([others[0], others[0]]), how=all_or_none)


def test_all_or_none_where_the_common_write_is_refused(app: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    appoint_everybody(app)
    tables = many_waiting(app, 3)
    before = events(app)

    def refusing(_tx, _staged):
        raise TableChangedMeanwhile

    monkeypatch.setattr("workflows.store.journal.write", refusing)
    assert said(run(app, seen(tables), how=all_or_none)) == [TableChangedMeanwhile] * 3
    assert events(app) == before


def test_a_key_project_is_refused_alone_in_a_list_too_and_passes_by_the_single_verb(app: Engine) -> None:
    appoint_everybody(app)
    (table,) = many_waiting(app, 1, key={0})
    assert said(run(app, seen([table]))) == [OnlyAlone]
    assert said(run(app, seen([table, table]))) == [OnlyAlone, OnlyAlone]
    wish = Wish(Action.RETURN, reason="请核实指标值的依据")
    assert said(run(app, seen([table]), wish)) == [OnlyAlone]
    with journal_on(app) as journal:
        ((_, shown),) = seen([table])
        after = approve_table(journal, table.id, seen=shown, by=roster.UNIT_HEAD, command_id=uuid4())
    assert after.stage == Stage.DEPARTMENT_REVIEW


def test_nothing_is_said_of_a_key_project_that_one_may_not_read(app: Engine) -> None:
    appoint_everybody(app)
    (table,) = many_waiting(app, 1, key={0})
    assert said(run(app, seen([table]), by=roster.OTHER_CLERK)) == [NotFound]


def test_a_bulk_return_goes_to_the_draft_or_one_node_back_with_one_reason(app: Engine) -> None:
    appoint_everybody(app)
    first, second = many_waiting(app, 2)
    passed = [each.table for each in run(app, seen([first, second]))]
    with pytest.raises(ReasonMissing):
        run(app, seen(passed), Wish(Action.RETURN, reason="不行"), by=roster.DEPARTMENT_FINANCE)
    back = Wish(Action.RETURN, reason="指标值与目标不匹配", target=Target.PREVIOUS)
    command = uuid4()
    results = run(app, seen([passed[0]]), back, by=roster.DEPARTMENT_FINANCE, command_id=command)
    assert said(results) == [Stage.UNIT_REVIEW]
    assert [desk.node for desk in results[0].table.desks] == ["unit_head"]
    assert run(app, seen([passed[0]]), back, by=roster.DEPARTMENT_FINANCE, command_id=command) == results
    draft = Wish(Action.RETURN, reason="指标值与目标不匹配")
    results = run(app, seen([passed[1]]), draft, by=roster.DEPARTMENT_FINANCE)
    assert [(each.table.stage, each.table.returned_reason) for each in results] == [(Stage.DRAFT, "指标值与目标不匹配")]


@pytest.mark.parametrize("wish", [PASS, Wish(Action.RETURN, reason="请核实指标值的依据")])
def test_the_bulk_result_is_the_single_verbs_result_for_each(app: Engine, wish: Wish) -> None:
    """The same acts on twins, one by one: the same refusals, the same stages, the same kinds in the log."""
    appoint_everybody(app)
    tables = many_waiting(app, 20, name="甲") + many_waiting(app, 20, name="乙")
    items = seen(tables)
    for place in (3, 23):
        items[place] = (tables[place].id, replace(items[place][1], version=3))
    for place in (7, 27):
        items[place] = (tables[place].id, replace(items[place][1], content_hash="00" * 32))
    bulk = run(app, items[:20], wish)
    singly = []
    for table_id, shown in items[20:]:
        singly += run(app, [(table_id, shown)], wish)
    assert said(bulk) == said(singly)
    with journal_on(app) as journal:
        told = [[each.kind for each in journal.history(table_id)] for table_id, _ in items]
    assert told[:20] == told[20:]


def test_two_bulk_runs_at_once_decide_each_table_exactly_once(app: Engine) -> None:
    appoint_everybody(app)
    other = replace(roster.UNIT_HEAD, id="second_head", name="第二位负责人")
    tables = many_waiting(app, 150)
    barrier = Barrier(2)

    def press(by, items):
        barrier.wait(20)
        return run(app, items, by=by)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(press, roster.UNIT_HEAD, seen(tables))
        two = pool.submit(press, other, seen(tables[::-1]))
        mine, theirs = one.result(), two.result()[::-1]
    both = {frozenset(map(str, pair)) for pair in zip(said(mine), said(theirs), strict=True)}
    assert both == {frozenset((str(Stage.DEPARTMENT_REVIEW), str(TableChangedMeanwhile)))}
    assert scalar(app, "SELECT count(*) FROM log.event WHERE kind = 'task.decided'") == 150


def test_a_rehearsal_says_what_would_be_and_keeps_nothing(app: Engine) -> None:
    """J9: events, sentences, the table after, who would be told; then the same act in earnest gives the same."""
    appoint_everybody(app)
    (table,) = many_waiting(app, 1)
    before, shown = events(app), seen([table])[0][1]

    def approve(journal):
        return approve_table(journal, table.id, seen=shown, by=roster.UNIT_HEAD, command_id=uuid4(), opinion="同意")

    tried = rehearse(lambda: journal_on(app), table.id, approve)
    assert tried.table.stage == Stage.DEPARTMENT_REVIEW
    assert [each.kind for each in tried.events] == ["task.decided", "node.completed", "node.entered"]
    assert tried.sentences[0] == "unit_head同志（单位负责人）：审核结论：通过，意见：同意。"
    assert [(each.template, each.to.role) for each in tried.notices][:1] == [
        ("task.waiting", roster.DEPARTMENT_FINANCE.posts[0].role)
    ]
    assert events(app) == before
    with rehearsal(lambda: journal_on(app)) as journal:
        approve(journal)
    assert events(app) == before
    with journal_on(app) as journal:
        earnest = approve(journal)
        assert [each.kind for each in journal.history(table.id)[table.version :]] == [each.kind for each in tried.events]
    assert (earnest.stage, earnest.version) == (tried.table.stage, tried.table.version)
    with pytest.raises(TableChangedMeanwhile):
        rehearse(lambda: journal_on(app), table.id, approve)
