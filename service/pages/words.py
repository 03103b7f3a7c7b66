"""Printed names of codes that pages share: boxes of one family, states of a monitoring window, possibilities."""

from workflows.content.places import FIELD_NAMES, place_name
from workflows.measures.watch import Possibility

__all__ = [
    "BESIDE_THE_CHAIN", "DETAILS", "FIELD_NAMES", "POSSIBILITIES", "READING_SORTS", "RECTIFICATION_STATES",
    "WINDOW_STATES", "place_name",
]  # fmt: skip

DETAILS = {
    "sources": "按资金来源", "structure": "按支出结构",
}  # fmt: skip
WINDOW_STATES = {"planned": "未到期", "open": "待填报", "filed": "已填报", "accepted": "已审核", "returned": "已退回"}
BESIDE_THE_CHAIN = {
    "evaluation_sampling": "财政抽查", "rectification": "落实整改", "rectification_check": "核实整改",
}  # fmt: skip
"""Desks that stand in no chain."""
RECTIFICATION_STATES = {"ordered": "待整改", "done": "待核实", "verified": "已销号"}
POSSIBILITIES = {each.value: each.chinese for each in Possibility}
READING_SORTS = {
    "placeholder": "空白行", "markup": "标记残留", "uncertain": "不能确定", "misplaced": "位置不符",
    "unplaced": "未归入", "hidden": "文件中隐藏",
}  # fmt: skip
