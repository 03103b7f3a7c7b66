"""调整 on a table's page: ask for a revision, see old beside new, reply to it; the versions that were in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.differences_shown import Difference, content_differences
from service.pages.posted import command_id, refuse_long_texts, seen, text
from service.pages.table_view import table_page
from workflows.commands.adjusting import cut_off, open_revision, reply_to_revision, revision_id
from workflows.commands.drafting import content_in_work
from workflows.commands.late_adjusting import ask_late_revision
from workflows.folds.replay import Table
from workflows.packs import pinned_pack
from workflows.rights.lifecycle import decide
from workflows.state.revisions import Trigger, Version
from workflows.store.queries import refuse_unseen
from workflows.vocabulary import Action, Stage
from workflows.workdays import beijing_date

pages = Blueprint("adjusting", __name__)


@dataclass(frozen=True)
class Shown:
    """What a table's page says of 调整: the forms that are open, the versions, and a revision's changes.

    `changes` are between the version in force when the revision was opened and what it reads now.
    """

    may_open: bool
    may_ask: bool
    last_day: str | None
    triggers: Sequence[Trigger]
    may_reply: bool
    open: str
    parent: str
    number: int
    trigger: str
    reason: str
    changes: Sequence[Difference]
    versions: Sequence[Version]

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.may_open or self.may_ask or self.open or self.parent or self.versions)


def revision_of(table: Table) -> Shown:
    """Return what the page says of the table's revisions, or of the table that it revises."""
    opens = decide(person(), table, Action.ADJUST).allowed
    asks = decide(person(), table, Action.ADJUST_LATE).allowed
    trigger, reason, changes = _carried(table)
    last = cut_off(table, pinned_pack(table.pack_hash, journal().content)) if opens or asks else None
    late = last is not None and beijing_date(transaction().now()).isoformat() > last
    return Shown(
        may_open=opens and not late, may_ask=asks and late, last_day=last,
        triggers=tuple(Trigger), may_reply=decide(person(), table, Action.REPLY_REVISION).allowed, open=table.revision,
        parent=table.revises, number=table.revision_number or table.revisions, trigger=trigger, reason=reason,
        changes=changes, versions=table.versions,
    )  # fmt: skip


def _carried(table: Table) -> tuple[str, str, Sequence[Difference]]:
    """Return why a revision was opened, and how its content differs from the version in force then."""
    if not table.revises:
        return "", "", ()
    history = journal().history(UUID(table.revises))
    fact = next(each.fact for each in history if each.kind == "revision.opened" and _carries(each.fact, table))
    drafted = table.stage == Stage.DRAFT
    now = content_in_work(journal(), table).content if drafted else journal().content(table.content_hash)
    base = journal().content(getattr(fact, "base", ""))
    trigger = Trigger(getattr(fact, "trigger", "")).chinese
    return trigger, getattr(fact, "reason", ""), content_differences(base, now, {})


def _carries(fact: object, table: Table) -> bool:
    return bool(getattr(fact, "revision", "") == str(table.id))


@pages.app_context_processor
def words() -> dict[str, object]:
    """Give the table's page what it shows of revisions."""
    return {"revision_of": revision_of}


@pages.post("/tables/<uuid:table_id>/adjustment")
def adjust(table_id: UUID) -> ResponseReturnValue:
    """Open a revision and go to its draft."""
    _about(table_id)
    after = open_revision(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), trigger=text("trigger"),
        reason=text("reason"),
    )  # fmt: skip
    draft = after.revision or str(revision_id(table_id, after.revisions))
    flash(_("已开启调整：请在下面的草稿中修改后提交。批复之前，原表继续有效。"), "good")
    return redirect(url_for("tables.show", table_id=draft), 303)


@pages.post("/tables/<uuid:table_id>/late-adjustment")
def ask_late(table_id: UUID) -> ResponseReturnValue:
    """Ask for a revision after the cut-off; the leader in charge opens it."""
    _about(table_id)
    ask_late_revision(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), trigger=text("trigger"),
        reason=text("reason"),
    )  # fmt: skip
    flash(_("申请已登记，等待分管领导确认。"), "good")
    return redirect(url_for("tables.show", table_id=table_id), 303)


@pages.post("/tables/<uuid:table_id>/revision-reply")
def reply(table_id: UUID) -> ResponseReturnValue:
    """Reply to a revision under a document number."""
    _about(table_id)
    reply_to_revision(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), doc_no=text("doc_no"),
        opinion=text("opinion"),
    )  # fmt: skip
    flash(_("已批复调整，调整后的绩效目标自今日起生效。"), "good")
    return redirect(url_for("tables.show", table_id=table_id), 303)


def _about(table_id: UUID) -> None:
    """Remember where a refusal is shown, and refuse what the person may not see."""
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()
