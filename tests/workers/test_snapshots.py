"""The day's sheets equal a replay of the log's first events; a table's kept state is its state."""

import csv
import hashlib
import io
import threading
import time
from uuid import UUID

import pytest
from openpyxl import load_workbook

from tests.support import roster
from tests.support.cluster import Database
from workers.snapshots import keep_day, keep_states
from workflows.folds.replay import replay
from workflows.register import COLUMNS, Entry, cells_of, csv_of, harmless, xlsx_of
from workflows.store.dated_snapshots import dated_snapshot_bytes, dated_snapshots
from workflows.store.sealed_tables import tables_at
from workflows.store.sealing import follow, log_size, seal_batch
from workflows.store.snapshots import tables_behind
from workflows.store.streams import content_of
from workflows.store.transaction import begin, make_engine


@pytest.fixture
def seal(database: Database):
    engine = make_engine(database.sealer_url)

    def sealed() -> None:
        with begin(engine) as tx:
            seal_batch(tx)

    yield sealed
    engine.dispose()


def replayed(bureau, size: int) -> list[list[str]]:
    """The sheet by another way: every sealed event from the first, in the sealed order, folded from nothing."""
    with begin(bureau.engine) as tx:
        by_stream: dict[UUID, list] = {}
        for each in follow(tx, -1, limit=10_000):
            if each.log_index < size and each.recorded.subject == "table":
                by_stream.setdefault(each.recorded.stream, []).append(each)
        tables = [(replay(key, [each.recorded for each in told]), told[-1].log_index) for key, told in by_stream.items()]
        entries = [Entry(table, content_of(tx, table.content_hash), index) for table, index in tables]
    return [[harmless(cell) for cell in cells_of(entry)] for entry in entries]


def test_the_sheets_of_a_day_equal_a_replay(bureau, seal, tmp_path):
    for step in ("imported", "in_finance_approval", "in_monitoring"):
        moving = bureau.table(step)
    seal()
    bureau.acts(bureau.tables[1], "approved", roster.FINANCE_BUSINESS)  # not sealed yet: the replay must step in
    day = keep_day(bureau.engine, tmp_path)
    assert day is not None
    with begin(bureau.engine) as tx:
        kept = {row["format"]: row for row in dated_snapshots(tx)}
        sheet, book = (dated_snapshot_bytes(tx, day, name) for name in ("csv", "xlsx"))
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert rows == [list(COLUMNS), *replayed(bureau, kept["csv"]["log_size"])]
    cells = load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True)
    assert [[cell or "" for cell in row] for row in cells] == rows
    assert {(row["rows"], row["log_size"]) for row in kept.values()} == {(3, kept["csv"]["log_size"])}
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in tmp_path.iterdir()}
    assert files == {f"{day}.{name}": row["sha256"] for name, row in kept.items()}
    assert moving.title in rows[3]


def test_a_sheet_taken_while_others_write_shows_the_log_at_its_size(bureau, seal):
    stop, taken = threading.Event(), []

    def until_stopped(act):
        while not stop.is_set():
            act()

    acts = (seal, lambda: bureau.acts(bureau.table("in_unit_review").id, "approved", roster.UNIT_HEAD))
    threads = [threading.Thread(target=until_stopped, args=(act,)) for act in (*acts, acts[1])]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60
    while len({size for size, _ in taken}) < 12 and time.monotonic() < until:
        with begin(bureau.engine) as tx:
            size = log_size(tx)
            taken.append((size, [[harmless(cell) for cell in cells_of(entry)] for entry in tables_at(tx, size)]))
    stop.set()
    for thread in threads:
        thread.join()
    sizes = dict(taken)
    assert len(sizes) == 12
    assert {size: replayed(bureau, size) for size in sizes} == sizes


def test_a_day_is_kept_once(bureau, seal, tmp_path):
    assert keep_day(bureau.engine, tmp_path) is None
    bureau.table("imported")
    seal()
    assert keep_day(bureau.engine, tmp_path) is not None
    bureau.table("imported")
    seal()
    assert keep_day(bureau.engine, tmp_path) is None
    with begin(bureau.engine) as tx:
        assert [row["rows"] for row in dated_snapshots(tx)] == [1, 1]


def test_no_cell_is_a_formula():
    row = ("=1+1", "+1", "-1", "@x", "\tx", "农村道路")
    said = ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "农村道路"]
    assert csv_of([row]).startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(csv_of([row]).decode("utf-8-sig"))))[1] == said
    sheet = load_workbook(io.BytesIO(xlsx_of([row]))).worksheets[0]
    assert [cell.value for cell in sheet[2][: len(said)]] == said
    assert {cell.data_type for cell in sheet[2][: len(said)]} == {"s"}


def test_the_kept_state_of_a_table_is_believed_and_right(bureau):
    table = bureau.table("in_monitoring")
    assert keep_states(bureau.engine) == 1
    assert keep_states(bureau.engine) == 0
    with begin(bureau.engine) as tx:
        assert tables_behind(tx) == []
    version = bureau.rows("SELECT version, head FROM desk.snapshot")
    assert [(row["version"], row["head"].hex()) for row in version] == [(table.version, table.head)]
    after = bureau.acts(table.id, "window_opened")
    assert after.version > table.version
