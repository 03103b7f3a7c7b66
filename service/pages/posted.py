"""What every form posts: the command's id, the version and content seen, and the texts around them."""

from uuid import UUID

from flask import request
from flask_babel import gettext as _

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


def text(name: str) -> str:
    """Return a typed text without outer blanks."""
    return request.form.get(name, "").strip()


def texts(*names: str) -> dict[str, str]:
    """Return several typed texts by name."""
    return {name: text(name) for name in names}
