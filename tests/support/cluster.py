"""PostgreSQL clusters and brokers for the tests: real servers in their own short folders, gone with the test run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from service.database_choice import ServerInstallation, choose_broker, choose_installation
from service.embedded_postgres import SUPERUSER, EmbeddedPostgres, new_password
from service.embedded_valkey import EmbeddedValkey
from service.run_as import run_as
from workflows.store.migrating import upgrade
from workflows.store.provisioning import ROLES, database_statements, provisioning_statements, role_statements

TEMPLATE = "goaltrail_template"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}

QUICKLY = ("SET scram_iterations = 1",)
"""Passwords kept so that entering takes 0.7 ms of CPU instead of 3.6; a test run enters thousands of times."""


@dataclass(frozen=True, slots=True)
class Database:
    """The addresses of one fresh database, one for each role; SQLAlchemy's spelling."""

    name: str
    superuser_url: str
    owner_url: str
    app_url: str
    sealer_url: str
    audit_url: str


@dataclass(slots=True)
class TestCluster:
    """A cluster whose superuser has a password too, so that a test may look behind the curtain."""

    __test__ = False

    server: EmbeddedPostgres
    passwords: dict[str, str]
    names: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))

    def start(self) -> None:
        self.server.start()

    def stop(self, mode: str = "fast") -> int:
        return self.server.stop(mode)

    def kill(self) -> None:
        self.server.kill()

    def url(self, role: str, database: str) -> str:
        return self.server.url(role, self.passwords[role], database=database)

    def database(self, name: str) -> Database:
        owner, application, sealer, auditor = (self.url(role, name) for role in ROLES)
        return Database(name, self.url(SUPERUSER, name), owner, application, sealer, auditor)

    def run(self, *statements: str, database: str = SUPERUSER) -> None:
        address = self.url(SUPERUSER, database).replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def new_database(self, template: str | None = None) -> Database:
        """A database of its own: a copy of the migrated template, or an empty one."""
        name = f"t{next(self.names)}"
        made = database_statements(name)
        if template:
            made[0] = made[0].replace("TEMPLATE template0", f"TEMPLATE {template} STRATEGY file_copy")
        self.run(*made)
        return self.database(name)

    def drop(self, database: Database) -> None:
        self.run(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")

    def make_template(self) -> None:
        self.run(*database_statements(TEMPLATE))
        self.run(*provisioning_statements(), database=TEMPLATE)
        upgrade(self.url("gt_owner", TEMPLATE))


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's name, reachable by a server that runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="gt-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def made_server(folder: Path, installation: ServerInstallation | None = None, **settings: str) -> EmbeddedPostgres:
    """A cluster just made in the folder, not yet started; every role enters with its password."""
    installation = installation or choose_installation(os.environ)
    server = EmbeddedPostgres(
        installation=installation,
        run_as=run_as(os.environ, installation.program("postgres"), folder),
        data=folder / "data",
        sockets=folder / "s",
        log=folder / "postgres.log",
        access_rules="local all all scram-sha-256\n",
        settings=settings,
    )
    server.sockets.mkdir(mode=0o700)
    server.run_as.own(server.sockets)
    server.create()
    return server


def knows_quickly(server: EmbeddedPostgres) -> bool:
    """Whether this PostgreSQL can be told how often a password is hashed."""
    told_since = 16
    return server.installation.major >= told_since


@contextmanager
def running_cluster(**settings: str) -> Iterator[TestCluster]:
    """A started cluster with the four roles and the migrated template database."""
    with short_folder() as folder:
        server = made_server(folder, **settings)
        passwords = {role: new_password() for role in (SUPERUSER, *ROLES)}
        own = f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'"
        server.run_alone([*(QUICKLY if knows_quickly(server) else ()), *role_statements(passwords), own])
        cluster = TestCluster(server, passwords)
        cluster.start()
        try:
            cluster.make_template()
            yield cluster
        finally:
            cluster.stop("immediate")


@dataclass(slots=True)
class Broker:
    """A private Redis-like server; kill() ends it as a power cut would, start() brings it back empty."""

    server: EmbeddedValkey

    @property
    def celery_url(self) -> str:
        return self.server.celery_url

    @property
    def redis_url(self) -> str:
        return self.server.redis_url

    def start(self) -> None:
        self.server.start()

    def flushall(self) -> None:
        self.server.empty()

    def kill(self) -> None:
        self.server.kill()


@contextmanager
def running_broker() -> Iterator[Broker]:
    with short_folder() as folder:
        broker = Broker(EmbeddedValkey(choose_broker(os.environ), folder, folder / "broker.log"))
        broker.start()
        try:
            yield broker
        finally:
            broker.kill()
