"""A table or a document as the official form of its family; what the form has no box for stands in words below it."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from workflows.errors import FieldsInvalid
from workflows.forms import supplement
from workflows.forms.cell_families import NATIONAL_PROJECT, NATIONAL_UNIT
from workflows.forms.cell_reading import read_blocks
from workflows.forms.form import GOES_ON, Box, Boxes, Form, Line, Part, Place, blocks_of, label
from workflows.forms.notebook import Notebook
from workflows.forms.writing.department_part import department_parts
from workflows.forms.writing.hebei_forms import project_parts, special_fund_parts
from workflows.forms.writing.national_project import national_project_parts
from workflows.forms.writing.project_forms import county_parts, region_parts
from workflows.forms.writing.shown import LONGEST, value
from workflows.forms.writing.unit_forms import henan_parts, national_unit_parts

Json = dict[str, Any]
LAYOUTS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Part, ...]]] = {
    "hebei-special-fund": special_fund_parts, "hebei-project": project_parts, "ningxia-county-project": county_parts,
    "henan-unit": henan_parts, "ningxia-region-project": region_parts, NATIONAL_PROJECT: national_project_parts,
    NATIONAL_UNIT: national_unit_parts,
}  # fmt: skip


def layout_for(content: Mapping[str, Any], family: str | None = None) -> str:
    """Return the name of the form of a content's family, the national one of its scope where it has none."""
    own = family or content.get("family") or ""
    return own if own in LAYOUTS else NATIONAL_PROJECT if content["scope"] == "project" else NATIONAL_UNIT


def table_form(content: Mapping[str, Any], *, layout: str | None = None) -> Form:
    """Return a table's form. `layout` names another family's form; FieldsInvalid where there is none of that name.

    Reading the printed form gives the content again with every key: what the official boxes do not say is printed in
    a supplement below them.
    """
    chosen = layout or layout_for(content)
    if chosen not in LAYOUTS:
        raise FieldsInvalid(f"没有名为“{chosen}”的表样。", field="layout")
    return Form(str(content.get("title") or "绩效目标表"), _with_supplement(dict(content), chosen))


def document_form(document: Mapping[str, Any]) -> Form:
    """Return a filing document's form: the department's part, every table, the count of undisclosed ones."""
    family = layout_for({"scope": "project"}, document["family"])
    parts: list[Part] = []
    if document["department"] is not None:
        parts += department_parts(document["department"])
    for table in document["tables"]:
        parts += _with_supplement(dict(table), family)
    secret = document["undisclosed_tables"]
    if secret:
        parts.append(Line(f"不予公开涉密项目绩效目标表{secret}个。", Place.HEADING))
    found = read_blocks(blocks_of(Form("", tuple(parts))), family, document["source"], Notebook())
    found["family"] = document["family"]
    parts += _supplement(supplement.OF_DOCUMENT, list(supplement.differences(dict(document), found)))
    return Form(str(document["source"]), tuple(parts))


def _with_supplement(content: Json, layout: str) -> tuple[Part, ...]:
    parts = LAYOUTS[layout](content)
    tables = read_blocks(blocks_of(Form("", parts)), layout, "", Notebook())["tables"]
    found = deepcopy(tables[0]) if tables else {}
    rows = _rows_part(content) if len(found.get("indicators") or ()) == len(content["indicators"]) else None
    wanted = supplement.without_rows_part(content) if rows else content
    return (*parts, *_supplement(supplement.OF_TABLE, list(supplement.differences(wanted, found))), *(rows or ()))


def _supplement(heading: str, places: Sequence[tuple[supplement.Path, Any]]) -> tuple[Part, ...]:
    if not places:
        return ()
    rows = [tuple(map(label, supplement.HEADS))]
    for path, meant in places:
        text = supplement.printed_value(meant)
        rows.append((label(supplement.printed_place(path)), Box(text[:LONGEST])))
        rows += [(label(GOES_ON), Box(text[at : at + LONGEST])) for at in range(LONGEST, len(text), LONGEST)]
    return (Line(heading, Place.HEADING), Boxes((30, 70), tuple(rows), 1))


def _rows_part(content: Mapping[str, Any]) -> tuple[Part, ...] | None:
    """Return the grid of row ids and weights; None where the rows have none or print them otherwise."""
    rows = content["indicators"]
    if not rows or not all(_plain(row.get("id")) and _weight(row) for row in rows):
        return None
    printed = [
        (label(str(number)), value(row["level3"]), Box(row["id"]), Box(row["weight"] or ""))
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    heads = tuple(map(label, supplement.ROW_HEADS))
    return (Line(supplement.OF_TABLE, Place.HEADING), Boxes((10, 54, 18, 18), (heads, *printed), 1))


def _plain(text: object) -> bool:
    return isinstance(text, str) and bool(text) and supplement.printed_value(text) == text


def _weight(row: Mapping[str, Any]) -> bool:
    weight = row.get("weight", 0)
    return weight is None or (isinstance(weight, str) and weight.replace(".", "", 1).isdecimal() and weight.isascii())
