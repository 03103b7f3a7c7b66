"""A table's form as a file: PDF/A, Word or Excel, under the name that people expect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.attachments import MEDIA_TYPES
from workflows.forms.form import Form
from workflows.forms.writing import docx_of, xlsx_of
from workflows.forms.writing_pdf import pdf_of
from workflows.printing import FormKind, Paper, form_of
from workflows.printing.notes import notes_of

NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|\r\n\t', "_"))
LONGEST_TITLE = 60


@dataclass(frozen=True)
class PrintedFile:
    """A file to hand out."""

    name: str
    media_type: str
    data: bytes


def drawn(paper: Paper, kind: FormKind, ending: str, window: str | None = None) -> PrintedFile:
    """Draw a form as a file of one of ENDINGS; PdfSwitchedOff where PDF is asked and typst or its fonts are missing.

    NotFound for a monitoring window that the table does not have.
    """
    title = paper.table.title.translate(NOT_IN_NAMES)[:LONGEST_TITLE]
    data = ENDINGS[ending](paper, kind, form_of(paper, kind, window))
    return PrintedFile(f"{kind.chinese}-{title}.{ending}", MEDIA_TYPES[ending], data)


def _pdf(paper: Paper, kind: FormKind, form: Form) -> bytes:
    said = paper.content if kind == FormKind.GOALS else None
    return pdf_of(form, dated=datetime.fromisoformat(paper.table.last_at), said=said)


ENDINGS: Mapping[str, Callable[[Paper, FormKind, Form], bytes]] = {
    "pdf": _pdf,
    "docx": lambda _paper, _kind, form: docx_of(form),
    "xlsx": lambda paper, _kind, form: xlsx_of(form, notes_of(paper.helps)),
}
