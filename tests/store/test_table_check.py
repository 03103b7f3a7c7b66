"""One table verified live: all is well on a clean log, and each kind of tampering turns the check that must see it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from tests.support import roster
from tests.support.anchoring import anchor, seal
from tests.support.cluster import Database
from tests.support.life import Life
from workflows.anchors.reading import newest_anchored
from workflows.errors import NotFound
from workflows.ledger.notes import Checkpoint
from workflows.store.journal import PostgresJournal
from workflows.store.one_view import one_view
from workflows.store.table_check import (
    BAD,
    BYTES,
    CHAIN,
    CONTENTS,
    GOOD,
    INSIDE,
    NAMES_OF_CHECKS,
    OPEN,
    PLACES,
    ROOT,
    STATE,
    TIMES,
    WORDS,
    check_table,
)
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Stage

ALONE = "SET session_replication_role = replica"


@pytest.fixture
def superuser(database: Database) -> Iterator[Callable[..., None]]:
    """The database's owner of everything, before whom no trigger and no constraint stands."""
    engine = make_engine(database.superuser_url, connections=1)

    def run(*statements: str, **values: object) -> None:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE log.event DISABLE TRIGGER ALL"))
            for name in ("content", "payload", "leaf"):
                connection.execute(text(f"ALTER TABLE log.{name} DISABLE TRIGGER ALL"))
            for statement in statements:
                connection.execute(text(statement), values)

    yield run
    engine.dispose()


@pytest.fixture
def table(app: Engine, database: Database):
    """A table submitted, returned by the unit's head and submitted again."""
    owner = make_engine(database.owner_url, connections=1)
    with begin(owner) as tx:
        tx.scalar("SELECT log.mark_installation('demo')")
    owner.dispose()
    with begin(app) as tx:
        life = Life(PostgresJournal(tx)).in_unit_review()
    with begin(app) as tx:
        Life(PostgresJournal(tx), life.table).returned(roster.UNIT_HEAD, Stage.DRAFT)
    return life.table


def states(app: Engine, table_id, directory: Path | None, checkpoint: Checkpoint | None = None) -> dict[str, str]:
    found = newest_anchored(directory) if directory else None
    with one_view(app) as tx:
        checks = check_table(tx, table_id, checkpoint or (found.checkpoint if found else None))
    assert tuple(each.name for each in checks) == NAMES_OF_CHECKS
    assert all(each.said for each in checks)
    return {each.name: each.state for each in checks}


def anchored(sealer: Engine, folder: Path) -> Path:
    seal(sealer)
    anchor(sealer, folder / "anchors")
    return folder / "anchors"


def worse(found: dict[str, str]) -> set[str]:
    return {name for name, state in found.items() if state == BAD}


def test_on_a_clean_log_every_check_is_good(app: Engine, sealer: Engine, table, tmp_path: Path) -> None:
    assert states(app, table.id, anchored(sealer, tmp_path)) == dict.fromkeys(NAMES_OF_CHECKS, GOOD)


def test_what_has_no_note_and_no_place_stays_open(app: Engine, sealer: Engine, table, tmp_path: Path) -> None:
    found = states(app, table.id, None)
    assert {name for name, state in found.items() if state == OPEN} == {PLACES, ROOT, INSIDE}
    seal(sealer)
    assert states(app, table.id, None)[PLACES] == GOOD


def test_records_younger_than_the_note_stay_open(app: Engine, sealer: Engine, table, tmp_path: Path) -> None:
    directory = anchored(sealer, tmp_path)
    with begin(app) as tx:
        journal = PostgresJournal(tx)
        Life(journal, journal.lock_table(table.id)).submitted()
    seal(sealer)
    found = states(app, table.id, directory)
    assert {name: state for name, state in found.items() if state != GOOD} == {INSIDE: OPEN}


