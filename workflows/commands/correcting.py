"""更正: text of the version in force that is no goal is put right, asked for by the 绩效科, confirmed by another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.field_situations import refuse_places
from workflows.commands.proposals import proposed
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.content.changes import changes_between
from workflows.errors import ContentDiffers, FieldsInvalid
from workflows.journal import Content, Journal
from workflows.rights.permissions import confirming_posts
from workflows.state.standing import Request, Table
from workflows.vocabulary import Action, Actor, Post, Role

CORRECTABLE = (
    "/title", "/number", "/project_code", "/supervising_department", "/implementing_unit", "/unit_code",
)  # fmt: skip
"""Text that names the table and says no goal: neither goals, indicators, money, plans, attribute nor mark."""
LONGEST = 200


def ask_to_correct(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, values: Mapping[str, str], reason: str
) -> Table:
    """Ask that fields of the content in force read otherwise: `values` by JSON pointer.

    Nothing changes before another person confirms exactly this content (features A22, S10). FieldsInvalid for any
    other field than those of CORRECTABLE.
    """
    work = begin(journal, table_id, by, command_id, Action.CORRECT)
    if work.done:
        return work.table
    work.ask(Action.CORRECT, seen)
    table, why = work.table, reason_given(reason)
    before = journal.content(table.content_hash)
    after = _with(before, values)
    refuse_places(journal, table, work.chain, Role.FINANCE_PERFORMANCE, sorted(values), before)
    changes = changes_between(before, after, {})
    if not changes:
        raise FieldsInvalid("更正后的内容与现在的内容相同。", field="values")
    request = str(work.command_id)
    opened = e.CorrectionOpened(
        request=request, base=table.content_hash, content_hash=journal.put_content(after),
        changes=journal.put_content({"changes": list(changes)}), changed=len(changes), fields=tuple(sorted(values)),
    )  # fmt: skip
    asked = e.ConfirmationRequested(request=request, action=Action.CORRECT, reason=why)
    return work.record((opened, asked), Post(Role.FINANCE_PERFORMANCE, table.bureau))


def apply_correction(work: Work, request: Request, opinion: str) -> Table:
    """Agree as the second person: the content that was asked for comes into force, if it still rests on today's."""
    opened, table = proposed(work, request, e.CorrectionOpened), work.table
    if opened.base != table.in_force:
        raise ContentDiffers(content_hash=table.content_hash)
    content = work.journal.content(opened.content_hash)
    _refuse_beyond(changes_between(work.journal.content(opened.base), content, {}), opened.fields)
    facts = (
        e.ConfirmationGiven(request.id, opinion),
        e.CorrectionApplied(
            opened.request, opened.base, opened.content_hash, opened.changes, opened.changed, content["title"]
        ),
    )
    return work.record(facts, confirming_posts(work.by, table)[0])


def _with(content: Content, values: Mapping[str, str]) -> Content:
    after: dict[str, Any] = dict(content)
    for pointer, value in values.items():
        text = value.strip()
        if pointer not in CORRECTABLE:
            raise FieldsInvalid("更正只限于名称、编码和单位名称等文字，不得涉及绩效目标、指标和资金。", field=pointer)
        if not 0 < len(text) <= LONGEST:
            raise FieldsInvalid(f"更正后的文字不能为空，也不能超过{LONGEST}字。", field=pointer)
        after[pointer[1:]] = text
    return after


def _refuse_beyond(changes: tuple[Mapping[str, str | None], ...], fields: tuple[str, ...]) -> None:
    """Raise FieldsInvalid where a content differs in more than the fields that the request named."""
    if not {change["pointer"] for change in changes} <= {*fields} & {*CORRECTABLE}:
        raise FieldsInvalid("更正的内容超出了申请所列的范围，不能确认。")
