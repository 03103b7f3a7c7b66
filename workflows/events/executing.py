"""Facts of executed amounts that came in by file: the file as a whole, and the amount of each table."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ExecutionImported(Event):
    """A file of executed amounts came in: its bytes by hash, what it says of when, its lines as kept content.

    The content (`content_hash`) holds `lines` (row, table, code, unit, title, executed, budget, amount) and `rest`
    (row, code, unit, title, executed, why); amounts are in the file's `amount_unit` but `amount` is in the table's.
    `total` = `matched` + `rest`, in the file's unit.
    """

    kind = "execution.imported"
    name: str
    bytes_sha256: str
    size: int
    year: int
    date: str
    amount_unit: str
    tables: tuple[str, ...]
    total: str
    matched: str
    rest: str
    content_hash: str


@dataclass(frozen=True)
class ExecutionRecorded(Event):
    """A row of such a file is about this table: executed (and adjusted budget) up to a day, in the table's unit."""

    kind = "execution.recorded"
    batch: str
    row: int
    executed: str
    budget: str | None
    date: str
