"""The clerk's form and a table's content: the one read into the other, row by row."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from werkzeug.datastructures import MultiDict

from service.pages.posted import cleaned
from service.present import target_json
from workflows.content.changes import needs_reason
from workflows.journal import Content

__all__ = [
    "AMOUNTS", "AMOUNT_UNITS", "FIELDS", "MOST_ROWS", "ROW_TEXTS", "content_of", "empty_row", "fields_of",
    "needs_reason", "new_id", "posted_rows", "rearranged",
]  # fmt: skip

FIELDS = (
    ("title", "名称"), ("project_code", "项目编码"), ("supervising_department", "主管部门"),
    ("implementing_unit", "实施单位"), ("attribute", "项目属性"), ("period", "项目期"),
)  # fmt: skip
AMOUNTS = (("total", "资金总额"), ("fiscal", "财政资金"), ("other", "其他资金"), ("carryover", "结余结转"))
AMOUNT_UNITS = ("万元", "元")
ROW_TEXTS = ("level1", "level2", "level3", "description", "basis", "weight")
MOST_ROWS = 200
"""How many indicator rows a table may hold (features G1)."""
ROW_ID = re.compile("r[1-9][0-9]{0,4}")

Form = MultiDict[str, str]


def content_of(
    form: Form, base: Content, used: Sequence[str] = (), recorded: Sequence[Mapping[str, Any]] = ()
) -> Content:
    """Return the content that a posted form says; boxes that the form does not show stay as in `base`.

    A posted row that `base` does not hold comes back as it was where it is one of the `recorded` ones; else it is new
    and gets the next number after all of these and of `used`.
    """
    content = deepcopy(base)
    content |= {name: _text(form, name) for name, _label in FIELDS if name in form}
    if form.get("amount_unit") in AMOUNT_UNITS:
        content["amount_unit"] = form["amount_unit"]
    content["budget"] = {name: _text(form, f"budget-{name}") for name, _label in AMOUNTS}
    content["purpose"] = _text(form, "purpose")
    content["goals"] = [line.strip() for line in cleaned(form.get("goals", "")).split("\n") if line.strip()]
    content["disclosure"] = _text(form, "disclosure")
    content["spending_plan"] = [
        point | {"cumulative_percent": _text(form, f"plan-{number}")}
        for number, point in enumerate(base["spending_plan"])
    ]
    if base.get("budget_detail"):
        content["budget_detail"] = _details(form, base["budget_detail"])
    old = {row["id"]: row for row in (*recorded, *base["indicators"])}
    content["indicators"] = _rows(form, old, used)
    content["explanations"] = _explanations(form, base)
    return content


def _rows(form: Form, old: Mapping[str, Mapping[str, Any]], used: Sequence[str]) -> list[dict[str, Any]]:
    """Return the posted rows in their order, each once, and only those with an ID as ours are."""
    rows: list[dict[str, Any]] = []
    for posted in posted_rows(form):
        mine = posted if posted in old else new_id([*old, *used, *(row["id"] for row in rows)])
        rows.append(_row(form, posted, old.get(posted)) | {"id": mine})
    return rows


def posted_rows(form: Form) -> list[str]:
    """Return the row IDs that were posted, in their order, each once, without what is none of ours."""
    return list(dict.fromkeys(each for each in form.getlist("row") if ROW_ID.fullmatch(each)))


def _text(form: Form, name: str) -> str | None:
    return cleaned(form.get(name, "")) or None


def _details(form: Form, details: Mapping[str, Any]) -> dict[str, Any]:
    return {group: {name: _text(form, f"detail-{group}-{name}") for name in rows} for group, rows in details.items()}


def _row(form: Form, row_id: str, old: Mapping[str, Any] | None) -> dict[str, Any]:
    row = dict(old or empty_row(row_id))
    row |= {name: _text(form, f"{row_id}-{name}") for name in ROW_TEXTS}
    raw = _text(form, f"{row_id}-target")
    if raw != row["target"]["raw"]:
        row["target"] = target_json(raw or "") | {"raw": raw}
    return row


def empty_row(row_id: str) -> dict[str, Any]:
    """Return a row that nobody has filled."""
    nothing = dict.fromkeys(("level1", "level2", "level3", "description", "basis", "requirement", "weight"))
    return {"id": row_id, **nothing, "target": dict.fromkeys(("raw", "op", "value", "unit"))}


def _explanations(form: Form, base: Content) -> dict[str, str]:
    kept = dict(base.get("explanations") or {})
    for key in form.getlist("finding"):
        kept[key] = cleaned(form.get(f"explain-{key}", ""))
    return {key: text for key, text in kept.items() if text}


def rearranged(content: Content, wish: str, used: Sequence[str]) -> Content:
    """Return the content with a row added, moved up or down, or removed: `add`, `up:r3`, `down:r3`, `remove:r3`."""
    rows = list(content["indicators"])
    kind, _colon, row_id = wish.partition(":")
    place = next((number for number, row in enumerate(rows) if row["id"] == row_id), None)
    if kind == "add":
        rows.append(empty_row(new_id([*used, *(row["id"] for row in rows)])))
    elif place is not None and kind == "remove":
        del rows[place]
    elif place is not None and kind in ("up", "down"):
        other = max(0, min(len(rows) - 1, place + (1 if kind == "down" else -1)))
        rows[place], rows[other] = rows[other], rows[place]
    return {**content, "indicators": rows}


def new_id(used: Sequence[str]) -> str:
    """Return the ID of the next new row after all of these."""
    numbers = [int(row_id[1:]) for row_id in used if ROW_ID.fullmatch(row_id)]
    return f"r{max(numbers, default=0) + 1}"


def fields_of(content: Content) -> dict[str, str]:
    """Return what the form's boxes say of a content, by their names: content_of backwards, without the rows' order."""
    said = {name: content.get(name) for name, _label in FIELDS} | {"purpose": content["purpose"]}
    said |= {f"budget-{name}": content["budget"][name] for name, _label in AMOUNTS}
    said |= {"goals": "\n".join(content["goals"]), "disclosure": content.get("disclosure")}
    said |= {"amount_unit": content["amount_unit"]}
    said |= {f"plan-{at}": point["cumulative_percent"] for at, point in enumerate(content["spending_plan"])}
    for group, boxes in (content.get("budget_detail") or {}).items():
        said |= {f"detail-{group}-{name}": value for name, value in boxes.items()}
    for row in content["indicators"]:
        said |= {f"{row['id']}-{name}": row.get(name) for name in ROW_TEXTS}
        said |= {f"{row['id']}-target": row["target"]["raw"]}
    said |= {f"explain-{key}": text for key, text in (content.get("explanations") or {}).items()}
    return {name: str(text or "") for name, text in said.items()}
