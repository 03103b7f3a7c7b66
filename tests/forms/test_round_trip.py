"""Reading back what was written gives the same table with every key, from what is visible alone (N1, G13)."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forms.contents import MAKERS, SEEDS, content_from, made_up_document, with_odd_texts
from tests.forms.test_samples import NAMES, expected
from workflows.forms.cell_families import NATIONAL_PROJECT, NATIONAL_UNIT
from workflows.forms.form import Form
from workflows.forms.reading import read_document
from workflows.forms.writing import document_form, docx_of, table_form, xlsx_of

Write = Callable[[Form], bytes]
WRITERS = pytest.mark.parametrize("write", [docx_of, xlsx_of], ids=["docx", "xlsx"])
FAMILIES = pytest.mark.parametrize("family", sorted(MAKERS))


def visible_alone(data: bytes) -> bytes:
    """The file without what is not shown: properties, custom XML, names of sheets, comments, thumbnails."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.startswith(("docProps/", "customXml/")):
                continue
            if entry.filename.endswith(".rels"):
                part = re.sub(rb'<Relationship [^>]*Target="/?(?:\.\./)?(?:docProps|customXml)/[^>]*>', b"", part)
            if entry.filename == "[Content_Types].xml":
                part = re.sub(rb'<Override [^>]*PartName="/(?:docProps|customXml)/[^>]*>', b"", part)
            if entry.filename == "xl/workbook.xml":
                part = re.sub(rb'(<sheet [^>]*name=")[^"]*(?="[^>]*sheetId="(\d+)")', rb"\g<1>S\g<2>", part)
                part = re.sub(rb"<definedNames>.*</definedNames>", b"", part)
            target.writestr(entry.filename, part)
    return out.getvalue()


@WRITERS
@pytest.mark.parametrize("name", NAMES)
def test_sample_reads_back(name: str, write: Write) -> None:
    """Each sample document, written as its family's form, reads back to its JSON."""
    document = expected(name)
    for table in document["tables"]:
        table.pop("notes", None)
    data = write(document_form(document))
    assert read_document(visible_alone(data), document["source"]).document == document
    assert write(document_form(document)) == data


@WRITERS
@FAMILIES
@settings(max_examples=6)
@given(seed=SEEDS)
def test_documents_read_back(family: str, write: Write, seed: int) -> None:
    """Documents of every family, other texts, rows and organs."""
    document = made_up_document(family, seed)
    data = write(document_form(document))
    assert read_document(visible_alone(data), document["source"]).document == document


@WRITERS
@FAMILIES
@settings(max_examples=6)
@given(seed=SEEDS, odd=st.integers(0, 6))
def test_contents_read_back(family: str, write: Write, seed: int, odd: int) -> None:
    """Tables as they are held, with ids, weights, marks and explanations, odd texts at any place."""
    rng = random.Random(seed)
    table = rng.choice(made_up_document(family, seed)["tables"])
    content = with_odd_texts(content_from(table, family, rng), rng, odd)
    data = write(table_form(content))
    assert read_document(visible_alone(data), "x").document["tables"] == [content]


@WRITERS
@FAMILIES
@settings(max_examples=6)
@given(seed=SEEDS)
def test_national_forms_read_back(family: str, write: Write, seed: int) -> None:
    """Any family's table in the national form, with a mid-term part and keys that no form knows."""
    rng = random.Random(seed)
    table = made_up_document(family, seed)["tables"][0]
    content = content_from(table, family, rng)
    content |= {"mid_term_goals": ["三年内建成"], "key_project": {"重点": True, "类别": "民生"}, "其他键": [1, None, "x"]}
    rows = [{key: value for key, value in row.items() if key not in ("id", "weight")} for row in content["indicators"]]
    content["mid_term_indicators"] = deepcopy(rows[: rng.randint(1, len(rows))])
    layout = NATIONAL_UNIT if content["scope"] == "unit" else NATIONAL_PROJECT
    data = write(table_form(content, layout=layout))
    assert read_document(visible_alone(data), "x").document["tables"] == [content]


@WRITERS
def test_a_text_longer_than_a_box_reads_back(write: Write) -> None:
    """A purpose that no cell of a workbook holds."""
    content = content_from(made_up_document("hebei-project", 1)["tables"][0], "hebei-project", random.Random(1))
    content["purpose"] = "".join(chr(0x4E00 + number % 5000) for number in range(70_000))
    data = write(table_form(content))
    assert read_document(visible_alone(data), "x").document["tables"] == [content]
