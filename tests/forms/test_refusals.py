"""What is no goal table is refused with a clear sentence, within seconds."""

import random
import time

import pytest

from workflows.errors import GoaltrailError
from workflows.forms.reading import read_document
from workflows.forms.refusals import (
    DocumentBinary,
    DocumentBroken,
    DocumentEmpty,
    DocumentIsWord,
    DocumentTooLarge,
    EncodingUnknown,
    FamilyUnknown,
    PdfBroken,
)

CASES = [
    (b"", DocumentEmpty),
    (b"\xef\xbb\xbf \n\t\n", DocumentEmpty),
    ("　\n".encode(), DocumentEmpty),
    (b"%PDF-1.7\n...", PdfBroken),
    (b"PK\x03\x04word/document.xml", DocumentBroken),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DocumentIsWord),
    (b"abc\0def", DocumentBinary),
    (bytes(range(1, 32)) * 20, DocumentBinary),
    (b"\xff\xfe\xff\xff\x81", EncodingUnknown),
    ("今天天气很好。".encode(), FamilyUnknown),
]


@pytest.mark.parametrize(("data", "refusal"), CASES)
def test_refused(data: bytes, refusal: type[GoaltrailError]) -> None:
    """Each kind of file has its own refusal."""
    with pytest.raises(refusal) as caught:
        read_document(data, "x.txt")
    assert type(caught.value) is refusal
    assert caught.value.sentence.endswith("。")


@pytest.mark.parametrize("size", [50_000_000, 15_000_000])
def test_noise_is_refused_within_seconds(size: int) -> None:
    """Neither too much nor just enough noise keeps the reader busy."""
    noise = random.Random(1).randbytes(1_000_000) * (size // 1_000_000)
    begin = time.monotonic()
    with pytest.raises(DocumentTooLarge if size > 16 * 2**20 else DocumentBinary):
        read_document(noise, "x.bin")
    assert time.monotonic() - begin < 3


def test_long_nonsense_of_labels_is_refused_within_seconds() -> None:
    """Marks and brackets without end do not make the patterns run away."""
    text = ("<" * 5000 + "[bookmark:" * 5000 + "（一" * 5000 + "\n") * 20
    begin = time.monotonic()
    with pytest.raises(FamilyUnknown):
        read_document(text.encode(), "x.txt")
    assert time.monotonic() - begin < 3


def test_unknown_family_names_what_is_missing() -> None:
    """The nearest family is named with the labels that it misses."""
    with pytest.raises(FamilyUnknown) as caught:
        read_document("专项资金名称 项目编码 预算规模 绩效指标描述".encode(), "x.txt")
    assert caught.value.sentence == "不认识的表格格式：最接近的表样是hebei-special-fund，但缺少栏目“指标值确定依据”。"


def test_labels_without_a_table_are_refused() -> None:
    """A text that only speaks of the labels holds no table."""
    text = "说明：项目名称、主管部门及代码、年度资金总额、年度总体目标、三级指标、指标值都要填写。"
    with pytest.raises(FamilyUnknown) as caught:
        read_document(text.encode(), "x.txt")
    assert caught.value.sentence == "虽有ningxia-county-project表样的栏目名称，但没有读到任何一张填有绩效指标的表。"
