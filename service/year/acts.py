"""What the holder of each desk does, through the product's own verbs: one small function per node of the chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from service.year import figures
from service.year.cast import Cast
from service.year.corrections import corrected, reweighted
from service.year.dice import Dice
from service.year.refusals import YearStuck
from workflows.commands import drafting, evaluating, monitoring, rectifying, reviewing
from workflows.commands.recipe import Seen
from workflows.folds.replay import Desk, Table, Window
from workflows.journal import Journal
from workflows.packs import Pack, pack_from
from workflows.rights.segregation import refusal_at
from workflows.vocabulary import Actor, Role, Stage
from workflows.workdays import add_workdays, beijing_date

COMMANDS = UUID("3c1f0b52-2a0e-5d55-9a52-7f7a5f0e9c21")
A_MONTH = timedelta(days=30)
RETURN_REASON = "产出指标的分值分布与年度重点工作不够匹配，请核对后调整，或说明理由。"
ON_PLAN = Decimal(2)
FAR_BEHIND = Decimal(45)


@dataclass(frozen=True)
class Scene:
    """One desk whose holder acts now: the journal of one transaction, the table as seen, and how the year is cast."""

    journal: Journal
    table: Table
    desk: Desk
    cast: Cast
    dice: Dice

    @property
    def seen(self) -> Seen:
        """Return what the person has before the eyes."""
        return Seen(self.table.version, self.table.content_hash)

    @property
    def pack(self) -> Pack:
        """Return the rule pack that the table is pinned to."""
        return pack_from(self.journal.content(self.table.pack_hash))

    def command(self, step: str) -> UUID:
        """Return the command id of a step, the same in every run of this seed."""
        return uuid5(COMMANDS, f"{self.dice.seed}:{self.table.id}:{self.table.version}:{self.desk.node}:{step}")

    def window(self) -> Window:
        """Return the monitoring window that the desk is about."""
        found = self.table.window(self.desk.node.partition(":")[2])
        if found is None:
            raise YearStuck(f"《{self.table.title}》没有监控节点 {self.desk.node}。")
        return found


def holder_of(scene: Scene) -> Actor:
    """Return who acts: the person named, else the first holder whom segregation lets; YearStuck if nobody."""
    desk = scene.desk
    for actor in scene.journal.holders(Role(desk.role), desk.organ):
        if desk.person in (None, actor.id) and refusal_at(actor, scene.table, desk) is None:
            return actor
    raise YearStuck(f"《{scene.table.title}》的“{Role(desk.role).chinese}”（{desk.organ}）没有可以办理的人。")


def draft_and_submit(scene: Scene) -> Table:
    """Correct what the pre-review finds, or answer the return, and hand the table in."""
    by, journal, table = holder_of(scene), scene.journal, scene.table
    draft = drafting.content_in_work(journal, table)
    if table.round:
        content, reasons = reweighted(draft.content)
    else:
        around = journal.surroundings(table, draft.content)
        paper = corrected(draft.content, year=table.year, pack=scene.pack, around=around)
        content, reasons = paper.content, paper.reasons
    drafting.save_draft(
        journal, table.id, seen=scene.seen, draft_version=draft.version, content=content, reasons=reasons, by=by,
        command_id=scene.command("save"),
    )  # fmt: skip
    return drafting.submit_table(
        journal, table.id, seen=scene.seen, by=by, command_id=scene.command("submit"),
        note="已按退回意见调整。" if table.round else "",
    )  # fmt: skip


def approve(scene: Scene) -> Table:
    """Pass the table on at a reviewing desk."""
    return reviewing.approve_table(
        scene.journal, scene.table.id, seen=scene.seen, by=holder_of(scene), command_id=scene.command("approve"),
        opinion="同意。", node=scene.desk.node,
    )  # fmt: skip


def approve_or_return(scene: Scene) -> Table:
    """Review for the department: the tables cast for it go back once, all others pass."""
    if scene.table.id not in scene.cast.returned or scene.table.round > 1:
        return approve(scene)
    return reviewing.return_table(
        scene.journal, scene.table.id, seen=scene.seen, by=holder_of(scene), command_id=scene.command("return"),
        to=Stage.DRAFT, reason=RETURN_REASON, node=scene.desk.node,
    )  # fmt: skip


def file_monitoring(scene: Scene) -> Table:
    """File a window's figures; the troubled table's first ones are far behind, with cause, measure, person and date."""
    window, by, table = scene.window(), holder_of(scene), scene.table
    content = scene.journal.content(table.in_force or table.content_hash)
    first = table.id == scene.cast.troubled and window.window == table.windows[0].window
    printed = {"date": window.date, "planned_percent": window.planned_percent}
    filed = figures.at_a_checkpoint(content, printed, scene.pack, behind=FAR_BEHIND if first else ON_PLAN)
    if first:
        next(iter(filed["rows"].values()))["possibility"] = "impossible"
    open_points = _missing(scene, window, filed)
    until = beijing_date(scene.journal.now()) + A_MONTH
    return monitoring.file_monitoring(
        scene.journal, table.id, seen=scene.seen, window=window.window, by=by, command_id=scene.command("file"),
        figures=figures.explained(filed, open_points, by=by.name, until=until),
    )  # fmt: skip


def _missing(scene: Scene, window: Window, filed: Mapping[str, Any]) -> tuple[str, ...]:
    measured = monitoring.measure_window(scene.journal, scene.table, window, filed)
    return tuple(problem.pointer for problem in measured.missing)


def accept_monitoring(scene: Scene) -> Table:
    """Agree to a window's figures for the department."""
    return monitoring.accept_monitoring(
        scene.journal, scene.table.id, seen=scene.seen, window=scene.window().window, by=holder_of(scene),
        command_id=scene.command("accept"), opinion="数据属实。",
    )  # fmt: skip


