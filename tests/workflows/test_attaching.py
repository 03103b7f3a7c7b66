"""Files as evidence: what may be put to a table, by whom, when; and that decisions are about the files that were seen."""

from dataclasses import replace
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.attachments import LARGEST, clean_name, media_type_of
from workflows.commands import ending, reviewing
from workflows.commands.attaching import attach_file, withdraw_attachment
from workflows.commands.recipe import Seen
from workflows.errors import (
    AttachmentChanged,
    AttachmentRefused,
    ContentDiffers,
    NotAllowed,
    NotFound,
    NotOpenNow,
    TableChangedMeanwhile,
)
from workflows.folds.replay import from_json, to_json
from workflows.journal import BoundFile
from workflows.vocabulary import Action, Stage

PDF = b"%PDF-1.7 \xe9\xaa\x8c"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)


def archive(*members: str) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w") as made:
        for member in members:
            made.writestr(member, "x")
    return data.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
GOOD = {
    "验收单.pdf": (PDF, "application/pdf"),
    "照片.PNG": (b"\x89PNG\r\n\x1a\n0", "image/png"),
    "照片.jpeg": (b"\xff\xd8\xff\xe0", "image/jpeg"),
    "照片.jpg": (b"\xff\xd8\xff\xe0", "image/jpeg"),
    "合同.docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "明细.xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "汇报.pptx": (archive("[Content_Types].xml", "ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "合同.doc": (OLE + "WordDocument\0".encode("utf-16-le"), "application/msword"),
    "明细.xls": (OLE + "Workbook\0".encode("utf-16-le"), "application/vnd.ms-excel"),
    "说明.txt": ("验收合格\r\n".encode("gbk"), "text/plain"),
    "明细.csv": ("\ufeff项目,金额\n".encode(), "text/csv"),
}
BAD = {
    "空.pdf": (b"", "此文件是空的，请重新选择。"),
    "大.pdf": (b"%PDF-" + bytes(LARGEST), "单个附件不得超过 20 MB。"),
    "程序.exe": (b"MZ\x90\x00", "不能识别此文件的类型。"),
    "假.pdf": (b"MZ\x90\x00", "不能识别此文件的类型。"),
    "假.png": (PDF, "文件名与内容不符：名为“假.png”，内容是PDF。"),
    "假.pdf.txt": (PDF, "文件名与内容不符"),
    "网页.html": (b"<script>alert(1)</script>", "文件名与内容不符：名为“网页.html”，内容是文本。"),
    "无后缀": (b"text", "文件名与内容不符"),
    "资料.zip": (archive("a.pdf"), "压缩包不能作为附件，请逐个上传其中的文件。"),
    "改名.docx": (archive("a.pdf"), "压缩包不能作为附件"),
    "两样.docx": (archive("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"), "压缩包不能作为附件"),
    "宏.docx": (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "此文件含有宏"),
    "多.docx": (DOCX[:-22] + b"PK\x01\x02" * 5_000 + DOCX[-22:], "此文件内含的部件过多"),
    "断.docx": (DOCX[:40], "此文件已损坏，无法打开"),
    "表.docx": (GOOD["明细.xlsx"][0], "文件名与内容不符：名为“表.docx”，内容是XLSX。"),
    "旧.xls": (OLE, "不能识别此文件的类型。"),
    "码.txt": (b"a\x00b", "不能识别此文件的类型。"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_what_its_bytes_say(name):
    data, expected = GOOD[name]
    assert media_type_of(name, data) == expected


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_with_a_sentence(name):
    data, sentence = BAD[name]
    with pytest.raises(AttachmentRefused) as refused:
        media_type_of(name, data)
    assert refused.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\资料\\验收单.pdf", "验收单.pdf"), ("../../etc/验收单.pdf", "验收单.pdf"), ("  a \t b.pdf ", "a b.pdf"),
        ("验收\x00单\u202e.pdf", "验收单.pdf"), ("e\u0301.pdf", "\u00e9.pdf"), ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)  # fmt: skip
def test_names_are_cleaned(given, kept):
    assert clean_name(given) == kept


@pytest.mark.parametrize("given", ["", "..", "/", "\x00", ".pdf", "a." + "b" * 200])
def test_a_name_of_nothing_is_refused(given):
    with pytest.raises(AttachmentRefused):
        clean_name(given)


def attach(life, name="验收单.pdf", data=PDF, by=roster.CLERK, **more):
    words = {"seen": life.seen(), "command_id": uuid4(), "for_step": ""} | more
    life.table = attach_file(life.journal, life.table.id, by=by, name=name, data=data, **words)
    return life


def test_the_clerk_attaches_while_the_table_is_a_draft_and_the_event_binds_the_bytes():
    life = attach(Life(memory()).imported())
    (kept,) = life.table.attachments
    assert (kept.name, kept.media_type, kept.size, kept.for_step, kept.by) == ("验收单.pdf", "application/pdf", len(PDF), "drafting", "clerk")
    assert life.journal.bound(kept.commitment).body == PDF
    assert life.journal.bound(kept.commitment).commitment == kept.commitment
    assert from_json(to_json(life.table)) == life.table


def test_repeating_the_command_attaches_once():
    life, command, seen = Life(memory()).imported(), uuid4(), None
    seen = life.seen()
    first = attach(life, command_id=command, seen=seen).table
    assert attach(life, command_id=command, seen=seen).table == first


def test_nobody_else_attaches_and_nobody_after_submission():
    life = Life(memory()).imported()
    for other in (roster.UNIT_HEAD, roster.EVERY_HAT):
        with pytest.raises(NotAllowed):
            attach(life, by=other)
    for stranger in (roster.OTHER_CLERK, roster.DEPARTMENT_FINANCE):
        with pytest.raises(NotFound):
            attach(life, by=stranger)
    life.completed().submitted()
    with pytest.raises(NotOpenNow):
        attach(life)


def test_the_same_bytes_twice_are_refused_under_any_name():
    life = attach(Life(memory()).imported())
    with pytest.raises(AttachmentRefused) as refused:
        attach(life, name="另一个名字.pdf")
    assert refused.value.sentence == "此文件已作为附件《验收单.pdf》上传，不必重复上传。"


def test_a_table_has_at_most_twenty_files():
    life = Life(memory()).imported()
    for number in range(20):
        attach(life, data=PDF + bytes([number]))
    with pytest.raises(AttachmentRefused) as refused:
        attach(life, data=PDF + b"!")
    assert refused.value.sentence == "每张表最多20个附件。"


def test_a_file_may_be_taken_back_in_drafting_and_put_again():
    life = attach(Life(memory()).imported())
    (kept,) = life.table.attachments
    words = {"by": roster.CLERK, "attachment": kept.attachment}
    life.table = withdraw_attachment(life.journal, life.table.id, seen=life.seen(), command_id=uuid4(), **words)
    assert life.table.attachments == ()
    with pytest.raises(NotFound):
        withdraw_attachment(life.journal, life.table.id, seen=life.seen(), command_id=uuid4(), **words)
    assert [each.name for each in attach(life).table.attachments] == ["验收单.pdf"]


def test_evidence_is_put_at_the_filing_desk_and_what_belongs_to_another_desk_stays():
    life = attach(Life(memory()).imported()).completed().submitted().approved(roster.UNIT_HEAD)
    life.approved(roster.DEPARTMENT_FINANCE).approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE).replied()
    with pytest.raises(NotAllowed):
        attach(life, data=PDF + b"2")
    life.window_opened("w1")
    attach(life, data=PDF + b"2", for_step="monitoring_filing:w1")
    first, second = life.table.attachments
    assert second.for_step == "monitoring_filing:w1"
    with pytest.raises(NotOpenNow):
        withdraw_attachment(life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), attachment=first.attachment)
    taken = withdraw_attachment(life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), attachment=second.attachment)
    assert taken.attachments == (first,)


