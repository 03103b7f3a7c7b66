"""The auditor's program on raw corruption: bytes, members, notes, keys; and its mathematics against other people's."""

import base64
import dataclasses
import io
import json
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.test_verify import told, verdict_of
from tests.support.auditor import verify
from tests.support.forging import forged, rezipped, where
from tests.support.life import Life
from tests.support.many_events import whole_life
from tests.support.sealed_log import LOG_KEY, WITNESS_KEY, Packed, note_at
from workflows.events import KINDS
from workflows.folds import ASIDE
from workflows.ledger.bundle import Scope
from workflows.ledger.canonical import canonical, canonical_body
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.tree import consistency_proof, inclusion_proof, root_of
from workflows.state.standing import QUIET, Desk, Vote

WHOLE: list[Life] = []


def whole() -> Life:
    """One whole life for all tests that do not change it."""
    if not WHOLE:
        WHOLE.append(whole_life())
    return WHOLE[0]


def lines_changed(name: str, change) -> bytes:
    """The clean bundle with the lines of a member changed in place; the manifest follows, as a forger would have it."""
    data = Packed(whole().journal).zipped()
    with ZipFile(io.BytesIO(data)) as opened:
        lines = opened.read(name).split(b"\n")[:-1]
    return rezipped(data, {name: b"".join(line + b"\n" for line in change(lines))}, manifest=True)


def at(index: int, change):
    return lambda lines: [*lines[:index], change(lines[index]), *lines[index + 1 :]]


def dropped(index: int):
    return lambda lines: [*lines[:index], *lines[index + 1 :]]


def swapped(one: int, two: int):
    def swap(lines):
        lines[one], lines[two] = lines[two], lines[one]
        return lines

    return swap


def replaced(old: bytes, new: bytes):
    def replace(line):
        assert old in line
        return line.replace(old, new, 1)

    return replace


def decided() -> int:
    return where(whole().journal, "task.decided", 1)


def last() -> int:
    return len(whole().journal.bodies) - 1


def recommitted(line: bytes) -> bytes:
    said = json.loads(line)
    return canonical({**said, "text": "伪造的意见"})


def state_changed(field, value):
    def change(line):
        return canonical({**json.loads(line), field: value})

    return change


