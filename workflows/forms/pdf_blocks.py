"""A PDF's pages as blocks: tables that run over pages in one piece, page numbers and running heads left out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workflows.forms.page_cells import Block, Paragraph
from workflows.forms.pdf_pages import PdfPage, Ruled
from workflows.forms.pdf_signs import PrintedLine
from workflows.forms.pdf_tables import RunningTable
from workflows.forms.source_text import tight

HEAD_OF_PAGE, FOOT_OF_PAGE = 50.0, 57.0
"""Points at a page's upper and lower edge where running heads, page numbers and remarks stand."""
LINE = 1.5
"""From one line of a text to the next, in heights of its signs."""
PAGE_NUMBER = re.compile(
    r"^[-—–－]?(?:第)?\d{1,4}(?:页)?[-—–－]?$|第\d{1,4}页[/,，]?共\d{1,4}页[)）]?$|^\d{1,4}/\d{1,4}$"
)


def pdf_blocks(pages: Sequence[PdfPage]) -> list[Block]:
    """Return the blocks of a document in reading order; a block's place counts paragraphs and rows from 1."""
    blocks: list[Block] = []
    line = 1
    for part in _joined(pages):
        if isinstance(part, PrintedLine):
            blocks.append(Paragraph(line, part.text))
            line += 1
        else:
            grid = part.grid(line)
            blocks.append(grid)
            line += max(1, grid.height)
    return blocks


def has_tables(pages: Sequence[PdfPage]) -> bool:
    """Whether any page has a ruled table of more than one box."""
    return any(isinstance(part, Ruled) and len(part.boxes) > 1 for page in pages for part in page.parts)


def plain_text(pages: Sequence[PdfPage]) -> str:
    """Return the text of a document without ruled tables; a page begins with a blank.

    Where there is room for further lines between two, as many empty ones stand there.
    """
    printed = [[part for part in parts if isinstance(part, PrintedLine)] for parts in _without_running(pages)]
    return "\n ".join(_spaced(lines) for lines in printed if lines)


def _spaced(lines: Sequence[PrintedLine]) -> str:
    text = lines[0].text
    for before, after in pairwise(lines):
        empty = (after.top - before.bottom) / (after.bottom - after.top) / LINE - 1 / 3
        text += "\n" * (1 + max(0, round(empty))) + after.text
    return text


def _joined(pages: Sequence[PdfPage]) -> Iterator[RunningTable | PrintedLine]:
    """Yield lines and tables; a table that begins a page with the same edges as the one that ended the last goes on."""
    running: RunningTable | None = None
    height = 0.0
    for page, parts in zip(pages, _without_running(pages), strict=True):
        for place, part in enumerate(parts):
            if isinstance(part, Ruled) and running and place == 0 and running.goes_on_in(part):
                running.go_on(part, height)
                continue
            if running:
                yield running
            running = RunningTable.begin(part, height) if isinstance(part, Ruled) else None
            if isinstance(part, PrintedLine):
                yield part
        height += page.height
    if running:
        yield running


def _without_running(pages: Sequence[PdfPage]) -> list[list[Ruled | PrintedLine]]:
    """Leave out page numbers and what stands in the same words at the edge of several pages."""
    edges = Counter(_faceless(text) for page in pages for part in page.parts if (text := _edge_text(part, page)))
    return [[part for part in page.parts if not _is_running(_edge_text(part, page), edges)] for page in pages]


def _is_running(text: str, edges: Counter[str]) -> bool:
    return bool(text) and (bool(PAGE_NUMBER.search(tight(text))) or edges[_faceless(text)] > 1)


def _faceless(text: str) -> str:
    return re.sub(r"\d+", "#", tight(text))


def _edge_text(part: Ruled | PrintedLine, page: PdfPage) -> str:
    """Return the text of a line at the page's upper or lower edge, nothing for any other part."""
    if isinstance(part, Ruled) or not (part.bottom < HEAD_OF_PAGE or part.top > page.height - FOOT_OF_PAGE):
        return ""
    return part.text
