"""The printed labels of indicator trees: classes of level 1 and 2, with ordinals and filling duties beside them."""

import re
from dataclasses import dataclass

from workflows.forms.source_text import folded, tight

LEVEL1 = ("产出指标", "效益指标", "效果指标", "满意度指标", "成本指标")
LEVEL2_STEMS = (
    "数量", "质量", "时效", "成本", "经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度", "满意度",
    "经济成本", "社会成本", "生态环境成本",
)  # fmt: skip
LEVEL2 = tuple(stem + "指标" for stem in LEVEL2_STEMS)
DUTIES = ("必填", "选填", "必填硬性指标", "选填硬性指标")
HEADER = ("一级指标", "二级指标", "三级指标")
_ORDINAL = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十])\s*[、.．]\s*")
_DUTY = re.compile(r"^(?P<name>[^（(]{2,16})[（(](?P<duty>[^（）()]{2,12})[）)]$")


@dataclass(frozen=True)
class LevelTwo:
    """A level-2 label with the duty printed beside it."""

    name: str
    requirement: str | None


def level_one(text: str) -> str | None:
    """Read a level-1 label; an ordinal before it ("1、产出指标") is cut."""
    name = tight(_ORDINAL.sub("", text))
    return name if name in LEVEL1 else None


def level_two(text: str) -> LevelTwo | None:
    """Read a level-2 label with its duty ("数量指标（必填硬性指标）")."""
    whole = tight(_ORDINAL.sub("", text))
    found = _DUTY.match(whole)
    name, duty = (found["name"], found["duty"]) if found else (whole, None)
    if name not in LEVEL2 or (duty is not None and duty not in DUTIES):
        return None
    return LevelTwo(name, duty)


_WHOLE = tuple(
    {folded(name) for name in LEVEL1}
    | {folded(name) for name in LEVEL2}
    | {folded(f"{name}({duty})") for name in LEVEL2 for duty in DUTIES},
)


def begins_label(text: str) -> bool:
    """Whether the text is the cut-off beginning of a label that goes on elsewhere."""
    part = folded(_ORDINAL.sub("", text))
    return len(part) >= 1 and any(label.startswith(part) and label != part for label in _WHOLE)


def is_label(text: str) -> bool:
    """Whether the text is a whole label of level 1 or 2."""
    return level_one(text) is not None or level_two(text) is not None
