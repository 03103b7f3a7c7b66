"""Every way in which somebody could write a group of a table's fields, tried through the verbs in memory (M3).

`ready(definition, stage, role, group)` walks a table to where that role would write the group, if anybody lets it;
`tried(life, role, group)` tries every verb that could write it, and puts the log back as it was.
"""

import copy
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from tests.support import roster
from tests.support.forms import all_scored
from tests.support.hands import ACCOUNTANT
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands import (
    amending,
    attaching,
    commenting,
    correcting,
    drafting,
    ending,
    evaluating,
    monitoring,
    rectifying,
    replying,
    rescoring,
)
from workflows.commands.executing import import_executions
from workflows.commands.grading import score_review
from workflows.commands.sampling import draw_sample
from workflows.definitions import chain_from
from workflows.definitions.field_rights import CONTENT, FieldGroup
from workflows.errors import GoaltrailError
from workflows.forms.execution_file import read_executions
from workflows.measures.execution_matching import Known, matching
from workflows.measures.sampling import Candidate
from workflows.packs import load_pack
from workflows.vocabulary import REVIEW_STAGES, Action, Grade, Role, Stage

F, S, R = FieldGroup, Stage, Role
PEOPLE = {
    R.CLERK: roster.CLERK, R.UNIT_BUSINESS: roster.SECOND_UNIT_HEAD, R.UNIT_FINANCE: ACCOUNTANT,
    R.UNIT_HEAD: roster.UNIT_HEAD, R.DEPARTMENT_BUSINESS: roster.DEPARTMENT_BUSINESS,
    R.DEPARTMENT_FINANCE: roster.DEPARTMENT_FINANCE, R.FINANCE_BUSINESS: roster.FINANCE_BUSINESS,
    R.FINANCE_PERFORMANCE: roster.FINANCE_PERFORMANCE, R.FINANCE_BUDGET: roster.FINANCE_BUDGET,
    R.FINANCE_LEADER: roster.FINANCE_LEADER,
}  # fmt: skip
"""One person for each role that a matrix may name."""
BROUGHT = "40"
"""万元 that the treasury's file says were executed."""
STAGES = (S.DRAFT, *REVIEW_STAGES, S.MONITORING, S.SELF_EVALUATION, S.CLOSED, S.TERMINATED)
_ready: dict = {}


def ready(name, definition, stage, role, group) -> Life:
    """Return the table where the role would write the group; walked to once for each place."""
    purpose = "reply" if (stage, group) == (S.FINANCE_APPROVAL, F.DOC_NO) else ""
    purpose = "rescoring" if (stage, group) == (S.SELF_EVALUATION, F.RESCORING) else purpose
    sits = role if stage in REVIEW_STAGES or purpose else None
    key = (name, stage, sits, purpose)
    if key not in _ready:
        walk = Walk(MemoryJournal(datetime(2026, 1, 5, 1, 0, tzinfo=UTC), tuple(PEOPLE.values())), definition=definition)
        _ready[key] = walk.to(stage, sits, purpose)
    return _ready[key]


