"""Disclosure: a secrecy reviewer looks at replied tables, then the department's finance office releases the pack."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows import events as e
from workflows.accounts.disclosed import disclosed_content, is_finished
from workflows.commands.recipe import Seen, begin, own_command, reason_given
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.ledger.hashes import content_hash as content_hash_of
from workflows.rights.disclosing import filed_no_self_evaluation, secrecy_post
from workflows.state.disclosures import (
    FIT,
    GOALS,
    INTERNAL,
    KINDS,
    OUTCOMES,
    PUBLIC_MARK,
    SELF_EVALUATION,
    SHEETS,
    Secrecy,
    due_day,
    mark_of_classification,
    texts_in,
)
from workflows.vocabulary import Action, Actor, Post, Role, Stage
from workflows.workdays import beijing_date

CAMPAIGN = "campaign"
MOST_TABLES = 250
"""Tables of one pack: all of them must fit into one event."""
GONE = frozenset({Stage.VOIDED, Stage.REFUSED, Stage.TERMINATED})
UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Pack:
    """What a pack would hold now: tables that were found fit, ID of those that wait, how many stay inside, the day.

    `unfinished` are public tables whose self-evaluation is not closed yet; none where goals are disclosed.
    """

    fit: tuple[Table, ...]
    waiting: tuple[Table, ...]
    internal: int
    due: date | None
    unfinished: int = 0


def review_disclosure(
    journal: Journal, table_id: UUID, *, seen: Seen, outcome: str, by: Actor, command_id: UUID, reason: str = "",
    what: str = GOALS,
) -> Table:  # fmt: skip
    """Record whether the version in force, or the finished self-evaluation, may be disclosed; `internal` with a reason.

    `outcome` is `public` or `internal`; `what` goals or self_evaluation.
    """
    work = begin(journal, table_id, by, command_id, Action.REVIEW_DISCLOSURE)
    if work.done:
        return work.table
    work.ask(Action.REVIEW_DISCLOSURE, seen)
    post = secrecy_post(by, work.table)
    if post is None or work.table.in_force is None:
        raise NotAllowed
    if outcome not in OUTCOMES:
        raise FieldsInvalid("审查结论须为可以公开或不宜公开。", field="outcome")
    if what not in KINDS:
        raise FieldsInvalid("审查对象须为绩效目标或单位自评结果。", field="what")
    content_hash = _goals_named(journal, work.table, outcome) if what == GOALS else _evaluation_named(
        journal, work.table, by, outcome
    )  # fmt: skip
    said = reason_given(reason) if outcome == INTERNAL else reason.strip()
    return work.record((e.DisclosureReviewed(outcome, content_hash, said),), post)


def _goals_named(journal: Journal, table: Table, outcome: str) -> str:
    in_force = str(table.in_force)
    if outcome == FIT and journal.content(in_force).get("disclosure") != PUBLIC_MARK:
        raise FieldsInvalid("此表填报为“内部”，须先更正公开属性才能审查为可以公开。", field="outcome")
    return in_force


def _evaluation_named(journal: Journal, table: Table, by: Actor, outcome: str) -> str:
    """Keep what would be disclosed of the self-evaluation and return its hash; the goals are reviewed before it."""
    if not is_finished(table):
        raise NotAllowed("单位自评尚未办结，不能审查自评结果。", rule="G-NOT-EVALUATED")
    if not filed_no_self_evaluation(by, table):
        raise NotAllowed("填报过自评的人不能审查它的保密情况。", rule="R-SECRECY")
    if goals_standing(journal, table) != FIT:
        raise NotAllowed("此表的绩效目标没有审查为可以公开，自评结果也不公开，不需要审查。", rule="R-SECRECY")
    disclosed = disclosed_content(table)
    if outcome == FIT and mark_of_classification(texts_in(disclosed)):
        raise MarkedAsSecret(field="outcome")
    return journal.put_content(disclosed)


def pack_now(
    journal: Journal, tables: Sequence[UUID], *, days: int, what: str = GOALS, due: date | None = None
) -> Pack:
    """Return what a pack of these tables would hold; tables without a version in force and revisions do not count.

    Goals are due so many `days` after the first reply, self-evaluations on the day `due`.
    """
    found = [table for each in tables if (table := journal.lock_table(each)).in_force]
    counted = [table for table in found if table.stage not in GONE and not table.revises]
    states = [(table, STANDINGS[what](journal, table)) for table in counted]
    if what == GOALS:
        replied = [replied_on(journal, table) for table in counted]
        due = due_day(min(replied), days) if replied else None
    return Pack(
        tuple(table for table, state in states if state == FIT),
        tuple(table for table, state in states if state == ""),
        sum(state == INTERNAL for _, state in states), due, sum(state == UNFINISHED for _, state in states),
    )  # fmt: skip


def goals_standing(journal: Journal, table: Table) -> str:
    """Return `public` or `internal` for a table's version in force; empty where the secrecy review is still to come."""
    if journal.content(str(table.in_force)).get("disclosure") != PUBLIC_MARK:
        return INTERNAL
    review = table.secrecy
    return review.outcome if review and review.content_hash == table.in_force else ""


