"""What a department part (部门整体部分) may hold: its shape, checked before it is recorded, and the empty one."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workflows.errors import FieldsInvalid, MarkedAsSecret
from workflows.ledger.canonical import normal
from workflows.state.disclosures import mark_of_classification, texts_in

Json = dict[str, Any]
LONGEST, MOST, MOST_TABLES, MOST_SIGNS = 20_000, 200, 500, 500_000
"""Signs of a text, items of a list, the highest number of a table that an item may be linked to, signs of a part."""
EMPTY: Json = {
    "name": None, "overall_goals": [], "responsibilities": [], "itemised_goals": [], "long_term_goals": [],
    "safeguards": [],
}  # fmt: skip


def part_checked(part: Any, *, tables: int) -> Json:
    """Return a part that fits: every key of the corpus, texts of some length, links to the document's own tables.

    `tasks` (年度主要任务) and `links` (numbers of the document's tables, from 1) may be absent. FieldsInvalid names
    the place of the first thing that does not fit; MarkedAsSecret for a mark of classification.
    """
    _keys(part, "", EMPTY, ("tasks",))
    _text(part["name"], "/name", may_lack=True)
    for name in ("overall_goals", "long_term_goals"):
        _items(part[name], f"/{name}", _text)
    _items(part["responsibilities"], "/responsibilities", lambda each, at: _duty(each, at, tables))
    _items(part["itemised_goals"], "/itemised_goals", lambda each, at: _itemised(each, at, tables))
    _items(part["safeguards"], "/safeguards", _safeguard)
    _items(part.get("tasks", []), "/tasks", _task)
    if sum(map(len, texts_in(part))) > MOST_SIGNS:
        raise FieldsInvalid(f"部门部分合计至多{MOST_SIGNS:,}字，请精简。", field="/")
    mark = mark_of_classification(texts_in(part))
    if mark:
        raise MarkedAsSecret(
            f"内容中有密级标志“{mark}”，没有保存：本系统不得存储涉密内容；并不涉密的用词请换一种说法。", mark=mark
        )
    fits: Json = normal(dict(part))
    return fits


def _duty(duty: Any, at: str, tables: int) -> None:
    _keys(duty, at, ("name", "description", "goal", "activities"))
    for name in ("name", "description", "goal"):
        _text(duty[name], f"{at}/{name}", may_lack=True)
    _items(duty["activities"], f"{at}/activities", lambda each, place: _activity(each, place, tables))


def _activity(activity: Any, at: str, tables: int) -> None:
    _keys(activity, at, ("name", "description", "goal"), ("links",))
    for name in ("name", "description", "goal"):
        _text(activity[name], f"{at}/{name}", may_lack=True)
    _links(activity.get("links", []), f"{at}/links", tables)


def _itemised(goal: Any, at: str, tables: int) -> None:
    _keys(goal, at, ("title", "goal", "indicators"), ("links",))
    _text(goal["title"], f"{at}/title")
    _text(goal["goal"], f"{at}/goal", may_lack=True)
    _items(goal["indicators"], f"{at}/indicators", _text)
    _links(goal.get("links", []), f"{at}/links", tables)


def _safeguard(safeguard: Any, at: str) -> None:
    if isinstance(safeguard, str):
        _text(safeguard, at)
    else:
        _keys(safeguard, at, ("title", "text"))
        _text(safeguard["title"], f"{at}/title")
        _text(safeguard["text"], f"{at}/text")


def _task(task: Any, at: str) -> None:
    _keys(task, at, ("name", "content"))
    _text(task["name"], f"{at}/name", may_lack=True)
    _items(task["content"], f"{at}/content", _text)


def _keys(value: Any, at: str, needed: Iterable[str], optional: Iterable[str] = ()) -> None:
    if not isinstance(value, Mapping) or not set(needed) <= set(value) <= {*needed, *optional}:
        raise FieldsInvalid("部门部分的结构有误：须有规定的各栏，不得有其他栏。", field=at or "/")


def _items(values: Any, at: str, each: Callable[[Any, str], object]) -> None:
    if not isinstance(values, list) or len(values) > MOST:
        raise FieldsInvalid(f"每一栏须为清单，至多{MOST}条。", field=at)
    for number, value in enumerate(values):
        each(value, f"{at}/{number}")


def _text(value: Any, at: str, *, may_lack: bool = False) -> None:
    if value is None and may_lack:
        return
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise FieldsInvalid(f"每一条须填写文字，至多{LONGEST:,}字；分项目标和保障措施须有标题。", field=at)
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in value):
        raise FieldsInvalid("文字中不得有控制字符。", field=at)


def _links(values: Any, at: str, tables: int) -> None:
    known = range(1, min(tables, MOST_TABLES) + 1)
    own = {each for each in values if type(each) is int and each in known} if isinstance(values, list) else set()
    if not isinstance(values, list) or values != sorted(own):
        raise FieldsInvalid("只能对应本申报文本中的表，每张写一次，按序号排列。", field=at)
