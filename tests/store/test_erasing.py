"""Erasure on the real ledger: two persons, the words nowhere afterwards, every event, link and proof as before."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.store.test_attachments import raw
from tests.support import roster
from tests.support.anchoring import anchor, seal
from tests.support.auditor import verify
from tests.support.bundles import Opened
from tests.support.cluster import Database
from tests.support.invariants import check_table
from tests.support.life import Life
from tests.workflows.test_attaching import attach
from workflows import events as e
from workflows.commands import ending
from workflows.commands.administering import give_grant
from workflows.commands.erasing import confirm_erasure, decline_erasure, lift_hold, place_hold, request_erasure
from workflows.commands.reviewing import return_table
from workflows.errors import (
    ConfirmationMissing,
    FieldsInvalid,
    HeldByLaw,
    NotAllowed,
    NotFound,
    ReasonMissing,
)
from workflows.journal import Command
from workflows.ledger.bundle import EVERYTHING
from workflows.ledger.hashes import leaf
from workflows.store.erasing import NEUTRAL, waiting_erasures
from workflows.store.exporting import write_bundle
from workflows.store.one_view import one_view
from workflows.store.outbox import deliver_to_inbox, lease
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.sealing import seal_batch
from workflows.store.snapshots import take_snapshot
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM, Action, Stage

WORDS = "王小明身份证号130102199001011234"
GROUND = "个人信息保护法第四十七条"
VERIFY = Path(verify.__file__)
FILE = b"%PDF-1.7 130102199001011234"


@pytest.fixture
def table_id(app: Engine, sealer: Engine) -> UUID:
    """A table returned for a reason that names a person, with a file about him, told, delivered, sealed, snapshotted."""
    with journal_on(app) as journal:
        for person in sorted(roster.PEOPLE, key=lambda each: each != roster.SECURITY_ADMIN):
            for post in person.posts:
                by = SYSTEM if person == roster.SECURITY_ADMIN else roster.SECURITY_ADMIN
                give_grant(journal, person=person.id, name=person.name, post=post, by=by, command_id=uuid4())
    with journal_on(app) as journal:
        life = attach(Life(journal).imported(), name="王小明.pdf", data=FILE).completed().submitted()
        life.table = returned_because(life, WORDS)
    with begin(app) as tx:
        for row in lease(tx, limit=100):
            if row["channel"] == "inbox":
                deliver_to_inbox(tx, row["id"])
        take_snapshot(tx, life.table.id)
    with begin(sealer) as tx:
        seal_batch(tx)
    return life.table.id


def returned_because(life: Life, reason: str):
    return return_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), to=Stage.DRAFT, reason=reason,
    )  # fmt: skip


def commitments(app: Engine, table_id: UUID, *words: str | None) -> list[str]:
    with journal_on(app) as journal:
        return [each.commitment for each in journal.erasable(table_id) if each.words in words]


def ask(app: Engine, table_id: UUID, chosen: list[str], by=roster.SECURITY_ADMIN, erasure: UUID | None = None) -> UUID:
    erasure = erasure or uuid4()
    with journal_on(app) as journal:
        request_erasure(journal, erasure, table_id=table_id, commitments=chosen, ground=GROUND, by=by, command_id=uuid4())
    return erasure


def confirm(app: Engine, erasure: UUID, by=roster.SECRECY_REVIEWER, command: UUID | None = None):
    with journal_on(app) as journal:
        return confirm_erasure(journal, erasure, by=by, command_id=command or uuid4())


def places_of(database: Database, words: str | bytes) -> list[str]:
    """Every table of the database that holds these words in any column, as text or as bytes."""
    data = words if isinstance(words, bytes) else words.encode()
    names = raw(database, "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('log', 'desk') ORDER BY 1")
    found = "SELECT count(*) FROM {} t WHERE position(%s IN CAST(t AS text)) > 0 OR position(%s IN CAST(t AS text)) > 0"
    text = data.decode("utf-8", "replace")
    return [name for (name,) in names if raw(database, found.format(name), text, data.hex())[0][0]]


def log_of(database: Database) -> list[object]:
    return [raw(database, f"SELECT * FROM log.{name} ORDER BY 1") for name in ("event", "leaf", "seal", "content")]


def test_the_words_are_known_before(database: Database, table_id: UUID) -> None:
    assert places_of(database, WORDS) == ["desk.inbox", "desk.outbox", "desk.snapshot", "desk.table_standing", "log.payload"]
    assert places_of(database, FILE) == ["log.payload"]


def test_after_two_persons_the_words_are_nowhere_and_the_log_is_as_it_was(database: Database, app: Engine, table_id: UUID) -> None:
    before = log_of(database)
    chosen = commitments(app, table_id, WORDS)[:1] + commitments(app, table_id, None)
    table = confirm(app, ask(app, table_id, chosen))
    assert {words: places_of(database, words) for words in (WORDS, "王小明", FILE)} == {WORDS: [], "王小明": [], FILE: []}
    after = log_of(database)
    assert [new[: len(old)] for old, new in zip(before, after, strict=True)] == before
    with journal_on(app) as journal:
        history = journal.history(table_id)
        check_table(table, history)
        reasons = [each.fact.reason for each in history if each.kind == "table.returned"]
        opinions = [each.fact.opinion for each in history if each.kind == "task.decided"]
        assert (reasons, opinions) == ([e.ERASED], [e.ERASED])
        assert history[-2].fact.asked_by == "security"
        assert (history[-2].kind, history[-2].actor_id, history[-1].kind) == ("payload.erased", "secrecy", "attachment.redacted")
    assert (table.returned_reason, table.attachments[0].name, table.attachments[0].erased) == (e.ERASED, e.ERASED, True)
    bodies = raw(database, "SELECT prev_hash, body, leaf_hash FROM log.event WHERE stream_id = %s ORDER BY version", table_id)
    assert [leaf(body) for _prev, body, _leaf in bodies] == [leaf_hash for _prev, _body, leaf_hash in bodies]
    assert [prev for prev, _body, _leaf in bodies[1:]] == [leaf_hash for _prev, _body, leaf_hash in bodies[:-1]]
    told = raw(database, "SELECT DISTINCT sentence FROM desk.inbox WHERE kind = 'table.returned'")
    assert told == [(NEUTRAL,)]


def test_caches_rebuilt_after_an_erasure_are_byte_equal(app: Engine, table_id: UUID) -> None:
    confirm(app, ask(app, table_id, commitments(app, table_id, WORDS)[:1]))
    with begin(app) as tx:
        before = caches_as_text(tx)
        rebuild(tx)
        assert caches_as_text(tx) == before
        assert take_snapshot(tx, table_id) > 0
    with journal_on(app) as journal:
        assert journal.lock_table(table_id).returned_reason == e.ERASED


def test_the_table_goes_its_way_after_an_erasure(app: Engine, table_id: UUID) -> None:
    table = confirm(app, ask(app, table_id, commitments(app, table_id, None)))
    with journal_on(app) as journal:
        life = Life(journal, table).submitted().approved(roster.UNIT_HEAD)
        assert life.table.stage == Stage.DEPARTMENT_REVIEW


def test_words_of_other_events_and_other_tables_stay(app: Engine, table_id: UUID) -> None:
    with journal_on(app) as journal:
        other = Life(journal).imported().completed().submitted()
        returned_because(other, WORDS)
    confirm(app, ask(app, table_id, commitments(app, table_id, WORDS)[:1]))
    with journal_on(app) as journal:
        assert [each.words for each in journal.erasable(other.table.id)] == [WORDS, WORDS]
        assert [(each.field, each.words) for each in journal.erasable(table_id)] == [("name", "王小明.pdf"), ("commitment", None)]


def test_a_file_goes_with_its_name_whichever_was_chosen(app: Engine, table_id: UUID) -> None:
    for chosen in ("王小明.pdf", None):
        fact = request_of(app, ask(app, table_id, commitments(app, table_id, chosen)))
        assert [target["field"] for target in fact.targets] == ["name", "commitment"]


def request_of(app: Engine, erasure: UUID):
    with journal_on(app) as journal:
        return journal.history(erasure)[0].fact


@pytest.mark.parametrize("by", [roster.CLERK, roster.UNIT_HEAD, roster.SYSTEM_ADMIN, roster.AUDIT_ADMIN, roster.FINANCE_LEADER])
def test_nobody_else_asks(app: Engine, table_id: UUID, by) -> None:
    with pytest.raises(NotAllowed):
        ask(app, table_id, commitments(app, table_id, WORDS), by=by)


def test_guards_of_another_bureau_find_nothing(app: Engine, table_id: UUID) -> None:
    stranger = roster.person("stranger", (roster.SECURITY_ADMIN.posts[0].role, "bureau-2"))
    with pytest.raises(NotFound):
        ask(app, table_id, commitments(app, table_id, WORDS), by=stranger)
    erasure = ask(app, table_id, commitments(app, table_id, WORDS))
    with pytest.raises(NotFound):
        confirm(app, erasure, by=stranger)


def test_who_asked_does_not_confirm_and_who_filed_does_not_either(database: Database, app: Engine, table_id: UUID) -> None:
    erasure = ask(app, table_id, commitments(app, table_id, WORDS))
    with pytest.raises(NotAllowed) as refused:
        confirm(app, erasure, by=roster.SECURITY_ADMIN)
    assert refused.value.rule == "S10"
    clerk_too = roster.person("clerk", (roster.SECRECY_REVIEWER.posts[0].role, roster.DEPARTMENT))
    with pytest.raises(NotAllowed) as refused:
        confirm(app, erasure, by=clerk_too)
    assert refused.value.rule == "S1"
    assert places_of(database, WORDS)[-1] == "log.payload"


def test_a_confirmation_twice_is_one_and_another_comes_too_late(app: Engine, table_id: UUID) -> None:
    erasure, command = ask(app, table_id, commitments(app, table_id, WORDS)), uuid4()
    first = confirm(app, erasure, command=command)
    assert confirm(app, erasure, command=command) == first
    with pytest.raises(ConfirmationMissing):
        confirm(app, erasure, by=roster.FINANCE_LEADER)


def test_a_declined_request_erases_nothing(database: Database, app: Engine, table_id: UUID) -> None:
    erasure = ask(app, table_id, commitments(app, table_id, WORDS))
    with begin(app) as tx:
        assert [each.stream for each in waiting_erasures(tx)] == [erasure]
    with journal_on(app) as journal:
        decline_erasure(journal, erasure, reason="不属于应删除的情形", by=roster.FINANCE_LEADER, command_id=uuid4())
    with begin(app) as tx:
        assert waiting_erasures(tx) == []
    with pytest.raises(ConfirmationMissing):
        confirm(app, erasure)
    assert places_of(database, WORDS)[-1] == "log.payload"


def test_a_hold_forbids_to_ask_and_to_confirm(app: Engine, table_id: UUID) -> None:
    chosen = commitments(app, table_id, WORDS)
    erasure, words = ask(app, table_id, chosen), {"reason": "审计期间保全", "by": roster.AUDIT_ADMIN}
    with journal_on(app) as journal:
        assert place_hold(journal, table_id, command_id=uuid4(), **words).held
    for act in (lambda: ask(app, table_id, chosen), lambda: confirm(app, erasure)):
        with pytest.raises(HeldByLaw):
            act()
    with pytest.raises(NotAllowed), journal_on(app) as journal:
        place_hold(journal, table_id, command_id=uuid4(), **words)
    with pytest.raises(NotAllowed), journal_on(app) as journal:
        lift_hold(journal, table_id, reason="审计已经结束", by=roster.SECRECY_REVIEWER, command_id=uuid4())
    with journal_on(app) as journal:
        assert not lift_hold(journal, table_id, command_id=uuid4(), **words).held
    assert confirm(app, erasure).returned_reason == e.ERASED


def test_a_request_names_what_is_there_and_the_law(app: Engine, table_id: UUID) -> None:
    for chosen in ([], ["ab" * 32]):
        with pytest.raises(FieldsInvalid):
            ask(app, table_id, chosen)
    with pytest.raises(ReasonMissing), journal_on(app) as journal:
        request_erasure(journal, uuid4(), table_id=table_id, commitments=commitments(app, table_id, WORDS), ground="法", by=roster.SECURITY_ADMIN, command_id=uuid4())


def test_the_application_erases_nothing_without_the_event(database: Database, table_id: UUID) -> None:
    assert raw(database, "SELECT log.erase_payloads(%s)", table_id, role="app_url") == [(0,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw(database, "DELETE FROM log.payload", role="app_url")
    with pytest.raises(psycopg.DatabaseError) as refused:
        raw(database, "DELETE FROM log.payload")
    assert refused.value.sqlstate == "GT001"
    assert places_of(database, WORDS)[-1] == "log.payload"


@pytest.mark.parametrize(("asked_by", "confirmed_by"), [("secrecy", "secrecy"), ("security", "leader")])
def test_the_database_too_wants_two_persons_and_the_confirming_one_to_act(database: Database, app: Engine, table_id: UUID, asked_by: str, confirmed_by: str) -> None:
    """What a faulty application would record: the same person twice, or somebody else's name."""
    with journal_on(app) as journal:
        table = journal.lock_table(table_id)
        targets = tuple(each.commitment for each in journal.erasable(table_id))
        by = roster.SECRECY_REVIEWER
        journal.append_to_table(table, (e.PayloadErased("r", targets, GROUND, asked_by, confirmed_by),), Command(by, by.posts[0], uuid4()))
        assert journal.erase(table_id) == 0
    assert "log.payload" in places_of(database, WORDS)


