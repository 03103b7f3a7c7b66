"""Which family a document of boxes is of: the five of the samples and the two national forms, by their labels."""

from collections.abc import Sequence

from workflows.forms.families import FAMILIES, family_of
from workflows.forms.page_cells import Block, printed_text
from workflows.forms.source_text import folded

NATIONAL_PROJECT, NATIONAL_UNIT = "national-project", "national-unit"
LABELS = {family.name: family.labels for family in FAMILIES} | {
    NATIONAL_PROJECT: (
        "项目名称", "主管部门及代码", "中期资金总额", "年度资金总额", "总体目标", "年度目标", "三级指标", "指标值",
    ),
    NATIONAL_UNIT: ("部门(单位)名称", "年度主要任务", "任务名称", "年度总体目标", "三级指标", "指标值"),
}  # fmt: skip


def family_of_blocks(blocks: Sequence[Block]) -> str:
    """Return the family all of whose labels are printed; FamilyUnknown names what the nearest one misses."""
    printed = printed_text(blocks)
    flat = folded(printed)
    for name in (NATIONAL_PROJECT, NATIONAL_UNIT):
        if all(folded(label) in flat for label in LABELS[name]):
            return name
    return family_of(printed).name
