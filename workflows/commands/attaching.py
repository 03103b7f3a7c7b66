"""The clerk's verbs on evidence: put a file to a table, and take it back before the desk is left."""

from uuid import UUID, uuid5

from workflows import events as e
from workflows.attachments import MOST, clean_name, media_type_of
from workflows.commands.recipe import Seen, begin, post_at
from workflows.commands.secrecy_marks import refuse_marked_file
from workflows.errors import AttachmentRefused, NotFound, NotOpenNow
from workflows.folds.replay import Attachment, Table
from workflows.journal import Journal
from workflows.vocabulary import Action, Actor


def attach_file(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, name: str, data: bytes,
    for_step: str = "",
) -> Table:  # fmt: skip
    """Put a file to the table: in drafting, or as evidence at a filing desk (`for_step` names the desk).

    Its type is found from its bytes (at most 20 MiB, 20 files a table); the event binds the bytes with a salt.
    AttachmentRefused says what is wrong with the file.
    """
    work = begin(journal, table_id, by, command_id, Action.ATTACH)
    if work.done:
        return work.table
    desk = work.ask(Action.ATTACH, seen, node=for_step or None).desk
    post, kept = post_at(desk), clean_name(name)
    media_type = media_type_of(kept, data)
    refuse_marked_file(kept, media_type, data)
    refuse_one_too_many(journal, work.table.attachments, data)
    added = e.AttachmentAdded(
        attachment=str(uuid5(table_id, f"attachment:{work.command_id}")), name=kept, media_type=media_type,
        size=len(data), commitment=journal.bind(data), for_step=desk.node if desk else "",
    )  # fmt: skip
    return work.record((added,), post)


def refuse_one_too_many(journal: Journal, present: tuple[Attachment, ...], data: bytes) -> None:
    """Raise AttachmentRefused where a table has no room for another file, or has this one already."""
    if len(present) >= MOST:
        raise AttachmentRefused(f"每张表最多{MOST}个附件。")
    for each in present:
        same_size = None if each.erased or each.size != len(data) else journal.bound(each.commitment)
        if same_size is not None and same_size.body == data:
            raise AttachmentRefused(f"此文件已作为附件《{each.name}》上传，不必重复上传。")


def withdraw_attachment(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, attachment: str,
) -> Table:  # fmt: skip
    """Take a file back while the desk that it was put to is still the clerk's; what it was stays in the log."""
    work = begin(journal, table_id, by, command_id, Action.DETACH)
    if work.done:
        return work.table
    present = work.table.attachment(attachment)
    node = present.for_step if present and work.table.desk(present.for_step) else None
    post = post_at(work.ask(Action.DETACH, seen, node=node).desk)
    if present is None:
        raise NotFound(attachment=attachment)
    if node is None:
        raise NotOpenNow("此附件所属环节已经办结，不能再撤下。", rule="G-FILED")
    return work.record((e.AttachmentWithdrawn(attachment),), post)
