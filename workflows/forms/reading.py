"""Reads a document: its bytes become the JSON of the corpus README and the findings made on the way."""

import hashlib
from dataclasses import dataclass
from typing import Any

from workflows.forms.coverage import note_unaccounted
from workflows.forms.families import family_of
from workflows.forms.notebook import Notebook, ReadingFinding
from workflows.forms.refusals import FamilyUnknown
from workflows.forms.source_text import lines_of, text_of


@dataclass(frozen=True)
class Reading:
    """What was read: the document's JSON, the findings, the sha256 (hex) of the bytes."""

    document: dict[str, Any]
    findings: tuple[ReadingFinding, ...]
    sha256: str


def read_document(data: bytes, name: str) -> Reading:
    """Read a document of a known family; `name` becomes its `source`.

    Raises a DocumentUnreadable (workflows.forms.refusals) that says in a sentence why the file is not read.
    """
    text = text_of(data)
    family = family_of(text)
    notebook = Notebook()
    lines = lines_of(text, notebook)
    document = family.read(lines, name, notebook).to_json()
    if not any(table["indicators"] for table in document["tables"]):
        raise FamilyUnknown(f"虽有{family.name}表样的栏目名称，但没有读到任何一张填有绩效指标的表。")
    note_unaccounted(lines, document, family.labels, notebook)
    return Reading(document, notebook.findings, hashlib.sha256(data).hexdigest())
