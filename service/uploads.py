"""What became of every file of one upload, kept under the upload's command for whoever sent it."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workflows.forms.many_files import SentFile, files_in, is_archive

MOST_AT_ONCE = 200
LARGEST_KEPT, LARGEST_KEPT_IN_ALL = 400_000, 4_000_000


@dataclass(frozen=True)
class Result:
    """One file: the document it became, or the sentence why it did not; its bytes where columns may be named."""

    name: str
    document: str | None = None
    tables: int = 0
    rows: int = 0
    findings: int = 0
    sentence: str = ""
    data: str = ""

    @property
    def bytes(self) -> bytes:
        """Return the kept bytes of a file whose columns wait to be named."""
        return base64.b64decode(self.data)


def sent_files(uploads: Sequence[SentFile]) -> list[SentFile]:
    """Return the files of an upload, those of archives in the place of the archive; raises why one does not open."""
    files: list[SentFile] = []
    for upload in uploads:
        files += files_in(upload.data) if is_archive(upload.data) else [upload]
    return files


def written(results: Sequence[Result], *, unit: str, year: str) -> str:
    """Spell the results; bytes of waiting files are kept only within limits."""
    room = LARGEST_KEPT_IN_ALL
    kept: list[dict[str, Any]] = []
    for result in results:
        fits = len(result.data) <= min(room, LARGEST_KEPT)
        room -= len(result.data) if fits else 0
        kept.append(asdict(result) | ({} if fits else {"data": ""}))
    return json.dumps({"unit": unit, "year": year, "results": kept}, ensure_ascii=False)


def read(body: str) -> tuple[list[Result], str, str]:
    """Read results, unit and year back."""
    kept = json.loads(body)
    return [Result(**each) for each in kept["results"]], kept["unit"], kept["year"]


def spelled(data: bytes) -> str:
    """Return a file's bytes as they are kept."""
    return base64.b64encode(data).decode("ascii")
