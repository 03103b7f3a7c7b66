"""Marks of state secrets are found in the words of attached files: Word, Excel, PowerPoint, old Office, text and PDF (0028)."""

import io
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from docx import Document
from openpyxl import Workbook

from tests.support import roster
from tests.support.life import Life, memory
from workflows.attachments import MEDIA_TYPES
from workflows.commands.attaching import attach_file
from workflows.errors import MarkedAsSecret
from workflows.forms.attached_words import words_of
from workflows.forms.form import Form, Line, Place
from workflows.forms.writing_pdf import pdf_of
from workflows.state.disclosures import mark_printed_in


def docx(*, header: str = "", body: str = "正文") -> bytes:
    """A Word file whose header is cut into two runs, as typing leaves it."""
    document, out = Document(), io.BytesIO()
    paragraph = document.sections[0].header.paragraphs[0]
    for sign in header:
        paragraph.add_run(sign)
    document.add_paragraph(body)
    document.save(out)
    return out.getvalue()


def xlsx(word: str) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active["B7"] = word
    book.save(out)
    return out.getvalue()


def pptx(word: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<p:presentation/>")
        archive.writestr("ppt/slides/slide1.xml", f"<p:sld><a:p><a:r><a:t>{word}</a:t></a:r></a:p></p:sld>")
    return out.getvalue()


def pdf(word: str) -> bytes:
    return pdf_of(Form("说明", (Line(word, Place.TITLE),)), dated=datetime(2026, 1, 1, tzinfo=UTC))


def doc(word: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(505) + f"\r{word}\r".encode("utf-16-le") + "WordDocument\0".encode("utf-16-le")


FILES = {
    "docx": lambda word: docx(header=word), "xlsx": xlsx, "pptx": pptx, "pdf": pdf, "doc": doc, "txt": lambda word: word.encode("gb18030"),
}  # fmt: skip


@pytest.mark.parametrize("ending", FILES)
def test_a_mark_inside_a_file_is_found_and_nothing_is_kept(ending):
    life = Life(memory()).imported()
    data = FILES[ending]("机密★10年")
    with pytest.raises(MarkedAsSecret, match=r"《说明.*》中有密级标志“机密★”"):
        attach_file(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), name=f"说明.{ending}", data=data
        )
    assert mark_printed_in(words_of(MEDIA_TYPES[ending], FILES[ending]("机密文件柜采购清单"))) is None


@pytest.mark.parametrize(("text", "mark"), [
    ("甲\n 机　密 \n乙", "机　密"), ("密级：秘密", "密级：秘密"), ("绝密级·长期", "绝密级·长期"), ("★秘密", "★秘密"), ("秘密 5年", "秘密 5年"),
    ("双方对机密信息负有保密义务", None), ("涉及国家秘密的除外", None), ("购置机密文件柜20个", None), ("工作秘密", None),
])  # fmt: skip
def test_a_printed_mark_is_told_from_the_words_of_a_contract(text, mark):
    assert mark_printed_in(text) == mark


@pytest.mark.parametrize("data", [b"%PDF-1.7 nothing", docx()[:900], b"PK\x03\x04", b""])
def test_a_broken_file_has_no_words_and_raises_nothing(data):
    assert {words_of(kind, data) for kind in (MEDIA_TYPES["pdf"], MEDIA_TYPES["docx"])} == {""}


def test_the_refusal_of_an_ordinary_title_says_what_to_do():
    life = Life(memory()).imported()
    with pytest.raises(MarkedAsSecret, match=r"文件名带有密级标志“机密”.*请换一种说法（如“保密文件柜”）"):
        attach_file(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), name="机密文件柜.txt", data="清单".encode()
        )
