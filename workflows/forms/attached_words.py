"""The words of a file put to a table as evidence: texts, Office files old and new, the text of PDF pages."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from threading import Lock

import pypdfium2
from pypdfium2 import PdfiumError

from workflows.forms.office_package import LARGEST_PART, UNREADABLE, bounded
from workflows.forms.refusals import DocumentSwells

MOST_PAGES = 400
MOST_WORDS = 40 * 1024 * 1024
"""Bytes of XML of one Office file that are looked through."""
_WORDS = re.compile(r"^(?:word|xl|ppt)/(?!theme|_rels|media)[\w/-]+\.xml$")
_ENDS = re.compile(r"</(?:\w+:)?(?:p|si|row|c)>|<(?:\w+:)?(?:br|tab|cr)\b[^>]*>")
_TAGS = re.compile(r"<[^>]*>")
_ONE_PDF_AT_A_TIME = Lock()
"""The PDF library keeps one state for the whole process."""


def words_of(media_type: str, data: bytes) -> str:
    """Return the words that a program can find in a file, "" where there are none or it cannot be opened.

    Nothing is read from pictures, scanned pages and locked files; of a PDF the first 400 pages are read.
    """
    if media_type.startswith("text/"):
        return _text(data)
    if media_type == "application/pdf":
        return _pdf(data)
    if media_type in ("application/msword", "application/vnd.ms-excel"):
        return _old_office(data)
    return "\n".join(_office(data)) if "openxmlformats" in media_type else ""


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "ignore")


def _old_office(data: bytes) -> str:
    """An old file holds its text plain, two bytes a sign or one, at places that only its own program knows."""
    read = [data[start:].decode("utf-16-le", "ignore") for start in (0, 1)]
    return "\n".join([*read, data.decode("gb18030", "ignore")]).replace("\r", "\n").replace("\x07", "\n")


def _pdf(data: bytes) -> str:
    with _ONE_PDF_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except PdfiumError:
            return ""
        try:
            return "\n".join(_page(document, number) for number in range(min(len(document), MOST_PAGES)))
        finally:
            document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        said: str = page.get_textpage().get_text_range()
    except PdfiumError:
        return ""
    return said


def _office(data: bytes) -> Iterator[str]:
    """Yield the words of each part; paragraphs, cells and rows are lines, so that a mark cut into pieces is whole."""
    left = MOST_WORDS
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if not _WORDS.match(entry.filename) or left <= 0:
                    continue
                part = bounded(archive, entry, min(left, LARGEST_PART))
                left -= len(part)
                yield html.unescape(_TAGS.sub("", _ENDS.sub("\n", part.decode("utf-8", "ignore"))))
    except (*UNREADABLE, DocumentSwells, OSError, RuntimeError):
        return