def file_evaluation(scene: Scene) -> Table:
    """File the self-evaluation as the table's fate will have it."""
    table, dice = scene.table, scene.dice
    content = scene.journal.content(table.in_force or table.content_hash)
    fate = figures.Fate.of(dice, table.id)
    return evaluating.file_self_evaluation(
        scene.journal, table.id, seen=scene.seen, by=holder_of(scene), command_id=scene.command("file"),
        figures=figures.at_the_years_end(content, scene.pack, fate, dice, table.id),
    )  # fmt: skip


def accept_evaluation(scene: Scene) -> Table:
    """Agree to the self-evaluation at one level; the department first orders what the grade asks for."""
    use = evaluating.use_of(scene.journal, scene.table)
    mends = any(each.cause == "selfeval" for each in scene.table.rectifications)
    if scene.desk.node == "evaluation_department" and use and use.rectify and not mends:
        return order_rectification(scene, use.working_days)
    return evaluating.accept_self_evaluation(
        scene.journal, scene.table.id, seen=scene.seen, by=holder_of(scene), command_id=scene.command("accept"),
        opinion="同意自评结果。",
    )  # fmt: skip


def order_rectification(scene: Scene, working_days: int) -> Table:
    """Order what a middling or bad grade asks for (domain.md 9.6)."""
    return rectifying.order_rectification(
        scene.journal, scene.table.id, seen=scene.seen, by=holder_of(scene), command_id=scene.command("order"),
        problem="自评等级偏低，请针对未达标指标逐项整改。",
        deadline=add_workdays(beijing_date(scene.journal.now()), working_days).date,
    )  # fmt: skip


def report_rectification(scene: Scene) -> Table:
    """Report what was mended."""
    return rectifying.report_rectification(
        scene.journal, scene.table.id, seen=scene.seen, rectification=scene.desk.node.partition(":")[2],
        by=holder_of(scene), command_id=scene.command("report"), report="已逐项整改，并修订了相关管理办法。",
    )  # fmt: skip


def verify_rectification(scene: Scene) -> Table:
    """Agree that it is mended."""
    return rectifying.verify_rectification(
        scene.journal, scene.table.id, seen=scene.seen, rectification=scene.desk.node.partition(":")[2],
        by=holder_of(scene), command_id=scene.command("verify"), passed=True, opinion="整改到位，予以销号。",
    )  # fmt: skip


def close(scene: Scene) -> Table:
    """Close and file the table for the performance section."""
    return evaluating.close_table(
        scene.journal, scene.table.id, seen=scene.seen, by=holder_of(scene), command_id=scene.command("close"),
        opinion="资料齐全，予以归档。",
    )  # fmt: skip


ACTS: Mapping[str, Callable[[Scene], Table]] = {
    "drafting": draft_and_submit,
    "unit_head": approve,
    "department_finance": approve_or_return,
    "finance_business": approve,
    "finance_performance": approve,
    "monitoring_filing": file_monitoring,
    "monitoring_check": accept_monitoring,
    "evaluation_filing": file_evaluation,
    "evaluation_unit": accept_evaluation,
    "evaluation_department": accept_evaluation,
    "archiving": close,
    "rectification": report_rectification,
    "rectification_check": verify_rectification,
}
"""Who does what at which desk; the reply desk waits for others (see `run`): one reply covers many tables."""


def act(scene: Scene) -> Table:
    """Do what this desk asks for; YearStuck for a desk that nobody here knows."""
    node = scene.desk.node.split(":")[0]
    if node not in ACTS:
        raise YearStuck(f"没有人会办理“{node}”环节。")
    return ACTS[node](scene)