def test_an_edited_event_breaks_chain_place_and_inclusion(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser(
        "UPDATE log.event SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"outcome\":\"return\"', '\"outcome\":\"pass\"'), 'UTF8')"
        " WHERE stream_id = :table AND kind = 'task.decided'", table=table.id,
    )  # fmt: skip
    assert {CHAIN, PLACES, INSIDE} <= worse(states(app, table.id, directory))


def test_an_event_rewritten_with_its_leaf_is_seen_by_the_note_outside(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser(
        "UPDATE log.event SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"mode\":\"逐级\"', '\"mode\":\"直达\"'), 'UTF8')"
        " WHERE stream_id = :table AND kind = 'table.returned'",
        "UPDATE log.leaf l SET leaf_hash = e.leaf_hash FROM log.event e WHERE e.event_id = l.event_id", table=table.id,
    )  # fmt: skip
    found = worse(states(app, table.id, directory))
    assert {ROOT, INSIDE, CHAIN} <= found
    assert PLACES not in found


def test_a_deleted_event_is_seen(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser(
        "DELETE FROM log.leaf WHERE event_id = (SELECT max(event_id) FROM log.event WHERE stream_id = :table)",
        "DELETE FROM log.event WHERE stream_id = :table AND version = (SELECT max(version) FROM log.event WHERE stream_id = :table)",
        table=table.id,
    )  # fmt: skip
    assert {CHAIN, ROOT, INSIDE, STATE} <= worse(states(app, table.id, directory))


def test_a_log_shorter_than_the_note_is_said_to_be_cut(app, sealer, table, tmp_path) -> None:
    directory = anchored(sealer, tmp_path)
    kept = newest_anchored(directory).checkpoint
    longer = Checkpoint(kept.origin, kept.size + 3, kept.root)
    assert worse(states(app, table.id, directory, longer)) == {ROOT, INSIDE}


def test_another_root_of_the_same_size_is_seen(app, sealer, table, tmp_path) -> None:
    directory = anchored(sealer, tmp_path)
    kept = newest_anchored(directory).checkpoint
    assert worse(states(app, table.id, directory, Checkpoint(kept.origin, kept.size, bytes(32)))) == {ROOT, INSIDE}


def test_a_state_shown_that_the_records_do_not_say_is_seen(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser("UPDATE desk.table_standing SET state = jsonb_set(state, '{stage}', '\"closed\"') WHERE table_id = :table", table=table.id)
    assert worse(states(app, table.id, directory)) == {STATE}


def test_a_state_of_another_release_is_neither_shown_nor_judged(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser("UPDATE desk.table_standing SET code = 'another', state = state - 'attachments' WHERE table_id = :table", table=table.id)
    found = states(app, table.id, directory)
    assert (worse(found), {name for name, state in found.items() if state == OPEN}) == (set(), {STATE})


def test_missing_contents_and_words_are_seen(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser("DELETE FROM log.payload WHERE stream_id = :table", table=table.id)
    assert worse(states(app, table.id, directory)) == {WORDS, STATE}
    superuser("DELETE FROM log.content WHERE hash = decode(:hash, 'hex')", hash=table.content_hash)
    assert worse(states(app, table.id, directory)) == {WORDS, STATE, CONTENTS}


def test_changed_words_do_not_fit_their_commitment(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser(
        "ALTER TABLE log.payload DROP CONSTRAINT payload_check",
        "UPDATE log.payload SET body = convert_to('同意', 'UTF8') WHERE stream_id = :table", table=table.id,
    )  # fmt: skip
    assert worse(states(app, table.id, directory)) == {WORDS, STATE}


def test_bytes_that_cannot_be_read_leave_the_rest_open(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser(
        "DO $$ DECLARE one text; BEGIN FOR one IN SELECT conname FROM pg_constraint WHERE conrelid = 'log.event'::regclass"
        " AND contype = 'c' LOOP EXECUTE format('ALTER TABLE log.event DROP CONSTRAINT %I', one); END LOOP; END $$",
        "UPDATE log.event SET body = '\\x00ff'::bytea WHERE stream_id = :table AND version = 3", table=table.id,
    )  # fmt: skip
    found = states(app, table.id, directory)
    assert found == {BYTES: BAD} | dict.fromkeys(NAMES_OF_CHECKS[1:], OPEN)


def test_another_time_written_in_is_seen_by_time_and_chain(app, sealer, table, tmp_path, superuser) -> None:
    directory = anchored(sealer, tmp_path)
    superuser(
        "ALTER TABLE log.event DROP CONSTRAINT event_check1",
        "UPDATE log.event SET body = convert_to(regexp_replace(convert_from(body, 'UTF8'), '\"at\":\"[^\"]*\"', '\"at\":\"2020-01-01T00:00:00.000000Z\"'), 'UTF8')"
        " WHERE stream_id = :table AND version = 4", table=table.id,
    )  # fmt: skip
    assert {TIMES, CHAIN} <= worse(states(app, table.id, directory))


def test_a_stranger_and_another_subject_are_not_found(app, sealer, table) -> None:
    assert datetime.now(UTC).year >= 2026
    for other in (uuid4(), table.document):
        with one_view(app) as tx, pytest.raises(NotFound):
            check_table(tx, other, None)
