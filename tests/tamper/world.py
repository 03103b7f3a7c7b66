"""A small bureau whose log is anchored twice and then goes on: random lives told by the verbs, notes copied out."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine

from tests.support import roster
from tests.support.cluster import Database
from tests.support.life import Life
from workflows.commands import ending
from workflows.commands.administering import give_grant, revoke_grant
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.notes import Checkpoint, Note
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.sealing import log_size, seal_batch
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.store.tree import keep_checkpoint, log_identity, root_at, store_tiles
from workflows.vocabulary import SYSTEM, Action, Post, Role, Stage

BEGINS = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
Act = Callable[[Life], object]


def _voided(life: Life) -> None:
    """Two persons of the unit give a table up."""
    seen, by = life.seen(), roster.UNIT_HEAD
    life.table = ending.ask_to_end(
        life.journal,
        life.table.id,
        action=Action.VOID,
        seen=seen,
        by=by,
        command_id=uuid4(),
        reason="项目取消，不再实施",
    )
    life.table = ending.confirm_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.SECOND_UNIT_HEAD, command_id=uuid4(), opinion="同意"
    )


STEPS: tuple[Act, ...] = (
    lambda life: life.imported(),
    lambda life: life.completed().submitted(),
    lambda life: life.approved(roster.UNIT_HEAD),
    lambda life: life.approved(roster.DEPARTMENT_FINANCE),
    lambda life: life.approved(roster.FINANCE_BUSINESS),
    lambda life: life.approved(roster.FINANCE_PERFORMANCE),
    lambda life: life.replied(f"清财预〔2026〕{uuid4().int % 900 + 1}号"),
    lambda life: life.window_opened(),
)
"""One table's way; a random life stops anywhere on it or is sent back once."""
CUTS = (1, 2, 3, 4, 5, 6, 7)
RETURNED, VOIDED = -1, -2
LIVELY = 0.7


@dataclass
class World:
    """A database with its log, the log's key and folder of notes, and the auditor's own copies of two of them."""

    database: Database
    folder: Path
    key: SigningKey
    anchors: tuple[Path, ...]
    sizes: tuple[int, ...]

    @property
    def notes(self) -> Path:
        """The installation's own anchor directory, which whoever owns the host can write."""
        return self.folder / "anchors"


@contextmanager
def journal_on(engine: Engine) -> Iterator[PostgresJournal]:
    with begin(engine) as tx:
        yield PostgresJournal(tx)


def lived(database: Database, folder: Path, seed: int) -> World:
    """Fill a fresh database with random lives in three parts, each part noted outside but the last."""
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    chance = random.Random(seed)
    app, sealer = make_engine(database.app_url), make_engine(database.sealer_url)
    _settle(app)
    lives: dict[UUID, int] = {}
    sizes, anchors, key = [], [], None
    for part, newcomers in enumerate(
        ((len(STEPS), chance.choice(CUTS)), (RETURNED, VOIDED, chance.choice(CUTS)), (2,))
    ):
        _walk_on(app, chance, lives)
        for cut in newcomers:
            _come(app, lives, cut)
        with begin(sealer) as tx:
            seal_batch(tx)
        if part < 2:
            key = key or _made_key(app, folder)
            size, path = _noted(sealer, key, folder)
            sizes.append(size)
            anchors.append(path)
    app.dispose()
    sealer.dispose()
    assert key is not None
    return World(database, folder, key, tuple(anchors), tuple(sizes))


def _settle(app: Engine) -> None:
    with journal_on(app) as journal:
        officer = roster.SECURITY_ADMIN
        for person in (officer, *(each for each in roster.PEOPLE if each != officer)):
            by = SYSTEM if person == officer else officer
            for post in person.posts:
                give_grant(journal, person=person.id, name=person.name, post=post, by=by, command_id=uuid4())
        revoke_grant(
            journal, person=roster.OTHER_CLERK.id, post=Post(Role.CLERK, roster.OTHER_UNIT), reason="已调离本单位",
            by=roster.SECURITY_ADMIN, command_id=uuid4(),
        )  # fmt: skip


def _come(app: Engine, lives: dict[UUID, int], cut: int) -> None:
    """Let a new table walk so many steps; one that was returned starts again, one given up walks no more."""
    with journal_on(app) as journal:
        life = Life(journal)
        for step in STEPS[: {RETURNED: 4, VOIDED: 2}.get(cut, cut)]:
            step(life)
        if cut == RETURNED:
            life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
            lives[life.table.id] = 1
        elif cut == VOIDED:
            _voided(life)
        else:
            lives[life.table.id] = cut


def _walk_on(app: Engine, chance: random.Random, lives: dict[UUID, int]) -> None:
    """Let most of the elder tables do their next step."""
    for table_id, done in list(lives.items()):
        if done < len(STEPS) and chance.random() < LIVELY:
            with journal_on(app) as journal:
                STEPS[done](Life(journal, journal.lock_table(table_id)))
            lives[table_id] = done + 1


def _made_key(app: Engine, folder: Path) -> SigningKey:
    with begin(app) as tx:
        key = SigningKey.generate(log_identity(tx).origin, KeyKind.LOG, random.Random(7).randbytes)
    (folder / "anchors" / "notes").mkdir(parents=True)
    (folder / "anchors" / "vkeys").write_text(f"{key.vkey}\n", encoding="utf-8")
    (folder / "auditor").mkdir()
    return key


def signed(key: SigningKey, size: int, root: bytes) -> str:
    """Return a note as the log's key signs it."""
    body = Checkpoint(key.name, size, root).body()
    return Note(body).with_signature(key.sign(body)).text()


def put_note(tx: Transaction, key: SigningKey, folder: Path, size: int) -> Path:
    """Sign what the database says now at a size, outside and inside, and return the file."""
    root = root_at(tx, size)
    note = signed(key, size, root)
    path = folder / "anchors" / "notes" / f"{size:020d}"
    path.write_text(note, encoding="utf-8")
    (folder / "anchors" / "checkpoint").write_text(note, encoding="utf-8")
    keep_checkpoint(tx, size, root, note)
    return path


def _noted(sealer: Engine, key: SigningKey, folder: Path) -> tuple[int, Path]:
    with begin(sealer) as tx:
        store_tiles(tx)
        size = log_size(tx)
        path = put_note(tx, key, folder, size)
    copy = folder / "auditor" / path.name
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return size, copy