def test_an_event_of_another_stream_erases_nothing_here(database: Database, app: Engine, table_id: UUID) -> None:
    with journal_on(app) as journal:
        targets = tuple(each.commitment for each in journal.erasable(table_id))
        by, stream = roster.SECRECY_REVIEWER, uuid4()
        journal.append(stream, "log", (e.PayloadErased("r", targets, GROUND, "security", "secrecy"),), Command(by, by.posts[0], uuid4()))
    assert raw(database, "SELECT log.erase_payloads(%s)", stream, role="app_url") == [(0,)]
    assert raw(database, "SELECT log.erase_payloads(%s)", table_id, role="app_url") == [(0,)]


def test_a_snapshot_taken_beside_an_erasure_does_not_keep_the_words(database: Database, app: Engine, table_id: UUID) -> None:
    erasure = ask(app, table_id, commitments(app, table_id, WORDS)[:1])
    raw(database, "DELETE FROM desk.snapshot", role="app_url")

    def snapshot() -> None:
        with begin(app) as tx:
            take_snapshot(tx, table_id)

    beside = Thread(target=snapshot)
    with journal_on(app) as journal:
        confirm_erasure(journal, erasure, by=roster.SECRECY_REVIEWER, command_id=uuid4())
        beside.start()
        until(lambda: raw(database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == [(1,)] or not beside.is_alive())
    beside.join(60)
    assert (beside.is_alive(), places_of(database, WORDS)) == (False, [])
    assert raw(database, "SELECT count(*) FROM desk.snapshot") == [(1,)]


def until(holds: Callable[[], bool], limit: float = 60) -> None:
    """Wait for a condition; the limit only keeps a broken test from hanging."""
    end = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < end, "the condition never came"
        time.sleep(0.02)


def test_the_auditors_program_accepts_a_bundle_made_after_an_erasure(database: Database, app: Engine, sealer: Engine, table_id: UUID, tmp_path: Path) -> None:
    raw(database, "SELECT log.mark_installation('production')", role="owner_url")
    confirm(app, ask(app, table_id, commitments(app, table_id, WORDS, None)))
    seal(sealer)
    note, bundle = anchor(sealer, tmp_path / "anchors"), tmp_path / "out.zip"
    with bundle.open("wb") as out, one_view(app) as tx:
        write_bundle(tx, out, EVERYTHING, anchors=tmp_path / "anchors")
    opened = Opened(bundle.read_bytes())
    opened.hold()
    said = b"".join(opened.members.values())
    assert [words in said for words in (WORDS.encode(), "王小明".encode(), FILE)] == [False] * 3
    told = subprocess.run([sys.executable, "-I", VERIFY, bundle, "--anchor", note], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, told.stdout), told.stdout + told.stderr


def test_the_table_that_ended_loses_its_draft_too(database: Database, app: Engine, table_id: UUID) -> None:
    with journal_on(app) as journal:
        life = Life(journal, journal.lock_table(table_id)).completed()
        life.table = ending.ask_to_end(journal, table_id, action=Action.VOID, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), reason=WORDS)
        life.table = ending.confirm_ending(journal, table_id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4())
    assert raw(database, "SELECT count(*) FROM desk.draft")[0] == (1,)
    table = confirm(app, ask(app, table_id, commitments(app, table_id, WORDS)[:1]))
    assert (table.ended_reason, places_of(database, WORDS)) == (e.ERASED, [])
    assert raw(database, "SELECT count(*) FROM desk.draft")[0] == (0,)
