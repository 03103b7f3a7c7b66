"""The ground of a measurement: a PostgreSQL cluster of its own in a folder that goes away, safe writes, our schema."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from service.bench.statements import statement
from service.database_choice import choose_installation
from service.embedded_postgres import DATABASE, SUPERUSER, EmbeddedPostgres, new_password
from service.run_as import run_as
from workflows.store.migrating import upgrade
from workflows.store.provisioning import ROLES, database_statements, provisioning_statements, role_statements

EVERYBODY = "local all all scram-sha-256\n"


@dataclass(frozen=True)
class Ground:
    """Where a measurement happens: a folder, and the address of each role in SQLAlchemy's spelling."""

    folder: Path
    superuser: str
    application: str
    sealer: str

    @property
    def raw(self) -> str:
        """The superuser's address in psycopg's own spelling, for the yardsticks and for laying the stock."""
        return plain(self.superuser)


def plain(url: str) -> str:
    """Return psycopg's own spelling of an address."""
    return url.replace("postgresql+psycopg", "postgresql", 1)


@contextmanager
def made_ground() -> Iterator[Ground]:
    """Make the cluster with the server's ordinary durability, the schema of the product and the yardsticks' tables."""
    folder = Path(tempfile.mkdtemp(prefix="gt-bench-"))
    folder.chmod(0o711)
    server = _server(folder)
    try:
        passwords = {role: new_password() for role in (SUPERUSER, *ROLES)}
        server.run_alone([*role_statements(passwords), f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'"])
        for made in database_statements(DATABASE):
            server.run_alone([made])
        server.run_alone(provisioning_statements(), database=DATABASE)
        server.start()
        urls = {role: server.url(role, password) for role, password in passwords.items()}
        upgrade(urls["gt_owner"], "demo")
        with psycopg.connect(plain(urls[SUPERUSER]), autocommit=True) as connection:
            connection.execute(statement("yardstick tables"))
        yield Ground(folder, urls[SUPERUSER], urls["gt_app"], urls["gt_sealer"])
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _server(folder: Path) -> EmbeddedPostgres:
    installation = choose_installation(os.environ)
    server = EmbeddedPostgres(
        installation=installation, run_as=run_as(os.environ, installation.program("postgres"), folder),
        data=folder / "data", sockets=folder / "s", log=folder / "postgres.log", access_rules=EVERYBODY,
        settings={"max_wal_size": "4GB"},
    )  # fmt: skip
    server.sockets.mkdir(mode=0o700)
    server.run_as.own(server.sockets)
    server.create()
    return server
