"""One private PostgreSQL cluster: made, started, stopped and given its roles, reached only through a unix socket."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.database_choice import ServerInstallation
from service.run_as import RunAs
from service.startup_refusals import DatabaseFailed, OtherDatabaseVersion

DATABASE = "goaltrail"
SUPERUSER = "postgres"
ACCESS_RULES = f"local {DATABASE} gt_owner,gt_app,gt_sealer,gt_audit scram-sha-256\n"
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
    "unix_socket_permissions": "0700",
}
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 60.0


@dataclass(slots=True)
class EmbeddedPostgres:
    """A cluster in `data`, its socket in `sockets`, its server's output in `log`.

    `access_rules` is the text of pg_hba.conf; `settings` go over SETTINGS.
    """

    installation: ServerInstallation
    run_as: RunAs
    data: Path
    sockets: Path
    log: Path
    access_rules: str = ACCESS_RULES
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    name: str = "postgres"

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the cluster with data checksums, UTF-8 and an order by code point; an interrupted try leaves no trace.

        Raises DatabaseFailed.
        """
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        self.run_as.own(unfinished)
        self._run("initdb", "-D", unfinished, *self._initdb_arguments())
        unfinished.rename(self.data)

    def refuse_other_version(self) -> None:
        """Raise OtherDatabaseVersion where the cluster was made by another major version than the one installed."""
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(self.installation.major):
            sentence = (
                f"数据目录中的数据库属于 PostgreSQL {made_by},而当前可用的是 PostgreSQL {self.installation.major},"
                "二者不能混用。未作任何改动:请换回原来的版本,或先导出再导入。"
            ).replace(",", "，").replace(":", "：")
            raise OtherDatabaseVersion(sentence, made_by=made_by, installed=self.installation.major)

    def run_alone(self, statements: Iterable[str], *, database: str = SUPERUSER) -> str:
        """Run statements as superuser in the stopped cluster, with no connection and no password; returns the output.

        Raises DatabaseFailed at the first statement that fails; the statements themselves are never logged.
        """
        quiet = ("-c", "exit_on_error=on", "-c", "log_min_error_statement=panic", "-c", "log_checkpoints=off")
        lines = "".join(f"{' '.join(statement.split())}\n" for statement in statements)
        return self._run("postgres", "--single", "-D", self.data, *quiet, database, lines=lines)

    def start(self) -> None:
        """Start the server and wait until it takes connections; recovery after a crash happens here.

        Raises DatabaseFailed.
        """
        self.clear_leftovers()
        (self.data / "pg_hba.conf").write_text(self.access_rules, encoding="utf-8")
        options = [f"--{name}={value}" for name, value in {**SETTINGS, **self.settings}.items()]
        arguments = self._command("postgres", "-D", self.data, "-k", self.sockets, *options)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_bare_environment(),
                cwd="/",
                **self.run_as.identity(),
            )
        self._wait_until_ready()

    def ready(self) -> bool:
        """Whether the server runs and takes connections."""
        return self.process is not None and self.process.poll() is None and server_status(self.data) == "ready"

    def stop(self, mode: str = "fast") -> int:
        """Stop the server (`smart`, `fast` or `immediate`) and return its exit code."""
        if self.process is None:
            return 0
        signals = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
        self.process.send_signal(signals[mode])
        code = self.process.wait(SECONDS_TO_STOP)
        self.process = None
        return code

    def clear_leftovers(self) -> None:
        """End what an earlier run, itself killed, left at work in this cluster, with its pid files."""
        if Path("/proc/self/cwd").exists():
            kill_leftovers(self.data)
            for stale in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)

    def kill(self) -> None:
        """End the server and every process of it at once, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            kill_leftovers(self.data)
            self.process = None

    def url(self, role: str, password: str, *, database: str = DATABASE) -> str:
        """The SQLAlchemy address by which a role reaches a database of this cluster."""
        return f"postgresql+psycopg://{role}:{password}@/{database}?host={self.sockets}"

    def _initdb_arguments(self) -> list[str]:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.installation.major >= 17 else []
        return ["-k", "-U", SUPERUSER, "--encoding=UTF8", "--locale=C", *builtin, "--auth=reject", "--no-instructions"]

    def _command(self, name: str, *arguments: str | Path) -> list[str]:
        return self.run_as.command([str(self.installation.program(name)), *map(str, arguments)])

    def _run(self, name: str, *arguments: str | Path, lines: str = "") -> str:
        done = subprocess.run(
            self._command(name, *arguments),
            check=False,
            input=lines,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=_bare_environment(),
            cwd="/",
            **self.run_as.identity(),
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(done.stderr)
        if done.returncode != 0:
            raise DatabaseFailed(f"数据库程序 {name} 失败：{done.stderr.strip()[-500:]}")
        return str(done.stdout)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            if server_status(self.data) == "ready":
                return
            time.sleep(0.02)
        self.kill()
        raise DatabaseFailed(f"数据库未能在 {SECONDS_TO_START:.0f} 秒内启动，请查看日志 {self.log}。")


def server_status(data: Path) -> str:
    """The state that a running server writes into its pid file: starting, ready, stopping, or empty without one."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else "starting"


def kill_leftovers(data: Path) -> None:
    """Kill every server process that still works in the cluster's folder (found through Linux's /proc)."""
    deadline = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < deadline:
        left = [process for process in Path("/proc").glob("[0-9]*") if _serves(process, data)]
        if not left:
            return
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(int(process.name), signal.SIGKILL)
        time.sleep(0.02)


def _serves(process: Path, data: Path) -> bool:
    try:
        name = (process / "comm").read_text(encoding="utf-8").strip()
        state = (process / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
        return name == "postgres" and state != "Z" and (process / "cwd").samefile(data)
    except OSError:
        return False


def new_password() -> str:
    """A random password that needs no quoting in an address or in SQL."""
    return secrets.token_urlsafe(24)


def _bare_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
