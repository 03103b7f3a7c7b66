"""Every notice about a table whose words the bureau may write anew: its name, shipped words and placeholders."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from workflows.delivery.classes import NoticeClass, class_of
from workflows.delivery.wording import Words
from workflows.errors import NotFound

FILE = Path(__file__).with_name("notices.json")
ALWAYS = ("原题", "原文", "链接")
OF_A_TABLE = ("表名", "年度")
SAMPLE: Mapping[str, str] = {
    "表名": "《农村道路维护经费》", "环节": "单位审核（单位负责人）", "期限": "2026-03-09",
    "理由": "请补充指标值的测算依据", "办理人": "王审核", "年度": "2026", "文号": "清财预〔2026〕12号",
    "名称": "2026年度项目支出绩效目标申报", "事项": "目标申报", "单位": "清江市交通运输局", "要求": "等待您办理",
    "结果": "已审阅通过", "说明": "说明：请尽快办理", "意见": "同意", "限时": "，期限2026-03-09",
    "时限": "的期限为2026-03-09",
    "剩余": "还有3个工作日", "开始时间": "2026年3月1日", "截止时间": "2026年3月31日17时", "欠报": "还有2张表没有提交",
    "暂定": "（该年度工作日历尚未公布，期限为暂定）", "岗位": "单位负责人", "认领期限": "2026-03-05 17:00",
    "升级方式": "报告上级", "规则": "ladder:inform.T+3", "原环节": "部门审核", "天数": "5", "处数": "2",
    "审查内容": "的自评结果", "监控期": "上半年", "原因": "雨季停工两个月", "措施": "八月底前完成招标", "得分": "92.50",
    "等级": "优",
    "批准日期": "2026-01-20", "批复期限": "2026-02-24", "张数": "3", "版次": "2", "状态": "待审阅", "授权人": "王局长",
    "代理人": "李副局长", "开始日期": "2026-02-01", "截止日期": "2026-02-14",
    "原题": "（出厂的标题）", "原文": "（出厂的正文）", "链接": "https://goaltrail.example/n/…",
}  # fmt: skip
"""A made-up table and what a notice may say beside it, to show words before they are published."""


@dataclass(frozen=True)
class KnownNotice:
    """One notice: its key, its name on the page, the words that ship and the placeholders that it knows."""

    key: str
    name: str
    shipped: Words
    known: frozenset[str]
    made_up: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_class(self) -> NoticeClass:
        """Return its class."""
        return class_of(self.key)

    def sample(self, words: Words | None) -> Words:
        """Return words (None: the shipped ones) filled with the made-up case."""
        return (words or self.shipped).filled({**SAMPLE, **self.made_up})

    def example(self, name: str) -> str:
        """Return what a placeholder stands for in the made-up case; of the shipped words, those words."""
        shipped = self.sample(None)
        return {"原题": shipped.subject, "原文": shipped.text}.get(name) or {**SAMPLE, **self.made_up}[name]


def _known(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((*ALWAYS, *(OF_A_TABLE if row.get("table", True) else ()), *row["also"]))


@cache
def known_notices() -> Mapping[str, KnownNotice]:
    """Return every notice of the catalogue by its key, in the order of a table's life."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["notices"]
    return {
        row["key"]: KnownNotice(
            row["key"], row["name"], Words(row["subject"], row["text"]), _known(row), row.get("sample", {})
        )
        for row in rows
    }


def known_notice(key: str) -> KnownNotice:
    """Return a notice of the catalogue; NotFound for a key that is none."""
    found = known_notices().get(key)
    if found is None:
        raise NotFound(key=key)
    return found
