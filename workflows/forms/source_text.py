"""The bytes of a document as numbered lines of text, with rests of mark-up cut and noted."""

import re
import unicodedata
from dataclasses import dataclass

from workflows.forms.notebook import Notebook, Sort
from workflows.forms.refusals import (
    DocumentBinary,
    DocumentEmpty,
    DocumentIsWord,
    DocumentTooLarge,
    EncodingUnknown,
)

LARGEST = 16 * 1024 * 1024
PARAGRAPH = "\u2029"
_OFFICE = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_BOOKMARK = re.compile(r"\[bookmark:[^\[\]]{0,80}\]")
_PARAGRAPH_MARK = re.compile(r"</?(?:p|br|div|li)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_OTHER_MARK = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>]{0,200})?/?>|&nbsp;")


@dataclass(frozen=True)
class Line:
    """One line of the source: its number from 1 and its text, leading blanks and tabs kept."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.text.strip()


def text_of(data: bytes) -> str:
    """Decode UTF-8 (with or without mark) or GB18030 text of at most 16 MB.

    Raises DocumentTooLarge, DocumentIsWord, DocumentBinary, EncodingUnknown, DocumentEmpty.
    """
    if len(data) > LARGEST:
        raise DocumentTooLarge(size=len(data))
    if data.startswith(_OFFICE):
        raise DocumentIsWord
    if b"\0" in data:
        raise DocumentBinary
    text = _decoded(data)
    if not text.strip():
        raise DocumentEmpty
    if sum(unicodedata.category(sign) in ("Cc", "Cn", "Co") and sign not in "\t\n\r\f\v" for sign in text[:4000]) > 20:
        raise DocumentBinary
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as problem:
        raise EncodingUnknown from problem


def lines_of(text: str, notebook: Notebook) -> list[Line]:
    """Split the text into lines; mark-up rests are cut, `<p>` leaving a paragraph sign, and noted line by line."""
    printed = re.split(r"\r\n|\r|\n|\f", text)
    return [Line(number, without_marks(number, line, notebook)) for number, line in enumerate(printed, 1)]


def without_marks(number: int, text: str, notebook: Notebook) -> str:
    """Cut rests of mark-up out of a text, `<p>` leaving a paragraph sign, and note what was cut."""
    if "<" not in text and "[" not in text and "&" not in text:
        return text
    marks = [found.group() for pattern in (_BOOKMARK, _OTHER_MARK) for found in pattern.finditer(text)]
    if not marks:
        return text
    notebook.note(number, " ".join(dict.fromkeys(marks)), "已删去标记残留", Sort.MARKUP)
    text = _PARAGRAPH_MARK.sub(PARAGRAPH, _BOOKMARK.sub("", text))
    return _OTHER_MARK.sub("", text)


def clean(text: str) -> str:
    """Take a cell's text: paragraph signs cut, blanks at the ends cut."""
    return text.replace(PARAGRAPH, "").strip(" \t\u3000\xa0\u200b\ufeff")


def cell_or_none(text: str) -> str | None:
    """A cell that holds only blanks is null."""
    return clean(text) or None


def tight(text: str) -> str:
    """Take a text without any blanks, for comparing with labels."""
    return re.sub(r"[\s\u3000\xa0\u2029\u200b\ufeff]+", "", text)


def folded(text: str) -> str:
    """Take a text without blanks and with half-width signs, for recognising labels printed either way."""
    return unicodedata.normalize("NFKC", tight(text))
