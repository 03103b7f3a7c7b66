"""Canonical bytes: three writers agree, whatever is not in the profile is refused."""

import json
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workflows.ledger.canonical import NotCanonical, canonical, canonical_body, normal, read
from workflows.ledger.hashes import content_hash, leaf, moment
from workflows.vocabulary import Stage

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CONTENT_KEY = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF))
BODY_KEY = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
SCALAR = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT


def values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Build JSON values of the profile."""
    return st.recursive(SCALAR, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values(CONTENT_KEY))
def test_orjson_the_standard_library_and_rfc8785_write_the_same_bytes(value: Any) -> None:
    """The verifier may therefore use the standard library alone."""
    written = canonical(value)
    assert written == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert written == rfc8785.dumps(value)
    assert read(written) == value
    assert content_hash(value) == sha256(written).hexdigest()


@given(st.dictionaries(BODY_KEY, values(BODY_KEY)))
def test_a_body_is_written_like_any_content(body: dict[str, Any]) -> None:
    """Only the keys are narrower."""
    assert canonical_body(body) == canonical(body)


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), "\ud800", {"a": "\udfff"}, {1: "a"}, {None: 1}, {"\ud800": 1},
     {"\U0001f600": 1}, b"bytes", Decimal("1.00"), {1, 2}, datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1), Ellipsis],
    ids=repr,
)  # fmt: skip
def test_what_has_no_single_way_of_writing_is_refused(value: object) -> None:
    """Inside a list as well as alone."""
    for wrapped in (value, [value], {"key": value}):
        with pytest.raises(NotCanonical):
            canonical(wrapped)


def test_nesting_without_end_is_refused() -> None:
    """A list in itself does not end in a crash."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical):
        canonical(endless)


@pytest.mark.parametrize("key", ["Kind", "名称", "", "1a", "a-b", "_a", "a\n"])
def test_keys_of_a_body_are_plain_words(key: str) -> None:
    """The same key is fine in a content."""
    assert canonical({key: 1}) == json.dumps({key: 1}, separators=(",", ":"), ensure_ascii=False).encode()
    with pytest.raises(NotCanonical):
        canonical_body({"data": {key: 1}})


def test_a_body_over_the_limit_is_refused() -> None:
    """65,535 bytes pass, one more does not."""
    assert len(canonical_body({"a": "x" * (65_535 - 8)})) == 65_535
    with pytest.raises(NotCanonical) as refused:
        canonical_body({"a": "x" * (65_535 - 7)})
    assert str(refused.value) == (
        "这一步要记入台账的内容有 65,536 字节，超过 65,535 字节的上限，没有任何改动；请减少文字或分次办理。"
    )


def test_words_of_the_vocabulary_are_written_as_their_code() -> None:
    """An enum member is its stored code."""
    assert canonical({"stage": Stage.DRAFT}) == b'{"stage":"draft"}'


@given(values(TEXT))
def test_typed_text_comes_in_normal_form(value: Any) -> None:
    """Normalising twice changes nothing more."""
    once = normal(value)
    assert normal(once) == once
    assert normal("e\u0301") == "\u00e9"
    assert unicodedata.is_normalized("NFC", json.dumps(once, ensure_ascii=False))


def test_the_leaf_is_that_of_rfc_6962() -> None:
    """Known answer: the hash of an empty leaf."""
    assert leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_moments_are_written_in_utc_with_microseconds() -> None:
    """A moment without zone has no meaning."""
    assert moment(datetime.fromisoformat("2026-03-01T08:00:00+08:00")) == "2026-03-01T00:00:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        moment(datetime(2026, 3, 1))
