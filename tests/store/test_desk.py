"""The desk: caches equal a rebuild, rows are leased once, timers follow the tasks, everybody sees what is theirs."""

import inspect
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from service.present import many
from tests.store.acting import CLERK, CONTENT, HEAD, born, command, entered, journal_on, make_table
from workflows import events as e
from workflows.errors import CommandReused, NotFound
from workflows.folds.replay import Table
from workflows.store import accounts, outbox, timers
from workflows.store.folding import code_version, folding_modules
from workflows.store.inbox import count_unread, mark_read, notices_for
from workflows.store.queries import (
    Filters,
    count_visible_to,
    count_waiting_for,
    history_of_table,
    table_seen_by,
    tables_visible_to,
    tables_waiting_for,
)
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.snapshots import table_now, tables_behind, take_snapshot
from workflows.store.top_bar import ENOUGH, counts_for, what_is_anywhere
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Post, Role
from workflows.workdays import BEIJING

OTHER_CLERK = Actor("zhao", "赵经办", (Post(Role.CLERK, "u1"),))
STRANGER = Actor("sun", "孙负责", (Post(Role.UNIT_HEAD, "u2"),))
DEPARTMENT = Actor("qian", "钱规财", (Post(Role.DEPARTMENT_FINANCE, "d1"),))


def grant(app: Engine, *actors: Actor) -> None:
    with journal_on(app) as journal:
        for actor in actors:
            facts = tuple(e.GrantGiven(actor.id, actor.name, post.role, post.organ) for post in actor.posts)
            journal.append(uuid4(), "person", facts, command())


def submitted(app: Engine, *, due_in: timedelta = timedelta(days=30)) -> Table:
    """A table handed in, due at the end of a working day in so many days, whatever the time is now."""
    grant(app, CLERK, HEAD)
    table = make_table(app)
    with journal_on(app) as journal:
        due = (journal.now() + due_in).astimezone(BEIJING).replace(hour=18, minute=0).isoformat()
        facts = (
            e.TableSubmitted(
                "drafting",
                "t1",
                1,
                table.content_hash,
                disclosure="公开",
                editors=("li",),
                title=table.title,
                changes=journal.put_content({"changes": []}),
                changed=0,
            ),
            e.NodeCompleted("drafting", 0),
            entered("unit_head", "t2", stage="unit_review", round=1, role="unit_head", person=None, due_at=due),
        )
        return journal.append_to_table(journal.lock_table(table.id), facts, command())


def test_caches_equal_a_rebuild_from_the_log_byte_for_byte(app: Engine) -> None:
    submitted(app)
    document = uuid4()
    with journal_on(app) as journal:
        filed = e.DocumentFiled("目标.txt", journal.put_bytes(b"x"), 1, "f", "b1", "d1", "u1", 2026, None, (), 1, "")
        journal.append(document, "document", (filed,), command())
        journal.append(uuid4(), "person", (e.GrantRevoked("wang", "unit_head", "u1", "调离本岗位"),), command())
    with begin(app) as tx:
        before = caches_as_text(tx)
    assert {name: len(rows) for name, rows in before.items()} == {
        "table_standing": 1, "task": 1, "document": 1, "post": 2, "cover": 0, "waiver": 0, "notice_words": 0,
    }  # fmt: skip
    with begin(app) as tx:
        tx.run("UPDATE desk.table_standing SET title = '改过', stage = 'closed'")
        tx.run("DELETE FROM desk.post")
    with begin(app) as tx:
        assert rebuild(tx) == 1
    with begin(app) as tx:
        assert caches_as_text(tx) == before


