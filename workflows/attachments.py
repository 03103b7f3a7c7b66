"""What a file offered as evidence is, found from its content, and the name under which it may be kept."""

import struct
import unicodedata
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from workflows.errors import AttachmentRefused

LARGEST = 20 * 1024 * 1024
"""Bytes that one attachment may have."""
MOST = 20
"""Attachments that one table may have."""
LONGEST_NAME = 120
ALLOWED = "PDF、PNG、JPEG 图片，Word（doc、docx）、Excel（xls、xlsx）、PPT（pptx）文档，TXT、CSV 文本"
OFFICE = "application/vnd.openxmlformats-officedocument"
OPENINGS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEMBER, MOST_MEMBERS = b"PK\x01\x02", 5_000
"""What opens each entry of an archive's list, and how many entries are read at most."""
OFFICE_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"))
OLE_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
MEDIA_TYPES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "doc": "application/msword",
    "xls": "application/vnd.ms-excel", "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet", "pptx": f"{OFFICE}.presentationml.presentation",
    "txt": "text/plain", "csv": "text/csv",
}  # fmt: skip
ENDINGS = {"jpeg": "jpg"}
TEXTS = ("txt", "csv")
UNREADABLE = (BadZipFile, ValueError, OSError, NotImplementedError, EOFError, OverflowError, struct.error)
"""What a broken archive may make the reader raise."""


def media_type_of(name: str, data: bytes) -> str:
    """Return the media type that the content shows; AttachmentRefused where it is none of ours or the name disagrees.

    >>> media_type_of("验收单.pdf", b"%PDF-1.7")
    'application/pdf'
    """
    if not data:
        raise AttachmentRefused("此文件是空的，请重新选择。")
    if len(data) > LARGEST:
        raise AttachmentRefused(f"单个附件不得超过 {LARGEST // 1024 // 1024} MB。")
    ending = name.rpartition(".")[2].lower()
    said, found = ENDINGS.get(ending, ending), _kind_of(data)
    if found is None:
        raise AttachmentRefused(f"不能识别此文件的类型。可上传：{ALLOWED}。")
    if found == "text" and said in TEXTS:
        return MEDIA_TYPES[said]
    if said != found:
        shown = "文本" if found == "text" else found.upper()
        raise AttachmentRefused(f"文件名与内容不符：名为“{name}”，内容是{shown}。可上传：{ALLOWED}。")
    return MEDIA_TYPES[found]


def clean_name(name: str) -> str:
    """Return a file's own name: NFC, no folders, no control or invisible signs, at most 120 characters with its ending.

    AttachmentRefused where nothing is left of it.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    stem, dot, ending = " ".join(visible.split()).rpartition(".")
    kept = stem[: LONGEST_NAME - len(ending) - 1].strip() if len(ending) < LONGEST_NAME else ""
    if not kept.strip("."):
        raise AttachmentRefused("文件名无效，请改名后重新上传。")
    return f"{kept}{dot}{ending}"


def _kind_of(data: bytes) -> str | None:
    for opening, kind in OPENINGS:
        if data.startswith(opening):
            return kind
    if data.startswith(ZIP):
        return _office_kind(data)
    if data.startswith(OLE):
        return next((kind for name, kind in OLE_STREAMS if f"{name}\0".encode("utf-16-le") in data), None)
    return "text" if _is_text(data) else None


def _office_kind(data: bytes) -> str:
    if data.count(MEMBER) > MOST_MEMBERS:
        raise AttachmentRefused("此文件内含的部件过多，不能作为附件。")
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = set(archive.namelist())
    except UNREADABLE as error:
        raise AttachmentRefused("此文件已损坏，无法打开，请重新导出后上传。") from error
    if any(member.endswith("vbaProject.bin") for member in members):
        raise AttachmentRefused("此文件含有宏，不能作为附件；请另存为不含宏的格式。")
    found = [kind for part, kind in OFFICE_PARTS if part in members]
    if "[Content_Types].xml" not in members or len(found) != 1:
        raise AttachmentRefused(f"压缩包不能作为附件，请逐个上传其中的文件。可上传：{ALLOWED}。")
    return found[0]


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f" for sign in set(text))
    return False