# name -> (the bundle's bytes, exit code, check, sentence, index, field) of the first finding
CORRUPTIONS = {
    "a blank in an event": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"format":1', b'"format": 1'))), 1, "canonical", "not_canonical", decided(), ""),
    "a person's name in an event": lambda: (lines_changed("events.jsonl", at(decided(), replaced("unit_head同志".encode(), "unit_head先生".encode()))), 1, "chains", "edited", decided(), ""),
    "a key twice": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"format":1', b'"format":1,"format":1'))), 1, "canonical", "not_canonical", decided(), ""),
    "a float": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"format":1', b'"format":1.0'))), 1, "canonical", "not_canonical", decided(), ""),
    "a field more": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"shape":', b'"secret":1,"shape":'))), 1, "columns", "column", decided(), ""),
    "an unknown kind": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b"task.decided", b"task.undecided"))), 1, "columns", "unknown_kind", decided(), "kind"),
    "a wrong type": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"step":0', b'"step":"0"'))), 1, "columns", "column", decided(), "step"),
    "an impossible day": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"at":"2026-01-', b'"at":"2026-02-3'[:-1] + b"9"))), 1, None, None, decided(), None),
    "a broken link": lambda: (lines_changed("events.jsonl", at(decided(), replaced(b'"prev":"', b'"prev":"0'))), 1, "columns", "column", decided(), "prev"),
    "an event gone": lambda: (lines_changed("events.jsonl", dropped(decided())), 1, "chains", "gap", decided(), "version"),
    "the last event gone": lambda: (lines_changed("events.jsonl", dropped(last())), 2, "members", "short", None, "events.jsonl"),
    "two events changed places": lambda: (lines_changed("events.jsonl", swapped(decided(), decided() + 1)), 1, "chains", "gap", decided(), "version"),
    "an event twice": lambda: (lines_changed("events.jsonl", lambda lines: [*lines, lines[-1]]), 1, "chains", "gap", last() + 1, "version"),
    "an event cut": lambda: (lines_changed("events.jsonl", at(decided(), lambda line: line[:-9])), 1, "canonical", "not_canonical", decided(), ""),
    "words changed": lambda: (lines_changed("payloads.jsonl", at(1, recommitted)), 1, "payloads", "payload", where(whole().journal, "table.returned"), "data.reason"),
    "words gone": lambda: (lines_changed("payloads.jsonl", dropped(1)), 1, "payloads", "no_payload", where(whole().journal, "table.returned"), "data.reason"),
    "words too many": lambda: (lines_changed("payloads.jsonl", lambda lines: [*lines, lines[0]]), 1, "members", "count", None, "counts.payloads"),
    "a content gone": lambda: (lines_changed("contents.jsonl", dropped(0)), 1, "contents", "no_content", None, None),
    "a content changed": lambda: (lines_changed("contents.jsonl", at(0, lambda line: line.replace(b"1", b"2", 1))), 1, "contents", None, None, None),
    "a state shown otherwise": lambda: (lines_changed("state.jsonl", at(0, state_changed("doc_no", "另一个文号"))), 1, "state", "shown", last(), "doc_no"),
    "a stage shown otherwise": lambda: (lines_changed("state.jsonl", at(0, state_changed("stage", "monitoring"))), 1, "state", "shown", last(), "stage"),
    "no state shown": lambda: (lines_changed("state.jsonl", dropped(0)), 1, "state", "no_state", last(), "state"),
    "a file changed": lambda: (file_changed(), 1, "files", "file", where(whole().journal, "document.filed"), "data.bytes_sha256"),
    "another member": lambda: (rezipped(clean(), {"../../etc/passwd": b"x"}), 1, "members", "unknown_member", None, "../../etc/passwd"),
    "another program": lambda: (rezipped(clean(), {"verify.py": b"print('ok')"}), 1, "members", "digest", None, "verify.py"),
    "no events": lambda: (rezipped(clean(), {"events.jsonl": None}), 2, "members", "missing", None, None),
    "no manifest": lambda: (rezipped(clean(), {"manifest.json": None}), 2, "members", "missing", None, ""),
    "no notes": lambda: (Packed(whole().journal, notes=()).zipped(), 2, "notes", "no_note", None, ""),
    "half a zip": lambda: (clean()[: len(clean()) // 2], 2, "members", "unreadable", None, ""),
    "another mode": lambda: (Packed(whole().journal, said={"mode": "real"}).zipped(), 1, "members", "manifest", None, "mode"),
    "another root": lambda: (Packed(whole().journal, said={"root": "0" * 64}).zipped(), 1, "tree", "manifest_root", None, "root"),
    "another origin": lambda: (Packed(whole().journal, said={"origin": "elsewhere"}).zipped(), 1, "members", "manifest", None, "origin"),
}  # fmt: skip


def clean() -> bytes:
    return Packed(whole().journal).zipped()


def file_changed() -> bytes:
    with ZipFile(io.BytesIO(clean())) as opened:
        (name,) = [name for name in opened.namelist() if name.startswith("files/")]
    return rezipped(clean(), {name: b"other"}, manifest=True)


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_each_corruption_is_found_at_its_place(corruption, tmp_path):
    data, code, *first = CORRUPTIONS[corruption]()
    verdict = verdict_of(tmp_path, data)
    assert verdict.code == code
    found = told(verdict)[0]
    assert all(wanted is None or seen == wanted for seen, wanted in zip(found, first, strict=True)), told(verdict)


@pytest.mark.parametrize("number", [0, -1])
def test_of_two_events_that_do_not_fit_the_next_one_tells_which_was_changed(number, tmp_path):
    """Only a calendar's name changes: nothing but the hashes tells. After the last event of a stream both stand open."""
    log = whole().journal
    index = where(log, "node.entered", number)
    changed = lines_changed("events.jsonl", at(index, replaced(b'"calendar":"', b'"calendar":"x')))
    assert told(verdict_of(tmp_path, changed))[0] == ("chains", "edited", index, "")
    prev = json.loads(log.bodies[index])["prev"].encode()
    relinked = lines_changed("events.jsonl", at(index, replaced(prev, prev[::-1])))
    assert told(verdict_of(tmp_path, relinked))[0] == ("chains", "prev", index, "prev")


# -- notes, anchors, witnesses ----------------------------------------------------------------------------------------


def note_of(text: str) -> verify.Note:
    return verify.note_from(text.encode())


def test_an_outside_note_catches_a_log_written_anew_under_the_same_key(tmp_path):
    log = whole().journal
    anchor = note_of(note_at(log, 30))
    other = forged(log, lambda body: {**body, "at": body["at"][:-2] + "9Z"} if body["step"] == 0 and body["subject"] == "person" else body)
    assert verdict_of(tmp_path, Packed(other).zipped()).code == 0
    verdict = verdict_of(tmp_path, Packed(other).zipped(), anchors=[("anchor", anchor)])
    assert (verdict.code, told(verdict)) == (1, [("anchors", "root", 29, "anchor")])
    assert verdict_of(tmp_path, Packed(log).zipped(), anchors=[("anchor", anchor)]).code == 0


def test_an_anchor_beyond_the_bundle_says_how_much_is_missing(tmp_path):
    log, short = whole().journal, whole_life().journal
    short = dataclasses.replace(log, bodies=log.bodies[:40], payloads={k: p for k, p in log.payloads.items() if p[0] < 40})
    anchor = note_of(note_at(log, len(log.bodies)))
    verdict = verdict_of(tmp_path, Packed(short).zipped(), anchors=[("anchor", anchor)])
    newer = next(each for each in verdict.findings if each.what == "newer_anchor")
    assert newer.seen == str(len(log.bodies) - 40)


def test_a_note_of_another_log_and_a_forged_signature_are_named(tmp_path):
    log = whole().journal
    good = note_at(log, 20)
    stolen = SigningKey(LOG_KEY.name, b"\x07" * 32, KeyKind.LOG)
    bad = good[:-10] + ("A" if good[-10] != "A" else "B") + good[-9:]
    both = verdict_of(tmp_path, Packed(log, notes=(bad, note_at(log, len(log.bodies)))).zipped())
    assert told(both) == [("notes", "signature", None, f"notes/{20:020d}"), ("notes", "no_key", None, f"notes/{20:020d}")]
    strange = note_of(note_at(log, 20, key=SigningKey("elsewhere/log", b"\x09" * 32, KeyKind.LOG)).replace(LOG_KEY.name, "elsewhere", 1))
    verdict = verdict_of(tmp_path, clean(), anchors=[("anchor", strange)])
    assert ("anchors", "origin", None, "anchor") in told(verdict)
    given_key = verify.key_from(stolen.vkey)
    verdict = verdict_of(tmp_path, clean(), keys=[given_key])
    assert [each[:2] for each in told(verdict)] == [("notes", "signature")]


@pytest.mark.parametrize(("seconds", "code", "what"), [(60, 0, None), (-3600, 1, "after_witness")])
def test_events_are_not_later_than_the_witness_who_saw_them(seconds, code, what, tmp_path):
    log = whole().journal
    newest = max(json.loads(body)["at"] for body in log.bodies)
    seen = int(datetime.fromisoformat(newest).timestamp()) + seconds
    verdict = verdict_of(tmp_path, Packed(log, mode="production", notes=(note_at(log, len(log.bodies), seen=seen),)).zipped())
    assert (verdict.code, {each.what for each in verdict.findings} - {what}) == (code, set())


def test_an_event_dated_before_what_a_witness_had_seen_is_back_dated(tmp_path):
    log = whole().journal
    early = note_at(log, 19, seen=int(datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp()))
    verdict = verdict_of(tmp_path, Packed(log, mode="production", notes=(early, note_at(log, len(log.bodies)))).zipped())
    assert {each.what for each in verdict.findings} == {"back_dated"}
    assert told(verdict)[0][2] == 19


def test_the_root_of_every_note_is_compared(tmp_path):
    log = whole().journal
    body = note_of(note_at(log, 25)).body.replace(base64.b64encode(root_of(log.leaves()[:25])).decode(), base64.b64encode(bytes(32)).decode())
    lie = f"{body}\n— {LOG_KEY.name} {base64.b64encode(LOG_KEY.sign(body).key_id + LOG_KEY.sign(body).raw).decode()}\n"
    verdict = verdict_of(tmp_path, Packed(log, notes=(note_at(log, 10), lie, note_at(log, len(log.bodies)))).zipped())
    assert told(verdict) == [("notes", "root", 24, f"notes/{25:020d}")]


def part(**changes) -> Packed:
    table, log = whole().table.id, whole().journal
    return Packed(log, **{"scope": Scope("table", table=table), "notes": (note_at(log, 20), note_at(log, len(log.bodies))), **changes})


def flipped(line: bytes) -> bytes:
    said = json.loads(line)
    raw = bytearray(base64.b64decode(said["proof"][0]))
    raw[0] ^= 1
    return canonical({**said, "proof": [base64.b64encode(raw).decode(), *said["proof"][1:]]})


def lines_of(data: bytes, name: str, change) -> bytes:
    with ZipFile(io.BytesIO(data)) as opened:
        lines = opened.read(name).split(b"\n")[:-1]
    return rezipped(data, {name: b"".join(line + b"\n" for line in change(lines))}, manifest=True)


def test_every_proof_of_a_part_is_held_against_the_root(tmp_path):
    data, index = part().zipped(), where(whole().journal, "document.filed")
    line = part().indexes.index(index)
    assert told(verdict_of(tmp_path, lines_of(data, "places.jsonl", at(line, flipped)))) == [("places", "place", index, "proof")]
    moved = verdict_of(tmp_path, lines_of(data, "places.jsonl", at(line, replaced(f'"index":{index}'.encode(), b'"index":2'))))
    assert (moved.code, told(moved)[0][:2]) == (1, ("places", "place"))
    fewer = verdict_of(tmp_path, lines_of(data, "places.jsonl", dropped(line)))
    assert (fewer.code, told(fewer)[0][0]) == (1, "places")
    grown = verdict_of(tmp_path, lines_of(data, "consistency.jsonl", at(0, flipped)))
    assert told(grown) == [("notes", "consistency", None, f"notes/{20:020d}")]
    without_proof = verdict_of(tmp_path, lines_of(data, "consistency.jsonl", dropped(0)))
    assert (without_proof.code, told(without_proof)) == (2, [("notes", "unlinked", None, f"notes/{20:020d}")])
    unbound = verdict_of(tmp_path, lines_of(part(notes=(note_at(whole().journal, 20),)).zipped(), "consistency.jsonl", dropped(0)))
    assert (unbound.code, {each.what for each in unbound.findings}) == (2, {"unlinked", "unbound_root"})
    anchor = note_of(note_at(whole().journal, 30))
    assert [each.what for each in verdict_of(tmp_path, data, anchors=[("anchor", anchor)]).findings] == ["unlinked"]


def test_two_notes_of_one_size_with_different_roots_are_a_fork(tmp_path):
    log = whole().journal
    other = forged(log, lambda body: {**body, "at": body["at"][:-2] + "9Z"} if body["subject"] == "person" else body)
    anchors = [("one", note_of(note_at(log, 30))), ("two", note_of(note_at(other, 30)))]
    assert ("anchors", "forked", None, "two") in told(verdict_of(tmp_path, clean(), anchors=anchors))


# -- mathematics ------------------------------------------------------------------------------------------------------

RFC8032 = (  # RFC 8032, 7.1: public key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), RFC8032)
def test_the_vectors_of_rfc_8032_verify_and_no_changed_bit_does(public, message, signature):
    key, said, signed = verify.PublicKey(bytes.fromhex(public)), bytes.fromhex(message), bytes.fromhex(signature)
    assert key.verifies(said, signed)
    for bit in range(0, 512, 7):
        changed = bytearray(signed)
        changed[bit // 8] ^= 1 << bit % 8
        assert not key.verifies(said, bytes(changed))
    malleable = int.from_bytes(signed[32:], "little") + verify.L
    assert not key.verifies(said, signed[:32] + malleable.to_bytes(32, "little"))


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80), change=st.one_of(st.none(), st.integers(0, 511)))
@settings(max_examples=60, deadline=None)
def test_signatures_are_judged_as_cryptography_judges_them(seed, message, change):
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    public, signed = secret.public_key().public_bytes_raw(), bytearray(secret.sign(message))
    if change is not None:
        signed[change // 8] ^= 1 << change % 8
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(signed), message)
        right = True
    except InvalidSignature:
        right = False
    assert verify.PublicKey(public).verifies(message, bytes(signed)) is right


def test_points_are_canonical_and_of_full_order():
    for raw in (verify.P.to_bytes(32, "little"), (verify.P + 1).to_bytes(32, "little"), bytes(32), b"\x01" + bytes(31), b"\xff" * 32, b"\x00" * 31):
        with pytest.raises(ValueError):
            verify.PublicKey(raw)


def test_keys_and_notes_are_those_of_the_product():
    for key in (LOG_KEY, WITNESS_KEY):
        read = verify.key_from(key.vkey)
        assert (read.name, read.id, read.type) == (key.name, key.sign("x\n1\ny\n", **({"at": 5} if key is WITNESS_KEY else {})).key_id, key.kind)
    note = note_of(note_at(whole().journal, 12, seen=1_700_000_000))
    times = [verify.signed_at(note, verify.key_from(key.vkey), raw) for key, (_, _, raw) in zip((LOG_KEY, WITNESS_KEY), note.signatures, strict=True)]
    assert times == [0, 1_700_000_000]


def test_proofs_are_judged_as_the_product_makes_them():
    leaves = [bytes([n]) * 32 for n in range(20)]

    def read(level: int, index: int) -> bytes:
        return root_of(leaves[index << level : (index + 1) << level])

    for size in range(1, 21):
        root, tree = root_of(leaves[:size]), verify.Tree()
        for one in leaves[:size]:
            tree.append(one)
        assert tree.root() == root
        for index in range(size):
            proof = inclusion_proof(index, size, read)
            assert verify.included(leaves[index], index, size, proof) == root
            assert verify.included(leaves[index - 1], index, size, proof) != root or size == 1
            assert verify.included(leaves[index], index, size, [*proof, root]) is None
        for old in range(1, size):
            proof = consistency_proof(old, size, read)
            assert verify.grew(old, size, root_of(leaves[:old]), root, proof)
            assert not verify.grew(old, size, root, root, proof)
            assert not verify.grew(old, size, root_of(leaves[:old]), root, proof[:-1])
    assert verify.Tree().root() == root_of([])


keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(exclude_categories=["Cs"]))),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)), max_leaves=12,
)  # fmt: skip


