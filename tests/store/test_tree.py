"""The tree in PostgreSQL: tiles as the definition has them, proofs with and without tiles, few questions, kept notes."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from tests.store.acting import grow, make_table, scalar
from tests.support.cluster import Database
from tests.support.rfc6962 import naive_path, naive_proof, naive_root
from workflows.errors import LedgerRefused, NotFound, NotInTheTree
from workflows.ledger import tree
from workflows.ledger.hashes import leaf
from workflows.store import tree as store
from workflows.store.migrating import upgrade
from workflows.store.sealing import log_size, seal_batch
from workflows.store.transaction import begin

PLANT = """
INSERT INTO log.leaf (log_index, event_id, leaf_hash)
SELECT i, -1 - i, sha256(convert_to('leaf ' || i, 'UTF8')) FROM generate_series(%(first)s::bigint, %(after)s - 1) AS i"""
SEAL = """
INSERT INTO log.seal (seal_no, size, snap, sysid)
SELECT seal_no + 1, %(after)s, snap, sysid FROM log.seal ORDER BY seal_no DESC LIMIT 1"""


def planted(size: int) -> list[bytes]:
    """The leaf hashes that `plant` writes."""
    return [sha256(b"leaf %d" % number).digest() for number in range(size)]


@contextmanager
def superuser(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def plant(database: Database, after: int) -> None:
    """Sealed leaves without events behind them, as only a superuser can make them."""
    with superuser(database) as connection:
        row = connection.execute("SELECT max(size) FROM log.seal").fetchone()
        connection.execute(PLANT, {"first": row[0], "after": after})
        connection.execute(SEAL, {"after": after})


def lose(database: Database, where: str) -> int:
    with superuser(database) as connection:
        connection.execute("ALTER TABLE log.tile DISABLE TRIGGER append_only")
        return connection.execute(f"DELETE FROM log.tile WHERE {where}").rowcount


def tiles_of(engine: Engine) -> dict[tuple[int, int], bytes]:
    with engine.connect() as connection:
        return {(row.level, row.n): row.hashes for row in connection.execute(text("SELECT * FROM log.tile"))}


def naive_tiles(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Every full tile of the definition."""
    tiles, level = {}, 0
    hashes = leaves
    while len(hashes) >= 256:
        full = [hashes[at : at + 256] for at in range(0, len(hashes) // 256 * 256, 256)]
        tiles |= {(level, n): b"".join(one) for n, one in enumerate(full)}
        hashes, level = [naive_root(one) for one in full], level + 1
    return tiles


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield asked
    event.remove(engine, "before_cursor_execute", count)


def check_proofs(engine: Engine, leaves: list[bytes], places: list[tuple[int, int]], heads: list[tuple[int, int]]) -> None:
    for index, size in places:
        with begin(engine) as tx:
            proof, root = store.inclusion_at(tx, index, size), store.root_at(tx, size)
            assert tree.inclusion_proof(index, size, store.subtree_reader(tx, size)) == proof
        assert root == naive_root(leaves[:size])
        assert proof == naive_path(index, leaves[:size])
        assert tree.verify_inclusion(leaves[index], index, size, proof, root)
    for old, new in heads:
        with begin(engine) as tx:
            proof = store.consistency_between(tx, old, new)
            assert tree.consistency_proof(old, new, store.subtree_reader(tx, new)) == proof
            assert tree.verify_consistency(old, new, store.root_at(tx, old), store.root_at(tx, new), proof)
        assert proof == (naive_proof(old, leaves[:new]) if old else [])


def chosen(chance: random.Random, size: int, count: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    sizes = [size, *(chance.randint(1, size) for _ in range(count))]
    return [(chance.randrange(one), one) for one in sizes], [(chance.randint(0, one), one) for one in sizes]


@pytest.mark.parametrize("seed", range(4))
def test_random_growth_in_batches_gives_the_tiles_of_the_definition(
    database: Database, app: Engine, sealer: Engine, seed: int
) -> None:
    """Tiles are stored after some batches and not after others; none that stands is ever written again."""
    chance, size, standing = random.Random(seed), 0, dict[tuple[int, int], bytes]()
    for _ in range(8):
        size += chance.choice([1, 3, 100, 255, 256, 257, 700])
        plant(database, size)
        if chance.random() < 0.6:
            with begin(sealer) as tx:
                stored = store.store_tiles(tx)
            now = tiles_of(app)
            assert now == naive_tiles(planted(size))
            assert (stored, {place: now[place] for place in standing}) == (len(now) - len(standing), standing)
            standing = now
        check_proofs(app, planted(size), *chosen(chance, size, 4))


def test_a_second_run_stores_nothing(database: Database, sealer: Engine) -> None:
    plant(database, 600)
    for expected in (2, 0):
        with begin(sealer) as tx:
            assert store.store_tiles(tx) == expected


@pytest.mark.parametrize(("level", "n"), [(0, 2), (0, 7), (1, 0)])
def test_a_tile_ahead_of_its_leaves_is_not_built_upon(database: Database, sealer: Engine, level: int, n: int) -> None:
    """Whoever stole the sealer's password could lay one there and wait for the log to reach it."""
    plant(database, 600)
    with begin(sealer) as tx:
        tx.run("INSERT INTO log.tile VALUES (:level, :n, :hashes)", level=level, n=n, hashes=bytes(8192))
    with begin(sealer) as tx, pytest.raises(LedgerRefused):
        store.store_tiles(tx)


def test_an_empty_log_has_the_empty_root_and_no_tiles(app: Engine, sealer: Engine) -> None:
    with begin(sealer) as tx:
        assert (store.store_tiles(tx), store.root_at(tx, 0), store.consistency_between(tx, 0, 0)) == (0, tree.EMPTY_ROOT, [])
    with begin(app) as tx, pytest.raises(NotInTheTree):
        store.inclusion_at(tx, 0, 0)


LARGE = 65_536 + 256 * 5 + 77


@pytest.fixture
def large(database: Database) -> list[bytes]:
    plant(database, LARGE)
    return planted(LARGE)


LOSSES: dict[str, Callable[[Database], int]] = {
    "all tiles stand": lambda database: lose(database, "false"),
    "no tile stands": lambda database: lose(database, "true"),
    "the upper tile is gone": lambda database: lose(database, "level = 1"),
    "the lower ones are gone": lambda database: lose(database, "level = 0"),
    "the last ones are late": lambda database: lose(database, "level = 1 OR n > 250"),
    "holes everywhere": lambda database: lose(database, "level = 0 AND n % 3 = 1"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_proofs_are_the_same_whatever_tiles_stand(
    database: Database, app: Engine, sealer: Engine, large: list[bytes], loss: str
) -> None:
    with begin(sealer) as tx:
        assert store.store_tiles(tx) == 1 + 261
    lost = LOSSES[loss](database)
    assert lost == {"all tiles stand": 0, "no tile stands": 262, "the upper tile is gone": 1, "the lower ones are gone": 261,
                    "the last ones are late": 11, "holes everywhere": 87}[loss]  # fmt: skip
    check_proofs(
        app, large, [(0, LARGE), (LARGE - 1, LARGE), (65_535, 65_536), (40_000, 65_537), (700, 3_000)],
        [(0, LARGE), (1, LARGE), (65_536, LARGE), (65_537, LARGE), (3_000, 65_536), (LARGE, LARGE)],
    )  # fmt: skip


def test_a_tile_of_tiles_is_that_of_the_definition(app: Engine, sealer: Engine, large: list[bytes]) -> None:
    with begin(sealer) as tx:
        store.store_tiles(tx)
    assert tiles_of(app) == naive_tiles(large)


def test_a_proof_takes_few_questions_and_as_many_in_a_large_log(
    database: Database, app: Engine, sealer: Engine, large: list[bytes]
) -> None:
    """One for the size, one for each level of tiles, one for the leaves that fill no tile."""
    with begin(sealer) as tx:
        store.store_tiles(tx)
    for index, size in ((5, 1_000), (5, LARGE), (LARGE - 1, LARGE)):
        with counted(app) as asked, begin(app) as tx:
            store.inclusion_at(tx, index, size)
        assert len(asked) <= 4, asked
    for old, new in ((300, 1_000), (1_000, LARGE), (65_537, LARGE)):
        with counted(app) as asked, begin(app) as tx:
            store.consistency_between(tx, old, new)
            store.root_at(tx, new)
        assert len(asked) <= 8, asked


def test_real_events_stand_in_the_tree_by_their_leaf_hashes(app: Engine, sealer: Engine) -> None:
    table = make_table(app)
    with begin(app) as tx:
        grown = grow(tx, uuid4())
        assert store.index_of(tx, grown.stream, 1) is None
    with begin(sealer) as tx:
        seal_batch(tx)
    with begin(app) as tx:
        size = log_size(tx)
        bodies = [bytes(row["body"]) for row in tx.rows("SELECT body FROM log.leaf JOIN log.event USING (event_id) ORDER BY log_index")]
        index = store.index_of(tx, grown.stream, 1)
        root, proof = store.root_at(tx, size), store.inclusion_at(tx, 2, size)
        assert (size, index, store.index_of(tx, table.id, 2), store.index_of(tx, table.id, 9)) == (3, 2, 1, None)
    assert root == naive_root([leaf(body) for body in bodies])
    assert tree.verify_inclusion(leaf(bodies[2]), 2, 3, proof, root)
    assert str(grown.stream) in bodies[2].decode()


@pytest.mark.parametrize("size", [-1, 4, 2**40])
def test_no_root_beyond_the_sealed_events(database: Database, app: Engine, size: int) -> None:
    plant(database, 3)
    for ask in (store.root_at, store.subtree_reader, lambda tx, one: store.inclusion_at(tx, 0, one),
                lambda tx, one: store.consistency_between(tx, 0, one)):  # fmt: skip
        with begin(app) as tx, pytest.raises(NotInTheTree):
            ask(tx, size)


@pytest.mark.parametrize(("level", "index"), [(0, 3), (1, 1), (2, 0), (0, -1), (-1, 0), (70, 0)])
def test_a_reader_gives_complete_subtrees_only(database: Database, app: Engine, level: int, index: int) -> None:
    plant(database, 3)
    with begin(app) as tx:
        read = store.subtree_reader(tx, 3)
        assert read(1, 0) == naive_root(planted(2))
        with pytest.raises(NotInTheTree):
            read(level, index)


def test_missing_leaves_are_said_and_not_guessed(database: Database, app: Engine, sealer: Engine) -> None:
    """A superuser's hole in the sealed order ends every root over it, as long as no tile covers it."""
    plant(database, 300)
    with superuser(database) as connection:
        connection.execute("ALTER TABLE log.leaf DISABLE TRIGGER append_only")
        connection.execute("DELETE FROM log.leaf WHERE log_index IN (7, 299)")
    for size in (256, 300):
        with begin(app) as tx, pytest.raises(LedgerRefused):
            store.root_at(tx, size)
    with pytest.raises(LedgerRefused), begin(sealer) as tx:
        store.store_tiles(tx)
    assert tiles_of(app) == {}


def test_notes_are_kept_once_and_read_back_in_order(app: Engine, sealer: Engine) -> None:
    with begin(sealer) as tx:
        assert (store.last_checkpoint(tx), store.checkpoints(tx)) == (None, [])
        for size in (0, 9, 4):
            store.keep_checkpoint(tx, size, bytes([size]) * 32, f"note {size}")
        store.keep_checkpoint(tx, 4, bytes([4]) * 32, "the same root signed again")
        with pytest.raises(LedgerRefused):
            store.keep_checkpoint(tx, 4, bytes([5]) * 32, "a fork")
    with begin(app) as tx:
        kept = store.checkpoints(tx)
        assert [(one.size, one.root, one.note) for one in kept] == [
            (size, bytes([size]) * 32, f"note {size}") for size in (0, 4, 9)]  # fmt: skip
        assert store.checkpoints(tx, after=4) == kept[2:]
        assert store.last_checkpoint(tx) == kept[2]
    assert scalar(app, "SELECT count(*) FROM log.checkpoint") == 3


def test_only_the_sealer_writes_tiles_and_notes(database: Database, app: Engine) -> None:
    plant(database, 256)
    for write in (store.store_tiles, lambda tx: store.keep_checkpoint(tx, 1, bytes(32), "note")):
        with pytest.raises(LedgerRefused), begin(app) as tx:
            write(tx)


def test_a_log_has_an_identity_once_it_is_marked(database: Database, app: Engine, sealer: Engine) -> None:
    with begin(app) as tx, pytest.raises(NotFound):
        store.log_identity(tx)
    upgrade(database.owner_url, "demo")
    with begin(app) as tx, begin(sealer) as other:
        identity = store.log_identity(tx)
        assert store.log_identity(other) == identity
    assert identity.mode == "demo"
    assert identity.origin == f"goaltrail.local/{str(identity.log_id).replace('-', '')[:16]}/sha256"
