"""The lives that are cast: a table that waits for its unit's head, and one that unit and department have passed."""

from copy import deepcopy
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine

from service.bench.town import House
from workflows.commands import drafting, importing, reviewing
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.measures.weights import propose_weights
from workflows.packs import pack_for_family
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Post, Role

FAMILY = "ningxia-county-project"
ROWS = (
    ("产出指标", "数量指标", "维护道路里程", "≥12公里", ">=", "12", "公里"),
    ("产出指标", "质量指标", "验收合格率", "≥98%", ">=", "98", "%"),
    ("产出指标", "时效指标", "完工时间", "2026年11月底", "<=", "2026-11-30", "date"),
    ("产出指标", "成本指标", "道路维护总成本", "≤66万元", "<=", "66", "万元"),
    ("效益指标", "社会效益指标", "受益居民人数", "≥5000人", ">=", "5000", "人"),
    ("效益指标", "可持续影响指标", "道路设计使用年限", "≥8年", ">=", "8", "年"),
    ("满意度指标", "服务对象满意度指标", "沿线居民满意度", "≥95%", ">=", "95", "%"),
)


def printed_table() -> dict[str, Any]:
    """Return a goal table as a reader gives it."""
    rows = [
        {
            "level1": level1, "level2": level2, "level3": level3, "description": None, "basis": None,
            "requirement": "必填", "target": {"raw": raw, "op": op, "value": value, "unit": unit},
        }
        for level1, level2, level3, raw, op, value, unit in ROWS
    ]  # fmt: skip
    return {
        "scope": "project", "title": "农村道路维护经费", "number": None, "fiscal_year": 2026,
        "project_code": None, "supervising_department": "基准市交通运输局", "implementing_unit": "基准市公路养护中心",
        "unit_code": None, "attribute": "0101-一年期项目", "period": "1 年", "amount_unit": "万元",
        "budget": {"total": "66", "fiscal": "66", "other": None, "carryover": None}, "purpose": None,
        "spending_plan": [], "goals": ["维护道路12公里，保障5000名居民出行。"], "tasks": [], "indicators": rows,
    }  # fmt: skip


def live_until_unit_review(engine: Engine) -> tuple[UUID, UUID]:
    """Let a table of the first house be filed, filled in and submitted; return its document's and its own ID."""
    house, document_id = House(0), uuid4()
    document = {
        "source": "申报.txt", "family": FAMILY, "tables": [printed_table()], "department": None,
        "undisclosed_tables": 0,
    }  # fmt: skip
    with begin(engine) as tx:
        (table,) = importing.import_document(
            PostgresJournal(tx), document_id, filing=importing.Filing("申报.txt", b"bench", document, ()),
            homes=(house.home,), year=2026, by=house.clerk, post=Post(Role.CLERK, house.unit), command_id=uuid4(),
        )  # fmt: skip
    with begin(engine) as tx:
        journal = PostgresJournal(tx)
        _fill_in(journal, table)
        drafting.submit_table(
            journal, table.id, seen=Seen(table.version), by=house.clerk, command_id=uuid4(), note="请审核"
        )
    return document_id, table.id


def live_until_finance(engine: Engine) -> tuple[UUID, UUID]:
    """Let a table be submitted and passed by its unit and its department; return its document's and its own ID."""
    document_id, table_id = live_until_unit_review(engine)
    for by in (House(0).head, House(0).planner):
        with begin(engine) as tx:
            journal = PostgresJournal(tx)
            version = journal.lock_table(table_id).version
            reviewing.approve_table(
                journal, table_id, seen=Seen(version), by=by, command_id=uuid4(), opinion="同意上报"
            )
    return document_id, table_id


def _fill_in(journal: PostgresJournal, table: Table) -> None:
    kept = drafting.content_in_work(journal, table)
    content = deepcopy(kept.content)
    weights = propose_weights(content, pack_for_family(FAMILY))
    for row in content["indicators"]:
        row["weight"] = str(weights[row["id"]])
    content["disclosure"] = "公开"
    found = drafting.findings_of(journal, table, content)
    content["explanations"] = {drafting.finding_key(each): "已核实" for each in found if each.severity == "W"}
    drafting.save_draft(
        journal, table.id, seen=Seen(table.version), draft_version=kept.version, content=content,
        reasons={"": "补充分值与公开属性"}, by=House(0).clerk, command_id=uuid4(),
    )  # fmt: skip
