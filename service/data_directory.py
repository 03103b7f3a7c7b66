"""The data directory of an installation: whose it is, what it was made for, and where everything in it lies."""

import fcntl
import hashlib
import json
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from service.startup_refusals import (
    AlreadyRunning,
    DataDirectoryForeign,
    DataDirectoryOtherMode,
    DataDirectoryReadOnly,
)

MARK = "goaltrail.json"
FORMAT = 1
FOLDERS = ("run", "logs", "keys", "mail")
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A data directory that is ours; `mode` (demo, production or simulation) was fixed when it was made."""

    root: Path
    mode: str
    lock: IO[str]

    @property
    def run(self) -> Path:
        """What only matters while it runs: sockets, ready files, the address for the operator's commands."""
        return self.root / "run"

    @property
    def sockets(self) -> Path:
        """Where the servers' sockets lie: in `run`, or in a private short folder where that path would be too long."""
        folder = self.run / "sockets"
        if len(os.fsencode(folder / LONGEST_SOCKET_NAME)) < LONGEST_SOCKET_PATH:
            return folder
        name = f"gt-{os.geteuid()}-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:10]}"
        return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name

    @property
    def logs(self) -> Path:
        """One log for each part."""
        return self.root / "logs"

    @property
    def secret_key(self) -> Path:
        """The file with the web's secret key."""
        return self.root / "keys" / "secret.key"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder."""
        return self.root / "postgres"

    @property
    def planted(self) -> bool:
        """Whether the demonstration data have been planted."""
        return (self.root / "demo.planted").exists()

    def note_planted(self) -> None:
        """Remember that the demonstration data have been planted."""
        (self.root / "demo.planted").write_text(f"{datetime.now(UTC).isoformat()}\n", encoding="ascii")


def open_data_directory(root: Path, mode: str | None) -> DataDirectory:
    """Make the directory on the first start (a demo unless told otherwise), or open ours; lock it for this run.

    `mode` None takes an existing directory as it is. Raises DataDirectoryReadOnly, DataDirectoryForeign,
    DataDirectoryOtherMode, AlreadyRunning; nothing is changed then.
    """
    refuse_foreign(root)
    marked = marked_mode(root)
    if marked and mode and marked != mode:
        raise DataDirectoryOtherMode(f"数据目录 {root} 建立时的用途是 {marked}，不能改作 {mode}。请另选目录。")
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in FOLDERS:
            (root / name).mkdir(mode=0o700, exist_ok=True)
        lock = _locked(root)
        if not marked:
            _mark(root, mode or "demo")
        directory = DataDirectory(root, marked or mode or "demo", lock)
        _make_private(directory.sockets)
        _ensure_key(directory.secret_key)
    except OSError as refused:
        raise DataDirectoryReadOnly(f"数据目录 {root} 不可写（{refused.strerror}）。请另选目录。") from refused
    return directory


def refuse_foreign(root: Path) -> None:
    """Raise DataDirectoryForeign where something lies at `root` that is not a data directory of this format."""
    if not root.exists():
        return
    if not root.is_dir():
        raise DataDirectoryForeign(f"{root} 不是目录，未作任何改动。请另选目录。")
    try:
        names = {path.name for path in root.iterdir()}
    except OSError as refused:
        raise DataDirectoryReadOnly(f"无法读取目录 {root}（{refused.strerror}）。请另选目录。") from refused
    if names - {*FOLDERS, MARK} and MARK not in names:
        raise DataDirectoryForeign(f"{root} 不是空的，也不是本系统的数据目录，未作任何改动。请另选目录。")


def marked_mode(root: Path) -> str | None:
    """The mode that the directory was made for; None before the first start. Raises DataDirectoryForeign."""
    try:
        mark = json.loads((root / MARK).read_text(encoding="utf-8"))
        if mark["format"] != FORMAT:
            raise DataDirectoryForeign(f"{root} 属于本系统的另一个版本（格式 {mark['format']}），未作任何改动。")
        return str(mark["mode"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as damaged:
        raise DataDirectoryForeign(f"{root}/{MARK} 无法读懂，未作任何改动。") from damaged


def _mark(root: Path, mode: str) -> None:
    text = json.dumps({"format": FORMAT, "mode": mode, "created": datetime.now(UTC).isoformat()})
    temporary = root / "run" / f"{MARK}.new"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(root / MARK)


def _locked(root: Path) -> IO[str]:
    lock = (root / "run" / "lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        lock.close()
        sentence = f"数据目录 {root} 上已有一个实例正在运行，请先停止它，或用 --data-dir 另选目录。"
        raise AlreadyRunning(sentence) from held
    return lock


def _ensure_key(file: Path) -> None:
    if not file.exists():
        temporary = file.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as key:
            key.write(secrets.token_hex(32))
        temporary.replace(file)


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise DataDirectoryForeign(f"{folder} 属于他人，不能用来放置套接字。请删除它，或另选数据目录。")