def test_lists_show_what_the_person_may_see_and_do(app: Engine) -> None:
    draft, table = make_table(app), submitted(app)
    with begin(app) as tx:
        seen = {
            actor.id: {row["table_id"] for row in tables_visible_to(tx, actor)}
            for actor in (CLERK, HEAD, OTHER_CLERK, STRANGER, DEPARTMENT)
        }
        assert seen == {
            "li": {draft.id, table.id}, "wang": {draft.id, table.id}, "zhao": set(), "sun": set(), "qian": {table.id},
        }  # fmt: skip
        assert [row["task"] for row in tables_waiting_for(tx, HEAD)] == ["t2"]
        assert (count_waiting_for(tx, HEAD), count_waiting_for(tx, OTHER_CLERK)) == ((1, 0), (0, 0))
        assert count_visible_to(tx, HEAD, Filters(stage="unit_review", year=2026, words="falv")) == 0
        assert count_visible_to(tx, HEAD, Filters(stage="unit_review", year=2026, words="fa lv")) == 1
        assert count_visible_to(tx, HEAD, Filters(words="100%' OR true --")) == 0
        assert table_seen_by(tx, DEPARTMENT, table.id) == table
        assert [each.version for each in history_of_table(tx, HEAD, table.id)] == [1, 2, 3, 4, 5]
        with pytest.raises(NotFound):
            table_seen_by(tx, STRANGER, table.id)


def test_a_repeated_command_returns_its_first_result(app: Engine) -> None:
    stream, same = uuid4(), command()
    fact = e.GrantGiven("li", "李经办", Role.CLERK, "u1")
    results = []
    for _ in range(2):
        with journal_on(app) as journal:
            results.append(journal.append(stream, "person", (fact,), same))
    assert results[0] == results[1]
    with pytest.raises(CommandReused), journal_on(app) as journal:
        journal.append(stream, "person", (e.GrantRevoked("li", "clerk", "u1", "另一件事"),), same)


def lease_ids(app: Engine) -> list[UUID]:
    with begin(app) as tx:
        return [row["id"] for row in outbox.lease(tx)]


def test_a_notice_is_leased_by_one_and_delivered_once(app: Engine) -> None:
    submitted(app)
    with begin(app) as first:
        leased = outbox.lease(first)
        assert lease_ids(app) == []
    assert sorted((row["recipient"], row["channel"]) for row in leased) == [
        ("li", "inbox"), ("li", "mail"), ("wang", "inbox"), ("wang", "mail"),
    ]  # fmt: skip
    for row in leased:
        if row["channel"] == "inbox":
            with begin(app) as tx:
                assert outbox.deliver_to_inbox(tx, row["id"])
            with begin(app) as tx:
                assert not outbox.deliver_to_inbox(tx, row["id"])
    with begin(app) as tx:
        assert notices_for(tx, "li") == []  # that task of his is done
        assert (len(notices_for(tx, "wang")), count_unread(tx, "wang"), mark_read(tx, "wang")) == (1, 1, 1)
        assert outbox.counts_by_state(tx) == {"leased": 2, "sent": 1, "dropped": 1}


def expire(app: Engine) -> None:
    with app.begin() as connection:
        connection.execute(text("UPDATE desk.outbox SET lease_until = clock_timestamp() - interval '1 s'"))


def test_a_vanished_holder_gives_way_and_a_poisonous_row_dies(app: Engine) -> None:
    submitted(app)
    for attempt in range(outbox.MOST_ATTEMPTS):
        assert len(lease_ids(app)) == 4, attempt
        expire(app)
        with begin(app) as tx:
            assert outbox.sweep_expired(tx) == 4
    assert lease_ids(app) == []
    with begin(app) as tx:
        assert outbox.counts_by_state(tx) == {"dead": 4}


def test_a_mail_of_unknown_outcome_is_repeated_once(app: Engine) -> None:
    submitted(app)
    for repeated in (False, True):
        for outbox_id in lease_ids(app):
            with begin(app) as tx:
                assert outbox.mark_sending(tx, outbox_id)
        expire(app)
        with begin(app) as tx:
            outbox.sweep_expired(tx)
            assert outbox.counts_by_state(tx) == ({"dead": 4} if repeated else {"uncertain": 4})


