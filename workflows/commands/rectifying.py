"""Rectifications (整改): ordered with a day, reported by the unit, looked at by whoever ordered them; of any cause."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.measures.scoring import amount
from workflows.packs import pack_from
from workflows.rights.permissions import ordering_post
from workflows.state.rectifications import MEASURES, Rectification
from workflows.vocabulary import Action, Actor, Outcome, Role, Stage
from workflows.workdays import Due, beijing_date

LONGEST = timedelta(days=366)
MENDING, LOOKING = "rectification", "rectification_check"
CAUSES = {Stage.MONITORING: "monitoring", Stage.SELF_EVALUATION: "selfeval"}


def order_rectification(
    journal: Journal, table_id: UUID, *, seen: Seen, problem: str, deadline: date, by: Actor, command_id: UUID,
    measures: tuple[str, ...] = (MEASURES[0],), cut: str = "", window: str = "",
) -> Table:  # fmt: skip
    """Order the unit to mend something by a day; a task for its clerk opens at once.

    `measures` are of MEASURES; `cut` (核减建议, decimal text in the table's unit) needs 核减预算 among them; `window`
    names a monitoring checkpoint.
    """
    work = begin(journal, table_id, by, command_id, Action.ORDER_RECTIFICATION)
    if work.done:
        return work.table
    work.ask(Action.ORDER_RECTIFICATION, seen)
    post = ordering_post(by, work.table)
    if post is None:
        raise NotAllowed
    _refuse_deadline(work, deadline)
    key = f"r{len(work.table.rectifications) + 1}"
    ordered = e.RectificationOrdered(
        key, CAUSES[work.table.stage], _window(work, window), _measures(measures), _cut(cut, measures),
        reason_given(problem), deadline.isoformat(),
    )  # fmt: skip
    return work.record((ordered, mending(work, key, deadline, work.table.stage)), post)


def report_rectification(
    journal: Journal, table_id: UUID, *, seen: Seen, rectification: str, report: str, by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """Report what was done; whoever ordered it looks at it next."""
    work = begin(journal, table_id, by, command_id, Action.REPORT_RECTIFICATION)
    if work.done:
        return work.table
    answer = work.ask(Action.REPORT_RECTIFICATION, seen, node=f"{MENDING}:{rectification}")
    found, desk = _at(work, rectification, answer.desk)
    facts = (
        e.RectificationDone(rectification, desk.node, desk.task, reason_given(report)),
        e.NodeCompleted(desk.node, desk.round), looking(work, found),
    )  # fmt: skip
    return work.record(facts, post_at(desk), answer.cover)


def verify_rectification(
    journal: Journal, table_id: UUID, *, seen: Seen, rectification: str, passed: bool, by: Actor, command_id: UUID,
    opinion: str = "", deadline: date | None = None,
) -> Table:  # fmt: skip
    """Agree that it is mended, or send it back with a reason and another day."""
    work = begin(journal, table_id, by, command_id, Action.VERIFY_RECTIFICATION)
    if work.done:
        return work.table
    answer = work.ask(Action.VERIFY_RECTIFICATION, seen, node=f"{LOOKING}:{rectification}")
    _found, desk = _at(work, rectification, answer.desk)
    again: tuple[e.Event, ...] = ()
    if not passed:
        if deadline is None:
            raise FieldsInvalid("不予销号的，须给出新的整改期限。", field="deadline")
        _refuse_deadline(work, deadline)
        again = (mending(work, rectification, deadline, work.table.stage),)
    verified = e.RectificationVerified(
        rectification, desk.node, desk.task, Outcome.PASS if passed else Outcome.RETURN,
        deadline.isoformat() if deadline and not passed else None,
        opinion.strip() if passed else reason_given(opinion),
    )  # fmt: skip
    return work.record((verified, e.NodeCompleted(desk.node, desk.round), *again), post_at(desk), answer.cover)


def mending_again(work: Work, stage: Stage) -> tuple[e.NodeEntered, ...]:
    """Return the facts that open every rectification's task anew, after all desks were left."""
    return tuple(
        mending(work, each.rectification, date.fromisoformat(each.deadline), stage)
        if each.state == "ordered" else looking(work, each, stage)
        for each in work.table.open_rectifications
    )  # fmt: skip


def mending(work: Work, key: str, deadline: date, stage: Stage) -> e.NodeEntered:
    """Return the fact that the unit's clerk has something to mend by a day; on a day off, by the next working day."""
    table, node, due = work.table, f"{MENDING}:{key}", work.calendar.add_workdays(deadline, 0)
    return _entered(work, node, stage, (Role.CLERK, table.unit, "filing", table.owner), due)


def looking(work: Work, found: Rectification, stage: Stage | None = None) -> e.NodeEntered:
    """Return the fact that the office which ordered a rectification looks at it."""
    days = pack_from(work.journal.content(work.table.pack_hash)).clocks["monitoring_check"]
    due, role = work.calendar.add_workdays(beijing_date(work.journal.now()), days), Role(found.role)
    level = "department" if role == Role.DEPARTMENT_FINANCE else "finance"
    node = f"{LOOKING}:{found.rectification}"
    return _entered(work, node, stage or work.table.stage, (role, found.organ, level, None), due)


def _entered(
    work: Work, node: str, stage: Stage, who: tuple[Role, str, str, str | None], due: Due
) -> e.NodeEntered:  # fmt: skip
    role, organ, level, person = who
    return e.NodeEntered(
        node=node, stage=stage, round=work.table.round, task=work.task_at(node), role=role, organ=organ, level=level,
        person=person, due_at=due.moment.isoformat(), provisional=due.provisional, calendar=due.calendar_version,
    )  # fmt: skip


def _at(work: Work, key: str, desk: Desk | None) -> tuple[Rectification, Desk]:
    found = work.table.rectification(key)
    if found is None or desk is None:
        raise NotOpenNow("没有这项整改，或它不在此环节。", rule="G-RECTIFY")
    return found, desk


def _refuse_deadline(work: Work, deadline: date) -> None:
    today = beijing_date(work.journal.now())
    if not today < deadline <= today + LONGEST:
        raise FieldsInvalid("整改期限须在今天之后，且不超过一年。", field="deadline")


def _window(work: Work, key: str) -> str:
    if key and work.table.window(key) is None:
        raise FieldsInvalid("此表没有这个监控节点。", field="window")
    return key


def _measures(measures: tuple[str, ...]) -> tuple[str, ...]:
    if not measures or not set(measures) <= set(MEASURES):
        raise FieldsInvalid(f"处理措施须为：{'、'.join(MEASURES)}。", field="measures")
    return tuple(each for each in MEASURES if each in measures)


def _cut(text: str, measures: tuple[str, ...]) -> str | None:
    if not text.strip():
        return None
    value = amount(text)
    if value is None or value <= Decimal(0) or MEASURES[1] not in measures:
        raise FieldsInvalid("核减建议须为大于零的数，并勾选“核减预算”。", field="cut")
    return str(value)
