"""What every form posts: the command's id, the version and content seen, and the texts around them."""

import unicodedata
from uuid import UUID, uuid5

from flask import request
from flask_babel import gettext as _

from service.context import person
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid


def command_id() -> UUID:
    """Return the client's token of this command; FieldsInvalid where it is none."""
    try:
        return UUID(request.form.get("command_id", ""))
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error


def seen() -> Seen:
    """Return the version and the content hash that stood on the person's page."""
    try:
        return Seen(int(request.form.get("version", "")), request.form.get("content_hash") or None)
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


def subject_id(what: str) -> UUID:
    """Return the ID of a new subject: the same for a person's repeated command, never one that a client chooses."""
    return uuid5(command_id(), f"{what}:{person().id}")
