"""Disclosure: a secrecy reviewer looks at replied tables, then the department's finance office releases the pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, begin, own_command, reason_given
from workflows.disclosing import secrecy_post
from workflows.disclosures import FIT, INTERNAL, OUTCOMES, PUBLIC_MARK, due_day
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.replay import Table
from workflows.vocabulary import Action, Actor, Post, Role, Stage
from workflows.workdays import beijing_date

CAMPAIGN = "campaign"
MOST_TABLES = 250
"""Tables of one pack: all of them must fit into one event."""
GONE = frozenset({Stage.VOIDED, Stage.REFUSED, Stage.TERMINATED})


@dataclass(frozen=True)
class Pack:
    """What a pack would hold now: tables that were found fit, ID of those that wait, how many stay inside, the day."""

    fit: tuple[Table, ...]
    waiting: tuple[Table, ...]
    internal: int
    due: date | None


def review_disclosure(
    journal: Journal, table_id: UUID, *, seen: Seen, outcome: str, by: Actor, command_id: UUID, reason: str = "",
) -> Table:  # fmt: skip
    """Record whether the version in force may be disclosed (`public`) or not (`internal`, with a reason)."""
    work = begin(journal, table_id, by, command_id, Action.REVIEW_DISCLOSURE)
    if work.done:
        return work.table
    work.ask(Action.REVIEW_DISCLOSURE, seen)
    post, content_hash = secrecy_post(by, work.table), work.table.in_force
    if post is None or content_hash is None:
        raise NotAllowed
    if outcome not in OUTCOMES:
        raise FieldsInvalid("审查结论须为可以公开或不宜公开。", field="outcome")
    if outcome == FIT and journal.content(content_hash).get("disclosure") != PUBLIC_MARK:
        raise FieldsInvalid("此表填报为“内部”，须先更正公开属性才能审查为可以公开。", field="outcome")
    said = reason_given(reason) if outcome == INTERNAL else reason.strip()
    return work.record((e.DisclosureReviewed(outcome, content_hash, said),), post)


def pack_now(journal: Journal, tables: Sequence[UUID], *, days: int) -> Pack:
    """Return what a pack of these tables would hold; tables without a version in force and revisions do not count."""
    found = [table for each in tables if (table := journal.lock_table(each)).in_force]
    counted = [table for table in found if table.stage not in GONE and not table.revises]
    states = [(table, standing(journal, table)) for table in counted]
    replied = [replied_on(journal, table) for table in counted]
    return Pack(
        tuple(table for table, state in states if state == FIT),
        tuple(table for table, state in states if state == ""),
        sum(state == INTERNAL for _, state in states), due_day(min(replied), days) if replied else None,
    )  # fmt: skip


def standing(journal: Journal, table: Table) -> str:
    """Return `public` or `internal` for a table's version in force; empty where the secrecy review is still to come."""
    if journal.content(str(table.in_force)).get("disclosure") != PUBLIC_MARK:
        return INTERNAL
    review = table.secrecy
    return review.outcome if review and review.content_hash == table.in_force else ""


def replied_on(journal: Journal, table: Table) -> date:
    """Return the Beijing day of a table's first reply."""
    return min(beijing_date(each.at) for each in journal.history(table.id) if isinstance(each.fact, e.TableReplied))


def release_pack(
    journal: Journal, pack_id: UUID, *, bureau: str, department: str, year: int, tables: Sequence[UUID], stubs: int,
    days: int, by: Actor, command_id: UUID,
) -> e.DisclosureReleased:  # fmt: skip
    """Make a department's pack of a year public, from all its tables of the year and the number of classified stubs.

    NotAllowed for anybody but the department's finance office, for whoever reviewed a table of it, and while a table
    still waits for its review (先审查后公开); FieldsInvalid for none or too many tables, or one of elsewhere.
    """
    own = own_command(command_id, by, Action.REVIEW_DISCLOSURE)
    if journal.recorded(pack_id, own):
        facts = (each.fact for each in journal.history(pack_id))
        return next(fact for fact in facts if isinstance(fact, e.DisclosureReleased))
    if not by.holds(Role.DEPARTMENT_FINANCE, department):
        raise NotAllowed("公开须由主管部门规划财务处办理。", rule="R-ROLE")
    pack = pack_now(journal, sorted(set(tables)), days=days)
    _refuse_pack(pack, department, year, by)
    fact = e.DisclosureReleased(
        bureau, department, year, tuple(_row(table) for table in pack.fit), pack.internal + stubs, pack.internal, stubs,
        pack.due.isoformat() if pack.due else "",
    )  # fmt: skip
    journal.append(pack_id, CAMPAIGN, (fact,), Command(by, Post(Role.DEPARTMENT_FINANCE, department), own))
    return fact


def _refuse_pack(pack: Pack, department: str, year: int, by: Actor) -> None:
    if pack.waiting:
        raise NotAllowed(f"还有{len(pack.waiting)}张表没有经过保密审查，须先审查后公开。", rule="R-SECRECY")
    if not 0 < len(pack.fit) <= MOST_TABLES:
        raise FieldsInvalid(f"公开的绩效目标表须为1至{MOST_TABLES}张。", field="tables")
    if any((table.department, table.year) != (department, year) for table in pack.fit):
        raise FieldsInvalid("所列的表不全是本部门本年度的。", field="tables")
    if any(table.secrecy and table.secrecy.by == by.id for table in pack.fit):
        raise NotAllowed("审查保密情况的人不能又办理公开，须由两人分别办理。", rule="R-SECRECY")


def _row(table: Table) -> dict[str, str]:
    review = table.secrecy
    return {
        "table": str(table.id), "content_hash": str(table.in_force), "reviewer": review.by if review else "",
        "reviewer_name": review.name if review else "",
    }  # fmt: skip
