"""良·直接完善: the reviewer completes listed places himself, and the unit agrees or not (T8, R88 article 25)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.drafting import finding_key, findings_of
from workflows.commands.field_situations import refuse_places
from workflows.commands.grading import form_of
from workflows.commands.recipe import SHORTEST_REASON, Seen, Work, begin, post_at, reason_given
from workflows.commands.reviewing import desk_of
from workflows.content.changes import changes_between
from workflows.content.pointers import ABSENT, at_place
from workflows.content.targets import parse_target
from workflows.errors import BlockedByFindings, ContentDiffers, FieldsInvalid, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Content, Journal
from workflows.packs.review_form import AmendmentRules
from workflows.rights.permissions import the_clerk_in_charge
from workflows.state.reviews import Amendment
from workflows.vocabulary import UNIT_ROLES, Action, Actor, Post, Role
from workflows.workdays import beijing_date

MOST_PLACES = 100
LONGEST = 1_000
Change = Mapping[str, str]
"""What a reviewer wants at one place: `pointer`, `new` and `reason`; the old text is read from the content."""


def propose_amendment(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, changes: Sequence[Change],
    opinion: str = "", node: str | None = None,
) -> Table:  # fmt: skip
    """Ask the unit to agree to exactly these changes of a table graded 良; it has the pack's working days to answer.

    FieldsInvalid for a place that may not be completed, an unchanged or empty text, or a reason below five characters;
    BlockedByFindings where the change would bring a blocking finding; NotOpenNow where somebody signed (G-LATE).
    """
    work = begin(journal, table_id, by, command_id, Action.AMEND)
    if work.done:
        return work.table
    answer = work.ask(Action.AMEND, seen, node=node)
    desk, rules = desk_of(answer), form_of(work).amendment
    refuse_after_votes(work, desk)
    before = journal.content(work.table.content_hash)
    after = completed_content(before, changes, rules)
    places = [str(change["pointer"]) for change in changes_between(before, after, {})]
    refuse_places(journal, work.table, work.chain, Role(desk.role), places, before)
    _refuse_new_faults(work, before, after)
    differences = changes_between(before, after, {each["pointer"]: each["reason"].strip() for each in changes})
    due = work.calendar.add_workdays(beijing_date(journal.now()), rules.working_days)
    proposed = e.AmendmentProposed(
        amendment=str(work.command_id), node=desk.node, task=desk.task, round=desk.round,
        base=work.table.content_hash, content_hash=journal.put_content(after),
        changes=journal.put_content({"changes": list(differences)}), changed=len(differences),
        due_at=due.moment.isoformat(), provisional=due.provisional, calendar=due.calendar_version,
        opinion=opinion.strip(),
    )  # fmt: skip
    return work.record((proposed,), post_at(desk), answer.cover)


def refuse_after_votes(work: Work, desk: Desk) -> None:
    """Raise NotOpenNow where a vote on the present content would lose its ground: at this node, or beside it.

    Votes of nodes before keep the content they were cast on; that is what their hash says.
    """
    beside = {each.node for each in work.chain.of_stage(desk.stage)} - work.chain.before(desk.node)
    if any(vote.node in beside for vote in work.table.votes):
        raise NotOpenNow(
            "同一阶段已有人就现在的内容签署了意见，不能再直接完善；可以请其先拿回意见，或者退回单位修改。",
            rule="G-LATE",
        )


def completed_content(before: Content, changes: Sequence[Change], rules: AmendmentRules) -> Content:
    """Return the content with each place reading as wished; a row's target text is read anew."""
    if not 0 < len(changes) <= MOST_PLACES:
        raise FieldsInvalid("请至少修改一处，并写明理由。", field="changes")
    after: dict[str, Any] = {**before, "goals": list(before["goals"])}
    after["indicators"] = [dict(row) for row in before["indicators"]]
    for number, change in enumerate(changes):
        place = f"changes.{number}"
        pointer, new = change["pointer"], change["new"].strip()
        if not rules.allows(pointer) or at_place(before, pointer) is ABSENT:
            raise FieldsInvalid("直接完善只限于绩效目标的文字和已有指标的名称、指标值、说明与依据。", field=place)
        if not 0 < len(new) <= LONGEST:
            raise FieldsInvalid(f"完善后的文字不能为空，也不能超过{LONGEST}字。", field=place)
        if len(change["reason"].strip()) < SHORTEST_REASON:
            raise FieldsInvalid(f"每处完善都须写明理由（不少于{SHORTEST_REASON}个字）。", field=place)
        _write(after, pointer, new)
        if at_place(after, pointer) == at_place(before, pointer):
            raise FieldsInvalid("这一处完善前后相同。", field=place)
    return after


def _write(content: dict[str, Any], pointer: str, new: str) -> None:
    _empty, subject, which, *rest = pointer.split("/")
    if subject == "goals":
        content["goals"][int(which)] = new
        return
    row = next(row for row in content["indicators"] if row["id"] == which)
    row[rest[0]] = {**row["target"], **asdict(parse_target(new)), "raw": new} if rest[0] == "target" else new


def _refuse_new_faults(work: Work, before: Content, after: Content) -> None:
    """Raise BlockedByFindings where the completed content has a blocking finding that the present one has not."""
    known = {finding_key(each) for each in findings_of(work.journal, work.table, before)}
    news = [each for each in findings_of(work.journal, work.table, after) if finding_key(each) not in known]
    blocking = tuple(each for each in news if each.severity == "B")
    if blocking:
        raise BlockedByFindings(findings=blocking)


def confirm_amendment(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, amendment: str, opinion: str = ""
) -> Table:
    """Agree for the unit: the content is from now on the one proposed, and whoever decides next decides on it."""
    work = begin(journal, table_id, by, command_id, Action.CONFIRM_AMENDMENT)
    if work.done:
        return work.table
    work.ask(Action.CONFIRM_AMENDMENT, seen)
    asked = _waiting(work, amendment)
    confirmed = e.AmendmentConfirmed(
        amendment=asked.amendment, node=asked.node, round=work.table.round, base=asked.base,
        content_hash=asked.content_hash, changes=asked.changes, changed=asked.changed, opinion=opinion.strip(),
    )  # fmt: skip
    return work.record((confirmed,), _post_of_the_unit(by, work.table))


def reject_amendment(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, amendment: str, reason: str
) -> Table:
    """Do not agree, for the unit, or take the own proposal back: the reviewer passes unamended, or returns."""
    work = begin(journal, table_id, by, command_id, Action.REJECT_AMENDMENT)
    if work.done:
        return work.table
    work.ask(Action.REJECT_AMENDMENT, seen)
    asked, own = _waiting(work, amendment), False
    if by.id == asked.person:
        own, post = True, Post(Role(asked.role), asked.organ)
    else:
        post = _post_of_the_unit(by, work.table)
    return work.record((e.AmendmentRejected(asked.amendment, own, reason_given(reason)),), post)


def _waiting(work: Work, amendment: str) -> Amendment:
    """Return the proposal that waits; ContentDiffers where it is not the one that the person saw."""
    asked = work.table.amendment
    if asked is None or asked.amendment != amendment or asked.base != work.table.content_hash:
        raise ContentDiffers(content_hash=work.table.content_hash)
    return asked


def _post_of_the_unit(by: Actor, table: Table) -> Post:
    if the_clerk_in_charge(by, table):
        return Post(Role.CLERK, table.unit)
    return next(post for post in by.posts if post.organ == table.unit and post.role in UNIT_ROLES - {Role.CLERK})
