"""What one installation consists of: its servers, the addresses of its roles, and the children of the Procfile."""

import hashlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path

from service.data_directory import DataDirectory
from service.database_choice import choose_broker, choose_installation
from service.embedded_postgres import DATABASE, EmbeddedPostgres, new_password
from service.embedded_valkey import EmbeddedValkey
from service.processes import Child, arguments_of
from service.run_as import copied_binaries, run_as
from service.startup_refusals import OneRoleForEverything
from workflows.anchors.places import ANCHORS, LOG_KEY, WITNESS_LISTEN, WITNESS_URLS, anchor_directory, url_of
from workflows.store.provisioning import (
    APPLICATION,
    AUDITOR,
    OWNER,
    ROLES,
    SEALER,
    database_question,
    database_statements,
    provisioning_statements,
    role_statements,
)

STATE_OF_ROOT = Path("/var/lib/goaltrail")
SECRETS = ("DATABASE_URL", "REDIS_URL", "GOALTRAIL_OWNER_URL", "GOALTRAIL_SEALER_URL", "GOALTRAIL_AUDIT_URL")
PROJECT = Path(__file__).resolve().parents[1]
SEALING = ("sealer", "checkpoints")
"""The children that work with the sealer's role; all others but the witness have the application's."""
WITNESS = "witness"
NOT_FOR_THE_WITNESS = (
    "GOALTRAIL_SECRET_KEY", "GOALTRAIL_BROKER_URL", "GOALTRAIL_REDIS_URL", "GOALTRAIL_SMTP_URL", "GOALTRAIL_CHANNELS",
    LOG_KEY, ANCHORS,
)  # fmt: skip
"""It judges the log from outside, so it holds nothing of it but what it is shown."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """How each role reaches the database; the owner's is None where the administrator keeps it."""

    owner: str | None
    application: str
    sealer: str
    auditor: str | None


@dataclass(frozen=True, slots=True)
class BrokerAddresses:
    """One broker in the spellings of Celery and of the redis client."""

    celery: str
    redis: str


def embedded_postgres(directory: DataDirectory, environment: Mapping[str, str]) -> EmbeddedPostgres:
    """The installation's own cluster, not yet made or started.

    Raises NoDatabaseServer, NoWayForRoot, OtherDatabaseVersion.
    """
    installation = choose_installation(environment)
    way = run_as(environment, installation.program("postgres"), directory.root)
    data, sockets = directory.cluster, directory.sockets
    if way.way == "copy":
        home = home_of_another_user(directory.root)
        data, sockets = home / "postgres", home / "sockets"
        sockets.mkdir(mode=0o700, exist_ok=True)
        way.own(sockets)
        installation = replace(installation, folder=_copy_once(installation.folder, home / f"{installation.major}"))
    server = EmbeddedPostgres(installation, way, data, sockets, directory.logs / "postgres.log")
    if server.exists:
        server.refuse_other_version()
    return server


def home_of_another_user(root: Path) -> Path:
    """Where the cluster lies when root must run it as somebody else, who may not enter root's folders."""
    home = STATE_OF_ROOT / hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    return home


def _copy_once(folder: Path, target: Path) -> Path:
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.new")
        copied_binaries(folder, unfinished)
        unfinished.rename(target)
    return target / folder.parent.name / folder.name


def prepare_database(server: EmbeddedPostgres) -> Addresses:
    """Make the cluster on the first start; give every role a fresh password on each; nothing of it reaches the disk.

    Raises DatabaseFailed.
    """
    server.clear_leftovers()
    passwords = {role: new_password() for role in ROLES}
    made = server.exists
    if not made:
        server.create()
    server.run_alone(role_statements(passwords))
    if DATABASE not in server.run_alone([database_question(DATABASE)]):
        server.run_alone(database_statements(DATABASE))
    server.run_alone(provisioning_statements(), database=DATABASE)
    owner, application, sealer, auditor = (server.url(role, passwords[role]) for role in ROLES)
    return Addresses(owner, application, sealer, auditor)


def outside_addresses(environment: Mapping[str, str]) -> Addresses | None:
    """The addresses of a database from outside, where DATABASE_URL (the application's) names one.

    Raises OneRoleForEverything where the sealer has no account of its own.
    """
    application = environment.get("DATABASE_URL")
    if not application:
        return None
    sealer, owner = environment.get("GOALTRAIL_SEALER_URL"), environment.get("GOALTRAIL_OWNER_URL")
    for address, role in ((application, APPLICATION), (sealer, SEALER), (owner, OWNER)):
        if (address or role != OWNER) and f"//{role}:" not in (address or "") and f"//{role}@" not in (address or ""):
            raise OneRoleForEverything(
                f"使用外部数据库时，DATABASE_URL 须用 {APPLICATION}，GOALTRAIL_SEALER_URL 须用 {SEALER}，"
                f"GOALTRAIL_OWNER_URL（仅迁移时需要）须用 {OWNER}；{AUDITOR} 留给审计。"
                "请先运行 python3 -m service migrate 建立角色。"
            )
    return Addresses(owner and _driver(owner), _driver(application), _driver(sealer or ""), None)


