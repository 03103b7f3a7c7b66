"""An anchor directory as the checkpoint process leaves it, written by a test: signed notes outside of the database."""

from pathlib import Path
from secrets import token_bytes

from sqlalchemy import Engine

from workflows.ledger.anchored import KEYS, NEWEST, NOTES, note_name
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.notes import Checkpoint, Note
from workflows.store.sealing import log_size, seal_batch
from workflows.store.transaction import begin
from workflows.store.tree import keep_checkpoint, log_identity, root_at, store_tiles


def seal(sealer: Engine) -> int:
    """Seal everything visible and return the sealed size."""
    with begin(sealer) as tx:
        seal_batch(tx)
        return log_size(tx)


def anchor(sealer: Engine, directory: Path, *, kept: bool = True) -> Path:
    """Sign the sealed log as it stands into the directory (and the database, where `kept`); return the note's file."""
    (directory / NOTES).mkdir(parents=True, exist_ok=True)
    with begin(sealer) as tx:
        store_tiles(tx)
        size, origin = log_size(tx), log_identity(tx).origin
        root = root_at(tx, size)
        key = _key(directory, origin)
        body = Checkpoint(origin, size, root).body()
        note = Note(body).with_signature(key.sign(body)).text()
        if kept:
            keep_checkpoint(tx, size, root, note)
    file = directory / NOTES / note_name(size)
    for path in (file, directory / NEWEST):
        path.write_bytes(note.encode())
    (directory / KEYS).write_bytes(f"{key.vkey}\n".encode())
    return file


def _key(directory: Path, origin: str) -> SigningKey:
    secret = directory.with_name(f"{directory.name}.key")
    if not secret.exists():
        secret.write_text(SigningKey.generate(origin, KeyKind.LOG, token_bytes).to_text())
    return SigningKey.from_text(secret.read_text())
