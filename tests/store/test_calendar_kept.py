"""What was published of calendars is kept in the process by the stream's head, and read again as soon as that moved."""

from sqlalchemy import Engine

from tests.store.acting import command, journal_on, make_table
from workflows import events as e
from workflows.calendars import CALENDAR_STREAM
from workflows.journal import Journal
from workflows.store.calendars_then import _published, versions_published
from workflows.store.transaction import begin


def publish(journal: Journal, days: str) -> str:
    version = journal.put_content({"years": [], "local": [], "note": days})
    journal.append(CALENDAR_STREAM, "calendar", (e.CalendarPublished("中国", version),), command())
    return version


def head_of(app: Engine) -> bytes:
    with begin(app) as tx:
        head = tx.scalar("SELECT head FROM log.stream WHERE stream_id = :stream", stream=CALENDAR_STREAM)
        return bytes(head)


def test_a_calendar_published_by_another_program_is_seen_at_the_next_opening(app: Engine) -> None:
    table = make_table(app)
    with journal_on(app) as journal:
        journal.lock_table(table.id)
        assert versions_published(journal.tx, journal._calendar_head) == ()
    with journal_on(app) as journal:
        first = publish(journal, "one")
    with journal_on(app) as journal:
        journal.lock_table(table.id)
        assert versions_published(journal.tx, journal._calendar_head) == (first,)


def test_what_came_after_a_head_is_not_kept_under_that_head(app: Engine) -> None:
    """Between the reading of the head and that of the stream somebody may publish."""
    with journal_on(app) as journal:
        first = publish(journal, "one")
    older = head_of(app)
    with journal_on(app) as journal:
        second = publish(journal, "two")
    _published.pop(older, None)
    with begin(app) as tx:
        assert versions_published(tx, older) == (first, second)
    assert older not in _published
    assert _published[head_of(app)] == (first, second)


def test_a_kept_head_asks_nothing(app: Engine) -> None:
    with journal_on(app) as journal:
        first = publish(journal, "one")
    head = head_of(app)
    with begin(app) as tx:
        assert versions_published(tx, head) == (first,)
    assert versions_published(None, head) == (first,)  # type: ignore[arg-type]