def _driver(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else address


def broker_addresses(
    directory: DataDirectory, environment: Mapping[str, str]
) -> tuple[BrokerAddresses, EmbeddedValkey | None]:
    """The broker's addresses: REDIS_URL, or a broker of our own, which is returned unstarted.

    Raises NoBrokerServer.
    """
    outside = environment.get("REDIS_URL")
    if outside:
        celery = outside.replace("unix://", "redis+socket://", 1)
        return BrokerAddresses(celery, outside), None
    server = EmbeddedValkey(choose_broker(environment), directory.sockets, directory.logs / "broker.log")
    return BrokerAddresses(server.celery_url, server.redis_url), server


def environment_of_children(
    directory: DataDirectory, broker: BrokerAddresses, port: int, environment: Mapping[str, str]
) -> dict[str, str]:
    """What every child of the Procfile finds in its environment, still without any address of the database."""
    passed_on = {name: value for name, value in environment.items() if name not in SECRETS}
    listen = environment.get(WITNESS_LISTEN) or f"unix:{directory.sockets / 'witness.sock'}"
    return {
        **passed_on,
        "GOALTRAIL_DATA_DIR": str(directory.root),
        "GOALTRAIL_SECRET_KEY": str(directory.secret_key),
        "GOALTRAIL_MODE": directory.mode,
        "GOALTRAIL_BROKER_URL": broker.celery,
        "GOALTRAIL_REDIS_URL": broker.redis,
        "GOALTRAIL_PORT": str(port),
        "GOALTRAIL_PUBLIC_URL": environment.get("GOALTRAIL_PUBLIC_URL") or public_url_of(directory.mode, port),
        ANCHORS: str(anchor_directory(environment, directory.root)),
        WITNESS_LISTEN: listen,
        WITNESS_URLS: environment.get(WITNESS_URLS, url_of(listen)),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(PROJECT),
        "TZ": environment.get("TZ", "Asia/Shanghai"),
    }


def public_url_of(mode: str, port: int) -> str:
    """Return under which address people reach a demonstration; elsewhere only its operator knows, and says it."""
    return f"http://127.0.0.1:{port}" if mode == "demo" else ""


def children(
    lines: Mapping[str, str], directory: DataDirectory, addresses: Addresses, shared: Mapping[str, str], programs: Path
) -> list[Child]:
    """The lines of the Procfile but `release`, each with its own role's address and its own way to say it is ready."""
    made = []
    for name, command in lines.items():
        if name != "release":
            ready = directory.run / f"{name}.ready"
            environment = {**what_it_may_know(name, addresses, shared), "GOALTRAIL_READY_FILE": str(ready)}
            arguments = arguments_of(command, environment, programs)
            healthy = answers_ready(int(shared["GOALTRAIL_PORT"])) if name == "web" else ready.exists
            log = directory.logs / f"{name}.log"
            made.append(Child(name, arguments, environment, PROJECT, log, healthy, ready))
    return made


def what_it_may_know(name: str, addresses: Addresses, shared: Mapping[str, str]) -> dict[str, str]:
    """The environment of one child: its own role's address of the database, and for the witness none at all."""
    if name == WITNESS:
        return {key: value for key, value in shared.items() if key not in NOT_FOR_THE_WITNESS}
    return {**shared, "GOALTRAIL_DATABASE_URL": addresses.sealer if name in SEALING else addresses.application}


def answers_ready(port: int) -> Callable[[], bool]:
    """A question to the web on this port: is it ready, but for notes that are refused or still to come?

    An installation whose checkpoints are refused must come up, or nobody could see why; `up` and /readyz say it.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def asked() -> bool:
        try:
            with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as not_ready:
            with not_ready:
                return _waits_only_for_notes(not_ready)
        except OSError:
            return False

    return asked


def _waits_only_for_notes(answer: urllib.error.HTTPError) -> bool:
    try:
        checks = json.loads(answer.read())["checks"]
        return {name for name, check in checks.items() if not check["ok"]} == {"checkpoints"}
    except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError):
        return False
