"""A decision on many tables in one commit: each has its result, a refused one is untouched, a repeat records nothing."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on, scalar
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.life import Life
from workflows.commands import drafting
from workflows.commands.bulk import for_all, for_each
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.errors import NotAllowed, NotFound, TableChangedMeanwhile
from workflows.store import journal as journals
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin
from workflows.vocabulary import Action, Stage


def waiting(app: Engine, number: int):
    tables = []
    for _ in range(number):
        with journal_on(app) as journal:
            tables.append(Life(journal).imported().completed().submitted().table)
    return tables


def approve(journal, table_id, seen, command_id):
    return approve_table(journal, table_id, seen=seen, by=roster.UNIT_HEAD, command_id=command_id, opinion="同意")


def decided(app: Engine, tables, command_id=None, items=None, run=for_all):
    items = items or [(table.id, Seen(table.version, table.content_hash)) for table in tables]
    more = {"by": roster.UNIT_HEAD, "action": Action.APPROVE} if run is for_all else {}
    return run(lambda: journal_on(app), items, approve, command_id=command_id or uuid4(), **more)


def test_all_are_decided_in_one_commit_and_a_rebuild_finds_the_same(app: Engine) -> None:
    appoint_everybody(app)
    tables = waiting(app, 3)
    before = scalar(app, "SELECT max(event_id) FROM log.event")
    results = decided(app, tables)
    assert [(each.refusal, each.table.stage) for each in results] == [(None, Stage.DEPARTMENT_REVIEW)] * 3
    assert scalar(app, f"SELECT count(DISTINCT tx) FROM log.event WHERE event_id > {before}") == 1
    assert scalar(app, f"SELECT count(*) FROM log.event WHERE event_id > {before}") == 9
    assert scalar(app, "SELECT count(*) FROM log.payload WHERE kind = 'text'") == 3
    with begin(app) as tx:
        caches = caches_as_text(tx)
    with begin(app) as tx:
        rebuild(tx)
        assert caches_as_text(tx) == caches
    with journal_on(app) as journal:
        assert [journal.lock_table(each.table_id) for each in results] == [each.table for each in results]


def test_refused_ones_are_untouched_and_the_rest_go_on(app: Engine) -> None:
    appoint_everybody(app)
    first, stale, own, last = waiting(app, 4)
    with journal_on(app) as journal:
        drafting.withdraw_table(
            journal, own.id, seen=Seen(own.version), by=roster.CLERK, command_id=uuid4(), reason="填报有误需要修改"
        )
    unknown = uuid4()
    items = [
        (first.id, Seen(first.version)), (stale.id, Seen(stale.version - 1)), (unknown, Seen(1)), (last.id, Seen(last.version)),
    ]  # fmt: skip
    results = decided(app, (), items=items)
    kinds = [type(each.refusal) if each.refusal else each.table.stage for each in results]
    assert kinds == [Stage.DEPARTMENT_REVIEW, TableChangedMeanwhile, NotFound, Stage.DEPARTMENT_REVIEW]
    assert scalar(app, f"SELECT count(*) FROM log.event WHERE stream_id = '{stale.id}'") == stale.version
    assert scalar(app, f"SELECT count(*) FROM log.stream WHERE stream_id = '{unknown}'") == 0
    (other,) = decided(app, (), items=[(own.id, Seen(own.version + 3))])
    assert other.refusal is not None


def test_a_repeat_records_nothing_twice(app: Engine) -> None:
    appoint_everybody(app)
    tables, same = waiting(app, 2), uuid4()
    first = decided(app, tables, same)
    before = scalar(app, "SELECT count(*) FROM log.event")
    assert decided(app, tables, same) == first
    assert decided(app, tables, same, run=for_each) == first
    assert scalar(app, "SELECT count(*) FROM log.event") == before


def test_a_verb_that_writes_and_then_refuses_leaves_nothing(app: Engine) -> None:
    """A draft dropped before the refusal is there again; the table beside it is recorded."""
    appoint_everybody(app)
    good, bad = waiting(app, 2)

    def crooked(journal, table_id, seen, command_id):
        if table_id == bad.id:
            journal.put_content({"left": "behind"})
            approve(journal, table_id, seen, command_id)
            raise NotAllowed
        return approve(journal, table_id, seen, command_id)

    contents = scalar(app, "SELECT count(*) FROM log.content")
    items = [(each.id, Seen(each.version)) for each in (bad, good)]
    results = for_all(
        lambda: journal_on(app), items, crooked, by=roster.UNIT_HEAD, action=Action.APPROVE, command_id=uuid4()
    )
    assert [type(each.refusal) for each in results] == [NotAllowed, type(None)]
    assert scalar(app, f"SELECT count(*) FROM log.event WHERE stream_id = '{bad.id}'") == bad.version
    assert scalar(app, "SELECT count(*) FROM log.content") == contents


def test_where_the_common_write_is_refused_each_is_tried_on_its_own(app: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    appoint_everybody(app)
    tables, real, calls = waiting(app, 2), journals.write, []

    def refusing(tx, staged):
        calls.append(len(staged.bodies))
        if len(staged.bodies) > 3:
            raise TableChangedMeanwhile
        real(tx, staged)

    monkeypatch.setattr(journals, "write", refusing)
    results = decided(app, tables)
    assert [(each.refusal, each.table.stage) for each in results] == [(None, Stage.DEPARTMENT_REVIEW)] * 2
    assert calls == [6, 3, 3]
