"""PDFs for tests: what is visible alone, lines of text, ruled pages as other programs draw them, locked and blank ones."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import typst

from workflows.forms.form import Form
from workflows.forms.writing_pdf import pdf_of
from workflows.forms.writing_pdf.drawing import _fonts

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def written(form: Form, said: Any = None) -> bytes:
    """A form as PDF, of a fixed moment."""
    return pdf_of(form, dated=AT, said=said)


def visible_alone(data: bytes) -> bytes:
    """The pages alone: no metadata, no attachments, no tags."""
    source, bare = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    bare.import_pages(source)
    out = io.BytesIO()
    bare.save(out)
    return out.getvalue()


def text_of(data: bytes) -> str:
    """All text of a PDF, page by page."""
    return "\f".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))


def drawn(source: str, **inputs: str) -> bytes:
    """What typst draws from a source of the test's own."""
    fixed = f'#set text(font: "Noto Serif SC", lang: "zh", size: 10pt)\n#set page(paper: "a4", margin: 20mm)\n{source}'
    return bytes(typst.compile(fixed.encode(), format="pdf", font_paths=_fonts(), sys_inputs=inputs, timestamp=0))


def lines_drawn(lines: Sequence[str]) -> bytes:
    """A PDF of plain lines without any ruled table."""
    each = 'if each.trim() == "" { v(1.5em) } else { block(above: 0.5em, below: 0em, each) }'
    return drawn(f'#for each in sys.inputs.text.split("\\n") {{ {each} }}', text="\n".join(lines))


def picture_drawn() -> bytes:
    """A PDF that is nothing but a picture, as a scanner makes it."""
    return drawn('#image(bytes((0, 255, 255, 0)), format: (encoding: "luma8", width: 2, height: 2), width: 50mm)')


def locked() -> bytes:
    """A PDF of one empty page that opens with a password only (standard security handler, revision 2)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"1f" * 32 + b"> /U <" + b"2e" * 32 + b"> >>",
    ]  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>"
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF" % (table, trailer, len(body))
