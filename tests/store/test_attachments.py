"""Attachments on the real ledger: bound with salt, append-only, and a swap by the database's owner stops decisions."""

from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.support import roster
from tests.support.cluster import Database
from tests.support.life import Life
from tests.workflows.test_attaching import PDF, attach
from workflows.commands.bulk import for_each
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.errors import AttachmentChanged
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin
from workflows.vocabulary import Stage


@pytest.fixture
def submitted(app: Engine) -> Life:
    with journal_on(app) as journal:
        return attach(Life(journal).imported()).completed().submitted()


def raw(database: Database, sql: str, *values: object, role: str = "superuser_url") -> list[tuple]:
    with psycopg.connect(getattr(database, role).replace("+psycopg", ""), autocommit=True) as connection:
        asked = connection.execute(sql, values)
        return asked.fetchall() if asked.description else []


def test_the_event_holds_neither_the_name_nor_a_guessable_hash_of_the_bytes(database: Database, submitted: Life) -> None:
    (body,) = raw(database, "SELECT convert_from(body, 'UTF8') FROM log.event WHERE kind = 'attachment.added'")[0]
    assert ("验收单" in body, sha256(PDF).hexdigest() in body) == (False, False)
    kept = raw(database, "SELECT kind, commitment = sha256('\\x02'::bytea || salt || body), octet_length(salt), body FROM log.payload WHERE version = 3 ORDER BY kind")
    assert kept == [("file", True, 32, PDF), ("text", True, 32, "验收单.pdf".encode())]
    assert submitted.table.attachments[0].commitment in body


@pytest.mark.parametrize("statement", [
    "UPDATE log.payload SET body = 'x'", "DELETE FROM log.payload", "TRUNCATE log.payload",
    "INSERT INTO log.payload SELECT sha256('x'), stream_id, version, kind, salt, body FROM log.payload LIMIT 1",
])  # fmt: skip
def test_the_application_changes_no_file(database: Database, submitted: Life, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw(database, statement, role="app_url")


def test_a_file_that_no_event_names_is_refused(database: Database, submitted: Life) -> None:
    put = "SELECT log.put_payloads(%s, ARRAY[3::bigint], ARRAY['file'], ARRAY[sha256('s')], ARRAY['x'::bytea])"
    with pytest.raises(psycopg.DatabaseError) as refused:
        raw(database, put, submitted.table.id, role="app_url")
    assert refused.value.sqlstate == "GT006"


def swap(database: Database, body: bytes) -> None:
    (check,) = raw(database, "SELECT conname FROM pg_constraint WHERE conrelid = 'log.payload'::regclass AND pg_get_constraintdef(oid) LIKE '%%sha256%%'")[0]
    raw(database, "ALTER TABLE log.payload DISABLE TRIGGER append_only")
    raw(database, f'ALTER TABLE log.payload DROP CONSTRAINT "{check}"')
    raw(database, "UPDATE log.payload SET body = %s WHERE kind = 'file'", body)
    raw(database, "ALTER TABLE log.payload ENABLE ALWAYS TRIGGER append_only")


def test_a_file_swapped_after_submission_stops_the_approval_one_by_one_and_in_bulk(database: Database, app: Engine, submitted: Life) -> None:
    swap(database, b"%PDF-1.7 other")
    table = submitted.table
    with pytest.raises(AttachmentChanged), journal_on(app) as journal:
        Life(journal, table).approved(roster.UNIT_HEAD)

    def approve(journal, table_id, seen, command_id):
        return approve_table(journal, table_id, seen=seen, by=roster.UNIT_HEAD, command_id=command_id)

    (result,) = for_each(lambda: journal_on(app), [(table.id, Seen(table.version))], approve, command_id=uuid4())
    assert type(result.refusal) is AttachmentChanged
    with journal_on(app) as journal:
        assert journal.lock_table(table.id) == table
        assert Life(journal, table).returned(roster.UNIT_HEAD, Stage.DRAFT).table.stage == Stage.DRAFT


def test_the_caches_know_attachments_after_a_rebuild(app: Engine, submitted: Life) -> None:
    with begin(app) as tx:
        before = caches_as_text(tx)
        rebuild(tx)
        assert caches_as_text(tx) == before
