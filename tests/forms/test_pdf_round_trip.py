"""Reading back a printed PDF gives the same table with every key, from what is visible alone (D13, G13)."""

import random
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forms.comparing import without_blanks
from tests.forms.contents import MAKERS, SEEDS, content_from, made_up_document
from tests.forms.pdfs import text_of, visible_alone, written
from tests.forms.test_samples import NAMES, expected
from workflows.forms.cell_families import NATIONAL_PROJECT, NATIONAL_UNIT
from workflows.forms.reading import read_document
from workflows.forms.writing import document_form, table_form

FAMILIES = pytest.mark.parametrize("family", sorted(MAKERS))
SIGNS = st.text(st.characters(codec="utf-8", min_codepoint=0x4E00, max_codepoint=0x2FFFF), min_size=1, max_size=8)


@pytest.mark.parametrize("name", NAMES)
def test_sample_reads_back_from_pdf(name: str) -> None:
    """Each sample document, written as its family's form, reads back to its JSON; twice the same bytes."""
    document = expected(name)
    for table in document["tables"]:
        table.pop("notes", None)
    data = written(document_form(document), document)
    assert without_blanks(read_document(visible_alone(data), document["source"]).document) == without_blanks(document)
    assert written(document_form(document), document) == data


@FAMILIES
@settings(max_examples=6)
@given(seed=SEEDS)
def test_documents_read_back_from_pdf(family: str, seed: int) -> None:
    """Documents of every family, over several pages, other texts, rows and organs."""
    document = made_up_document(family, seed)
    data = written(document_form(document), document)
    assert without_blanks(read_document(visible_alone(data), document["source"]).document) == without_blanks(document)


@FAMILIES
@settings(max_examples=6)
@given(seed=SEEDS)
def test_contents_read_back_from_pdf(family: str, seed: int) -> None:
    """Tables as they are held, with ids, weights, marks and explanations."""
    rng = random.Random(seed)
    content = content_from(rng.choice(made_up_document(family, seed)["tables"]), family, rng)
    data = written(table_form(content), content)
    assert without_blanks(read_document(visible_alone(data), "x").document["tables"]) == without_blanks([content])


@FAMILIES
@settings(max_examples=4)
@given(seed=SEEDS)
def test_national_forms_read_back_from_pdf(family: str, seed: int) -> None:
    """Any family's table in the national form, with a mid-term part and keys that no form knows."""
    rng = random.Random(seed)
    content = content_from(made_up_document(family, seed)["tables"][0], family, rng)
    content |= {"mid_term_goals": ["三年内建成"], "key_project": {"重点": True, "类别": "民生"}}
    rows = [{key: value for key, value in row.items() if key not in ("id", "weight")} for row in content["indicators"]]
    content["mid_term_indicators"] = deepcopy(rows[: rng.randint(1, len(rows))])
    layout = NATIONAL_UNIT if content["scope"] == "unit" else NATIONAL_PROJECT
    data = written(table_form(content, layout=layout), content)
    assert without_blanks(read_document(visible_alone(data), "x").document["tables"]) == without_blanks([content])


@settings(max_examples=10)
@given(signs=SIGNS)
def test_signs_that_the_font_lacks_read_back(signs: str) -> None:
    """Rare and private signs are printed as 〓, said under the form, and spelled there."""
    content = content_from(made_up_document("hebei-project", 1)["tables"][0], "hebei-project", random.Random(1))
    content["indicators"][0]["level3"] = f"设备{signs}数量"
    data = written(table_form(content), content)
    assert without_blanks(read_document(visible_alone(data), "x").document["tables"]) == without_blanks([content])


def test_a_missing_sign_is_said() -> None:
    content = content_from(made_up_document("hebei-project", 1)["tables"][0], "hebei-project", random.Random(1))
    assert "代替" not in text_of(written(table_form(content), content))
    content["indicators"][0]["level3"] = "𠮷田公司"
    assert "注：有字库中没有的字，以“〓”代替。" in text_of(written(table_form(content), content))


@pytest.mark.parametrize("length", [300, 2_500, 20_000])
def test_a_text_longer_than_a_page_reads_back(length: int) -> None:
    """No row is higher than its page: a long purpose goes on in further rows, marked （续）."""
    content = content_from(made_up_document("hebei-project", 1)["tables"][0], "hebei-project", random.Random(1))
    content["purpose"] = "".join(chr(0x4E00 + number % 500) for number in range(length))
    content["indicators"][0]["description"] = content["purpose"][:900]
    data = written(table_form(content), content)
    assert without_blanks(read_document(visible_alone(data), "x").document["tables"]) == without_blanks([content])
    assert ("（续）" in text_of(data)) == (length > 1_000)
