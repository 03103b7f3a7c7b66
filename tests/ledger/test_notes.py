"""Notes, checkpoints, keys and proof files: known vectors, round trips, and everything that is not exactly one of them."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.errors import NotANote, NotAProof
from workflows.ledger import tree
from workflows.ledger.keys import KeyKind, SigningKey, VerifyingKey, cosigned_at
from workflows.ledger.notes import Checkpoint, Note, Signature, parse_checkpoint, parse_note, parse_signatures
from workflows.ledger.proofs import Proof, parse_proof, proof_text

ORIGIN = "goaltrail.local/0123456789abcdef/sha256"
LOG = SigningKey(ORIGIN, bytes(range(32)), KeyKind.LOG)
WITNESS = SigningKey("witness.goaltrail.local/审计", bytes(range(32, 64)), KeyKind.WITNESS)
BODY = Checkpoint(ORIGIN, 3, tree.root_of([bytes(32)] * 3)).body()
AT = 1_792_540_800

GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SPECIFIED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
LOG_VKEY = "goaltrail.local/0123456789abcdef/sha256+b7de771a+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
WITNESS_VKEY = "witness.goaltrail.local/审计+287f572b+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
OURS = """goaltrail.local/0123456789abcdef/sha256
3
qgYiK1ROa3SIPlw+3Pz5lux7zDm0b+I20VhtrCwy6iA=

— goaltrail.local/0123456789abcdef/sha256 t953Gjva59MRoqMwE+FREnhhVbuS+UfI3ep7sGXHpZ7D4rdFaZtFnWdYzSqtTUmc1v9j2sZLOf3z6nuc69xY0h0HOAw=
— witness.goaltrail.local/审计 KH9XKwAAAABq2ACA8OM+jRk5FHq+xqVsxvthFucOMIEeIKnZCzxOAsNAmRY9Ru1ChcGumBMv98N+q8yRgNA0q5yToXsbrdyQH160DQ==
"""


def signed() -> Note:
    return Note(BODY).with_signature(LOG.sign(BODY)).with_signature(WITNESS.sign(BODY, AT))


def test_our_own_vector_stays_what_it_is() -> None:
    """Ed25519 has no chance in it: these bytes were written down once and every later version must write them again."""
    assert signed().text() == OURS
    assert (LOG.vkey, WITNESS.vkey) == (LOG_VKEY, WITNESS_VKEY)


def test_the_note_of_the_go_library_is_read_verified_and_written_again() -> None:
    note, key = parse_note(GO_NOTE), VerifyingKey.from_vkey(GO_VKEY)
    assert key.signature_on(note) == note.signatures[0]
    assert SigningKey.from_text(GO_SECRET).sign(note.body) == note.signatures[0]
    assert (SigningKey.from_text(GO_SECRET).vkey, SigningKey.from_text(GO_SECRET).to_text()) == (GO_VKEY, GO_SECRET)
    assert note.text() == GO_NOTE


def test_the_checkpoint_of_the_specification_is_read() -> None:
    note = parse_note(SPECIFIED.encode())
    checkpoint = parse_checkpoint(note.body)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root.hex()) == (
        "example.com/behind-the-sofa", 20852163, "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")  # fmt: skip
    assert [one.name for one in note.signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert cosigned_at(note.signatures[1]) == 1679315147
    assert (note.text(), checkpoint.body()) == (SPECIFIED, note.body)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32),
       st.integers(0, 2**63 - 1))  # fmt: skip
def test_what_is_signed_is_read_back_and_verified(size: int, root: bytes, seed: bytes, at: int) -> None:
    log, witness = SigningKey(ORIGIN, seed, KeyKind.LOG), SigningKey("witness/w1", seed, KeyKind.WITNESS)
    checkpoint = Checkpoint(ORIGIN, size, root)
    note = Note(checkpoint.body()).with_signature(log.sign(checkpoint.body()))
    note = note.with_signature(witness.sign(note.body, at))
    assert parse_note(note.text()) == parse_note(note.text().encode()) == note
    assert parse_checkpoint(note.body) == checkpoint
    assert [VerifyingKey.from_vkey(key.vkey).signature_on(note) for key in (log, witness)] == list(note.signatures)
    assert cosigned_at(note.signatures[1]) == at
    assert parse_signatures(note.signatures[1].line()) == note.signatures[1:]
    assert [SigningKey.from_text(key.to_text()) for key in (log, witness)] == [log, witness]


def test_a_key_is_made_of_chance_that_comes_in() -> None:
    assert SigningKey.generate(ORIGIN, KeyKind.LOG, lambda size: bytes(range(size))) == LOG
    with pytest.raises(NotANote):
        SigningKey.generate(ORIGIN, KeyKind.LOG, lambda size: b"short")
    assert repr(LOG) == f"SigningKey(name='{ORIGIN}', kind=<KeyKind.LOG: 1>)"


def test_no_changed_byte_of_a_signed_note_verifies_as_it_did() -> None:
    """Each bit of each byte: the note is refused, or one of its two signatures no longer holds."""
    written = signed().text().encode()
    keys = (LOG.verifying, WITNESS.verifying)
    for at in range(len(written)):
        for bit in range(8):
            changed = written[:at] + bytes((written[at] ^ 1 << bit,)) + written[at + 1 :]
            try:
                note = parse_note(changed)
            except NotANote:
                continue
            assert not all(key.signature_on(note) for key in keys), (at, bit)


def test_every_truncated_note_is_refused_or_lacks_a_signature() -> None:
    written = signed().text()
    whole = []
    for end in range(len(written)):
        try:
            whole.append((end, len(parse_note(written[:end]).signatures)))
        except NotANote:
            continue
    assert whole == [(written.index(f"— {WITNESS.name}"), 1)]


@pytest.mark.parametrize("body", [BODY.replace("\n3\n", "\n4\n"), BODY.replace("0123", "0124"), BODY + "more\n", "\n" + BODY])
def test_a_signature_is_for_one_text(body: str) -> None:
    assert (LOG.verifying.verify(body, LOG.sign(BODY)), WITNESS.verifying.verify(body, WITNESS.sign(BODY, AT))) == (False, False)


def test_a_signature_is_of_one_key() -> None:
    """Another seed, another name, another kind with the same seed; and a line that claims to be the right key's."""
    right = LOG.verifying
    others = (SigningKey(ORIGIN, bytes(32)), SigningKey("other", LOG.seed), SigningKey(ORIGIN, LOG.seed, KeyKind.WITNESS))
    made = [other.sign(BODY, AT if other.kind is KeyKind.WITNESS else None) for other in others]
    claimed = [Signature(right.name, right.key_id, one.raw) for one in made]
    assert [right.verify(BODY, one) for one in (*made, *claimed)] == [False, False, False, False, True, False]
    assert right.signature_on(Note(BODY, (claimed[0],))) is None