def evaluation_standing(journal: Journal, table: Table) -> str:
    """Return `public`, `internal` or `unfinished` for a self-evaluation; empty where a review is still to come."""
    goals = goals_standing(journal, table)
    if goals == INTERNAL:
        return INTERNAL
    if not is_finished(table):
        return UNFINISHED
    review = table.secrecy.of_evaluation if table.secrecy and goals == FIT else None
    return review.outcome if review and review.content_hash == content_hash_of(disclosed_content(table)) else ""


STANDINGS: Mapping[str, Callable[[Journal, Table], str]] = {
    GOALS: goals_standing, SELF_EVALUATION: evaluation_standing,
}  # fmt: skip


def replied_on(journal: Journal, table: Table) -> date:
    """Return the Beijing day of a table's first reply."""
    return min(beijing_date(each.at) for each in journal.history(table.id) if isinstance(each.fact, e.TableReplied))


def release_pack(
    journal: Journal, pack_id: UUID, *, bureau: str, department: str, year: int, tables: Sequence[UUID], stubs: int,
    days: int, by: Actor, command_id: UUID, what: str = GOALS, due: date | None = None,
) -> e.DisclosureReleased:  # fmt: skip
    """Make a department's pack of a year public, from all its tables of the year and the number of classified stubs.

    `what` goals or self_evaluation; of these `due` is the last day, which the approval of the final accounts set.

    NotAllowed for anybody but the department's finance office, for whoever reviewed a table of it, and while a table
    still waits for its review (先审查后公开); FieldsInvalid for none or too many tables, or one of elsewhere.
    """
    own = own_command(command_id, by, Action.REVIEW_DISCLOSURE)
    if journal.recorded(pack_id, own):
        facts = (each.fact for each in journal.history(pack_id))
        return next(fact for fact in facts if isinstance(fact, e.DisclosureReleased))
    if not by.holds(Role.DEPARTMENT_FINANCE, department):
        raise NotAllowed("公开须由主管部门规划财务处办理。", rule="R-ROLE")
    if what == SELF_EVALUATION and due is None:
        raise NotAllowed("本部门决算尚未批复，自评结果随同决算公开。", rule="G-ACCOUNTS")
    pack = pack_now(journal, sorted(set(tables)), days=days, what=what, due=due)
    _refuse_pack(pack, journal.organs().line(department), year, by, what)
    rows, due_text = tuple(_row(table, what) for table in pack.fit), pack.due.isoformat() if pack.due else ""
    fact = e.DisclosureReleased(
        bureau, department, year, rows, pack.internal + stubs, pack.internal, stubs, due_text, what, pack.unfinished
    )
    journal.append(pack_id, CAMPAIGN, (fact,), Command(by, Post(Role.DEPARTMENT_FINANCE, department), own))
    return fact


def _refuse_pack(pack: Pack, departments: Sequence[str], year: int, by: Actor, what: str) -> None:
    if pack.waiting:
        raise NotAllowed(f"还有{len(pack.waiting)}张表没有经过保密审查，须先审查后公开。", rule="R-SECRECY")
    if not 0 < len(pack.fit) <= MOST_TABLES:
        raise FieldsInvalid(f"公开的{SHEETS[what]}须为1至{MOST_TABLES}张。", field="tables")
    if any(table.department not in departments or table.year != year for table in pack.fit):
        raise FieldsInvalid("所列的表不全是本部门本年度的。", field="tables")
    if any(_review(table, what).by == by.id for table in pack.fit):
        raise NotAllowed("审查保密情况的人不能又办理公开，须由两人分别办理。", rule="R-SECRECY")


def _row(table: Table, what: str) -> dict[str, str]:
    review = _review(table, what)
    return {
        "table": str(table.id), "content_hash": review.content_hash, "reviewer": review.by,
        "reviewer_name": review.name,
    }  # fmt: skip


def _review(table: Table, what: str) -> Secrecy:
    """Return the review that found a table fit; NotAllowed where there is none."""
    review = table.secrecy if what == GOALS or table.secrecy is None else table.secrecy.of_evaluation
    if review is None:
        raise NotAllowed
    return review
