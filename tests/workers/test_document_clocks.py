"""A document's review clock on a real database: set by the sweep, each rung told once, marked, gone with the review (B7)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.support import roster
from tests.support.life import Life
from tests.workflows.test_filing_documents import PART, with_part
from workers.channels.mail import MailFolder
from workers.document_clocks import documents_behind, set_review_clocks
from workers.notifications import deliver_waiting
from workers.reminders import fire_due
from workflows.commands import importing
from workflows.commands.filing_documents import document_now, review_document
from workflows.commands.recipe import Seen
from workflows.filings import PartState
from workflows.store.journal import PostgresJournal
from workflows.store.rebuilding import rebuild
from workflows.store.review_clocks import clock_runs, parts_waiting_for
from workflows.store.transaction import begin
from workflows.vocabulary import Cover, Post, Role

PLANNER = roster.DEPARTMENT_FINANCE
TOLD = """
SELECT kind, count(*) AS n FROM desk.outbox WHERE log_stream = :document AND recipient = :person AND channel = 'inbox'
GROUP BY 1 ORDER BY 1"""


@pytest.fixture
def filed(bureau, monkeypatch):
    """A document whose part waits for the department; its one table was submitted."""
    made = importing._filed
    monkeypatch.setattr(importing, "_filed", lambda j, f, *rest: made(j, with_part(f, PART), *rest))
    with begin(bureau.engine) as tx:
        life = Life(PostgresJournal(tx)).in_unit_review()
    return UUID(life.table.document)


def swept(bureau):
    set_review_clocks(bureau.engine)
    while fire_due(bureau.engine, lease_seconds=30):
        pass


def now(bureau, document):
    with begin(bureau.engine) as tx:
        return document_now(PostgresJournal(tx), document)


def waiting(bureau, person, document):
    with begin(bureau.engine) as tx:
        return [(row["part_number"], row["part_overdue"]) for row in parts_waiting_for(tx, person) if row["document_id"] == document]


def test_the_sweep_sets_one_clock_and_the_office_finds_it_on_its_list(bureau, filed):
    assert waiting(bureau, PLANNER, filed) == []
    swept(bureau)
    swept(bureau)
    assert [each.kind for each in history(bureau, filed)] == ["document.filed", "document.due_set"]
    deputy = roster.person("stand_in")
    cover = Cover("grant-1", PLANNER.id, PLANNER.name, (Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT),))
    people = (PLANNER, type(deputy)(deputy.id, deputy.name, (), (cover,)), roster.FINANCE_PERFORMANCE, roster.CLERK)
    assert [waiting(bureau, person, filed) for person in people] == [[(1, False)], [(1, False)], [], []]
    with begin(bureau.engine) as tx:
        assert documents_behind(tx) == ()
        rebuild(tx)
    assert waiting(bureau, PLANNER, filed) == [(1, False)]


def history(bureau, document):
    with begin(bureau.engine) as tx:
        return PostgresJournal(tx).history(document)


def test_each_rung_is_told_once_then_it_is_overdue_and_the_review_ends_it_all(bureau, filed):
    swept(bureau)
    due = now(bureau, filed).clock.due_at
    for moment in (due - timedelta(days=1), due, due + timedelta(days=10)):
        bureau.move_clock(moment)
        swept(bureau)
        swept(bureau)
    assert now(bureau, filed).clock.overdue
    assert waiting(bureau, PLANNER, filed) == [(1, True)]
    told = {row["kind"]: row["n"] for row in bureau.rows(TOLD, document=filed, person=PLANNER.id)}
    rungs = {f"reminder.part.{rung}": 1 for rung in ("T-3", "T-1", "T", "T+1")}
    assert told == {"document.due_set": 1, "document.overdue": 1, **rungs}
    with begin(bureau.engine) as tx:
        journal, document = PostgresJournal(tx), now(bureau, filed)
        seen = Seen(document.version, document.content_hash)
        after = review_document(journal, filed, seen=seen, passed=True, by=PLANNER, command_id=uuid4())
    assert (after.state, after.clock) == (PartState.AT_FINANCE, None)
    left = bureau.rows("SELECT kind FROM desk.timer WHERE stream_id = :document AND state IN ('pending', 'leased')", document=filed)
    assert (waiting(bureau, PLANNER, filed), list(left)) == ([], [])
    swept(bureau)
    assert waiting(bureau, roster.FINANCE_PERFORMANCE, filed) == [(1, False)]


def test_h10_a_reminder_that_waits_is_dropped_once_the_part_was_reviewed(bureau, filed, tmp_path):
    swept(bureau)
    first = now(bureau, filed).clock
    bureau.move_clock(first.due_at - timedelta(hours=1))
    swept(bureau)
    with begin(bureau.engine) as tx:
        journal, document = PostgresJournal(tx), now(bureau, filed)
        held = [row["task"] for row in tx.rows("SELECT task FROM desk.outbox WHERE log_stream = :id AND kind LIKE 'reminder.part%'", id=filed)]
        assert set(held) == {f"part:{first.version}"}
        assert clock_runs(tx, filed, held[0])
        seen = Seen(document.version, document.content_hash)
        review_document(journal, filed, seen=seen, passed=True, by=PLANNER, command_id=uuid4())
    deliver_waiting(bureau.engine, MailFolder(tmp_path), sender="goaltrail@localhost", lease_seconds=30.0)
    rows = bureau.rows("SELECT kind, state FROM desk.outbox WHERE log_stream = :id AND recipient = :person", id=filed, person=PLANNER.id)
    reminders = {row["state"] for row in rows if row["kind"].startswith("reminder.part")}
    assert (reminders, {row["state"] for row in rows if row["kind"] == "document.due_set"}) == ({"dropped"}, {"sent"})
