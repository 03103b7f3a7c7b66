"""What every form posts: the command's id, the version and content seen, the texts around them; and what is asked."""

import re
import unicodedata
from uuid import UUID, uuid5

from flask import request
from flask_babel import gettext as _

from service.context import person
from service.pages.words import place_name
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid

YEARS = range(2000, 2101)
LONGEST_TEXT = 4000


def command_id() -> UUID:
    """Return the client's token of this command; FieldsInvalid where it is none."""
    try:
        return UUID(request.form.get("command_id", ""))
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error


def seen() -> Seen:
    """Return the version and the hashes of content and files that stood on the person's page."""
    try:
        shown = request.form.get("content_hash") or None, request.form.get("attachments_hash") or None
        return Seen(int(request.form.get("version", "")), *shown)
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error


def draft_version() -> int:
    """Return the version of the draft that stood on the person's page; -1, which no draft has, where none did."""
    try:
        return int(request.form.get("draft_version", ""))
    except ValueError:
        return -1


def cleaned(typed: str) -> str:
    """Return a typed text as the ledger keeps texts: NFC, line feeds alone, no control signs, no outer blanks."""
    lines = unicodedata.normalize("NFC", typed).replace("\r\n", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()


def text(name: str) -> str:
    """Return a typed text, cleaned; empty where there is none."""
    return cleaned(request.form.get(name, ""))


def sent_file(missing: str) -> tuple[str, bytes]:
    """Return name and bytes of the file sent; FieldsInvalid with `missing` where there is none.

    Nobody can look for marks of state secrets in pictures and scans but the sender, who says that there are none.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise FieldsInvalid(missing, field="file")
    if not text("no_secret"):
        raise FieldsInvalid(_("请核对文件（包括图片和扫描页）不含涉密内容，勾选确认后再上传。"), field="no_secret")
    return cleaned(sent.filename), sent.read()


def asked(name: str) -> str:
    """Return a text of the address, cleaned; empty where there is none."""
    return cleaned(request.args.get(name, ""))


def year_of(typed: str) -> int | None:
    """Return a typed fiscal year, None for an empty text; FieldsInvalid for anything but a year of this century."""
    if not typed:
        return None
    if not re.fullmatch("[0-9]{4}", typed) or int(typed) not in YEARS:
        raise FieldsInvalid(_("年度须填写2000至2100之间的四位数字。"))
    return int(typed)


def refuse_long_texts() -> None:
    """Raise FieldsInvalid, naming every posted text that is longer than a field of the form may be."""
    long = [name for name, typed in request.form.items(multi=True) if len(typed) > LONGEST_TEXT]
    if long:
        names = "、".join(dict.fromkeys(place_name(name.replace("-", "/")) for name in long))
        raise FieldsInvalid(_("“%(names)s”超过%(n)d字，请缩短后重试。", names=names[:200], n=LONGEST_TEXT))


def subject_id(what: str) -> UUID:
    """Return the ID of a new subject: the same for a person's repeated command, never one that a client chooses."""
    return uuid5(command_id(), f"{what}:{person().id}")
