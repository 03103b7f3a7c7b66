"""What races: the raw loop of six round trips, the same rows in one statement, and the product's own verb."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg

from service.bench.ground import Ground
from service.bench.statements import statement
from service.bench.town import House
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine

BODY = b'{"kind":"task.decided","data":"' + b"x" * 357 + b'"}'
"""As long as an event of one approval: 390 bytes."""
WAITS_AT = 6 - 1
"""The version of a table that waits for its unit's head: its life's events but the document's."""


class Contestant(Protocol):
    """One way to do one thing, and the server process that serves it."""

    backend: int

    def act(self, item: Any) -> None:
        """Do it once."""


class RawLoop:
    """The yardstick: psycopg, one row locked and read, an event, the state, an outbox row, six round trips."""

    def __init__(self, ground: Ground) -> None:
        """Connect; statements are prepared from their fifth run on."""
        self.connection = psycopg.connect(ground.raw, autocommit=True)
        self.backend = self.connection.info.backend_pid
        self.read, self.event = statement("raw read"), statement("raw event")
        self.update, self.outbox = statement("raw update"), statement("raw outbox")

    def act(self, item: Any) -> None:
        """Approve once."""
        run = self.connection.execute
        run("BEGIN")
        version, _, _ = run(self.read, (item,)).fetchone() or (0, "", "")
        run(self.event, (item, version + 1, BODY))
        run(self.update, (version + 1, "department_review", item))
        run(self.outbox, (item, version + 1, "planner-0000"))
        run("COMMIT")


class OneStatement:
    """The same rows in one statement, which commits itself."""

    def __init__(self, ground: Ground) -> None:
        """Connect."""
        self.connection = psycopg.connect(ground.raw, autocommit=True)
        self.backend = self.connection.info.backend_pid
        self.sql = statement("raw one statement")

    def act(self, item: Any) -> None:
        """Approve once."""
        values = {"id": item, "stage": "department_review", "body": BODY, "recipient": "planner-0000"}
        self.connection.execute(self.sql, values)


class Approval:
    """The product's verb: guards, segregation, chain link, event, read tables, outbox, timers, one durable commit."""

    def __init__(self, ground: Ground) -> None:
        """Open an engine as the web does, with one connection."""
        self.engine = make_engine(ground.application, connections=1)
        with begin(self.engine) as tx:
            self.backend = int(tx.scalar(statement("my process")))

    def act(self, item: tuple[UUID, int]) -> None:
        """Let a unit's head approve a table that waits for exactly this."""
        table_id, house = item
        with begin(self.engine) as tx:
            approve_table(
                PostgresJournal(tx), table_id, seen=Seen(WAITS_AT), by=House(house).head, command_id=uuid4(),
                opinion="同意",
            )  # fmt: skip


CONTESTANTS: Mapping[str, Callable[[Ground], Contestant]] = {
    "raw": RawLoop, "one": OneStatement, "approval": Approval,
}  # fmt: skip
