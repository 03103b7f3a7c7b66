"""What a Word form carries beside its words: the foot with page numbers, and the code as a picture."""

import io
from xml.sax.saxutils import escape

import segno
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

SIDE, SCALE, QUIET_ZONE = 28, 4, 2
_LOOK = (
    '<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="16"/></w:rPr>'
)


def set_foot(document: WordDocument, text: str) -> None:
    """Print a text and the page numbers at the foot of every page."""
    foot = document.sections[0].footer
    foot.is_linked_to_previous = False
    (paragraph,) = foot.paragraphs
    said = escape(f"{text}　" if text else "")
    runs = (_run(f"{said}第 "), _field("PAGE"), _run(" 页　共 "), _field("NUMPAGES"), _run(" 页"))
    paragraph._p.addprevious(  # noqa: SLF001 - python-docx has no fields
        parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:jc w:val="right"/></w:pPr>{"".join(runs)}</w:p>')
    )
    paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001


def add_code(document: WordDocument, text: str) -> None:
    """Draw a text as QR code at the end of the document."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=SCALE, border=QUIET_ZONE)
    picture.seek(0)
    document.add_paragraph().add_run().add_picture(picture, width=Mm(SIDE))


def _run(text: str) -> str:
    return f'<w:r>{_LOOK}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr="{name}"><w:r>{_LOOK}<w:t>1</w:t></w:r></w:fldSimple>'
