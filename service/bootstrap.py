"""Makes the environment that all else runs in: a venv with the locked packages; knows only the standard library."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
RUN_LOCK, TEST_LOCK, INSTALLER_LOCK = "requirements.lock", "requirements-test.lock", "requirements-installer.lock"
OLDEST_PYTHON = (3, 11)
STAMP = "goaltrail.stamp"


class EnvironmentFailed(Exception):
    """The environment could not be made; the text is the sentence for the person at the terminal."""


def run_in_environment(arguments: list[str]) -> int:
    """Make the environment where it does not stand yet, then go on there with the same command line."""
    try:
        python = stand_up(PROJECT, TEST_LOCK if arguments[:1] == ["test"] else RUN_LOCK)
    except EnvironmentFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    environment = {**os.environ, "GOALTRAIL_ENVIRONMENT": str(python.parent.parent)}
    environment["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.execve(python, [str(python), "-m", "service", *arguments], environment)  # noqa: S606
    return 0


def stand_up(project: Path, lock: str) -> Path:
    """Return the python of an environment that holds exactly what the lock file names; raises EnvironmentFailed."""
    refuse_old_python(sys.version_info[:2])
    folder = environment_folder(project)
    python = folder / "bin" / "python"
    if _stands(folder, project, lock):
        return python
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _stands(folder, project, lock):
            _make(folder, project, lock)
    return python


def refuse_old_python(version: tuple[int, ...]) -> None:
    """Raise EnvironmentFailed for a Python older than the product can run on."""
    if version < OLDEST_PYTHON:
        found = ".".join(map(str, version))
        raise EnvironmentFailed(f"需要 Python 3.11 或更高版本，当前是 {found}。请改用更新的 python3 再运行。")


def environment_folder(project: Path) -> Path:
    """`.venv` in the project, or a folder of the person's own cache where the project cannot be written."""
    if os.access(project, os.W_OK):
        return project / ".venv"
    name = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
    return Path.home() / ".cache" / "goaltrail" / name / ".venv"


def digest(project: Path, lock: str) -> str:
    """What the environment's stamp holds for a lock: its hash together with the Python that runs."""
    python = f"{sys.version_info[:3]} {sys.base_prefix}".encode()
    return hashlib.sha256((project / lock).read_bytes() + python).hexdigest()


def _stands(folder: Path, project: Path, lock: str) -> bool:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="ascii"))
        return bool(stamp.get(lock) == digest(project, lock)) and (folder / "bin" / "python").exists()
    except (OSError, ValueError, AttributeError):
        return False


def _make(folder: Path, project: Path, lock: str) -> None:
    began = time.monotonic()
    _tell(f"正在准备运行环境 {folder} ……")
    (folder / STAMP).unlink(missing_ok=True)
    python = folder / "bin" / "python"
    if not _same_python(python):
        done = _run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)])
        if done.returncode != 0:
            raise EnvironmentFailed(
                f"无法建立 Python 虚拟环境（系统可能缺少 venv 模块，例如需要安装 python3-venv）。\n{_last(done)}"
            )
    _tell("正在安装锁定的软件包（首次需要从软件源下载）……")
    _install(python, project, lock)
    locks = (RUN_LOCK, TEST_LOCK) if lock == TEST_LOCK else (lock,)
    stamp = json.dumps({name: digest(project, name) for name in locks if (project / name).exists()})
    (folder / STAMP).write_text(stamp, encoding="ascii")
    _tell(f"运行环境已就绪（{time.monotonic() - began:.0f} 秒）。")


def _same_python(python: Path) -> bool:
    if not python.exists():
        return False
    done = _run([str(python), "-c", "import sys; print(sys.version_info[:3], sys.base_prefix)"])
    return done.returncode == 0 and done.stdout.strip() == f"{sys.version_info[:3]} {sys.base_prefix}"


def _install(python: Path, project: Path, lock: str) -> None:
    exact = ["--require-hashes", "-r", str(project / lock)]
    uv = _uv(python, project)
    if uv:
        done = _run([uv, "pip", "install", "--python", str(python), "--compile-bytecode", "--quiet", *exact])
        if done.returncode == 0:
            return
        _tell("uv 未能完成安装，改用 pip ……")
    done = _run([*_pip(python), "install", "--quiet", *exact])
    if done.returncode != 0:
        raise EnvironmentFailed(f"软件包安装失败：请检查网络或软件源设置后重试。\n{_last(done)}")


def _uv(python: Path, project: Path) -> str | None:
    """An installed uv, or the locked one, fetched by pip into the environment; None where neither is to be had."""
    found = shutil.which("uv")
    if found and _run([found, "--version"]).returncode == 0:
        return found
    own = python.with_name("uv")
    wanted = ["install", "--quiet", "--require-hashes", "-r", str(project / INSTALLER_LOCK)]
    if not own.exists() and _run([*_pip(python), *wanted]).returncode != 0:
        return None
    return str(own) if own.exists() else None


def _pip(python: Path) -> list[str]:
    """The package client: this Python's own pip working on the environment, else the one bundled with Python."""
    if _run([sys.executable, "-m", "pip", "--version"]).returncode == 0:
        return [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    if _run([str(python), "-m", "ensurepip"]).returncode != 0:
        raise EnvironmentFailed("找不到 pip，无法安装软件包。请先为 python3 安装 pip。")
    return [str(python), "-m", "pip", "--disable-pip-version-check"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ}
    if "PIP_INDEX_URL" in environment:
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


def _last(done: subprocess.CompletedProcess[str]) -> str:
    return "\n".join((done.stderr or done.stdout).strip().splitlines()[-3:])


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
