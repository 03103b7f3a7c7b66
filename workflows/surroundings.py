"""What stands around a table: its document's other tables and department part, what the form left blank, last year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What the pre-review reads beside the table itself; whatever is unknown is left out, and its rules keep silent.

    `siblings` are the contents of the other tables of the same filing document, as last recorded, in the order of
    print. `department` is the document's department part. `placeholders` are the pre-printed classes of indicators that
    the reader found without a row, as printed. `last_year` is the content of the same unit's same project in the year
    before, `actuals` what its rows reached by its self-evaluation, by row ID. `unmended` are the earlier years in which
    the same project, by its code or its very title, got a grade that blocks it until it is rectified and closed
    (domain.md 9.6); `others_unmended` are years and titles of the unit's other projects with such a grade, among which
    the same one may hide under another title. `unappraised` says why a new project may not be filed yet for want of an
    appraisal (domain.md 11).
    """

    siblings: tuple[Content, ...] = ()
    department: Content | None = None
    placeholders: tuple[str, ...] = ()
    last_year: Content | None = None
    actuals: Mapping[str, str] = field(default_factory=dict)
    unmended: tuple[int, ...] = ()
    others_unmended: tuple[tuple[int, str], ...] = ()
    unappraised: str = ""


ALONE = Surroundings()
"""A table of which nothing but its own content is known."""


def actuals_of(figures: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what each row reached, by row ID, from the figures of a self-evaluation; empty where none was filed."""
    rows: Mapping[str, Mapping[str, Any]] = (figures or {}).get("rows") or {}
    reached = {row: filed.get("actual") for row, filed in rows.items() if not filed.get("not_applicable")}
    return {row: str(actual) for row, actual in reached.items() if actual}


def blocks_filing(pack: Content, grade: str) -> bool:
    """Whether a pack's use of results keeps a project with this grade from filing anew before it is rectified."""
    grades = (pack.get("result_use") or {}).get("grades") or {}
    return bool((grades.get(grade) or {}).get("blocks"))


def unfilled(findings: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the pre-printed classes that a reader found without a row, from the findings kept with its document."""
    found = (findings or {}).get("findings") or ()
    return tuple(str(each["text"]) for each in found if each.get("sort") == "placeholder")
