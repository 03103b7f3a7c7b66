"""A stream stays about what it began with: nothing written under another subject makes a table unreadable."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import CONTENT, born, command, entered, journal_on, make_table, note
from workflows import events as e
from workflows.errors import NotFound
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.rebuilding import rebuild
from workflows.store.refusals import SubjectDiffers
from workflows.store.transaction import begin


def filed(journal: Journal) -> e.DocumentFiled:
    return e.DocumentFiled("目标.txt", journal.put_bytes(b"x"), 1, "f", "b1", "d1", "u1", 2026, None, (), 1, "")


def subjects(app: Engine) -> list[tuple[UUID, str, int]]:
    with begin(app) as tx:
        rows = tx.rows("SELECT stream_id, subject, version FROM log.stream ORDER BY subject")
        return [(row["stream_id"], row["subject"], row["version"]) for row in rows]


def test_a_document_is_never_filed_into_a_table(app: Engine) -> None:
    table = make_table(app)
    with pytest.raises(SubjectDiffers), journal_on(app) as journal:
        journal.append(table.id, "document", (filed(journal),), command())
    with journal_on(app) as journal:
        assert journal.lock_table(table.id) == table
        assert journal.append_to_table(table, (entered(task="t2"),), command()).version == 3
    with begin(app) as tx:
        assert rebuild(tx) == 1
    assert subjects(app) == [(table.id, "table", 3)]


def test_a_repeated_command_of_another_subject_is_refused_too(app: Engine) -> None:
    """The first result of a table's command is not the answer to a filing under the same number."""
    same, table_id = command(), uuid4()
    with journal_on(app) as journal:
        journal.append_to_table(Table(table_id), (born(journal.put_content(CONTENT)),), same)
    with pytest.raises(SubjectDiffers), journal_on(app) as journal:
        journal.append(table_id, "document", (filed(journal),), same)


def test_a_stream_about_something_else_is_no_table(app: Engine) -> None:
    document = uuid4()
    with journal_on(app) as journal:
        journal.append(document, "document", (filed(journal),), command())
    with pytest.raises(NotFound), journal_on(app) as journal:
        journal.lock_table(document)


def test_within_one_transaction_a_stream_keeps_its_subject(app: Engine) -> None:
    stream = uuid4()
    with journal_on(app) as journal:
        journal.append(stream, "person", (note(1), note(2)), command())
        with pytest.raises(SubjectDiffers):
            journal.append(stream, "reply", (note(3),), command())
    assert subjects(app) == [(stream, "person", 2)]