def submitted_with_file():
    return attach(Life(memory()).imported()).completed().submitted()


def swap(life, body=b"%PDF-1.7 other"):
    (kept,) = life.table.attachments
    life.journal.files[kept.commitment] = BoundFile(life.journal.files[kept.commitment].salt, body)


def test_a_swapped_file_stops_every_decision_but_leaves_the_way_back():
    life = submitted_with_file()
    life.approved(roster.UNIT_HEAD)
    swap(life)
    with pytest.raises(AttachmentChanged):
        life.approved(roster.DEPARTMENT_FINANCE)
    with pytest.raises(AttachmentChanged):
        ending.ask_to_end(
            life.journal, life.table.id, action=Action.REFUSE, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), reason="目标与职责无关",
        )  # fmt: skip
    life.returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT)
    with pytest.raises(AttachmentChanged):
        life.submitted()


def test_a_missing_file_stops_a_decision_too():
    life = submitted_with_file()
    life.journal.files.clear()
    with pytest.raises(AttachmentChanged):
        life.approved(roster.UNIT_HEAD)


def test_a_refusal_is_confirmed_on_the_files_it_was_asked_on():
    life = submitted_with_file().approved(roster.UNIT_HEAD)
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action=Action.REFUSE, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), reason="目标与职责无关",
    )  # fmt: skip
    swap(life)
    with pytest.raises(AttachmentChanged):
        ending.confirm_ending(life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_BUSINESS, command_id=uuid4())


def approve(life, **seen):
    return reviewing.approve_table(life.journal, life.table.id, seen=replace(life.seen(), **seen), by=roster.UNIT_HEAD, command_id=uuid4())


def test_a_form_says_which_files_were_seen():
    life = submitted_with_file()
    for other in (Life(memory()).imported().table.attachments_hash, "0" * 64):
        with pytest.raises(ContentDiffers):
            approve(life, attachments=other)
    assert approve(life, attachments=life.table.attachments_hash).stage == Stage.DEPARTMENT_REVIEW


def test_a_file_that_came_after_the_page_was_shown_makes_the_page_stale():
    life = Life(memory()).imported().completed()
    before = life.seen()
    attach(life)
    with pytest.raises(TableChangedMeanwhile):
        attach(life, seen=Seen(before.version), data=PDF + b"2")
