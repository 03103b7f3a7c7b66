"""调整: an approved table is opened for revision, which walks the chain as a table of its own until its reply."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.administering import definition_in_force, publish
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.replying import pass_on_day
from workflows.commands.reviewing import decided_at, desk_of
from workflows.errors import ContentDiffers, FieldsInvalid, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.measures.watch import checkpoints_of
from workflows.packs import Pack, pack_from
from workflows.state.revisions import REVISION, Trigger
from workflows.vocabulary import Action, Actor, Outcome, Post, Role, Stage
from workflows.workdays import beijing_date

ENDED_BY_THE_UNIT = frozenset({Stage.VOIDED})


def open_revision(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, trigger: str, reason: str,
) -> Table:  # fmt: skip
    """Open a revision of the version in force; it becomes a draft of its own, pinned to the chain in force now.

    One at a time, and not after the pack's cut-off (domain.md 7). The approved version stays in force until its reply.
    Returns the table that is revised; its `revision` names the new draft.
    """
    work = begin(journal, table_id, by, command_id, Action.ADJUST)
    if work.done:
        return work.table
    work.ask(Action.ADJUST, seen)
    if trigger not in set(Trigger):
        raise FieldsInvalid("请选择调整的原因类别。", field="trigger")
    _refuse_after_cut_off(work)
    number, post = work.table.revisions + 1, Post(Role.CLERK, work.table.unit)
    revision = revision_id(work.table.id, number)
    opened = e.RevisionOpened(str(revision), number, trigger, work.table.in_force or "", reason_given(reason))
    after = work.record((opened,), post)
    begin_draft(work, revision, number, post)
    return after


def revision_id(table: UUID, number: int) -> UUID:
    """Return the ID of the table that carries a revision: derived, so that nobody can choose it."""
    return uuid5(table, f"revision#{number}")


def cut_off(table: Table, pack: Pack) -> str | None:
    """Return the last Beijing day (ISO) on which the unit may open a revision, None where the pack names none."""
    return f"{table.year}-{pack.adjustment_cut_off}" if pack.adjustment_cut_off else None


def _refuse_after_cut_off(work: Work) -> None:
    if is_late(work):
        last = cut_off(work.table, pack_from(work.journal.content(work.table.pack_hash)))
        raise NotOpenNow(
            f"本年度调整申请已于{last}截止；确需调整的，由财政绩效科提出、分管领导确认后开启。", rule="G-CUTOFF",
        )


def is_late(work: Work) -> bool:
    """Whether the cut-off of the table's pinned pack lies behind."""
    last = cut_off(work.table, pack_from(work.journal.content(work.table.pack_hash)))
    return last is not None and beijing_date(work.journal.now()).isoformat() > last


def begin_draft(work: Work, revision: UUID, number: int, post: Post) -> None:
    """Make the revision a draft whose content is the version in force, and give it to the clerk in charge."""
    journal, table = work.journal, work.table
    definition = definition_in_force(journal, table.definition)
    publish(
        journal, subject="definition", content=definition, by=work.by, command_id=uuid5(work.command_id, "definition")
    )
    born = e.TableCreated(
        origin=REVISION, source=str(table.id), number=number, document=table.document, ordinal=table.ordinal,
        bureau=table.bureau, department=table.department, unit=table.unit, owner=table.owner, year=table.year,
        title=table.title, family=table.family, scope=table.scope, definition=definition["name"],
        definition_hash=journal.put_content(definition), pack=table.pack, pack_hash=table.pack_hash,
        content_hash=table.in_force or "",
    )  # fmt: skip
    draft = journal.append_to_table(Table(revision), (born,), Command(work.by, post, work.command_id))
    entering = Work(journal, draft, work.by, uuid5(work.command_id, "enter"), done=False)
    (drafting,) = entering.chain.first_of(Stage.DRAFT)
    entering.record((entering.entering(drafting, round=0),), post)