def test_a_witness_signs_its_time() -> None:
    signature = WITNESS.sign(BODY, AT)
    later = Signature(signature.name, signature.key_id, (AT + 1).to_bytes(8, "big") + signature.raw[8:])
    key = WITNESS.verifying
    assert (key.verify(BODY, signature), cosigned_at(signature)) == (True, AT)
    assert (key.verify(BODY, later), cosigned_at(later)) == (False, AT + 1)
    assert not key.verify(BODY, Signature(signature.name, signature.key_id, b"\xff" + signature.raw[1:]))
    for length in (1, 8, 64, 71, 73):
        crooked = Signature(signature.name, signature.key_id, (signature.raw + b"\x00")[:length])
        assert not key.verify(BODY, crooked)
        with pytest.raises(NotANote):
            cosigned_at(crooked)


def test_only_a_witness_signs_a_time() -> None:
    with pytest.raises(ValueError, match="time"):
        LOG.sign(BODY, AT)
    with pytest.raises(ValueError, match="time"):
        WITNESS.sign(BODY)


def test_a_later_signature_of_the_same_key_takes_the_place_of_the_older() -> None:
    note = signed().with_signature(WITNESS.sign(BODY, AT + 60))
    assert [one.name for one in note.signatures] == [LOG.name, WITNESS.name]
    assert cosigned_at(note.signatures[1]) == AT + 60


