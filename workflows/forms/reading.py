"""Reads a document: its bytes become the JSON of the corpus README and the findings made on the way."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflows.forms.cell_families import family_of_blocks
from workflows.forms.cell_reading import read_blocks
from workflows.forms.content_shape import refuse_other_shapes
from workflows.forms.coverage import note_unaccounted
from workflows.forms.docx_blocks import docx_blocks
from workflows.forms.families import family_of
from workflows.forms.notebook import Notebook, ReadingFinding
from workflows.forms.office_package import EXCEL_PART, WORD_PART, is_office, parts_of
from workflows.forms.page_cells import Block
from workflows.forms.pdf_blocks import has_tables, pdf_blocks, plain_text
from workflows.forms.pdf_pages import PdfPage, is_pdf, pdf_pages
from workflows.forms.refusals import DocumentBroken, FamilyUnknown
from workflows.forms.source_text import lines_of, text_of
from workflows.forms.xlsx_blocks import xlsx_blocks

WITHOUT_LINES = "这份PDF里的表格没有框线，各栏难以分清；请改用原始的Word、Excel文件或带框线的PDF。"


@dataclass(frozen=True)
class Reading:
    """What was read: the document's JSON, the findings, the sha256 (hex) of the bytes."""

    document: dict[str, Any]
    findings: tuple[ReadingFinding, ...]
    sha256: str


def read_document(data: bytes, name: str) -> Reading:
    """Read a document of a known family; its bytes say what kind of file it is, `name` becomes its `source`.

    Raises a DocumentUnreadable (workflows.forms.refusals) that says in a sentence why the file is not read.
    """
    if is_office(data):
        notebook = Notebook()
        return read_boxes(office_blocks(data, notebook), name, data, notebook)
    if is_pdf(data):
        return _read_pdf(pdf_pages(data), name, data)
    return _read_text(text_of(data), name, data)


def _read_text(text: str, name: str, data: bytes) -> Reading:
    family = family_of(text)
    notebook = Notebook()
    lines = lines_of(text, notebook)
    document = family.read(lines, name, notebook).to_json()
    _refuse_if_empty(document, family.name)
    note_unaccounted(lines, document, family.labels, notebook)
    return Reading(document, notebook.findings, hashlib.sha256(data).hexdigest())


def read_boxes(blocks: Sequence[Block], name: str, data: bytes, notebook: Notebook) -> Reading:
    """Read a document out of its paragraphs and grids, whatever file they were in."""
    family = family_of_blocks(blocks)
    document = read_blocks(blocks, family, name, notebook)
    _refuse_if_empty(document, family)
    refuse_other_shapes(document)
    return Reading(document, notebook.findings, hashlib.sha256(data).hexdigest())


def _read_pdf(pages: Sequence[PdfPage], name: str, data: bytes) -> Reading:
    """Read a PDF from its ruled tables; one without them from its lines, as the text that programs export from it."""
    if has_tables(pages):
        return read_boxes(pdf_blocks(pages), name, data, Notebook())
    try:
        return _read_text(plain_text(pages), name, data)
    except FamilyUnknown as unknown:
        raise FamilyUnknown(f"{unknown.sentence}{WITHOUT_LINES}", **unknown.facts) from unknown


def office_blocks(data: bytes, notebook: Notebook) -> list[Block]:
    """Take a Word or Excel file apart, what it hides noted; raises why it cannot be (workflows.forms.refusals)."""
    parts = parts_of(data)
    if WORD_PART in parts:
        return docx_blocks(parts)
    if EXCEL_PART in parts:
        return xlsx_blocks(data, parts, notebook)
    raise DocumentBroken


def _refuse_if_empty(document: dict[str, Any], family: str) -> None:
    if not any(table["indicators"] for table in document["tables"]):
        raise FamilyUnknown(f"虽有{family}表样的栏目名称，但没有读到任何一张填有绩效指标的表。")
