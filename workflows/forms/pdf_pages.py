"""A PDF's pages as ruled tables of boxes and lines of text; what is locked, broken or only a picture is refused."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from workflows.forms.pdf_signs import PrintedLine, Sign, box_text, printed_lines, sign_of
from workflows.forms.refusals import (
    DocumentEncrypted,
    DocumentHasTooManyPages,
    DocumentIsPicture,
    DocumentTooLarge,
    PdfBroken,
)
from workflows.forms.source_text import LARGEST

MOST_PAGES = 400
SAME_EDGE = 2.0
RULES = {"snap_tolerance": 2, "join_tolerance": 2, "intersection_tolerance": 3, "edge_min_length": 3}
_FAILURES = (PdfminerException, PDFException, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError)
"""What the PDF libraries let through where a file is cut off or no PDF inside."""


@dataclass(frozen=True)
class Framed:
    """One ruled box of a page with its text."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Ruled:
    """One ruled table of a page."""

    boxes: tuple[Framed, ...]

    @property
    def top(self) -> float:
        """Where it begins."""
        return min(box.top for box in self.boxes)

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return max(box.bottom for box in self.boxes)

    @property
    def sides(self) -> tuple[float, float]:
        """Its left and its right edge."""
        return min(box.x0 for box in self.boxes), max(box.x1 for box in self.boxes)


@dataclass(frozen=True)
class PdfPage:
    """One page: its height in points, its tables and lines outside them, from top to bottom."""

    height: float
    parts: tuple[Ruled | PrintedLine, ...]


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF; a few bytes may stand before its mark."""
    return b"%PDF-" in data[:1024]


def pdf_pages(data: bytes) -> list[PdfPage]:
    """Return the pages of a PDF of at most 16 MB and 400 pages.

    Raises DocumentTooLarge, DocumentHasTooManyPages, DocumentEncrypted, DocumentIsPicture (no text on any page) and
    PdfBroken.
    """
    if len(data) > LARGEST:
        raise DocumentTooLarge(size=len(data))
    try:
        pages = list(_pages(data))
    except PDFPasswordIncorrect as locked:
        raise DocumentEncrypted from locked
    except _FAILURES as problem:
        raise (DocumentEncrypted if _is_password(problem) else PdfBroken) from problem
    if not any(page.parts for page in pages):
        raise DocumentIsPicture
    return pages


def _is_password(problem: BaseException) -> bool:
    return any(isinstance(each, PDFPasswordIncorrect) for each in (*problem.args, problem.__cause__))


def _pages(data: bytes) -> Iterator[PdfPage]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > MOST_PAGES:
            raise DocumentHasTooManyPages(pages=len(document.pages))
        for page in document.pages:
            yield _page(page)
            page.close()


def _page(page: Page) -> PdfPage:
    signs = [sign_of(char) for char in page.chars]
    tables = [_ruled(table.cells, signs) for table in page.find_tables(RULES)]
    tables = [table for table in tables if any(box.text for box in table.boxes)]
    outside = [sign for sign in signs if not any(_within(sign, box) for table in tables for box in table.boxes)]
    parts: list[Ruled | PrintedLine] = [*tables, *printed_lines(outside)]
    return PdfPage(float(page.height), tuple(sorted(parts, key=lambda part: part.top)))


def _ruled(cells: Sequence[tuple[float, float, float, float]], signs: Sequence[Sign]) -> Ruled:
    return Ruled(tuple(_framed(cell, signs) for cell in sorted(cells, key=lambda cell: (cell[1], cell[0]))))


def _framed(cell: tuple[float, float, float, float], signs: Sequence[Sign]) -> Framed:
    x0, top, x1, bottom = cell
    frame = Framed(x0, top, x1, bottom, "")
    inside = [sign for sign in signs if _within(sign, frame)]
    return Framed(x0, top, x1, bottom, box_text(inside, x0, x1))


def _within(sign: Sign, box: Framed) -> bool:
    across, down = sign.middle
    return box.x0 <= across <= box.x1 and box.top <= down <= box.bottom
