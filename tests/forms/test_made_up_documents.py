"""Other documents of the five families read back to what they were printed from."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forms.broken_pages import print_document
from tests.forms.comparing import without_blanks
from tests.forms.made_up_grids import county_document, hebei_project_document, henan_document, region_document
from tests.forms.made_up_special_fund import special_fund_document
from tests.forms.printed_grids import print_county, print_hebei_project, print_henan, print_region
from workflows.forms.notebook import Sort
from workflows.forms.reading import Reading, read_document

Json = dict[str, Any]
Make = Callable[[random.Random], Json]
Print = Callable[[Json, random.Random], str]
GRIDS = (
    (county_document, print_county),
    (region_document, print_region),
    (hebei_project_document, print_hebei_project),
    (henan_document, print_henan),
)


def read_back(make: Make, printed: Print, seed: int) -> tuple[Json, Reading]:
    """Make, print and read a document."""
    rng = random.Random(seed)
    document = make(rng)
    return without_blanks(document), read_document(printed(document, rng).encode(), "made-up.txt")


@pytest.mark.parametrize(("make", "printed"), GRIDS)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_grids_read_back(make: Make, printed: Print, seed: int) -> None:
    """Rows in any order and number, cells broken and shifted, other texts and organs."""
    document, reading = read_back(make, printed, seed)
    assert without_blanks(reading.document) == document


@pytest.mark.parametrize("seed", range(24))
def test_broken_columns_read_back_or_say_so(seed: int) -> None:
    """Column-wise broken tables: equal, or the row that differs is reported as uncertain."""
    document, reading = read_back(special_fund_document, print_document, seed)
    found = without_blanks(reading.document)
    reported = {without_blanks(finding.text) for finding in reading.findings if finding.sort is Sort.UNCERTAIN}
    for wanted, read in zip(document["tables"], found["tables"], strict=True):
        assert len(read["indicators"]) == len(wanted["indicators"])
        for right, row in zip(wanted["indicators"], read["indicators"], strict=True):
            assert row == right or reported & set(texts_of(row))
        assert without_rows(read) == without_rows(wanted)
    assert found["department"] == document["department"]
    assert found["undisclosed_tables"] == document["undisclosed_tables"]


def test_broken_columns_are_nearly_always_right() -> None:
    """Of forty documents at least thirty-six come back without any difference."""
    pairs = [read_back(special_fund_document, print_document, seed) for seed in range(1000, 1040)]
    same = sum(without_blanks(reading.document) == document for document, reading in pairs)
    assert same >= 36


def test_rows_that_share_a_class_are_told_apart() -> None:
    """Of rows whose class is printed once for several, nineteen of twenty are right, and all are pointed out."""
    right = wanted = 0
    for seed in range(2000, 2012):
        document, reading = read_back(fund_document_with_shared_classes, print_document, seed)
        found = without_blanks(reading.document)
        for table, read in zip(document["tables"], found["tables"], strict=True):
            wanted += len(table["indicators"])
            right += sum(row in read["indicators"] for row in table["indicators"])
        pointed_out = [finding for finding in reading.findings if "与上一行同类" in (finding.guess or "")]
        assert len(pointed_out) == sum(len(table["indicators"]) for table in found["tables"]) // 2
    assert right >= wanted * 0.95


def fund_document_with_shared_classes(rng: random.Random) -> Json:
    """Two rows in every class."""
    document = special_fund_document(rng)
    for table in document["tables"]:
        rows = table["indicators"]
        table["indicators"] = [row | {"level3": row["level3"][:5] + sign} for row in rows for sign in "甲乙"]
    return document


def texts_of(row: Json) -> list[str]:
    """The texts of a row."""
    return [text for text in (row["level3"], row["description"], row["target"]["raw"], row["basis"]) if text]


def without_rows(table: Json) -> Json:
    """A table without its indicators."""
    return {name: value for name, value in table.items() if name != "indicators"}
