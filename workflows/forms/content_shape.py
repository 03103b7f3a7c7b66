"""Whether a document read from boxes has the shape of the corpus README: one with a forged supplement has not."""

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.forms.refusals import SupplementUnfit

Json = Mapping[str, Any]
_TEXTS = (
    "title", "project_code", "supervising_department", "implementing_unit", "unit_code", "attribute", "period",
    "amount_unit", "purpose",
)  # fmt: skip
_AMOUNTS = ("total", "fiscal", "other", "carryover")
_ROW = ("level1", "level2", "level3", "description", "basis", "requirement")
_MARKS = (None, "公开", "内部")


def refuse_other_shapes(document: Json) -> None:
    """Raise SupplementUnfit where a key is missing or holds another kind of value than its box."""
    try:
        fits = all(map(_table, document["tables"])) and _department(document["department"])
        fits = fits and isinstance(document["undisclosed_tables"], int)
    except (KeyError, TypeError, AttributeError) as problem:
        raise SupplementUnfit from problem
    if not fits:
        raise SupplementUnfit


def _texts(values: Iterable[object]) -> bool:
    return all(value is None or isinstance(value, str) for value in values)


def _strings(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _whole(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _table(table: Json) -> bool:
    plain = _texts(table[name] for name in _TEXTS) and table["scope"] in ("project", "unit", "department")
    plain = plain and _whole(table["number"]) and _whole(table["fiscal_year"]) and _strings(table["goals"])
    marked = table.get("disclosure") in _MARKS and _texts((table.get("explanations") or {}).values())
    marked = marked and isinstance(table.get("family", ""), str)
    lists = all(_strings(task["content"]) and _texts([task["name"]]) for task in table["tasks"])
    lists = lists and all(_texts([p["checkpoint"], p["cumulative_percent"]]) for p in table["spending_plan"])
    money = _texts(table["budget"][name] for name in _AMOUNTS) and _extras(table)
    return plain and marked and lists and money and _rows(table["indicators"])


def _extras(table: Json) -> bool:
    detail, part = table.get("budget_detail"), table.get("allocated")
    fits = all(_texts(rows.values()) for rows in (detail or {}).values())
    return fits and (part is None or (_texts(part[name] for name in _AMOUNTS) and _strings(part["goals"])))


def _links(item: Json) -> bool:
    return all(_whole(each) and each for each in item.get("links", []))


def _rows(rows: list[Json]) -> bool:
    ids = [row["id"] for row in rows if "id" in row]
    named = len(ids) in (0, len(rows)) and len(set(ids)) == len(ids) and all(isinstance(each, str) for each in ids)
    texts = all(_texts([*(row[name] for name in _ROW), *row["target"].values(), row.get("weight")]) for row in rows)
    return named and texts and all(row["target"].keys() == {"raw", "op", "value", "unit"} for row in rows)


def _department(part: Json | None) -> bool:
    if part is None:
        return True
    items = [*part["responsibilities"], *(each for duty in part["responsibilities"] for each in duty["activities"])]
    duties = all(_texts([each["name"], each["description"], each["goal"]]) and _links(each) for each in items)
    goals = all(_texts([each["title"], each["goal"]]) and _links(each) for each in part["itemised_goals"])
    goals = goals and all(_strings(each["content"]) and _texts([each["name"]]) for each in part.get("tasks", []))
    goals = goals and all(_strings(each["indicators"]) for each in part["itemised_goals"])
    safe = all(isinstance(s, str) or _texts([s["title"], s["text"]]) for s in part["safeguards"])
    return duties and goals and safe and _strings(part["overall_goals"]) and _strings(part["long_term_goals"])