def test_timers_follow_the_tasks(app: Engine) -> None:
    table = submitted(app)
    with begin(app) as tx:
        (row,) = tx.rows("SELECT kind, facts FROM desk.timer")
        assert [row["kind"], *(rung["kind"] for rung in row["facts"]["then"])] == ["T-3", "T-1", "T", "overdue", "T+1"]
        assert timers.lease_due(tx) == []
    with journal_on(app) as journal:
        fact = e.NodeSuperseded("unit_head", 1, "t2", "测试")
        journal.append_to_table(journal.lock_table(table.id), (fact,), command())
    with begin(app) as tx:
        assert [row["state"] for row in tx.rows("SELECT DISTINCT state FROM desk.timer")] == ["cancelled"]


def test_a_timer_that_is_due_fires_once(app: Engine) -> None:
    submitted(app, due_in=timedelta(days=-1))
    with begin(app) as tx:
        leased = [row["id"] for row in timers.lease_due(tx)]
    assert len(leased) >= 1
    with begin(app) as tx:
        assert timers.lease_due(tx) == []
        assert [timers.mark_fired(tx, each) for each in leased] == [True] * len(leased)
        assert timers.mark_fired(tx, leased[0]) is False


def test_a_snapshot_is_believed_only_while_the_log_has_its_head(app: Engine) -> None:
    table = submitted(app)
    with begin(app) as tx:
        assert tables_behind(tx) == [table.id]
        assert take_snapshot(tx, table.id) == table.version
        assert (tables_behind(tx), table_now(tx, table.id)) == ([], table)
    with begin(app) as tx:
        tx.run("UPDATE desk.snapshot SET head = sha256('x'), state = '{}'")
        assert table_now(tx, table.id) == table


def test_a_snapshot_of_other_code_is_not_believed() -> None:
    """Whatever folds events counts: each module of the events, their words and the replay."""
    files = {Path(str(module.__file__)) for module in folding_modules()}
    events_folder = Path(str(e.__file__)).parent
    workflows = events_folder.parent
    folders = (events_folder, workflows / "folds", workflows / "state")
    assert files == {*(file for folder in folders for file in folder.glob("*.py")), workflows / "vocabulary.py"}
    source = "".join(inspect.getsource(module) for module in folding_modules())
    assert code_version() == sha256(source.encode()).hexdigest()[:16]


def test_sessions_end_with_the_account_and_failures_slow_down(app: Engine) -> None:
    with begin(app) as tx:
        accounts.make_account(tx, person="li", login="li", name="李经办", password_hash="h")
        assert accounts.start_session(tx, "token", "li")
        assert (accounts.session_of(tx, "token") or {})["person"] == "li"
        accounts.end_all_sessions(tx, "li")
        assert accounts.session_of(tx, "token") is None
        waits = []
        for _ in range(6):
            accounts.note_failure(tx, "li")
            waits.append((accounts.account_of_login(tx, "li") or {})["must_wait"])
        assert waits == [False, False, False, False, True, True]
        accounts.note_entry(tx, "li")
        assert (accounts.account_of_login(tx, "li") or {})["must_wait"] is False


def fail_after_appending(app: Engine, table_id: UUID) -> None:
    with journal_on(app) as journal:
        journal.append_to_table(Table(table_id), (born(journal.put_content(CONTENT)), entered()), command())
        raise InterruptedError


def test_an_append_that_fails_later_leaves_nothing(app: Engine) -> None:
    table_id = uuid4()
    with pytest.raises(InterruptedError):
        fail_after_appending(app, table_id)
    with begin(app) as tx:
        assert [tx.scalar(f"SELECT count(*) FROM {name}") for name in ("log.event", "log.content", "desk.task")] == [
            0
        ] * 3


def test_counts_above_the_pages_end_behind_a_thousand(app: Engine) -> None:
    unread = """
INSERT INTO desk.inbox (id, recipient, stream_id, version, kind, subject, sentence, created_at)
SELECT gen_random_uuid(), :person, :stream, 1, 't', '', '', now() FROM generate_series(1, 1003)"""
    with begin(app) as tx:
        tx.run(unread, person=HEAD.id, stream=uuid4())
        counts = [counts_for(tx, each, what_is_anywhere(tx)) for each in (HEAD, CLERK)]
        assert [each.unread for each in counts] == [ENOUGH + 1, 0]
    assert (many(ENOUGH), many(ENOUGH + 1)) == ("1000", "1000+")
