"""Signs the log's root every few seconds and keeps the notes outside the database; never a smaller or other tree.

The newest note outside decides what may be signed. On a refusal an alarm stands beside the notes until the cause has
gone. A witness that is away delays nothing: its cosignature is missing, and is asked for again in each round.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from workers.witness_calls import Witness, WitnessAway
from workflows.anchors.alarm import Alarm, alarm_for
from workflows.anchors.directory import AnchorWriter, writing_anchors
from workflows.anchors.disk import Disk, RealDisk
from workflows.anchors.judging import LogNow, refuse_unsignable
from workflows.anchors.key_files import make_key, read_key
from workflows.anchors.places import anchor_directory, log_key_file, witness_urls
from workflows.anchors.reading import AnchoredNote, newest_anchored
from workflows.anchors.refusals import (
    CheckpointRefused,
    KeyGone,
    LogConflicts,
    NoteNotOurs,
    NotesGone,
    WitnessKnowsOtherKey,
    WitnessSawAnother,
)
from workflows.errors import GoaltrailError, LedgerRefused, NotANote, NotInTheTree
from workflows.ledger.anchored import KEYS
from workflows.ledger.keys import KeyKind, SigningKey, cosigned_at
from workflows.ledger.notes import Checkpoint, Note, Signature
from workflows.store.leaf_audit import root_of_leaves
from workflows.store.sealing import log_size
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.store.tree import (
    Subtrees,
    consistency_between,
    keep_checkpoint,
    last_checkpoint,
    log_identity,
    root_at,
    store_tiles,
)

EVERY, FIRST_PAUSE = 10.0, 0.5
COUNT_EVERY = 3600.0
CLOCKS_APART = 60
log = structlog.get_logger()


@dataclass
class Checkpointer:
    """What one process needs to sign: the sealer's engine, the anchor directory, the key's file, the witnesses."""

    engine: Engine
    directory: Path
    key_file: Path
    witnesses: Sequence[Witness]
    disk: Disk
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    search: bool = True
    steady: Callable[[], float] = time.monotonic
    counted_at: float | None = None

    def look(self) -> None:
        """Sign what has grown, or say why not; OSError where the directory refuses, DBAPIError, GoaltrailError."""
        search, self.search = self.search, True
        with writing_anchors(self.directory, self.disk) as writer:
            try:
                self._sign_what_grew(writer, newest_anchored(self.directory, search=search), since_start=search)
            except CheckpointRefused as refused:
                self._refuse(writer, refused)
                return
            except NotANote as damaged:
                self._refuse(writer, NoteNotOurs(reason=str(damaged.facts)))
                return
            except IsADirectoryError as folder:
                self._refuse(writer, NoteNotOurs(reason=f"{folder.filename} 是一个目录。"))
                return
            except (LedgerRefused, NotInTheTree) as broken:
                self._refuse(writer, LogConflicts(reason=str(broken.facts)))
                return
            if writer.clear_alarm():
                log.info("checkpoints.alarm_cleared")
        self.search = False

    def _sign_what_grew(self, writer: AnchorWriter, newest: AnchoredNote | None, *, since_start: bool) -> None:
        with begin(self.engine) as tx:
            store_tiles(tx)
            now = log_in(tx)
            key = self._key(tx, now.origin, newest)
            refuse_unsignable(now, newest, key.verifying)
            self._count_leaves(tx, now, newest)
            checkpoint = Checkpoint(now.origin, now.size, now.root_at(now.size))
        writer.publish_keys([key.vkey])
        if checkpoint.size == 0:
            return
        same = newest is not None and newest.checkpoint == checkpoint
        alone = newest.note if newest and same else Note(checkpoint.body(), (key.sign(checkpoint.body()),))
        note = self._cosigned(writer, alone, checkpoint, key.vkey)
        known = newest.checkpoint.size if newest and not since_start else 0
        self._publish(writer, note, checkpoint, known)
        self._keep_copies(AnchoredNote(note, checkpoint), newest)
        if not same:
            log.info("checkpoints.signed", size=checkpoint.size, root=checkpoint.root.hex())

    def _publish(self, writer: AnchorWriter, note: Note, checkpoint: Checkpoint, known: int) -> None:
        """Publish the tiles beyond a size that has them, and then the note."""
        with begin(self.engine) as tx:
            size = checkpoint.size
            writer.publish_tiles(known, size, lambda level, n: Subtrees(tx, size).tile(level, n))
        writer.publish(note)

    def _keep_copies(self, signed: AnchoredNote, before: AnchoredNote | None) -> None:
        """Keep what was published in the database too, for its pages; also the note that a crash kept from it."""
        with begin(self.engine) as tx:
            kept, said = last_checkpoint(tx), signed.checkpoint
            if kept is None or (kept.size, kept.root) != (said.size, said.root):
                for each in (before, signed):
                    if each:
                        keep_checkpoint(tx, each.checkpoint.size, each.checkpoint.root, each.note.text())

    def _count_leaves(self, tx: Transaction, now: LogNow, newest: AnchoredNote | None) -> None:
        """On the first round and once an hour, hold the newest note against every leaf, not only against kept tiles."""
        at = self.steady()
        if newest and (self.counted_at is None or at - self.counted_at >= COUNT_EVERY):
            if root_of_leaves(tx, newest.checkpoint.size) != newest.checkpoint.root:
                raise LogConflicts(**now.facts, **newest.facts)
            self.counted_at = at

    def _key(self, tx: Transaction, origin: str, newest: AnchoredNote | None) -> SigningKey:
        """Return the log's key; on the first start, when there is neither key nor note, make it. KeyGone, NotesGone.

        A database that was restored without its key has the notes of before, and beside them `vkeys` in the directory.
        """
        try:
            key = read_key(self.key_file)
        except NotANote as damaged:
            raise KeyGone(log_origin=origin) from damaged
        if key is None and newest:
            raise KeyGone(**newest.facts, log_origin=origin)
        if newest is None and last_checkpoint(tx) and (key or not (self.directory / KEYS).exists()):
            raise NotesGone(log_origin=origin)
        return key or make_key(self.disk, self.key_file, origin, KeyKind.LOG, self.random)

    def _cosigned(self, writer: AnchorWriter, note: Note, checkpoint: Checkpoint, log_key: str) -> Note:
        """Return the note with the cosignatures that could be had; a witness that refuses for cause ends the round."""
        standing = []
        for witness in self.witnesses:
            try:
                if not witness.has_signed(note):
                    signed = witness.cosignature(note, checkpoint, self._prove, log_key)
                    note = note.with_signature(signed)
                    self._compare_clocks(witness, signed)
                says = None
            except WitnessAway as away:
                refuse_unexplained(writer.standing_alarm(), witness.url, checkpoint)
                log.warning("checkpoints.witness_away", witness=witness.url, reason=away.sentence)
                says = away.sentence
            vkey = witness.key and witness.key.vkey
            standing.append({"url": witness.url, "vkey": vkey, "missing": says, "apart": witness.apart})
        writer.publish_keys([each.key.vkey for each in self.witnesses if each.key])
        writer.tell_witnesses(json.dumps(standing, ensure_ascii=False, indent=1) + "\n")
        return note

    def _compare_clocks(self, witness: Witness, signed: Signature) -> None:
        """Keep by how much a witness that has just signed is ahead of our clock; say so where it is much."""
        witness.apart = cosigned_at(signed) - int(self.clock().timestamp())
        if abs(witness.apart) > CLOCKS_APART:
            log.warning("checkpoints.clocks_apart", witness=witness.url, seconds=witness.apart)

    def _prove(self, old: int, new: int) -> Sequence[bytes]:
        with begin(self.engine) as tx:
            return consistency_between(tx, old, new)

    def _refuse(self, writer: AnchorWriter, refused: CheckpointRefused) -> None:
        log.error("checkpoints.refused", what=refused.what, sentence=refused.sentence, **refused.facts)
        writer.raise_alarm(alarm_for(refused, self.clock()))


def refuse_unexplained(standing: Alarm | None, witness: str, checkpoint: Checkpoint) -> None:
    """Raise again what this witness refused before: being away now, it has not taken that back."""
    for refused in (WitnessSawAnother, WitnessKnowsOtherKey):
        if standing and (standing.what, standing.witness) == (refused.what, witness):
            raise refused(
                witness=witness, log_origin=checkpoint.origin, log_size=checkpoint.size, log_root=checkpoint.root.hex()
            )


def log_in(tx: Transaction) -> LogNow:
    """Return the log as this transaction's database tells it; NotFound while the installation is not marked."""
    return LogNow(log_identity(tx).origin, log_size(tx), lambda size: root_at(tx, size))