LINE = LOG.sign(BODY).line()
SHORT = b64encode(LOG.verifying.key_id).decode()
LONG = b64encode(b64decode(LINE.split(" ")[2]) + b"\x00").decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", BODY, BODY + "\n", BODY + LINE, BODY + "\n" + LINE[:-1], BODY + "\n" + LINE + "\n", "\n\n",
        BODY + "\n" + LINE + LINE,
        BODY + "\n" + LINE + LINE.replace(" ", "  ", 1),
        BODY + "\n" + LINE.replace("—", "-"), BODY + "\n" + LINE.replace("— ", "—"),
        BODY + "\n" + LINE.replace("=\n", "\n"), BODY + "\n" + LINE.replace("=\n", "==\n"),
        BODY + "\n" + LINE.replace("\n", " \n"), BODY + "\n" + LINE.replace("\n", "\r\n"),
        BODY.replace("\n", "\r\n") + "\n" + LINE, BODY + "\n" + LINE.replace("\n", " x\n"),
        BODY + "\n" + f"— {ORIGIN}\n", BODY + "\n" + f"— {ORIGIN} \n", BODY + "\n" + f"— {ORIGIN} {SHORT}\n",
        BODY + "\n" + f"—  {SHORT}\n", BODY + "\n" + LINE.replace(ORIGIN, "a+b"),
        BODY + "\n" + LINE.replace(ORIGIN, "a\u00a0b"), BODY + "\n" + LINE.replace(ORIGIN, "a\u3000b"),
        BODY + "\n" + LINE.replace(ORIGIN, "a\u2028b"), BODY + "\n" + LINE.replace(ORIGIN, "a\x85b"),
        "a\tb\n\n" + LINE, "a\x00b\n\n" + LINE, "a\x0bb\n\n" + LINE, "a\ud800b\n\n" + LINE,
        BODY + "\n" + "".join(LINE.replace(ORIGIN, f"k{number}") for number in range(65)),
        "x" * 70_000 + "\n\n" + LINE,
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_note_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        parse_note(text)


