"""`test`: runs the tests in the environment that the bootstrap has made, and counts the skipped ones by name."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from service.installation import PROJECT

SAME_EVERY_TIME = ("--randomly-seed=20150923",)
EXPLORES = "GOALTRAIL_EXPLORE"
IN_MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 4 * 1024**3
"""Bytes that must be free before the run's files lie in memory: a whole run uses up to a quarter of that."""


def main(arguments: list[str]) -> int:
    """Run pytest with two workers; the rest of the arguments goes to pytest. Returns pytest's exit code.

    The default run draws the same examples in the same order every time; `--all` adds the long tests and draws anew.
    """
    everything = "--all" in arguments
    passed_on = [argument for argument in arguments if argument != "--all"]
    manner = ["-m", ""] if everything else list(SAME_EVERY_TIME)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-rs", *manner, *passed_on]
    with working_folder(IN_MEMORY) as folder:
        surroundings = surroundings_of(os.environ, folder, explores=everything)
        return subprocess.run(command, check=False, cwd=PROJECT, env=surroundings).returncode


@contextmanager
def working_folder(memory: Path) -> Iterator[Path]:
    """A folder for the databases and files of one run, gone afterwards: in memory where there is room, else on disk."""
    folder = Path(tempfile.mkdtemp(prefix="gt-", dir=memory if roomy(memory) else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def roomy(memory: Path) -> bool:
    """Whether that file system takes a whole run: writable, ROOM free, and programs may be started from it."""
    if not os.access(memory, os.W_OK | os.X_OK):
        return False
    return shutil.disk_usage(memory).free >= ROOM and not os.statvfs(memory).f_flag & os.ST_NOEXEC


def surroundings_of(environment: Mapping[str, str], folder: Path, *, explores: bool) -> dict[str, str]:
    """The environment of the tests: their own temporary folder, and Python keeps what it has compiled.

    A test starts dozens of programs of ours; each would compile all its modules again where the machine forbids that.
    """
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "TMPDIR": str(folder), **({EXPLORES: "1"} if explores else {})}
