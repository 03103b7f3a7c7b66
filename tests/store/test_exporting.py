"""A bundle holds the log as it is at one moment: all of it, a table, a year, one event; others may write meanwhile."""

import io
import json
import re
import subprocess
import sys
import threading
import time
import tracemalloc
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from tests.store.acting import command
from tests.support import roster
from tests.support.anchoring import anchor, seal
from tests.support.bundles import Opened
from tests.support.cluster import Database
from tests.workers.desk import BEGINS, Bureau
from workflows import events as e
from workflows.commands.administering import give_grant
from workflows.commands.attaching import attach_file
from workflows.commands.recipe import Seen
from workflows.errors import NotFound, NotYetAnchored
from workflows.ledger.bundle import EVERYTHING, of_event, of_table, of_year
from workflows.ledger.proofs import parse_proof
from workflows.store.exporting import LogIncomplete, sealed_events, write_bundle
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.one_view import one_view
from workflows.store.queries import table_seen_by
from workflows.store.receipts import LogDiffersFromNote, receipt_bundle, receipt_of
from workflows.store.sealed_tables import tables_at
from workflows.store.sealing import log_size
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import SYSTEM, Stage


@pytest.fixture
def bureau(database: Database, app: Engine) -> Bureau:
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    with begin(app) as tx:
        journal = PostgresJournal(tx)
        for person in sorted(roster.PEOPLE, key=lambda each: each is not roster.SECURITY_ADMIN):
            by = SYSTEM if person is roster.SECURITY_ADMIN else roster.SECURITY_ADMIN
            for post in person.posts:
                give_grant(journal, person=person.id, name=person.name, post=post, by=by, command_id=uuid4())
    return Bureau(app)


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


def exported(app: Engine, scope=EVERYTHING, anchors: Path | None = None) -> Opened:
    out = io.BytesIO()
    with one_view(app) as tx:
        write_bundle(tx, out, scope, anchors=anchors)
    return Opened(out.getvalue())


EVIDENCE = b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n"


def lives(bureau: Bureau) -> list:
    """Three tables far apart in their lives, one with a file attached."""
    tables = [bureau.table(step) for step in ("in_monitoring", "imported", "in_unit_review")]
    bureau.acts(tables[2].id, "returned", roster.UNIT_HEAD, Stage.DRAFT)
    with begin(bureau.engine) as tx:
        tables[1] = attach_file(
            PostgresJournal(tx), tables[1].id, seen=Seen(tables[1].version), by=roster.CLERK, command_id=uuid4(),
            name="合同.pdf", data=EVIDENCE,
        )  # fmt: skip
    return tables


