"""A disk whose N-th operation fails, or at which the process dies; and a record of what was asked of it, in order."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workflows.anchors.disk import RealDisk

DIED = 9
OPENING = {"create", "open_folder", "lock"}


class HastyDisk(RealDisk):
    """A disk that says it has written what still lies in memory: enough where no power is cut."""

    def sync(self, descriptor: int) -> None:
        os.fstat(descriptor)


@dataclass
class FaultyDisk(HastyDisk):
    """`at` counts from 1, 0 never fails; a `fault` gets the operation as a function and may do half of it first."""

    at: int = 0
    fault: Callable[[Callable[[], object]], object] = lambda operation: operation()
    done: list[tuple[str, object]] = field(default_factory=list)
    names: dict[int, Path] = field(default_factory=dict)

    def make_folder(self, folder: Path) -> None:
        self._do("make_folder", folder, lambda: super(FaultyDisk, self).make_folder(folder))

    def create(self, file: Path, mode: int) -> int:
        made = self._do("create", file, lambda: super(FaultyDisk, self).create(file, mode))
        self.names[made] = file
        return made

    def open_folder(self, folder: Path) -> int:
        made = self._do("open_folder", folder, lambda: super(FaultyDisk, self).open_folder(folder))
        self.names[made] = folder
        return made

    def write(self, descriptor: int, data: bytes) -> int:
        short = data[: max(len(data) // 2, 1)]
        return self._do("write", self.names[descriptor], lambda: super(FaultyDisk, self).write(descriptor, short))

    def sync(self, descriptor: int) -> None:
        self._do("sync", self.names[descriptor], lambda: super(FaultyDisk, self).sync(descriptor))

    def close(self, descriptor: int) -> None:
        try:
            self._do("close", self.names.get(descriptor), lambda: None)
        finally:
            super().close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        self._do("rename", (old, new), lambda: super(FaultyDisk, self).rename(old, new))

    def remove(self, file: Path) -> None:
        self._do("remove", file, lambda: super(FaultyDisk, self).remove(file))

    def lock(self, file: Path) -> int:
        return self._do("lock", file, lambda: super(FaultyDisk, self).lock(file))

    def _do(self, name: str, what: object, operation: Callable[[], object]):
        self.done.append((name, what))
        if len(self.done) != self.at:
            return operation()
        opened: list[int] = []

        def noted() -> object:
            result = operation()
            opened.extend([result] if name in OPENING else [])
            return result

        try:
            return self.fault(noted)
        except OSError:
            for descriptor in opened:
                os.close(descriptor)
            raise


def fails_with(number: int, *, late: bool = False) -> Callable[[Callable[[], object]], object]:
    """The operation does not happen (or, `late`, has happened all the same) and says this error number."""

    def fault(operation: Callable[[], object]) -> object:
        if late:
            operation()
        raise OSError(number, os.strerror(number))

    return fault


def dies(_operation: Callable[[], object]) -> object:
    """The process ends on the spot, as by kill -9."""
    os._exit(DIED)


def in_a_child(work: Callable[[], object]) -> int:
    """Do the work in a forked process and return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - nothing of the test's own process may run on in the child
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
