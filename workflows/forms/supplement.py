"""What an official form has no box for: printed below it in words, place by place, and read back from there."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.content.places import FIELD_NAMES
from workflows.forms.form import GOES_ON
from workflows.forms.notebook import Notebook
from workflows.forms.page_cells import GridRow

Json = dict[str, Any]
Path = tuple[str | int, ...]
OF_TABLE, OF_DOCUMENT = "附：本表其他登记内容", "附：本文件其他登记内容"
HEADS = ("登记项", "登记内容")
ROW_HEADS = ("行次", "三级指标", "行号", "分值")
NOTHING, ABSENT = "（空）", "（无此项）"
BETWEEN = " · "
KEY_NAMES = {
    **{key: FIELD_NAMES[key] for key in (
        "title", "purpose", "goals", "budget", "spending_plan", "disclosure", "level1", "level2", "level3",
        "description", "basis", "explanations", "value", "op", "total", "fiscal", "other", "carryover",
        "supervising_department", "implementing_unit", "budget_detail", "sources", "structure", "project_code",
        "attribute", "period", "fiscal_year", "tasks", "content", "name", "checkpoint", "cumulative_percent",
        "allocated", "amount_unit", "unit_code", "number", "scope", "requirement", "reason",
    ) if key not in ("name", "title")},
    "indicators": "绩效指标", "target": "目标值", "raw": "指标值原文", "unit": "计量单位", "weight": "分值",
    "id": "行号", "family": "表样", "title": "表名", "name": "称谓", "mid_term_goals": "中期目标",
    "mid_term_budget": "中期资金", "mid_term_indicators": "中期绩效指标", "key_project": "重点项目",
    "direction": "方向",
    "scoring": "计分方式", "origin": "来源", "department": "部门整体", "overall_goals": "部门总体绩效目标",
    "responsibilities": "职责", "activities": "工作活动", "goal": "目标", "itemised_goals": "分项绩效目标",
    "long_term_goals": "目标规划", "safeguards": "工作保障措施", "text": "内容原文", "tables": "绩效目标表",
    "undisclosed_tables": "不予公开表数", "links": "对应绩效目标表序号",
}  # fmt: skip
_KEYS = {name: key for key, name in KEY_NAMES.items()}
_ITEM = re.compile(r"^第(?P<number>\d{1,6})项$")
_PLAIN = re.compile(r"^(?![\s\"\[{(（\d+-])(?!(?:true|false|null|NaN|Infinity)$).*(?<!\s)$")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff]")


def differences(wanted: Any, found: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every place where what was read back is not what was meant, with what was meant (REMOVED for nothing)."""
    if _same(wanted, found):
        return
    if isinstance(wanted, dict) and wanted and isinstance(found, dict):
        for key, value in wanted.items():
            yield from differences(value, found.get(key, _empty_like(value)), (*path, key))
        yield from (((*path, key), REMOVED) for key in found if key not in wanted)
    elif isinstance(wanted, list) and isinstance(found, list) and len(found) in (0, len(wanted)) and wanted:
        padded = found or [_empty_like(value) for value in wanted]
        for number, (value, read) in enumerate(zip(wanted, padded, strict=True)):
            yield from differences(value, read, (*path, number))
    else:
        yield path, wanted


class _Missing:
    """Stands for a value that is not there at all."""


REMOVED = _Missing()


def _empty_like(value: Any) -> Any:
    return {} if isinstance(value, dict) and value else [] if isinstance(value, list) and value else _Missing()


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(_same(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_same, wanted, found))
    return type(wanted) is type(found) and bool(wanted == found)


def printed_place(path: Path) -> str:
    """Return a place in the words of the form: 绩效指标 · 第3项 · 确定依据."""
    return BETWEEN.join(f"第{part + 1}项" if isinstance(part, int) else _key_printed(part) for part in path)


def _key_printed(key: str) -> str:
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    plain = key and key not in _KEYS and not _ITEM.match(key) and BETWEEN.strip() not in key and not _HIDDEN.search(key)
    return key if plain and key == key.strip() and not key.startswith('"') else _spelled(key)


