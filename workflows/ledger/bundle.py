"""The bundle that leaves the house: a zip whose members are written one after the other, and the manifest over them.

The same members give the same bytes: a member opened by its name has the fixed time 1980-01-01, the order is the
writer's. The manifest comes last, so a bundle that was cut off has none. `verify.py`, joined from its chapters, and the
README beside this file go into every bundle.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from workflows.ledger.assembly import assembled
from workflows.ledger.canonical import canonical

FORMAT = 1
LEVEL = 3
"""How hard to deflate: a third of the time of the usual 6 for a tenth more bytes."""
LINES_AT_ONCE = 100
MANIFEST, README, VERIFIER = "manifest.json", "README.txt", "verify.py"
SHIPPED: dict[str, Callable[[], bytes]] = {
    README: Path(__file__).with_name("bundle_readme.txt").read_bytes, VERIFIER: assembled,
}  # fmt: skip
"""What goes into every bundle, and where its bytes come from."""


@dataclass(frozen=True)
class Scope:
    """What of the log a bundle holds: all of it, one table's or one year's streams, or one event as a receipt."""

    kind: str = "all"
    table: UUID | None = None
    year: int | None = None
    stream: UUID | None = None
    version: int | None = None

    @property
    def whole(self) -> bool:
        """Whether the bundle holds every event up to its size."""
        return self.kind == "all"

    @property
    def words(self) -> str:
        """Return the scope as events name it: `all`, `table:<uuid>`, `year:2021`, `event:<stream>:<version>`."""
        return ":".join(str(value) for value in self.as_json().values())

    def as_json(self) -> dict[str, Any]:
        """Return the scope as the manifest holds it."""
        values = {"table": self.table, "year": self.year, "stream": self.stream, "version": self.version}
        named = {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
        return {"kind": self.kind} | {name: value for name, value in named.items() if value is not None}


EVERYTHING = Scope()


def of_table(table: UUID) -> Scope:
    """Return the scope of one table."""
    return Scope("table", table=table)


def of_year(year: int) -> Scope:
    """Return the scope of all tables of a fiscal year."""
    return Scope("year", year=year)


def of_event(stream: UUID, version: int) -> Scope:
    """Return the scope of a receipt."""
    return Scope("event", stream=stream, version=version)


@dataclass
class Bundle:
    """A bundle being written to a binary file, which need not be seekable; leaving the block ends the zip."""

    out: BinaryIO
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin the zip."""
        self._zip = ZipFile(self.out, "w", ZIP_DEFLATED, compresslevel=LEVEL)

    def __enter__(self) -> Self:
        """Write members inside the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the zip; without a manifest it says of itself that it is incomplete."""
        self._zip.close()

    @contextmanager
    def member(self, name: str, *, large: bool = True) -> Iterator[Callable[[bytes], None]]:
        """Open the next member; the block gets a function that writes bytes to it, `large` if beyond 2 GiB."""
        digest = sha256()
        with self._zip.open(name, "w", force_zip64=large) as member:

            def write(data: bytes) -> None:
                digest.update(data)
                member.write(data)

            yield write
        self.files[name] = digest.hexdigest()

    def put(self, name: str, data: bytes) -> None:
        """Write a member whose bytes are at hand."""
        with self.member(name, large=False) as write:
            write(data)

    def put_lines(self, name: str, lines: Iterable[bytes]) -> int:
        """Write a member of lines, some at a time, and return how many lines it has."""
        count, waiting = 0, iter(lines)
        with self.member(name) as write:
            while some := list(islice(waiting, LINES_AT_ONCE)):
                write(b"\n".join((*some, b"")))
                count += len(some)
        return count

    def seal(self, said: Mapping[str, Any]) -> None:
        """Write what ships with every bundle and, last, the manifest with the SHA-256 of every other member."""
        for name, source in SHIPPED.items():
            self.put(name, source())
        manifest = {"format": FORMAT, **said, "files": dict(sorted(self.files.items()))}
        self.put(MANIFEST, canonical(manifest) + b"\n")