class Walk(Life):
    """A key project on its way, with a comment that waits for an answer."""

    def complete_content(self):
        return {**super().complete_content(), "key_project": True}

    def act(self, verb, by, **words):
        self.table = verb(self.journal, self.table.id, seen=self.seen(), by=by, command_id=uuid4(), **words)
        return self

    def to(self, stage, role, purpose):
        self.imported().completed().submitted()
        another = roster.person("another", (R(self.table.desks[0].role), roster.UNIT))
        self.act(commenting.open_thread, another, pointer="/goals/0", criterion="form", words="请补充长期目标的依据")
        if stage == S.DRAFT:
            return self.act(drafting.withdraw_table, roster.CLERK, reason="需要核对数据来源")
        if stage in REVIEW_STAGES:
            return self.until(stage, lambda: self.sits(role, purpose))
        self.until(S.FINANCE_APPROVAL, lambda: self.sits(R.FINANCE_BUDGET, "reply")).replied()
        return self.through_the_year(stage, role, purpose)

    def sits(self, role, purpose):
        if purpose == "reply":
            return [desk.node for desk in self.table.desks] == ["reply"]
        return any(desk.role == role and desk.node != "reply" for desk in self.table.desks)

    def until(self, stage, there):
        """Pass the table on until the stage is reached and, where that ever happens there, the wanted desk is open."""
        while not (self.table.stage == stage and there()):
            if all(desk.node == "reply" for desk in self.table.desks) or self._leaves(stage):
                return self
            self._passed()
        return self

    def _leaves(self, stage):
        with kept(self.journal):
            return self.table.stage == stage != copy.copy(self)._passed().table.stage

    def _passed(self):
        desk = next(desk for desk in self.table.desks if desk.node != "reply")
        by, form = PEOPLE[R(desk.role)], {"mode": "scored", "items": all_scored(95)}
        if any(node.review for node in self._nodes() if node.node == desk.node):
            self.act(score_review, by, **form)
        return self.approved(by)

    def _nodes(self):
        return chain_from(self.journal.content(self.table.definition_hash)).nodes

    def through_the_year(self, stage, role, purpose):
        self.brought("2026-01-04")
        if stage == S.TERMINATED:
            self.act(ending.ask_to_end, roster.FINANCE_BUSINESS, action=Action.TERMINATE, reason="项目已经取消建设")
            return self.act(ending.confirm_ending, roster.FINANCE_LEADER)
        self.window_opened()
        if stage == S.MONITORING:
            return self.mending()
        self.evaluation_opened()
        if stage == S.SELF_EVALUATION and not purpose:
            return self.mending()
        self.act(evaluating.file_self_evaluation, roster.CLERK, figures=self.figures(BROUGHT))
        self.act(evaluating.accept_self_evaluation, roster.UNIT_HEAD)
        if purpose and role == R.DEPARTMENT_FINANCE:
            return self
        self.act(evaluating.accept_self_evaluation, roster.DEPARTMENT_FINANCE)
        return self.drawn() if purpose else self.act(evaluating.close_table, roster.FINANCE_PERFORMANCE)

    def mending(self):
        until = (self.journal.at + timedelta(days=60)).date()
        return self.act(rectifying.order_rectification, roster.FINANCE_PERFORMANCE, problem="产出未达标，须补建台账", deadline=until)

    def drawn(self):
        found = Candidate(self.table.id, Decimal(self.table.result.total), Grade(self.table.result.grade), None)
        (self.table,) = draw_sample(
            self.journal, uuid4(), bureau=roster.BUREAU, year=2026, candidates=[found], seed="1",
            rules=load_pack("national-2021").sampling, by=roster.FINANCE_PERFORMANCE, command_id=uuid4(),
        )  # fmt: skip
        return self

    def brought(self, day, by=roster.FINANCE_PERFORMANCE, amount=BROUGHT):
        lines = ["项目编码,单位,项目名称,年度,截止日期,执行数（万元）", f",甲,{self.table.title},2026,{day},{amount}"]
        data = "\n".join(lines).encode("utf-8-sig")
        known = [Known(self.table.id, self.table.title, "", ("甲",), roster.UNIT, "万元")]
        import_executions(
            self.journal, name="七月.csv", data=data, found=matching(read_executions(data), known), post=by.posts[0], by=by,
            command_id=uuid4(),
        )  # fmt: skip
        self.table = self.journal.lock_table(self.table.id)

    def figures(self, executed):
        rows = self.journal.content(self.table.in_force)["indicators"]
        said = {"possibility": "确定能", "explanation": "按计划", "reason": "按计划完成", "evidence": "验收报告"}
        filed = {row["id"]: {"actual": row["target"]["value"], **said} for row in rows}
        if self.table.stage == S.SELF_EVALUATION:
            filed["execution"] = {"reason": "按合同约定支付"}
        words = {"cause": "付款进度滞后", "measure": "加快支付进度", "person": "经办人", "deadline": "2026-12-01", "reason": "均按计划完成"}
        return {"executed": executed, "adjusted_budget": "66", "rows": filed, **words}


