"""What somebody of the chaos year does with a table, whichever way its state allows; drawn from the command alone."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from workflows.commands import asking, drafting, evaluating, monitoring, passing_on, pausing, replying, reviewing
from workflows.commands.recipe import Seen
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.holders import EXTENSION, open_inquiries
from workflows.vocabulary import Actor, Role, Stage
from workflows.workdays import beijing_date

Holder = Callable[[Table, Role], Actor]
REVIEWED = (Stage.UNIT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL)


def acted(journal: Journal, table: Table, command: UUID, dice: random.Random, holder: Holder) -> None:
    """One act at a table. Raises GoaltrailError where it is refused."""
    scene = Scene(journal, table, command, dice, holder)
    if table.ended:
        return
    if table.suspended:
        scene.perhaps_resumes()
    elif open_inquiries(table, EXTENSION):
        scene.answers_the_extension()
    elif table.replied and table.replied.waits and dice.random() < 0.3:
        scene.passes_the_reply_on()
    elif any(not each.read_at for each in table.copies) and dice.random() < 0.1:
        asking.read_copies(journal, table.id, by=scene.by(Role.FINANCE_LEADER), command_id=command)
    elif table.desks:
        scene.works_at(dice.choice(table.desks))


class Scene:
    """One table before one person, with the command that says what is done."""

    def __init__(self, journal: Journal, table: Table, command: UUID, dice: random.Random, holder: Holder) -> None:
        self.journal, self.table, self.command, self.dice, self.holder = journal, table, command, dice, holder
        self.words: dict[str, Any] = {"seen": Seen(table.version, table.content_hash), "command_id": command}

    def by(self, role: Role) -> Actor:
        return self.holder(self.table, role)

    def does(self, verb: Callable[..., object], by: Actor, **more: Any) -> None:
        verb(self.journal, self.table.id, by=by, **self.words, **more)

    def perhaps_resumes(self) -> None:
        if self.dice.random() < 0.3:
            self.does(pausing.resume_table, self.by(Role.FINANCE_PERFORMANCE), reason="材料已经补齐")

    def answers_the_extension(self) -> None:
        asked = open_inquiries(self.table, EXTENSION)[0]
        granted = self.dice.random() < 0.7
        verb, word = (pausing.grant_extension, "opinion") if granted else (pausing.refuse_extension, "reason")
        self.does(verb, self.by(Role.FINANCE_PERFORMANCE), request=asked.id, **{word: "请抓紧时间办理"})

    def passes_the_reply_on(self) -> None:
        passing_on.pass_on_reply(
            self.journal, uuid5(self.command, "passed on"), tables={self.table.id: self.words["seen"]}, doc_no="清交财〔2026〕8号",
            by=self.by(Role.DEPARTMENT_FINANCE), command_id=self.command,
        )  # fmt: skip

    def works_at(self, desk: Desk) -> None:
        if desk.stage == Stage.DRAFT:
            if self.table.round or self.dice.random() < 0.5:
                self.does(drafting.submit_table, self.by(Role.CLERK))
        elif desk.node == "reply":
            self.at_the_reply()
        elif desk.stage in REVIEWED:
            self.reviews(desk)
        elif desk.stage == Stage.MONITORING:
            self.at_a_window(desk)
        elif desk.stage == Stage.SELF_EVALUATION:
            self.at_the_evaluation(desk)

    def at_the_reply(self) -> None:
        if self.dice.random() < 0.1:
            self.suspends()
        elif self.dice.random() < 0.6:
            replying.issue_reply(
                self.journal, uuid5(self.command, "reply"), tables={self.table.id: self.words["seen"]},
                doc_no="清财预〔2026〕1000号", by=self.by(Role.FINANCE_BUDGET), command_id=self.command,
            )  # fmt: skip

    def who_decides(self, desk: Desk) -> Actor:
        """The holder; sometimes the superior, where the task was handed to him too."""
        handed = any(each[1] == "hand" for each in desk.escalated)
        return self.by(Role.FINANCE_LEADER if handed and self.dice.random() < 0.5 else Role(desk.role))

    def reviews(self, desk: Desk) -> None:
        by = self.who_decides(desk)
        match self.dice.choices(("pass", "return", "extension", "suspend", "copy"), (58, 14, 12, 8, 8))[0]:
            case "pass":
                self.does(reviewing.approve_table, by, opinion="同意")
            case "return":
                self.does(reviewing.return_table, by, to=Stage.DRAFT, reason="指标值须核对")
            case "extension":
                until = datetime.fromisoformat(desk.due_at).date() + timedelta(self.dice.randint(3, 12))
                self.does(pausing.ask_extension, by, task=desk.task, until=until, reason="数据尚未取得")
            case "copy":
                self.does(asking.send_copies, by, people=[self.by(Role.FINANCE_LEADER).id], note="请阅知")
            case "suspend":
                self.suspends()

    def suspends(self) -> None:
        until = beijing_date(self.journal.now()) + timedelta(self.dice.randint(2, 20))
        self.does(pausing.suspend_table, self.by(Role.FINANCE_PERFORMANCE), until=until, reason="等待预算调整")

    def at_a_window(self, desk: Desk) -> None:
        node, _colon, window = desk.node.partition(":")
        by = self.by(Role(desk.role))
        if self.dice.random() < 0.1:
            self.suspends()
        elif node == "monitoring_filing":
            self.does(monitoring.file_monitoring, by, window=window, figures=figures(self.journal, self.table, "40"))
        elif node == "monitoring_check" and self.dice.random() < 0.75:
            self.does(monitoring.accept_monitoring, by, window=window, opinion="同意")
        elif node == "monitoring_check":
            self.does(monitoring.return_monitoring, by, window=window, reason="执行数须核对")

    def at_the_evaluation(self, desk: Desk) -> None:
        by = self.who_decides(desk)
        if desk.node == "evaluation_filing":
            filed = figures(self.journal, self.table, "64") | {"adjusted_budget": "66", "reason": "均按计划完成，数据已核对"}
            self.does(evaluating.file_self_evaluation, by, figures=filed)
        elif desk.node == "archiving":
            self.does(evaluating.close_table, by)
        elif self.dice.random() < 0.8:
            self.does(evaluating.accept_self_evaluation, by, opinion="同意")
        else:
            self.does(evaluating.return_self_evaluation, by, reason="佐证材料须补充")


def figures(journal: Journal, table: Table, executed: str) -> dict[str, Any]:
    """Figures of a window or of the year that need no explanation."""
    rows = {
        row["id"]: {"actual": row["target"]["value"], "possibility": "确定能", "explanation": "按计划", "reason": "按计划完成", "evidence": "验收报告"}
        for row in journal.content(table.in_force or "")["indicators"]
    }
    return {"executed": executed, "rows": rows, "cause": "", "measure": "", "person": "", "deadline": ""}
