"""`rules`: prints every rule of the machine pre-review with the words and thresholds it works by, as docs/rules.md."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.findings import RULES
from workflows.packs import pack_content_for

SEVERITIES = {"B": "必须改正", "W": "须说明理由", "I": "供审核参考"}
GROUPS = {
    "V-C": "完整", "V-M": "资金", "V-P": "支出计划", "V-K": "归类", "V-T": "指标值", "V-R": "目标与指标",
    "V-D": "日期与依据", "V-S": "次序与文字",
    "V-W": "分值", "V-X": "公开与敏感", "V-H": "与上年比较", "V-A": "事前绩效评估", "V-U": "计量单位",
}  # fmt: skip
SECTIONS = ("required", "review_rules", "words", "formulas", "prereview")
HEAD = """# 机审规则

<!-- 本文由命令生成：python3 -m service rules > docs/rules.md；请改规则的说明和规则包，不要改本文。 -->

机审在每一条提交途径上都用同一个检查（`workflows/commands/prereview.py`）：网页、接口、命令行、批量和退回后的再次提交。
导入从不受阻：原文照录，机审意见列在旁边。**必须改正**的意见使提交不能进行；**须说明理由**的意见逐条说明后可以提交；
**供审核参考**的意见不要求答复。每条意见都指明位置（JSON 指针）、说明问题并给出建议。

标“词”的规则依规则包的 `prereview` 一节；在此之前已锁定规则包的表没有这一节，这些规则对它们不起作用。
"""


def main(arguments: list[str]) -> int:
    """Print the rules in Chinese as Markdown."""
    argparse.ArgumentParser(prog="python3 -m service rules", description="机审规则一览").parse_args(arguments)
    sys.stdout.write(document())
    return 0


def document() -> str:
    """Return docs/rules.md: the rules by group, then words and thresholds of the national pack with their source."""
    return "\n".join([HEAD, *_rules(), "## 阈值与词表（全国规则包）", "", *_thresholds(pack_content_for(None))])


def _rules() -> Iterator[str]:
    yield f"## 规则（{len(RULES)}条）\n"
    for start, title in GROUPS.items():
        yield f"### {title}\n\n| 规则 | 性质 | 内容 | 程序 |\n|---|---|---|---|"
        for rule in RULES:
            if rule.id.rstrip("0123456789") == start:
                name = f"{rule.looks.__module__.rpartition('.')[2]}.{rule.looks.__name__}"
                mark = "，词" if rule.by_words else ""
                yield f"| {rule.id} | {SEVERITIES[rule.severity]} | {rule.text} | `{name}`{mark} |"
        yield ""


def _thresholds(pack: Mapping[str, Any]) -> Iterator[str]:
    for section in SECTIONS:
        yield f"### `{section}`\n\n来源：{pack[section]['source']}\n"
        yield from (f"- `{name}`：{_value(value)}" for name, value in pack[section].items() if name != "source")
        yield ""


def _value(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(_value, value)) or "—"
    if isinstance(value, dict):
        return "；".join(f"{name} {_value(each)}" for name, each in value.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    return "—" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