def refuse_unfit_revision(work: Work, content: Mapping[str, Any]) -> None:
    """Raise FieldsInvalid where a revision's draft goes beyond what its reason allows; other tables pass.

    Weights stay as they were replied to unless the set of indicators changes (财预〔2021〕101号); a revision for money
    changes the total, one of content leaves it alone; one for policy or force majeure brings its evidence.
    """
    if not work.table.revises:
        return
    base = work.journal.content(_base(work))
    trigger, same_total = _opened(work).trigger, content["budget"]["total"] == base["budget"]["total"]
    if _rows(content) == _rows(base) and _weights(content) != _weights(base):
        raise FieldsInvalid("指标没有增减，分值自批复起不得改动；请恢复原分值。", field="/indicators", rule="G-WEIGHTS")
    wrong, place = "", "/budget/total"
    if trigger == Trigger.BUDGET and same_total:
        wrong = "调整原因是预算变化，但项目资金总额没有改动。"
    elif trigger == Trigger.SCOPE and not same_total:
        wrong = "内容、地点或期限的调整不得改动资金总额；涉及资金的请按预算变化申请。"
    elif trigger == Trigger.POLICY and all(each.erased for each in work.table.attachments):
        wrong, place = "因政策变化、突发事件或不可抗力调整的，请附上证明材料。", "attachments"
    if wrong:
        raise FieldsInvalid(wrong, field=place, rule="G-TRIGGER")


def _rows(content: Mapping[str, Any]) -> list[tuple[str, ...]]:
    names = ("id", "level1", "level2", "level3")
    return sorted(tuple(row[name] or "" for name in names) for row in content["indicators"])


def _weights(content: Mapping[str, Any]) -> dict[str, str | None]:
    return {row["id"]: row["weight"] for row in content["indicators"]}


def _opened(work: Work) -> e.RevisionOpened:
    """Return the fact on the revised table's stream that opened this revision."""
    facts = (each.fact for each in work.journal.history(UUID(work.table.revises)))
    opened = (fact for fact in facts if isinstance(fact, e.RevisionOpened))
    return next(fact for fact in opened if fact.number == work.table.revision_number)


def _base(work: Work) -> str:
    return _opened(work).base


def reply_to_revision(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, doc_no: str, opinion: str = "",
) -> Table:  # fmt: skip
    """Reply to a revision under a document number: from today its content is the version in force of the table.

    ContentDiffers where the version in force is no longer the one that the revision rests on.
    """
    work = begin(journal, table_id, by, command_id, Action.REPLY_REVISION)
    if work.done:
        return work.table
    answer = work.ask(Action.REPLY_REVISION, seen)
    number = doc_no.strip()
    if not number:
        raise FieldsInvalid("请填写批复文号。", field="doc_no")
    desk, post = desk_of(answer), post_at(answer.desk)
    decided = decided_at(work, desk, Outcome.PASS, opinion)
    revised = journal.lock_table(UUID(work.table.revises))
    approved = _approved(work, revised, number)
    after = work.record((decided, approved, e.NodeCompleted(decided.node, decided.round)), post, answer.cover)
    replace(work, table=revised).record((approved,), post, answer.cover)
    return after


def _approved(work: Work, revised: Table, doc_no: str) -> e.RevisionApproved:
    table, base = work.table, _base(work)
    if revised.in_force != base or revised.revision != str(table.id):
        raise ContentDiffers(content_hash=revised.in_force)
    content, today = work.journal.content(table.content_hash), beijing_date(work.journal.now()).isoformat()
    return e.RevisionApproved(
        revision=str(table.id), table=str(revised.id), number=table.revision_number, doc_no=doc_no, base=base,
        content_hash=table.content_hash, effective_from=today, title=content["title"],
        windows=_plan(work, revised, content),
        pass_on_due=pass_on_day(work, pack_from(work.journal.content(revised.pack_hash))),
    )  # fmt: skip


def _plan(work: Work, revised: Table, content: Mapping[str, Any]) -> tuple[dict[str, str | None], ...]:
    """Return the checkpoints of the new content that come after every window that was opened, numbered onwards."""
    pack = pack_from(work.journal.content(revised.pack_hash))
    begun = [window for window in revised.windows if window.state != "planned"]
    last = max((window.date for window in begun), default="")
    points = [point for point in checkpoints_of(dict(content), pack, revised.year) if point.date.isoformat() > last]
    return tuple(
        {
            "window": f"w{number}", "name": point.name, "date": point.date.isoformat(),
            "planned_percent": str(point.planned_percent) if point.planned_percent is not None else None,
            "source": point.source,
        }
        for number, point in enumerate(points, len(begun) + 1)
    )  # fmt: skip


def tell_revised(work: Work, ended: Table, post: Post) -> None:
    """Record on the table that was to be revised that its revision ended without a reply."""
    if not ended.revises or not ended.ended:
        return
    revised = work.journal.lock_table(UUID(ended.revises))
    kind = e.RevisionAbandoned if ended.stage in ENDED_BY_THE_UNIT else e.RevisionRefused
    fact = kind(str(ended.id), ended.revision_number, ended.ended_reason or "")
    replace(work, table=revised).record((fact,), post)