@contextmanager
def kept(journal):
    """Put the log and the drafts back as they were before."""
    streams, drafts = {key: list(log) for key, log in journal.streams.items()}, dict(journal.drafts)
    try:
        yield
    finally:
        journal.streams.clear()
        journal.streams.update(streams)
        journal.drafts.clear()
        journal.drafts.update(drafts)


PLACES = {
    F.BASICS: "/title", F.MONEY: "/budget/total", F.GOALS: "/goals/0", F.ROWS: "/indicators/r1/level3",
    F.WEIGHTS: "/indicators/r1/weight", F.MARKS: "/disclosure", F.EXPLANATIONS: "/explanations/V-T1",
}  # fmt: skip
"""A place of each group of the content."""


def rewritten(content, group):
    """Return the content with one place of a group reading otherwise."""
    after = copy.deepcopy(content)
    *path, last = PLACES[group].removeprefix("/").split("/")
    here = after
    for step in path:
        here = next(row for row in here if row["id"] == step) if isinstance(here, list) and step.startswith("r") else here[step]
    here[int(last) if isinstance(here, list) else last] = {"/disclosure": "内部", "/budget/total": "67"}.get(PLACES[group], "7")
    return after


def _save(life, by, group):
    draft = drafting.content_in_work(life.journal, life.table)
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content=rewritten(draft.content, group),
        reasons={"": "核对后更正数据"}, by=by, command_id=uuid4(),
    )  # fmt: skip


def _amend(life, by, group):
    life.act(score_review, by, mode="scored", items=all_scored(85))
    wish = {"pointer": PLACES[group], "new": "维护道路总里程", "reason": "与目标文字不一致"}
    life.act(amending.propose_amendment, by, changes=[wish])


def _correct(life, by, group):
    life.act(correcting.ask_to_correct, by, values={PLACES[group]: "农村公路维护经费"}, reason="名称有错别字")


def _monitor(executed):
    return lambda life, by, _group: life.act(monitoring.file_monitoring, by, window="w1", figures=life.figures(executed))


def _evaluate(executed):
    return lambda life, by, _group: life.act(evaluating.file_self_evaluation, by, figures=life.figures(executed))


def _bring(life, by, _group):
    version = life.table.version
    life.brought("2026-01-05", by, "41")
    if life.table.version == version:
        raise GoaltrailError


def _reply(life, by, _group):
    replying.issue_reply(
        life.journal, uuid4(), tables={life.table.id: life.seen()}, doc_no="清财预〔2026〕1号", by=by, command_id=uuid4()
    )


WAYS = {
    **dict.fromkeys(CONTENT, (_save, _amend, _correct)),
    F.ATTACHMENTS: (lambda life, by, _: life.act(attaching.attach_file, by, name="证明.txt", data=b"paid"),),
    F.COMMENTS: (lambda life, by, _: life.act(commenting.open_thread, by, pointer="/budget/total", criterion="form", words="请说明"),),
    F.ANSWERS: (lambda life, by, _: life.act(commenting.answer_thread, by, thread=life.table.threads[0].thread, words="已经补充"),),
    F.REVIEW_FORM: (lambda life, by, _: life.act(score_review, by, mode="scored", items=all_scored(95)),),
    F.DOC_NO: (_reply,),
    F.MONITORING: (_monitor(BROUGHT),),
    F.EXECUTED: (_monitor("41"), _evaluate("41"), _bring),
    F.RECTIFICATION: (lambda life, by, _: life.act(rectifying.report_rectification, by, rectification="r1", report="台账已补建并复核"),),
    F.SELF_EVALUATION: (_evaluate(BROUGHT),),
    F.RESCORING: (lambda life, by, _: life.act(rescoring.rescore, by, rows={"r1": {"points": "1", "reason": "佐证只证明部分完成"}}),),
}  # fmt: skip
"""Every verb that could write a group, somewhere."""


def tried(life, role, group):
    """Return whether any way wrote the group, and which rules refused."""
    rules = []
    for way in WAYS[group]:
        now = copy.copy(life)
        with kept(life.journal):
            try:
                way(now, PEOPLE[role], group)
            except GoaltrailError as refused:
                rules.append(getattr(refused, "rule", type(refused).__name__))
            else:
                return True, ()
    return False, tuple(rules)
