"""A database whose sealed log grows by command and can be copied as a backup would, and the process that signs it."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import Engine

from tests.store.acting import grow
from tests.support.cluster import TEMPLATE, Database, TestCluster
from tests.support.faulty_disk import HastyDisk
from workers.checkpoints import Checkpointer
from workers.witness_calls import Witness
from workflows.anchors.disk import Disk
from workflows.store.migrating import upgrade
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine
from workflows.store.tree import log_identity, root_at

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Ledger:
    """A database with its log, which grows by sealed events, and can be copied as a backup would copy it."""

    cluster: TestCluster
    database: Database
    engines: list[Engine] = field(default_factory=list)

    def engine(self, url: str) -> Engine:
        self.engines.append(make_engine(url, connections=2))
        return self.engines[-1]

    def __post_init__(self) -> None:
        self.app, self.sealer = self.engine(self.database.app_url), self.engine(self.database.sealer_url)

    def grow(self, count: int) -> None:
        with begin(self.app) as tx:
            stream = uuid4()
            for number in range(count):
                grow(tx, stream, number)
        with begin(self.sealer) as tx:
            while seal_batch(tx) > 0:
                pass

    def root(self, size: int) -> bytes:
        with begin(self.app) as tx:
            return root_at(tx, size)

    def origin(self) -> str:
        with begin(self.app) as tx:
            return log_identity(tx).origin

    def copied(self) -> "Ledger":
        for engine in self.engines:
            engine.dispose()
        return Ledger(self.cluster, self.cluster.new_database(self.database.name))

    def tamper(self, sql: str) -> None:
        """What a superuser does who turns the triggers off first."""
        with psycopg.connect(self.database.superuser_url.replace("postgresql+psycopg", "postgresql")) as connection:
            for table in ("leaf", "tile", "checkpoint"):
                connection.execute(f"ALTER TABLE log.{table} DISABLE TRIGGER ALL")
            connection.execute(sql)

    def drop(self) -> None:
        for engine in self.engines:
            engine.dispose()
        self.cluster.drop(self.database)


def new_ledger(cluster: TestCluster, mode: str = "production") -> Ledger:
    made = Ledger(cluster, cluster.new_database(TEMPLATE))
    upgrade(made.database.owner_url, mode)
    return made


def signer(ledger: Ledger, home: Path, *urls: str, disk: Disk | None = None) -> Checkpointer:
    return Checkpointer(
        ledger.sealer, home / "anchors", home / "keys" / "log.key", [Witness(url) for url in urls],
        disk or HastyDisk(), lambda: NOW, os.urandom,
    )  # fmt: skip
