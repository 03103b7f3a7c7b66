"""Writes a file so that a reader sees all of it or what was there before."""

import time
from pathlib import Path


def write_whole(file: Path, data: bytes) -> None:
    """Write beside the file, then put it in its place."""
    unfinished = file.with_name(f".{file.name}.{time.monotonic_ns()}.new")
    unfinished.write_bytes(data)
    unfinished.replace(file)