@given(body=st.dictionaries(keys, values, max_size=6), noise=st.integers(0, 10_000), sign=st.sampled_from([b" ", b"0", b"\\u0041", b",", b"1.0"]))
@settings(max_examples=300, deadline=None)
def test_the_product_s_canonical_bytes_are_canonical_here_and_no_others(body, noise, sign):
    written, profile = canonical_body(body), verify.Profile(verify.KEY)
    assert profile.read(written) == body
    place = noise % len(written)
    for other in (written[:place] + sign + written[place:], b" " + written, written + b"\n", written[:place]):
        try:
            read = verify.Profile(verify.KEY).read(other)
        except ValueError:
            continue
        assert canonical_body(read) == other


@pytest.mark.parametrize("text", ['{"A":1}', '{"a":1e2}', '{"a":NaN}', '{"a":9007199254740992}', '{"a":"\\ud800"}', '{"b":1,"a":1}', '{"a":-0}', '{"a":"\\/"}', "[" * 5000])
def test_what_the_profile_forbids_is_refused(text):
    with pytest.raises((ValueError, RecursionError)):
        verify.Profile(verify.KEY).read(text.encode())


def test_it_knows_exactly_the_kinds_that_the_product_records():
    ours = {kind: (layout.shape, layout.names, {name for name, form in layout.fields if form == "words"}) for kind, layout in verify.LAYOUTS.items()}
    theirs = {kind: (fact.shape, {each.name for each in dataclasses.fields(fact)}, set(fact.erasable)) for kind, fact in KINDS.items()}
    assert ours == theirs


def test_it_leaves_the_same_fields_out_of_a_state_and_counts_the_same_kinds_as_aside():
    assert (verify.QUIET, verify.ASIDE, set(verify.DESK_SHOWN) | {"entered_at"}) == (
        QUIET, ASIDE, {each.name for each in dataclasses.fields(Desk)},
    )  # fmt: skip
    assert set(verify.Vote._fields) == {each.name for each in dataclasses.fields(Vote)}
