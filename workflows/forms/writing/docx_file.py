"""Draws a form as a Word file: A4, 仿宋 and 黑体, bordered boxes merged as printed, heads repeated on every page."""

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Mm

from workflows.forms.form import Box, Boxes, Code, Form, Line, Look, Place
from workflows.forms.writing.archive import repacked
from workflows.forms.writing.docx_marks import add_code, set_foot
from workflows.forms.writing.placing import placed
from workflows.forms.writing.shown import printable

TEXT_FONT, HEAD_FONT, TITLE_FONT = "仿宋", "黑体", "方正小标宋简体"
SHORT_SIDE, LONG_SIDE, MARGIN = 210, 297, 20
TWIPS_PER_MM = 56.7
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ALIGNED = {Look.LABEL: "center", Look.TEXT: "left", Look.NUMBER: "right"}
_SIZE = 21
RED = "B3261E"
_LINES = {
    Place.TITLE: (TITLE_FONT, 36, "center"), Place.BESIDE_TITLE: (TEXT_FONT, 24, "center"),
    Place.HEADING: (HEAD_FONT, 28, "left"), Place.LEFT: (TEXT_FONT, 24, "left"), Place.RIGHT: (TEXT_FONT, 21, "right"),
    Place.NOTE: (TEXT_FONT, 18, "left"), Place.WARNING: (HEAD_FONT, 21, "left"),
}  # fmt: skip
"""Font, size in half points and alignment of a line outside the tables."""


def docx_of(form: Form) -> bytes:
    """Return the form as a Word file; a title after the first begins a new page. The same form gives the same bytes."""
    document = Document()
    _page(document, landscape=form.landscape)
    set_foot(document, form.foot)
    document.core_properties.title, document.core_properties.author = printable(form.name)[:200], ""
    body = document.element.body
    section = body[-1]
    begun = False
    for part in form.parts:
        if isinstance(part, Boxes):
            section.addprevious(parse_xml(_table(part, landscape=form.landscape)))
            continue
        if isinstance(part, Code):
            add_code(document, part.text)
        texts = (part.text,) if isinstance(part, Line) else part.beside
        place = part.place if isinstance(part, Line) else Place.NOTE
        for text in texts:
            section.addprevious(parse_xml(_line(text, place, new_page=begun and place is Place.TITLE)))
        begun = True
    section.addprevious(parse_xml(f"<w:p {_W}/>"))
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _page(document: WordDocument, *, landscape: bool) -> None:
    section = document.sections[0]
    wide, high = (LONG_SIDE, SHORT_SIDE) if landscape else (SHORT_SIDE, LONG_SIDE)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)


def _line(text: str, place: Place, *, new_page: bool) -> str:
    font, size, aligned = _LINES[place]
    page = "<w:pageBreakBefore/>" if new_page else ""
    spacing = '<w:spacing w:before="60" w:after="60"/>'
    runs = _runs(text, font, size, RED if place is Place.WARNING else "")
    return (
        f'<w:p {_W}><w:pPr>{page}{spacing}<w:jc w:val="{aligned}"/></w:pPr>{runs}</w:p>'
    )  # fmt: skip


def _runs(text: str, font: str, size: int, colour: str = "") -> str:
    coloured = f'<w:color w:val="{colour}"/>' if colour else ""
    look = (
        f'<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia={quoteattr(font)}/>{coloured}'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def _table(boxes: Boxes, *, landscape: bool) -> str:
    room = ((LONG_SIDE if landscape else SHORT_SIDE) - 2 * MARGIN) * TWIPS_PER_MM
    widths = [round(room * share / sum(boxes.widths)) for share in boxes.widths]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(number, boxes, cells) for number, cells in enumerate(_cells(boxes, widths)))
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(number: int, boxes: Boxes, cells: list[str]) -> str:
    head = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if number < boxes.heads else ""
    return f"<w:tr>{head}{''.join(cells)}</w:tr>"


def _cells(boxes: Boxes, widths: list[int]) -> Iterator[list[str]]:
    """Per row its cells from left to right; a box over several rows goes on as an empty merged cell."""
    rows: list[dict[int, str]] = [{} for _ in boxes.rows]
    for row, column, box in placed(boxes):
        width = sum(widths[column : column + box.columns])
        for down in range(min(box.rows, len(rows) - row)):
            rows[row + down][column] = _cell(box, width, goes_on=down > 0)
    for cells in rows:
        yield [cells[column] for column in sorted(cells)]


def _cell(box: Box, width: int, *, goes_on: bool) -> str:
    span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
    merge = ("<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>') if box.rows > 1 else ""
    font = HEAD_FONT if box.look is Look.LABEL else TEXT_FONT
    text = "" if goes_on else _runs(box.text, font, _SIZE)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{_ALIGNED[box.look]}"/></w:pPr>{text}</w:p></w:tc>'
    )

