"""The parts of a Word or Excel file, taken out of its archive within limits: no bombs, no macros, no passwords."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from workflows.forms.refusals import (
    DocumentBroken,
    DocumentEncrypted,
    DocumentHasMacros,
    DocumentIsWord,
    DocumentSwells,
    DocumentTooLarge,
)
from workflows.forms.source_text import LARGEST

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
COMPOUND_START = b"\xd0\xcf\x11\xe0"
LARGEST_EXPANDED = 96 * 1024 * 1024
LARGEST_PART = 16 * 1024 * 1024
MOST_PARTS = 2000
WORD_PART = "word/document.xml"
EXCEL_PART = "xl/workbook.xml"
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
    EOFError, NotImplementedError, StopIteration,
)  # fmt: skip
"""What a program lets through that reads an archive whose parts are missing, cut, misnamed or no XML."""
_ENCRYPTED_ENTRY = "EncryptedPackage".encode("utf-16-le")
_SEALED = 0x1
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\0!\0D\0O\0C\0", re.IGNORECASE)
_WANTED = re.compile(r"^(?:word|xl|\[Content_Types\]\.xml|_rels)(?:/|$)")


def is_office(data: bytes) -> bool:
    """Whether the bytes are an archive or an old Office file."""
    return data.startswith((*ZIP_STARTS, COMPOUND_START))


def parts_of(data: bytes) -> Mapping[str, bytes]:
    """Return the XML parts of an Office file by name; what is no XML (pictures, fonts) is left out.

    Raises DocumentTooLarge, DocumentEncrypted, DocumentIsWord (an old format), DocumentHasMacros, DocumentSwells and
    DocumentBroken.
    """
    if len(data) > LARGEST:
        raise DocumentTooLarge(size=len(data))
    if data.startswith(COMPOUND_START):
        raise DocumentEncrypted if _ENCRYPTED_ENTRY in data else DocumentIsWord
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as problem:
        raise DocumentBroken from problem


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_EXPANDED:
        raise DocumentSwells
    if any(entry.flag_bits & _SEALED for entry in entries):
        raise DocumentEncrypted
    if any(entry.filename.lower().endswith(("vbaproject.bin", ".bin.macro")) for entry in entries):
        raise DocumentHasMacros
    parts = {
        entry.filename: bounded(archive, entry, LARGEST_PART)
        for entry in entries
        if _WANTED.match(entry.filename) and entry.filename.endswith((".xml", ".rels"))
    }
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise DocumentHasMacros
    if any(_ENTITIES.search(part) for part in parts.values()):
        raise DocumentBroken
    return parts


def bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int) -> bytes:
    """Take one entry out, at most so many bytes, whatever size it claims; raises DocumentSwells."""
    with archive.open(entry) as opened:
        data = opened.read(largest + 1)
    if len(data) > largest:
        raise DocumentSwells
    return data
