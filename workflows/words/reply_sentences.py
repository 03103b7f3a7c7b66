"""Sentences and notices around the reply: the budget approved, the reply passed on, and what reminds of their terms."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import BudgetApproved, Recorded
from workflows.folds.replay import Table
from workflows.state.reply_terms import Replied
from workflows.vocabulary import Role


def _approved(fact: Any) -> str:
    number = f"（{fact.doc_no}）" if fact.doc_no else ""
    return f"登记{fact.year}年度预算经人民代表大会批准{number}，批准日期{fact.approved_on}，批复期限{fact.due}"


def _passed_on(fact: Any) -> str:
    return f"以{fact.doc_no}向所属单位下达批复，共{len(fact.tables)}张表"


def _corrected(fact: Any) -> str:
    number = f"（{fact.doc_no}）" if fact.doc_no else ""
    return f"更正{fact.year}年度预算的人大批准日期：{fact.instead_of} → {fact.approved_on}{number}，批复期限{fact.due}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "budget.approved": _approved,
    "budget.correction_asked": lambda f: f"申请更正{f.year}年度预算的人大批准日期：{f.instead_of} → {f.approved_on}",
    "budget.corrected": _corrected,
    "reply.passed_on": _passed_on,
    "table.passed_on": lambda fact: f"下达批复，文号：{fact.doc_no}",
}


def _told(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell the unit's clerk and head that the reply has come down to them."""
    fact: Any = recorded.fact
    text = f"主管部门已将{named(after)}的批复下达本单位，文号：{fact.doc_no}。"
    unit = Addressee(role=Role.UNIT_HEAD, organ=after.unit)
    return tuple(
        Notice(to, recorded.kind, f"下达批复：{named(after)}", text) for to in (Addressee(after.owner), unit)
    )


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {"table.passed_on": _told}


def pass_on_reminder(table: Table, replied: Replied, rung: str) -> Notice:
    """Return the reminder of a rung for the department that has not passed a reply on; one for the whole reply."""
    due, number = replied.pass_on_due, _number_of(table, replied)
    words = f"的下达已经逾期（期限{due}）" if rung == "T+1" else f"的下达期限为{due}"
    text = f"批复{number}{words}，列入的表还有未下达所属单位的，请办理“下达批复”。"
    to = Addressee(role=Role.DEPARTMENT_FINANCE, organ=table.department)
    said = {"名称": f"批复{number}", "文号": number, "期限": due, "时限": words}
    return Notice(to, f"reminder.pass_on.{rung}", f"下达提醒：批复{number}{words}", text, said)


def _number_of(table: Table, replied: Replied) -> str:
    """Return the document number of the reply that is to be passed on: the table's, or its newest revision's."""
    return (table.versions[-1].doc_no if replied.revision else table.doc_no) or ""


def disclosure_reminder(table: Table, replied: Replied, rung: str) -> Notice:
    """Return the reminder of a rung for the department that has not disclosed its year's tables."""
    due = replied.disclose_due
    words = f"的公开已经逾期（期限{due}）" if rung == "T+1" else f"的公开期限为{due}"
    text = f"{table.year}年度绩效目标{words}，请经保密审查后公开。"
    to = Addressee(role=Role.DEPARTMENT_FINANCE, organ=table.department)
    said = {"名称": f"{table.year}年度绩效目标", "年度": str(table.year), "期限": due, "时限": words}
    return Notice(to, f"reminder.disclose.{rung}", f"公开提醒：{table.year}年度绩效目标{words}", text, said)


def budget_reminder(fact: BudgetApproved, rung: str, left: int) -> Notice:
    """Return the reminder of a rung for the budget section, with the number of tables still without a reply."""
    words = f"的批复已经逾期（期限{fact.due}）" if rung == "T+1" else f"的批复期限为{fact.due}"
    text = f"{fact.year}年度预算于{fact.approved_on}经人大批准，绩效目标{words}，还有{left}张表没有批复。"
    to = Addressee(role=Role.FINANCE_BUDGET, organ=fact.bureau)
    said = {
        "名称": f"{fact.year}年度绩效目标", "年度": str(fact.year), "批准日期": fact.approved_on, "期限": fact.due,
        "时限": words, "张数": str(left),
    }  # fmt: skip
    return Notice(to, f"reminder.budget.{rung}", f"批复提醒：{fact.year}年度绩效目标{words}", text, said)
