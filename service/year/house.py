"""A simulation's own servers and workers: PostgreSQL and broker in a folder, the Procfile's workers beside them."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.data_directory import DataDirectory, marked_mode, open_data_directory
from service.embedded_postgres import EmbeddedPostgres
from service.host_operator import host_operator
from service.installation import (
    PROJECT,
    Addresses,
    broker_addresses,
    children,
    embedded_postgres,
    environment_of_children,
    prepare_database,
)
from service.owner_use import record_use
from service.processes import Child, procfile_lines
from service.startup_refusals import DataDirectoryForeign
from service.supervisor import Part, Supervisor
from workflows.anchors.places import ANCHORS, LOG_KEY, WITNESS, WITNESS_LISTEN, WITNESS_URLS
from workflows.store.migrating import upgrade
from workflows.store.provisioning import retire_owner
from workflows.store.transaction import Transaction

SECONDS_TO_BE_READY = 60.0
NOT_NEEDED, SLOWEST = ("web",), "worker"
UNHURRIED = {"synchronous_commit": "off"}
CARELESS = {"synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}
"""How carefully a simulation writes to disk: its data can be made again, and a temporary one goes anyway."""
OFTEN = {"GOALTRAIL_LOOK_SECONDS": "0.03"}
"""A year passes in a minute, so its dispatcher looks more often than in real life."""
FROM_OUTSIDE = (
    "DATABASE_URL", "REDIS_URL", "GOALTRAIL_SMTP_URL", ANCHORS, LOG_KEY, WITNESS, WITNESS_LISTEN, WITNESS_URLS,
    "GOALTRAIL_CHANNELS", "GOALTRAIL_PUBLIC_URL", "GOALTRAIL_QUIET_HOURS",
)  # fmt: skip
"""A simulation never touches an installation's database, broker, notes or witness, and sends no mail to anybody."""


@dataclass(frozen=True)
class Place:
    """Where a simulation lives, and whether it stays there afterwards."""

    root: Path
    stays: bool


@dataclass(frozen=True)
class House:
    """A running simulation: its folder, the application's address of its database, and who looks after its parts."""

    directory: DataDirectory
    database_url: str
    supervisor: Supervisor
    servers: Sequence[Part]

    @property
    def mail_folder(self) -> Path:
        """Return where mails are dropped."""
        return self.directory.root / "mail"

    def dismiss_workers(self) -> None:
        """Stop everything but the servers, so that nothing moves while the year is counted."""
        _ask_the_slowest_to_end(self.supervisor)
        for part in reversed(self.supervisor.parts[len(self.servers) :]):
            part.stop()
        self.supervisor.parts = self.servers


@contextmanager
def simulation_folder(chosen: str | None) -> Iterator[Place]:
    """Give the chosen folder, which stays, or a temporary one, which goes; one used before is refused."""
    if chosen is not None:
        if marked_mode(Path(chosen)) is not None:
            raise DataDirectoryForeign(f"{chosen} 已是一个数据目录，年度模拟需要一个新的目录。")
        yield Place(Path(chosen).resolve(), stays=True)
        return
    folder = Path(tempfile.mkdtemp(prefix="gty-"))
    try:
        yield Place(folder / "data", stays=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_house(place: Place, *, begins: datetime, workers: bool) -> Iterator[House]:
    """Start everything in a folder of its own, the virtual clock at `begins`; stop everything at the end."""
    environment = {name: value for name, value in os.environ.items() if name not in FROM_OUTSIDE}
    directory = open_data_directory(place.root, "simulation")
    database = embedded_postgres(directory, environment)
    database.settings = UNHURRIED if place.stays else CARELESS
    addresses = prepare_database(database)
    broker, server = broker_addresses(directory, environment)
    servers: list[Part] = [database, *([server] if server else [])]
    supervisor = Supervisor(servers, directory.run / "processes.json", _tell)
    try:
        supervisor.start()
        _migrate(addresses, begins)
        if workers:
            shared = environment_of_children(directory, broker, 0, environment) | OFTEN
            hands = children(_lines(), directory, addresses, shared, Path(sys.executable).parent)
            supervisor.parts = [*servers, *hands]
            supervisor.start()
        yield House(directory, addresses.application, supervisor, servers)
    finally:
        _ask_the_slowest_to_end(supervisor)
        supervisor.stop()
        directory.lock.close()
        if not place.stays:
            _forget(database, place)


def _ask_the_slowest_to_end(supervisor: Supervisor) -> None:
    """Let the worker finish while the supervisor stops the others, which takes it last before the servers."""
    for part in supervisor.parts:
        if isinstance(part, Child) and part.name == SLOWEST and part.process is not None:
            part.process.terminate()


def _forget(database: EmbeddedPostgres, place: Place) -> None:
    """Remove a cluster that lies outside of the temporary folder, where root runs it as somebody else."""
    if not database.data.is_relative_to(place.root):
        shutil.rmtree(database.data.parent, ignore_errors=True)


def _lines() -> Mapping[str, str]:
    lines = procfile_lines((PROJECT / "Procfile").read_text(encoding="utf-8"))
    return {name: command for name, command in lines.items() if name not in NOT_NEEDED}


def _migrate(addresses: Addresses, begins: datetime) -> None:
    if addresses.owner:
        upgrade(addresses.owner, "simulation", begins=begins, then=_record)
        retire_owner(addresses.owner)


def _record(tx: Transaction) -> None:
    record_use(tx, purpose="建立模拟环境", by=host_operator())


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the operator's terminal
