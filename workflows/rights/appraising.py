"""Who files, confirms and waives an appraisal, what must hold first, and what keeps a new project from filing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workflows.content.goal_table import amount_in_wan
from workflows.folds.replay import Table
from workflows.packs.appraisal import appraisal_rules_of
from workflows.rights.segregation import Refusal
from workflows.state.appraisals import FILED, Appraisal, Support
from workflows.vocabulary import Actor, Post, Role

WAIVES = (Role.FINANCE_PERFORMANCE, Role.FINANCE_BUSINESS)
Content = Mapping[str, Any]


def checks_appraisals(actor: Actor, table: Table) -> bool:
    """主管部门规划财务处"""
    return actor.holds(Role.DEPARTMENT_FINANCE, table.department)


def waiving_post(actor: Actor, table: Table) -> Post | None:
    """Return the post under which the person lets a project in by document, None where none is held."""
    return next((Post(role, table.bureau) for role in WAIVES if actor.holds(role, table.bureau)), None)


def an_appraisal_waits(actor: Actor, table: Table) -> Refusal | None:
    """有待核实的事前绩效评估"""
    if table.appraisal is None or table.appraisal.state != FILED:
        return Refusal("G-NOTHING", "没有待核实的事前绩效评估。")
    return Refusal("S1", "填报过此表的人不能核实它的事前绩效评估（职责分离）。") if actor.id in table.authors else None


def an_appraisal_falls_short(_actor: Actor, table: Table) -> Refusal | None:
    """已填报但未获支持的事前绩效评估"""
    if table.appraisal is None:
        return Refusal("G-NOTHING", "单位还没有填报事前绩效评估。")
    if table.appraisal.doc_no:
        return Refusal("G-APPRAISAL", f"已按{table.appraisal.doc_no}批准申报，不必再次批准。")
    return Refusal("G-APPRAISAL", "事前绩效评估已予以支持，不必另行批准。") if table.appraisal.positive else None


def bars_filing(pack: Content, table: Table, content: Content) -> str:
    """Return why a new project may not be filed yet (domain.md 11), empty where nothing keeps it.

    A revision changes what was approved and is no new project; its money goes by the budget adjustment procedure.
    """
    rules, amount = appraisal_rules_of(pack), amount_in_wan(content)
    if rules is None or table.revises or not rules.asks_for(str(content.get("attribute") or ""), amount):
        return ""
    found = table.appraisal
    if found is None or (not found.doc_no and table.attachment(found.attachment) is None):
        return f"新增项目，金额不低于{rules.threshold}万元，须先有事前绩效评估及报告。"
    return "" if found.doc_no else _falls_short(found, amount)


def _falls_short(found: Appraisal, amount: Decimal | None) -> str:
    if found.result != Support.SUPPORTED:
        return f"事前绩效评估结论为“{Support(found.result).chinese}”，不能申报预算。"
    if not found.positive:
        return "事前绩效评估须经主管部门规划财务处核实同意。"
    return "" if found.reaches(amount) else f"事前绩效评估的金额为{found.amount or '—'}万元，现申报的金额超出评估。"
