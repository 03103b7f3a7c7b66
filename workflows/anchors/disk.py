"""The few file operations by which notes are written, as a port; and the order of them that a crash cannot break."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Protocol

PUBLIC, SECRET = 0o644, 0o600


class Disk(Protocol):
    """What is asked of a disk; every operation may raise OSError. Descriptors are plain numbers."""

    def make_folder(self, folder: Path) -> None:
        """Make one folder in one that is there."""

    def create(self, file: Path, mode: int) -> int:
        """Open a file of ours for writing, empty."""

    def open_folder(self, folder: Path) -> int:
        """Open a folder, to make its entries durable later."""

    def write(self, descriptor: int, data: bytes) -> int:
        """Write some of the bytes and return how many."""

    def sync(self, descriptor: int) -> None:
        """Wait until a file's bytes or a folder's entries are on the disk."""

    def close(self, descriptor: int) -> None:
        """Close; the descriptor is gone also where this fails."""

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name, in place of what had it."""

    def remove(self, file: Path) -> None:
        """Remove a file."""

    def lock(self, file: Path) -> int:
        """Take a lock that ends with the process or with `close`; BlockingIOError where another has it."""


class RealDisk:
    """The disk of this machine, or whatever is mounted there."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only its owner may change."""
        folder.mkdir(mode=0o755)

    def create(self, file: Path, mode: int) -> int:
        """Open without following a link that somebody laid there."""
        return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)

    def open_folder(self, folder: Path) -> int:
        """Open a folder."""
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def write(self, descriptor: int, data: bytes) -> int:
        """Write."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Call fsync; its error is the caller's to hear."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Close."""
        os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Rename within one file system."""
        old.replace(new)

    def remove(self, file: Path) -> None:
        """Remove a file."""
        file.unlink()

    def lock(self, file: Path) -> int:
        """Lock without waiting."""
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, SECRET)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor


def put_whole(disk: Disk, file: Path, data: bytes, *, unfinished: Path, mode: int = PUBLIC) -> None:
    """Write a file so that there is always the old one or the new one, whole, also after a power cut.

    The bytes are on the disk before the name is given, and the name before this returns. `unfinished` is a folder of
    the same file system for what has no name yet. Any OSError leaves the old file or the new one; then it is unknown
    whether the name is durable, so the caller must not say that the file is there.
    """
    fresh = unfinished / f"{file.parent.name}.{file.name}"
    with _removed_if_it_fails(disk, fresh):
        with _closing(disk, disk.create(fresh, mode)) as written:
            _write_all(disk, written, data)
            disk.sync(written)
        with _closing(disk, disk.open_folder(file.parent)) as folder:
            disk.rename(fresh, file)
            disk.sync(folder)


def ensure_folder(disk: Disk, folder: Path) -> None:
    """Make a folder and those above it where they are missing, durably."""
    if folder.is_dir():
        return
    ensure_folder(disk, folder.parent)
    with suppress(FileExistsError):
        disk.make_folder(folder)
    _sync_folder(disk, folder.parent)


def remove_file(disk: Disk, file: Path) -> None:
    """Remove a file durably; one that is not there is removed already."""
    with suppress(FileNotFoundError):
        disk.remove(file)
    _sync_folder(disk, file.parent)


@contextmanager
def locked(disk: Disk, file: Path) -> Iterator[None]:
    """Hold a lock file for the length of a block; BlockingIOError where another process holds it."""
    with _closing(disk, disk.lock(file)):
        yield


def _sync_folder(disk: Disk, folder: Path) -> None:
    with _closing(disk, disk.open_folder(folder)) as opened:
        disk.sync(opened)


def _write_all(disk: Disk, descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(descriptor, bytes(rest)) :]


@contextmanager
def _closing(disk: Disk, descriptor: int) -> Iterator[int]:
    """Close in any case; an error of closing is heard unless another one is on its way."""
    went_well = False
    try:
        yield descriptor
        went_well = True
    finally:
        with nullcontext() if went_well else suppress(OSError):
            disk.close(descriptor)


@contextmanager
def _removed_if_it_fails(disk: Disk, fresh: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        with suppress(OSError):
            disk.remove(fresh)
        raise
