"""`up`: everything an installation needs, started in order, watched, and stopped in order."""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from service.data_directory import DataDirectory, open_data_directory, refuse_foreign
from service.embedded_postgres import EmbeddedPostgres
from service.installation import (
    PROJECT,
    Addresses,
    broker_addresses,
    children,
    embedded_postgres,
    environment_of_children,
    outside_addresses,
    prepare_database,
)
from service.processes import arguments_of, end_leftovers, procfile_lines
from service.startup_refusals import PortInUse, ReleaseFailed
from service.supervisor import Part, Supervisor
from workflows.anchors.alarm import alarm_in
from workflows.anchors.places import ANCHORS, WITNESS_URLS, anchor_directory
from workflows.errors import NotANote

PORT = 8765
RECORD = "processes.json"
SECONDS_TO_BE_READY = 90.0
TOO_NEAR = f"  注意：检查点与数据库同在一台机器上，防不住掌握整机的人；请用 {ANCHORS} 放到别的磁盘或主机。"
WITNESS_TOO_NEAR = f"  注意：见证人也在本机；应由审计管理员在别处运行，用 {WITNESS_URLS} 指明（docs/witness.md）。"


def main(arguments: list[str]) -> int:
    """Run an installation until Ctrl-C or SIGTERM; exit code 0 if every part ended with 0."""
    options = _options(arguments)
    began = time.monotonic()
    stopping = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stopping.set())
    root = Path(options.data_dir).resolve() if options.data_dir else default_data_directory(PROJECT)
    refuse_foreign(root)
    if not (root / "run" / RECORD).exists():
        refuse_taken_port(options.port)
    directory = open_data_directory(root, "production" if options.no_demo else None)
    end_leftovers(directory.run / RECORD)
    refuse_taken_port(options.port)
    supervisor = Supervisor([], directory.run / RECORD, _tell, stopping)
    try:
        start_everything(supervisor, directory, options.port, os.environ)
        if not stopping.is_set():
            _announce(directory, options, time.monotonic() - began)
        supervisor.watch()
    finally:
        codes = supervisor.stop()
        _forget(directory)
    return _say_goodbye(codes)


def start_everything(
    supervisor: Supervisor, directory: DataDirectory, port: int, environment: Mapping[str, str]
) -> None:
    """Start servers, release, plant the demonstration once, start the Procfile and wait until all are ready."""
    addresses = outside_addresses(environment)
    broker, broker_server = broker_addresses(directory, environment)
    servers: list[Part] = [broker_server] if broker_server else []
    if addresses is None:
        database = embedded_postgres(directory, environment)
        addresses = prepare_database(database)
        servers.insert(0, database)
    supervisor.parts = servers
    supervisor.start()
    programs = Path(sys.executable).parent
    shared = environment_of_children(directory, broker, port, environment)
    procfile = Path(environment.get("GOALTRAIL_PROCFILE", PROJECT / "Procfile"))
    lines = procfile_lines(procfile.read_text(encoding="utf-8"))
    embedded = any(isinstance(part, EmbeddedPostgres) for part in servers)
    if addresses.owner:
        keep = "" if embedded else " --keep-owner"
        owner = {**shared, "GOALTRAIL_OWNER_URL": addresses.owner}
        run_to_its_end("release", lines["release"] + keep, owner, directory, programs)
    _leave_address(directory, addresses)
    if directory.mode == "demo" and not directory.planted:
        application = {**shared, "GOALTRAIL_DATABASE_URL": addresses.application}
        run_to_its_end("plant-demo", "python -m service plant-demo", application, directory, programs)
        directory.note_planted()
    supervisor.parts = [*servers, *children(lines, directory, addresses, shared, programs)]
    supervisor.start()
    supervisor.wait_until_ready(SECONDS_TO_BE_READY)


