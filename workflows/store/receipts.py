"""Receipts: the proof that one event is in the log, for whoever decided, against the newest note kept outside."""

from io import BytesIO
from uuid import UUID

from workflows.errors import LedgerRefused, NotFound, NotInTheTree, NotYetAnchored
from workflows.ledger.bundle import Bundle, of_event
from workflows.ledger.notes import Note, parse_checkpoint, parse_note
from workflows.ledger.proofs import parse_proof, proof_text
from workflows.store.exporting import Packing
from workflows.store.transaction import Transaction
from workflows.store.tree import inclusion_at, index_of

LEAF = "SELECT leaf_hash FROM log.event WHERE stream_id = :stream AND version = :version"
PROOF = "receipt.tlog-proof"


class LogDiffersFromNote(LedgerRefused):
    """台账的内容与外部检查点不一致，无法出具存证，请立即告知审计管理员。"""


def receipt_of(tx: Transaction, stream: UUID, version: int, note: str | bytes | None) -> str:
    """Return the proof of an event under a note, as C2SP tlog-proof text.

    NotFound where there is no such event, NotYetAnchored while the note (None: there is none yet) does not cover it,
    LogDiffersFromNote where the log does not lead to the note's root.
    """
    leaf = tx.scalar(LEAF, stream=stream, version=version)
    if leaf is None:
        raise NotFound(stream=str(stream), version=version)
    index = index_of(tx, stream, version)
    read = parse_note(note) if note else None
    if index is None or read is None or index >= _size_of(read):
        raise NotYetAnchored
    try:
        text = proof_text(index, inclusion_at(tx, index, _size_of(read)), read)
    except NotInTheTree as shorter:
        raise LogDiffersFromNote(index=index, size=_size_of(read)) from shorter
    if not parse_proof(text).proves(bytes(leaf)):
        raise LogDiffersFromNote(index=index, size=_size_of(read))
    return text


def receipt_bundle(tx: Transaction, stream: UUID, version: int, note: str | bytes | None, keys: bytes) -> bytes:
    """Return a small bundle of one event that `verify.py` inside it checks: body, proof, words, contents, note, keys.

    `keys` are the verification keys, one a line; errors as in receipt_of.
    """
    proof = receipt_of(tx, stream, version, note)
    under = parse_proof(proof).note
    out = BytesIO()
    with Bundle(out) as bundle:
        bundle.put(PROOF, proof.encode())
        size = _size_of(under)
        Packing(tx, bundle, of_event(stream, version), size, {size: under.text().encode()}, keys).pack()
    return out.getvalue()


def _size_of(note: Note) -> int:
    return parse_checkpoint(note.body).size