def test_base64_that_could_be_written_in_another_way_is_refused() -> None:
    """The last letter before `=` carries two bits that mean nothing: three other letters would decode alike."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    head, letter = LINE[:-3], LINE[-3]
    at = alphabet.index(letter)
    same = [one for one in alphabet[at // 4 * 4 : at // 4 * 4 + 4] if one != letter]
    for other in same:
        assert b64decode((head + other + "=").split(" ")[2]) == b64decode(LINE.split(" ")[2])
        with pytest.raises(NotANote):
            parse_note(BODY + "\n" + head + other + "=\n")


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(NotANote):
        parse_note(b"\xff\n\n" + LINE.encode())
    with pytest.raises(NotANote):
        parse_signatures(b"\xc0\xaf")


def test_a_longer_signature_is_read_but_does_not_verify() -> None:
    note = parse_note(f"{BODY}\n— {ORIGIN} {LONG}\n")
    assert LOG.verifying.signature_on(note) is None


def test_sixteen_signatures_are_read() -> None:
    """The least that C2SP asks for; lines of unknown keys do not matter."""
    text = BODY + "\n" + LINE + "".join(LINE.replace(ORIGIN, f"k{number}") for number in range(15))
    note = parse_note(text)
    assert (len(note.signatures), note.text(), LOG.verifying.signature_on(note)) == (16, text, LOG.sign(BODY))


def test_a_text_may_hold_blank_lines() -> None:
    note = parse_note("\n\na\n\n\nb\n\n" + LINE)
    assert note.body == "\n\na\n\n\nb\n"


ROOT = BODY.split("\n")[2]


@pytest.mark.parametrize(
    "body",
    [
        "", "\n", f"{ORIGIN}\n3\n{ROOT}", f"{ORIGIN}\n3\n", f"{ORIGIN}\n3\n\n", f"\n3\n{ROOT}\n", BODY + "\n", BODY + "more\n",
        f"{ORIGIN}\n03\n{ROOT}\n", f"{ORIGIN}\n+3\n{ROOT}\n", f"{ORIGIN}\n-3\n{ROOT}\n", f"{ORIGIN}\n\n{ROOT}\n",
        f"{ORIGIN}\n3 \n{ROOT}\n", f"{ORIGIN}\n3_0\n{ROOT}\n", f"{ORIGIN}\n３\n{ROOT}\n", f"{ORIGIN}\n3.0\n{ROOT}\n",
        f"{ORIGIN}\n9223372036854775808\n{ROOT}\n", f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n", f"{ORIGIN}\n00\n{ROOT}\n",
        f"a b\n3\n{ROOT}\n", f"a+b\n3\n{ROOT}\n", f"{ORIGIN}\n3\n{ROOT[:-1]}\n", f"{ORIGIN}\n3\nAAAA\n",
        f"{ORIGIN}\n3\n{ROOT}=\n", f"{ORIGIN}\n3\n{ROOT.replace('=', '')}\n", f"{ORIGIN}\n3\n {ROOT}\n", f"{ORIGIN}\n3\n根{ROOT}\n",
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NotANote):
        parse_checkpoint(body)


def test_a_checkpoint_that_could_not_be_read_back_is_not_made() -> None:
    for origin, size, root in (("", 3, bytes(32)), ("a\n9", 3, bytes(32)), (ORIGIN, -1, bytes(32)), (ORIGIN, 3, b"short")):
        with pytest.raises(NotANote):
            Checkpoint(origin, size, root)


@pytest.mark.parametrize(("name", "key_id", "raw"), [("", b"abcd", b"x"), ("a b", b"abcd", b"x"), ("a\n", b"abcd", b"x"),
                                                     ("a", b"abc", b"x"), ("a", b"abcd", b"")])  # fmt: skip
def test_a_signature_that_could_not_be_read_back_is_not_made(name: str, key_id: bytes, raw: bytes) -> None:
    with pytest.raises(NotANote):
        Signature(name, key_id, raw)


def test_a_note_that_could_not_be_read_back_is_not_made() -> None:
    for body in ("", "no newline", "a\r\n", "a\tb\n"):
        with pytest.raises(NotANote):
            Note(body)
    with pytest.raises(NotANote):
        Note(BODY, (LOG.sign(BODY), LOG.sign(BODY)))


def test_crooked_keys_are_refused() -> None:
    vkey = LOG.vkey
    name, key_id, written = vkey.split("+", 2)
    unknown = b64encode(b"\x05" + LOG.verifying.public).decode()
    for crooked in ("", name, f"{name}+{key_id}", vkey + "\n", " " + vkey, vkey + "A", vkey[:-4], f"{name}+{key_id.upper()}+{written}",
                    f"{name}+00000000+{written}", f"+{key_id}+{written}", f"{name}x+{key_id}+{written}", f"{name}+{key_id}+{unknown}",
                    f"{name}+{key_id}+", LOG.to_text(), f"{name}+{key_id[:7]}+{written}"):  # fmt: skip
        with pytest.raises(NotANote):
            VerifyingKey.from_vkey(crooked)
    for crooked in ("", vkey, LOG.to_text() + "\n", LOG.to_text()[:-4], LOG.to_text().replace("+AQAB", "+BAAB"),
                    LOG.to_text().replace(name, "other")):  # fmt: skip
        with pytest.raises(NotANote):
            SigningKey.from_text(crooked)
    with pytest.raises(NotANote):
        VerifyingKey(ORIGIN, b"short", KeyKind.LOG)


LEAVES = [bytes([number]) * 32 for number in range(7)]


def proof_of(index: int) -> tuple[list[bytes], Note]:
    body = Checkpoint(ORIGIN, len(LEAVES), tree.root_of(LEAVES)).body()
    path = tree.inclusion_proof(
        index, len(LEAVES), lambda level, at: tree.root_of(LEAVES[at << level : (at + 1) << level]))  # fmt: skip
    return path, Note(body, (LOG.sign(body),))


@pytest.mark.parametrize("index", range(7))
def test_a_proof_file_is_read_back_and_proves_its_event_alone(index: int) -> None:
    path, note = proof_of(index)
    text = proof_text(index, path, note)
    assert text.startswith(f"c2sp.org/tlog-proof@v1\nindex {index}\n")
    assert text == proof_text(index, path, note.text())
    read = parse_proof(text.encode())
    assert read == parse_proof(text) == Proof(index, tuple(path), note)
    assert [number for number, leaf in enumerate(LEAVES) if read.proves(leaf)] == [index]


def test_the_proof_of_a_single_event_has_no_hashes() -> None:
    body = Checkpoint(ORIGIN, 1, LEAVES[0]).body()
    text = proof_text(0, [], Note(body, (LOG.sign(body),)))
    assert text == f"c2sp.org/tlog-proof@v1\nindex 0\n\n{body}\n{LOG.sign(body).line()}"
    assert parse_proof(text).proves(LEAVES[0])


def test_what_is_not_exactly_a_proof_is_refused() -> None:
    path, note = proof_of(3)
    text = proof_text(3, path, note)
    hash_line = text.split("\n")[2] + "\n"
    crooked = [
        "", "\n\n", text[1:], text.replace("@v1", "@v2"), text.replace("index 3", "index 03"), text.replace("index 3", "index 7"),
        text.replace("index 3", "index -1"), text.replace("index 3\n", ""), text.replace("index 3", "index  3"),
        text.replace("index 3", "extra AAAA\nindex 3"), text.replace("\n", "\r\n"), text.replace(hash_line, hash_line[4:]),
        text.replace(hash_line, hash_line * 62), text.replace(hash_line, " " + hash_line), text.replace(hash_line, "\n"),
        text.replace("\n\n", "\n"), text[:-1], text + "\n", text.replace(note.body, note.body + "more\n"),
    ]  # fmt: skip
    for one in crooked:
        with pytest.raises(NotAProof):
            parse_proof(one)
    with pytest.raises(NotAProof):
        parse_proof(b"\xff")
    for index, hashes in ((-1, path), (7, path), (3, [b"short"])):
        with pytest.raises(NotAProof):
            proof_text(index, hashes, note)