def rows(engine: Engine, sql: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_a_whole_bundle_equals_the_log(bureau, app, sealer, anchors):
    _, attached, _ = lives(bureau)
    seal(sealer)
    first = anchor(sealer, anchors)
    bureau.table("in_unit_review")
    size = seal(sealer)
    bundle = exported(app, anchors=anchors)
    bundle.hold()
    with begin(app) as tx:
        sealed = list(sealed_events(tx))
    assert [body for _, body, _ in sealed] == bundle.raw_lines("events.jsonl")
    assert {key: text for _, _, words in sealed for key, text in words.items()} == bundle.words
    assert (bundle.manifest["size"], bundle.manifest["mode"]) == (size, "simulation")
    kept = {bytes(digest).hex() for (digest,) in rows(app, "SELECT hash FROM log.content")}
    assert {sha256(line).hexdigest() for line in bundle.raw_lines("contents.jsonl")} == kept
    words = rows(app, "SELECT encode(commitment, 'hex'), convert_from(body, 'UTF8') FROM log.payload WHERE kind = 'text'")
    assert bundle.words == dict(words)
    assert "指标值与目标不匹配" in bundle.words.values()
    filed = {each.fact.bytes_sha256 for each in bundle.recorded if each.kind == "document.filed"}
    evidence = attached.attachments[0].commitment
    files = {f"files/{digest}" for digest in (*filed, evidence)}
    assert {name for name in bundle.members if name.startswith("files/")} == files
    assert bundle.members[f"files/{evidence}"] == EVIDENCE
    assert bundle.notes() == {int(first.name): first.read_bytes()}
    assert bundle.members["vkeys"] == (anchors / "vkeys").read_bytes()


def test_the_same_view_gives_the_same_bytes(bureau, app, sealer, anchors):
    lives(bureau)
    seal(sealer)
    anchor(sealer, anchors)
    with one_view(app) as tx:
        twice = [io.BytesIO(), io.BytesIO()]
        for out in twice:
            write_bundle(tx, out, anchors=anchors)
    assert twice[0].getvalue() == twice[1].getvalue()


def test_what_is_not_sealed_stays_out_and_states_are_those_of_the_size(bureau, app, sealer):
    tables = lives(bureau)
    size = seal(sealer)
    bureau.acts(tables[1].id, "completed")
    bureau.acts(tables[1].id, "submitted")
    bureau.table("imported")
    bundle = exported(app)
    bundle.hold()
    assert (bundle.manifest["size"], len(bundle.lines("state.jsonl"))) == (size, 3)
    assert {each["stage"] for each in bundle.lines("state.jsonl")} == {"draft", "monitoring"}


def test_an_empty_log_is_a_bundle_too(database, app):
    upgrade(database.owner_url, "simulation")
    bundle = exported(app)
    bundle.hold()
    assert bundle.manifest["counts"] == {"events": 0, "contents": 0, "payloads": 0, "files": 0, "tables": 0}


def test_a_tables_bundle_holds_its_streams_and_what_they_name_and_nothing_else(bureau, app, sealer, anchors):
    table, other, _ = lives(bureau)
    seal(sealer)
    anchor(sealer, anchors)
    bureau.acts(table.id, "window_opened")
    size = seal(sealer)
    bundle = exported(app, of_table(table.id), anchors)
    bundle.hold()
    assert bundle.manifest["size"] == size
    assert bundle.manifest["scope"] == {"kind": "table", "table": str(table.id)}
    told = [each for each in bundle.recorded if each.stream == table.id]
    with begin(app) as tx:
        assert told == list(PostgresJournal(tx).history(table.id))
    reply = next(each.fact.reply for each in told if each.kind == "table.replied")
    by_subject = {subject: {str(each.stream) for each in bundle.recorded if each.subject == subject}
                  for subject in {each.subject for each in bundle.recorded}}  # fmt: skip
    assert by_subject["document"] == {told[0].fact.document}
    assert by_subject["reply"] == {reply}
    assert set(by_subject) == {"table", "document", "reply", "definition", "rule_pack", "person"}
    acting = {each.actor_id for each in bundle.recorded}
    granted = {each.fact.person for each in bundle.recorded if each.subject == "person"}
    assert granted == acting - {"system"}
    assert roster.SECURITY_ADMIN.id in granted, "who gave the posts to those who acted"
    assert str(other.id).encode() not in bundle.members["events.jsonl"]
    named = set(re.findall(r'"(?:content_hash|changes|definition_hash|pack_hash|findings)":"([0-9a-f]{64})"',
                           bundle.members["events.jsonl"].decode()))  # fmt: skip
    assert {sha256(line).hexdigest() for line in bundle.raw_lines("contents.jsonl")} == named
    assert [json.loads(line)["id"] for line in bundle.raw_lines("state.jsonl")] == [str(table.id)]


def test_a_years_bundle_holds_its_tables(bureau, app, sealer, anchors):
    tables = lives(bureau)
    seal(sealer)
    anchor(sealer, anchors, kept=False)
    bundle = exported(app, of_year(2026), anchors)
    bundle.hold()
    assert [each["id"] for each in bundle.lines("state.jsonl")] == sorted(str(table.id) for table in tables)
    assert bundle.manifest["counts"]["events"] < bundle.manifest["size"]


def test_an_unknown_table_or_year_is_refused(bureau, app, sealer):
    table = bureau.table("imported")
    with pytest.raises(NotFound, match="台账中没有这张绩效目标表"):
        exported(app, of_table(table.id))
    seal(sealer)
    with pytest.raises(NotFound, match="台账中没有2031年度的绩效目标表"):
        exported(app, of_year(2031))
    (document,) = rows(app, "SELECT stream_id FROM log.event WHERE subject = 'document'")
    with pytest.raises(NotFound):
        exported(app, of_table(document[0]))


FORGED = "UPDATE desk.table_standing SET state = jsonb_set(state, '{stage}', '\"closed\"')"


@pytest.mark.parametrize("more", ["", ", version = version + 1", ", version = version - 1"])
def test_a_changed_cache_goes_out_as_it_is(bureau, app, sealer, database, more):
    table, *_ = lives(bureau)
    seal(sealer)
    as_superuser(database, f"{FORGED}{more} WHERE table_id = '{table.id}'")
    assert exported(app, of_table(table.id)).lines("state.jsonl")[0]["stage"] == "closed"


def test_a_state_of_other_code_is_made_anew_from_the_log_as_for_every_reader(bureau, app, sealer, database):
    table, *_ = lives(bureau)
    seal(sealer)
    as_superuser(database, f"{FORGED}, code = 'of an earlier release' WHERE table_id = '{table.id}'")
    exported(app, of_table(table.id)).hold()
    with begin(app) as tx:
        assert table_seen_by(tx, roster.CLERK, table.id) == table
        seen = {entry.table.id: entry.table for entry in tables_at(tx, log_size(tx))}
    assert seen[table.id] == table


def test_a_table_that_vanished_from_the_cache_has_no_state(bureau, app, sealer, database):
    table, *_ = lives(bureau)
    seal(sealer)
    as_superuser(database, f"DELETE FROM desk.table_standing WHERE table_id = '{table.id}'")
    assert exported(app, of_table(table.id)).lines("state.jsonl") == []


def as_superuser(database: Database, *statements: str) -> None:
    engine = make_engine(database.superuser_url, connections=1)
    with begin(engine) as tx:
        for statement in statements:
            tx.run(statement)
    engine.dispose()


def test_a_log_without_some_of_its_leaves_is_refused(bureau, app, sealer, database):
    lives(bureau)
    size = seal(sealer)
    forged = f"DELETE FROM log.leaf WHERE log_index = {size - 5}"
    as_superuser(database, "ALTER TABLE log.leaf DISABLE TRIGGER ALL", forged)
    with pytest.raises(LogIncomplete):
        exported(app)


def test_erased_words_are_not_in_the_bundle_but_their_event_is(bureau, app, sealer):
    table = bureau.table("in_unit_review")
    table = bureau.acts(table.id, "returned", roster.UNIT_HEAD, Stage.DRAFT)
    found = "SELECT encode(commitment, 'hex') FROM log.payload WHERE convert_from(body, 'UTF8') LIKE '指标值%'"
    commitments = tuple(commitment for (commitment,) in rows(app, found))
    with begin(app) as tx:
        journal, fact = PostgresJournal(tx), e.PayloadErased("r1", commitments, "依法删除", "a", roster.CLERK.id)
        journal.append_to_table(journal.lock_table(table.id), (fact,), command(roster.CLERK))
        assert tx.scalar("SELECT log.erase_payloads(:stream)", stream=table.id) == len(commitments) == 2
    seal(sealer)
    bundle = exported(app, of_table(table.id))
    assert not set(commitments) & set(bundle.words)
    events = [each for each in bundle.raw_lines("events.jsonl") if b"payload.erased" not in each]
    assert [sum(commitment.encode() in each for each in events) for commitment in commitments] == [1, 1]


def test_bundles_taken_while_others_write_are_each_of_one_moment(bureau, app, sealer, anchors):
    stop, bundles = threading.Event(), {}

    def until_stopped(act):
        while not stop.is_set():
            act()

    def a_life():
        bureau.acts(bureau.table("in_unit_review").id, "approved", roster.UNIT_HEAD)

    threads = [threading.Thread(target=until_stopped, args=(act,)) for act in (a_life, a_life, lambda: seal(sealer))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60
    while len(bundles) < 8 and time.monotonic() < until:
        bundle = exported(app, anchors=anchors)
        bundles[bundle.manifest["size"]] = bundle
    stop.set()
    for thread in threads:
        thread.join()
    assert len(bundles) == 8
    for bundle in bundles.values():
        bundle.hold()


class Nowhere:
    """An output that cannot be rewound and keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        pass


def test_the_memory_of_an_export_does_not_grow_with_the_log(bureau, app, sealer):
    lives(bureau)
    seal(sealer)
    exported(app)

    def peak() -> int:
        tracemalloc.start()
        with one_view(app) as tx:
            write_bundle(tx, Nowhere())
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    small = peak()
    for _ in range(2):
        with begin(app) as tx:
            for number in range(1500):
                fact = e.GrantGiven(f"p{number}", "某" * 400, "clerk", "u")
                PostgresJournal(tx).append(uuid4(), "person", (fact,), command(roster.SYSTEM_ADMIN))
        seal(sealer)
    assert peak() < small + 6_000_000


def test_a_receipt_waits_for_an_outside_note_and_then_proves_the_event(bureau, app, sealer, anchors):
    table = bureau.table("in_unit_review")
    note = None
    with begin(app) as tx, pytest.raises(NotYetAnchored):
        receipt_of(tx, table.id, table.version, note)
    seal(sealer)
    note = anchor(sealer, anchors).read_bytes()
    table = bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    for _ in range(2):  # not sealed yet, then sealed beyond the note
        with begin(app) as tx, pytest.raises(NotYetAnchored):
            receipt_of(tx, table.id, table.version, note)
        seal(sealer)
    note = anchor(sealer, anchors).read_bytes()
    with begin(app) as tx:
        proof = parse_proof(receipt_of(tx, table.id, table.version, note))
        assert proof.proves(bytes.fromhex(table.head))
        assert proof.note.text().encode() == note
        with pytest.raises(NotFound):
            receipt_of(tx, table.id, table.version + 1, note)


def test_a_receipts_bundle_holds_one_event_with_its_words_and_content(bureau, app, sealer, anchors):
    table = bureau.table("in_unit_review")
    table = bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    seal(sealer)
    note = anchor(sealer, anchors).read_bytes()
    (decided,) = rows(app, f"SELECT version FROM log.event WHERE stream_id = '{table.id}' AND kind = 'task.decided'")
    with begin(app) as tx:
        data = receipt_bundle(tx, table.id, decided[0], note, (anchors / "vkeys").read_bytes())
    bundle = Opened(data)
    bundle.hold()
    (decision,) = bundle.recorded
    assert (decision.kind, decision.fact.opinion, decision.actor_id) == ("task.decided", "同意", "unit_head")
    assert bundle.manifest["scope"] == of_event(table.id, decided[0]).as_json()
    assert [sha256(line).hexdigest() for line in bundle.raw_lines("contents.jsonl")] == [decision.fact.content_hash]
    assert parse_proof(bundle.members["receipt.tlog-proof"]).proves(decision.leaf_hash)
    assert list(bundle.notes().values()) == [note]


def test_no_receipt_from_a_log_that_leads_elsewhere(bureau, app, sealer, anchors, database):
    table = bureau.table("in_unit_review")
    size = seal(sealer)
    note = anchor(sealer, anchors).read_bytes()
    forged = f"UPDATE log.leaf SET leaf_hash = sha256('x') WHERE log_index = {size - 3}"
    as_superuser(database, "ALTER TABLE log.leaf DISABLE TRIGGER ALL", forged)
    with begin(app) as tx, pytest.raises(LogDiffersFromNote):
        receipt_of(tx, table.id, 1, note)


def verified(folder: Path, data: bytes, *arguments: str) -> subprocess.CompletedProcess:
    """Run the bundle's own verify.py in an empty folder, isolated from everything here."""
    folder.mkdir()
    (folder / "out.zip").write_bytes(data)
    (folder / "verify.py").write_bytes(Opened(data).members["verify.py"])
    command = [sys.executable, "-I", "verify.py", "out.zip", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_shipped_verifier_finds_every_scope_clean(bureau, app, sealer, anchors, tmp_path):
    table, *_ = lives(bureau)
    seal(sealer)
    anchor(sealer, anchors)
    bureau.acts(table.id, "window_opened")
    seal(sealer)
    note = anchor(sealer, anchors)
    with begin(app) as tx:
        receipt = receipt_bundle(tx, table.id, 5, note.read_bytes(), (anchors / "vkeys").read_bytes())
    bundles = {str(scope): exported(app, scope, anchors).data for scope in (EVERYTHING, of_table(table.id), of_year(2026))}
    for number, (scope, data) in enumerate({**bundles, "receipt": receipt}.items()):
        for anchored in ((), ("--anchor", str(note))):
            done = verified(tmp_path / f"empty{number}{len(anchored)}", data, *anchored)
            assert done.returncode == 0, f"{scope} {anchored}\n{done.stdout}{done.stderr}"
