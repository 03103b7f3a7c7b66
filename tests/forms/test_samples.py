"""The five sample documents give exactly the expected JSON of the corpus README."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.forms.comparing import without_blanks
from workflows.content.goal_table import FilingDocument
from workflows.forms.notebook import Sort
from workflows.forms.reading import read_document

HERE = Path(__file__).resolve()
SAMPLES = HERE.parents[2] / "service" / "demo" / "documents"
EXPECTED = HERE.parents[2].parent / "shared" / "corpus"
NAMES = ("hebei-special-funds", "hebei-department-projects", "ningxia-county-projects", "henan-unit-overall",
         "ningxia-region-project")  # fmt: skip


def expected(name: str) -> Any:
    """The JSON transcribed by hand; it lies beside the project, not in it."""
    path = EXPECTED / f"{name}.json"
    if not path.exists():
        pytest.skip("the expected JSON of the samples lies beside the project and is absent here")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_sample_gives_expected_json(name: str) -> None:
    """Everything but blanks inside texts counts."""
    reading = read_document((SAMPLES / f"{name}.txt").read_bytes(), f"{name}.txt")
    assert without_blanks(reading.document) == without_blanks(expected(name))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_sample_reads_the_same_in_other_encodings(name: str, encoding: str) -> None:
    """A byte order mark, GB18030 and Windows line ends change nothing."""
    text = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    plain = read_document(text.encode(), "x.txt")
    other = read_document(text.replace("\n", "\r\n").encode(encoding), "x.txt")
    assert other.document == plain.document
    assert other.findings == plain.findings


@pytest.mark.parametrize("name", NAMES)
def test_document_goes_through_the_values_unchanged(name: str) -> None:
    """from_json and to_json are each other's inverse."""
    document = read_document((SAMPLES / f"{name}.txt").read_bytes(), f"{name}.txt").document
    assert FilingDocument.from_json(document).to_json() == document


def sorts(name: str) -> Sequence[tuple[int, Sort]]:
    """Line and sort of every finding of a sample."""
    reading = read_document((SAMPLES / f"{name}.txt").read_bytes(), f"{name}.txt")
    return [(finding.line, finding.sort) for finding in reading.findings]


def test_findings_of_the_unit_table() -> None:
    """Mark-up, text in an amount cell and shifted rows are reported at their lines."""
    assert sorts("henan-unit-overall") == [
        (8, Sort.MARKUP), (10, Sort.MARKUP), (12, Sort.MISPLACED), (35, Sort.UNCERTAIN), (50, Sort.UNCERTAIN),
    ]  # fmt: skip


def test_findings_of_the_region_project() -> None:
    """Pre-printed classes that nobody filled are reported."""
    assert sorts("ningxia-region-project") == [(39, Sort.PLACEHOLDER), (43, Sort.PLACEHOLDER)]


def test_findings_of_the_county_projects() -> None:
    """The heading with the organ's name has no box in the result."""
    assert sorts("ningxia-county-projects") == [(3, Sort.UNPLACED)]