def checkpoint_until(stop: Event, checkpointer: Checkpointer, seconds: float, ready: Path | None) -> None:
    """Look every so many seconds, at first more often, until told to stop; what is away is waited for."""
    pause = min(FIRST_PAUSE, seconds)
    while not stop.is_set():
        if ready:
            ready.touch()
        try:
            checkpointer.look()
        except BlockingIOError:
            log.warning("checkpoints.other_writer", directory=str(checkpointer.directory))
        except OSError as failure:
            log.critical("checkpoints.disk_refuses", directory=str(checkpointer.directory), reason=str(failure))
        except (GoaltrailError, DBAPIError) as failure:
            log.warning("checkpoints.not_now", reason=str(failure))
        stop.wait(pause)
        pause = min(pause * 2, seconds)


def main(environment: Mapping[str, str]) -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 2 where a setting is missing."""
    url, data = environment.get("GOALTRAIL_DATABASE_URL"), environment.get("GOALTRAIL_DATA_DIR")
    if not url or not data:
        sys.stderr.write("请设置 GOALTRAIL_DATABASE_URL（封存角色）和 GOALTRAIL_DATA_DIR。\n")
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    checkpointer = Checkpointer(
        make_engine(url, connections=1, name="goaltrail-checkpoints"),
        anchor_directory(environment, Path(data)), log_key_file(environment, Path(data)),
        [Witness(each) for each in witness_urls(environment)], RealDisk(), lambda: datetime.now(UTC), os.urandom,
    )  # fmt: skip
    ready = environment.get("GOALTRAIL_READY_FILE")
    seconds = float(environment.get("GOALTRAIL_CHECKPOINT_SECONDS") or EVERY)
    checkpoint_until(stop, checkpointer, seconds, Path(ready) if ready else None)
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
