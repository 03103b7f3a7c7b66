"""What differs between two versions of a department part, in the words of the form; items keep their identity."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from workflows.content.text_differences import Piece, pieces_of

NAMES = {
    "name": "名称", "title": "标题", "overall_goals": "总体绩效目标", "description": "内容描述", "goal": "绩效目标",
    "text": "内容", "content": "主要内容", "indicators": "绩效指标", "activities": "工作活动",
    "links": "对应的绩效目标表", "responsibilities": "职责", "itemised_goals": "分项绩效目标", "tasks": "年度主要任务",
    "long_term_goals": "目标规划", "safeguards": "保障措施",
}  # fmt: skip
"""Every key of a part in the order in which it is told."""
IDENTITY = ("title", "name")
WHOLE = frozenset({"indicators", "links"})
"""Short lists that are shown as one value."""


@dataclass(frozen=True)
class PartChange:
    """One place that reads otherwise; a whole item that came or went has only one of the two texts."""

    place: str
    old: str
    new: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return both texts side by side."""
        return pieces_of(self.old, self.new)


def part_place(pointer: str) -> str:
    """Return a JSON pointer into a part in the words of the form: 分项绩效目标 · 第2条 · 绩效目标."""
    parts = [part for part in pointer.split("/") if part]
    return " · ".join(f"第{int(part) + 1}条" if part.isdigit() else NAMES.get(part, part) for part in parts) or "全文"


def part_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[PartChange, ...]:
    """Return every place where two parts read otherwise, in the order of the form."""
    return tuple(_between(old, new, ""))


def _between(old: Any, new: Any, at: str) -> Iterator[PartChange]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in _in_order({**old, **new}):
            yield from _between(old.get(key), new.get(key), f"{at}/{key}")
    elif isinstance(new or old, list) and at.rpartition("/")[2] not in WHOLE:
        yield from _items(old or [], new or [], at)
    elif _spoken(old) != _spoken(new):
        yield PartChange(part_place(at), _spoken(old), _spoken(new))


def _items(old: Sequence[Any], new: Sequence[Any], at: str) -> Iterator[PartChange]:
    """Pair the items that both lists have by what they are called; between those by their order."""
    matcher = SequenceMatcher(None, list(map(_called, old)), list(map(_called, new)), autojunk=False)
    for _sort, a, b, c, d in matcher.get_opcodes():
        both = min(b - a, d - c)
        for step in range(both):
            yield from _between(old[a + step], new[c + step], f"{at}/{c + step}")
        for step in range(a + both, b):
            yield PartChange(f"{part_place(f'{at}/{step}')}（删去）", _spoken(old[step]), "")
        for step in range(c + both, d):
            yield PartChange(f"{part_place(f'{at}/{step}')}（新增）", "", _spoken(new[step]))


def _in_order(value: Mapping[str, Any]) -> list[str]:
    return [*(key for key in NAMES if key in value), *sorted(value.keys() - NAMES.keys())]


def _called(item: Any) -> str:
    if isinstance(item, Mapping):
        named = next((str(item[key]) for key in IDENTITY if item.get(key)), None)
        return named or json.dumps(item, ensure_ascii=False, sort_keys=True)
    return str(item)


def _spoken(value: Any) -> str:
    """Return a value as one text: an item's fields one below the other, a list's numbers or names in a row."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        rows = ((NAMES.get(key, key), _spoken(value[key])) for key in _in_order(value))
        return "\n".join(f"{name}：{text}" for name, text in rows if text)
    if isinstance(value, list):
        return "；".join(f"第{each}张" if isinstance(each, int) else _spoken(each) for each in value)
    return str(value)