def place_of(printed: str) -> Path:
    """Read a printed place back."""
    parts: list[str | int] = []
    for part in printed.split(BETWEEN.strip()):
        word = part.strip()
        item = _ITEM.match(word)
        if item:
            parts.append(int(item["number"]) - 1)
        elif word.startswith('"'):
            parts.append(str(json.loads(word)))
        else:
            parts.append(_KEYS.get(word, word))
    return tuple(parts)


def printed_value(value: Any) -> str:
    """Return a value as printed: a plain text as it is, everything else spelled so that nothing in it is hidden."""
    if value is None or value is REMOVED:
        return NOTHING if value is None else ABSENT
    if isinstance(value, str):
        plain = value and _PLAIN.match(value) and not _HIDDEN.search(value)
        return value if plain else _spelled(value)
    return _spelled(value)


def _spelled(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    text = _HIDDEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text.replace("\xb7", "\\u00b7"))
    return re.sub(r" (?= )|(?<=^\") | (?=\"$)", r"\\u0020", text)


def value_of(printed: str) -> Any:
    """Read a printed value back."""
    text = printed.strip()
    if text == NOTHING:
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def apply(content: Json, places: Sequence[tuple[str, str]]) -> None:
    """Set every place to its value."""
    for printed, value in places:
        path = place_of(printed)
        if path:
            _set(content, path, value.strip())


def _set(content: Any, path: Path, printed: str) -> None:
    *before, last = path
    for part, following in zip(before, path[1:], strict=True):
        content = _step(content, part, following)
        if content is None:
            return
    if printed == ABSENT:
        if isinstance(content, dict):
            content.pop(str(last), None)
    elif isinstance(content, dict):
        content[str(last)] = value_of(printed)
    elif isinstance(content, list) and isinstance(last, int) and last < len(content):
        content[last] = value_of(printed)
    elif isinstance(content, list):
        content.append(value_of(printed))


def _step(content: Any, part: str | int, following: str | int) -> Any:
    empty: Any = [] if isinstance(following, int) else {}
    if isinstance(content, list) and isinstance(part, int):
        if part >= len(content):
            content.append(empty)
        return content[min(part, len(content) - 1)]
    if isinstance(content, dict):
        if not isinstance(content.get(str(part)), dict | list):
            content[str(part)] = empty
        return content[str(part)]
    return None


def pairs_of(rows: Sequence[GridRow], notebook: Notebook) -> list[tuple[str, str]]:
    """Read the rows 登记项 | 登记内容 of a supplement's grid."""
    found: list[tuple[str, str]] = []
    for row in rows:
        texts = [cell.text for cell in row.begun]
        if tuple(texts) == HEADS:
            continue
        if found and texts[:1] == [GOES_ON]:
            found[-1] = (found[-1][0], found[-1][1] + texts[-1])
        elif len(texts) == len(HEADS):
            found.append((texts[0], texts[1]))
        elif any(texts):
            notebook.unplaced(row.line, " ".join(texts))
    return found


def apply_rows(content: Json, rows: Sequence[GridRow], notebook: Notebook) -> None:
    """Give the indicator rows the ids and weights that a supplement's second grid prints."""
    for row in rows:
        texts = [cell.text.strip() for cell in row.begun]
        number = int(texts[0]) if texts and texts[0].isdecimal() else 0
        if len(texts) == len(ROW_HEADS) and 0 < number <= len(content["indicators"]):
            row_id, weight = texts[2], texts[3]
            content["indicators"][number - 1] |= {"id": row_id, "weight": weight or None}
        elif tuple(texts) != ROW_HEADS:
            notebook.unplaced(row.line, " ".join(texts))


def without_rows_part(content: Mapping[str, Any]) -> Json:
    """Return a content whose rows have neither id nor weight, as the second grid prints them."""
    rows = [{key: value for key, value in row.items() if key not in ("id", "weight")} for row in content["indicators"]]
    return {**content, "indicators": rows}
