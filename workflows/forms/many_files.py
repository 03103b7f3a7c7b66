"""Several documents sent at once: an archive's files by name, each within limits, none opened that is itself one."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from workflows.forms.office_package import EXCEL_PART, LARGEST_EXPANDED, WORD_PART, ZIP_STARTS, bounded
from workflows.forms.refusals import DocumentBroken, DocumentEncrypted, DocumentSwells
from workflows.forms.source_text import LARGEST

MOST_FILES = 200
_NAMED_IN_UTF8, _SEALED = 0x800, 0x1


@dataclass(frozen=True)
class SentFile:
    """One document as sent: its own name without folders, its bytes."""

    name: str
    data: bytes


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a ZIP of files and not a Word or Excel document."""
    if not data.startswith(ZIP_STARTS):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError):
        return False
    return not names & {WORD_PART, EXCEL_PART, "[Content_Types].xml"}


def files_in(data: bytes) -> list[SentFile]:
    """Return the files of a ZIP in its order; folders and what systems add by themselves are left out.

    Raises DocumentBroken, DocumentEncrypted, DocumentSwells (more than 200 files or 96 MB in all).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if _wanted(entry)]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_EXPANDED:
                raise DocumentSwells
            if any(entry.flag_bits & _SEALED for entry in entries):
                raise DocumentEncrypted
            return [SentFile(_name(entry), bounded(archive, entry, LARGEST)) for entry in entries]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as problem:
        raise DocumentBroken from problem


def _wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith((".", "~$")) or part in ("__MACOSX", "Thumbs.db") for part in path.parts)
    return not entry.is_dir() and not hidden


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the file's own name; names that no program marked as UTF-8 are mostly GB18030."""
    name = entry.filename
    if not entry.flag_bits & _NAMED_IN_UTF8:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return PurePosixPath(name.replace("\\", "/")).name or "未命名"