def run_to_its_end(
    name: str, command: str, environment: Mapping[str, str], directory: DataDirectory, programs: Path
) -> None:
    """Run one step of the start and wait for it.

    Raises ReleaseFailed with the last lines of its log.
    """
    log = directory.logs / f"{name}.log"
    with log.open("wb") as output:
        arguments = arguments_of(command, environment, programs)
        done = subprocess.run(
            arguments, check=False, env=dict(environment), cwd=PROJECT, stdout=output, stderr=output,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    if done.returncode != 0:
        last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
        raise ReleaseFailed(f"步骤 {name} 失败（退出码 {done.returncode}），日志 {log}：\n{last}")


def default_data_directory(project: Path) -> Path:
    """`.goaltrail` in the project, or a folder of the person's own where the project cannot be written."""
    if (project / ".goaltrail").exists() or os.access(project, os.W_OK):
        return project / ".goaltrail"
    return Path.home() / ".local" / "share" / "goaltrail"


def refuse_taken_port(port: int) -> None:
    """Raise PortInUse where something already listens on the port of this machine."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as taken:
            raise PortInUse(f"端口 {port} 不可用或已被占用，请用 --port 另选端口。") from taken


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service up", description="启动全部服务，按 Ctrl-C 停止。")
    parser.add_argument("--port", type=int, default=PORT, help=f"网页的端口（默认 {PORT}）")
    parser.add_argument("--data-dir", help="数据目录（默认项目下的 .goaltrail）")
    parser.add_argument("--json", action="store_true", help="就绪后输出一个 JSON 对象")
    parser.add_argument("--no-demo", action="store_true", help="建立正式环境，不放演示数据")
    return parser.parse_args(arguments)


def _leave_address(directory: DataDirectory, addresses: Addresses) -> None:
    file = directory.run / "app.url"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as address:
        address.write(addresses.application)


def _forget(directory: DataDirectory) -> None:
    (directory.run / "app.url").unlink(missing_ok=True)
    shutil.rmtree(directory.sockets, ignore_errors=True)
    directory.lock.close()


def _announce(directory: DataDirectory, options: argparse.Namespace, seconds: float) -> None:
    accounts = _accounts(directory)
    facts = {
        "address": f"http://127.0.0.1:{options.port}/",
        "mode": directory.mode,
        "accounts": accounts,
        "data": str(directory.root),
        "logs": str(directory.logs),
        "anchors": str(anchor_directory(os.environ, directory.root)),
        "pid": os.getpid(),
        "seconds": round(seconds, 2),
    }
    if options.json:
        print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    print(f"已就绪（{seconds:.1f} 秒）：{facts['address']}")
    for account in accounts:
        print("  " + "  ".join(str(value) for value in account.values()))
    print(f"数据目录：{directory.root}\n日志目录：{directory.logs}")
    for line in anchors_in_words(directory.root, os.environ):
        print(line)
    print(f"停止：按 Ctrl-C，或 kill {os.getpid()}", flush=True)


def anchors_in_words(root: Path, environment: Mapping[str, str]) -> list[str]:
    """Say where the signed notes lie outside the database, openly where that is too near, and what alarm stands."""
    anchors = anchor_directory(environment, root)
    said = [f"检查点目录：{anchors}"]
    if anchors.is_relative_to(root):
        said.append(TOO_NEAR)
    if not environment.get(WITNESS_URLS):
        said.append(WITNESS_TOO_NEAR)
    alarm = _alarm_in(anchors)
    return [*said, *([f"  警报：{alarm}"] if alarm else [])]


def _alarm_in(anchors: Path) -> str | None:
    try:
        alarm = alarm_in(anchors)
    except (NotANote, OSError):
        return f"{anchors} 无法读懂，请核查。"
    return f"{alarm.sentence}（自 {alarm.at}）" if alarm else None


def _accounts(directory: DataDirectory) -> list[dict[str, str]]:
    file = directory.root / "demo-accounts.json"
    if directory.mode != "demo" or not file.exists():
        return []
    accounts: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return accounts


def _say_goodbye(codes: Mapping[str, int]) -> int:
    failed = {name: code for name, code in codes.items() if code != 0}
    _tell("已全部停止。" if not failed else f"已停止，但退出码不为 0：{failed}")
    return 1 if failed else 0


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
