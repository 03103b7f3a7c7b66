"""What differs between two contents in the words of the form: rows by identity, added and removed rows as one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from service.pages.words import FIELD_NAMES, place_name
from service.present import parsed
from workflows.content.changes import Change, changes_between
from workflows.content.places import names_of_rows, row_called
from workflows.content.pointers import explained_place, row_names

ROW_FIELDS = ("level1", "level2", "level3", "description", "target", "basis", "requirement", "weight")
READ_BY_MACHINE = ("op", "value", "unit")
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One place that reads otherwise; `sort` says whether it was changed, added or removed."""

    place: str
    old: str | None
    new: str | None
    reason: str = ""
    sort: str = "changed"


def content_differences(old: Content, new: Content, reasons: Mapping[str, str]) -> list[Difference]:
    """Return every field that differs, in the order of the form: head first, then the indicator rows, then the rest."""
    changes = changes_between(old, new, reasons)
    inside = [change for change in changes if _row_of(change)]
    outside = [change for change in changes if not _row_of(change)]
    head = sorted((c for c in outside if not _explains(c)), key=lambda change: _place_in_form(new, change))
    return [
        *(_plain(change) for change in head), *_order(old, new), *_rows(old, new, inside),
        *(_explained(old, new, change) for change in outside if _explains(change)),
    ]  # fmt: skip


def _row_of(change: Change) -> str:
    parts = (change["pointer"] or "").split("/")
    return parts[2] if len(parts) > 3 and parts[1] == "indicators" else ""


def _explains(change: Change) -> bool:
    return (change["pointer"] or "").startswith("/explanations/")


def _place_in_form(content: Content, change: Change) -> int:
    field = (change["pointer"] or "").split("/")[1]
    names = list(content)
    return names.index(field) if field in names else len(names)


def _plain(change: Change) -> Difference:
    parts = (change["pointer"] or "").split("/")[1:]
    words = [_("第%(n)d条", n=int(part) + 1) if part.isdigit() else place_name(part) for part in parts]
    return Difference(" · ".join(words), change["old"], change["new"], change["reason"] or "")


def _explained(old: Content, new: Content, change: Change) -> Difference:
    """Return an explanation to a finding of the machine, named by its rule and the place that it is about."""
    pointer = change["pointer"] or ""
    rule = pointer.removeprefix("/explanations/").partition("@")[0]
    about = explained_place(pointer, row_names(old if change["new"] is None else new))
    place = f" · {place_name(about, names_of_rows(old, new))}" if about else ""
    return Difference(_("机审说明 %(rule)s", rule=rule) + place, change["old"], change["new"], change["reason"] or "")


def _order(old: Content, new: Content) -> Iterator[Difference]:
    """Yield one difference where rows that both contents have stand in another order."""
    before, after = [row["id"] for row in old["indicators"]], [row["id"] for row in new["indicators"]]
    kept = set(before) & set(after)
    was, now = [row for row in before if row in kept], [row for row in after if row in kept]
    if was != now:
        names = names_of_rows(old, new)
        yield Difference(_("指标的顺序"), "、".join(names[row] for row in was), "、".join(names[row] for row in now))


def _rows(old: Content, new: Content, changes: list[Change]) -> Iterator[Difference]:
    before, after = ({row["id"]: row for row in content["indicators"]} for content in (old, new))
    names = names_of_rows(old, new)
    for row_id in dict.fromkeys((*after, *before)):
        mine = [change for change in changes if _row_of(change) == row_id]
        if row_id in before and row_id in after:
            yield from _fields(row_called(row_id, names), before[row_id], after[row_id], mine)
        elif mine:
            row, added = after.get(row_id) or before[row_id], row_id in after
            words, why = _whole(row), mine[0]["reason"] or ""
            name = names[row_id]
            place = _("新增的指标“%(row)s”", row=name) if added else _("删除的指标“%(row)s”", row=name)
            sort = "added" if added else "removed"
            yield Difference(place, None if added else words, words if added else None, why, sort)


def _fields(
    row: str, old: Mapping[str, Any], new: Mapping[str, Any], changes: list[Change]
) -> Iterator[Difference]:
    """Yield a row's differing fields; a target is one, as it is printed and, where that differs too, as it is read."""
    by_field = {(change["pointer"] or "").split("/", 3)[3]: change for change in changes}
    reads_otherwise = any(field.removeprefix("target/") in READ_BY_MACHINE for field in by_field)
    for field, change in sorted(by_field.items(), key=lambda item: _place_in_row(item[0])):
        if field == "target/raw":
            read = (_read(old), _read(new)) if reads_otherwise else ("", "")
            yield Difference(
                f"{row} · {FIELD_NAMES['target']}", _printed(change["old"], read[0]),
                _printed(change["new"], read[1]), change["reason"] or "",
            )  # fmt: skip
        elif not field.startswith("target/"):
            yield Difference(f"{row} · {place_name(field)}", change["old"], change["new"], change["reason"] or "")
    if reads_otherwise and "target/raw" not in by_field:
        yield Difference(f"{row} · {_('机器读出的指标值')}", _read(old), _read(new))


def _printed(raw: str | None, read: str) -> str | None:
    """Return a printed target with what the machine reads in it, where that is not the same words."""
    same = raw is None or not read or read.replace(" ", "") == raw.replace(" ", "")
    return raw if same else _("%(raw)s（机器读作 %(read)s）", raw=raw, read=read)


def _place_in_row(field: str) -> int:
    first = field.partition("/")[0]
    return ROW_FIELDS.index(first) if first in ROW_FIELDS else len(ROW_FIELDS)


def _read(row: Mapping[str, Any]) -> str:
    return parsed(row["target"]) or _("没有数值")


def _whole(row: Mapping[str, Any]) -> str:
    said = {field: row["target"]["raw"] if field == "target" else row.get(field) for field in ROW_FIELDS}
    return "；".join(f"{FIELD_NAMES[field]}：{text}" for field, text in said.items() if text)
