"""The conditions of a definition: a small language, read and weighed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Callable, Dict, Iterator, Tuple

NUMBERS, TEXTS, TRUTHS = ("金额", "年度"), ("属性", "文种", "类别", "公开"), ("重点",)
"""What a condition may ask of a table."""
MEANT = {"且": "and", "或": "or", "非": "not", "（": "(", "）": ")", "［": "[", "］": "]", "，": ",", "、": ",",
         "≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">"}  # fmt: skip
PIECE = re.compile(
    r"""\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])|"(?P<one>[^"\x00-\x1f]*)"|'(?P<two>[^'\x00-\x1f]*)'|“(?P<three>[^”\x00-\x1f]*)”"""
    r"""|(?P<name>金额|年度|属性|文种|类别|公开|重点)|(?P<sign>(?:and|or|not|in)(?!\w)|[且或非]|[<>=!]=|[<>()\[\],（），、［］≤≥≠＜＞]))""",
)


class Condition:
    """A condition of a definition, read once; `holds` asks it of a table's values. Whatever is unknown makes a question false."""

    def __init__(self, text: str) -> None:
        self.pieces, self.at = list(self.read(text)), 0
        if len(text) > 500:
            raise ValueError("condition too long")
        self.holds: Callable[[Dict[str, Any]], bool] = self.any_of(0)
        if self.at != len(self.pieces):
            raise ValueError(f"condition {text!r:.40}")

    @staticmethod
    def read(text: str) -> Iterator[Tuple[str, Any]]:
        """Cut a text into numbers, texts, names and signs."""
        place, end = 0, len(text.rstrip())
        while place < end:
            found = PIECE.match(text, place)
            if found is None:
                raise ValueError(f"condition {text[place:]!r:.40}")
            kind, word = str(found.lastgroup), found[str(found.lastgroup)]
            if kind == "number":
                yield kind, Decimal(word)
            else:
                yield (kind, MEANT.get(word, word)) if kind in ("name", "sign") else ("text", word)
            place = found.end()

    def took(self, *signs: str) -> str:
        """Go on over one of these signs, if it stands here."""
        kind, word = self.pieces[self.at] if self.at < len(self.pieces) else ("end", "")
        if kind == "sign" and word in signs:
            self.at += 1
            return str(word)
        return ""

    def needs(self, sign: str) -> None:
        if not self.took(sign):
            raise ValueError(f"condition: {sign} is missing")

    def any_of(self, depth: int) -> Callable[[Dict[str, Any]], bool]:
        terms = [self.all_of(depth)]
        while self.took("or"):
            terms.append(self.all_of(depth))
        return terms[0] if len(terms) == 1 else lambda inputs: any(term(inputs) for term in terms)

    def all_of(self, depth: int) -> Callable[[Dict[str, Any]], bool]:
        terms = [self.one(depth)]
        while self.took("and"):
            terms.append(self.one(depth))
        return terms[0] if len(terms) == 1 else lambda inputs: all(term(inputs) for term in terms)

    def one(self, depth: int) -> Callable[[Dict[str, Any]], bool]:
        if depth > 40:
            raise ValueError("condition too deep")
        if self.took("not"):
            term = self.one(depth + 1)
            return lambda inputs: not term(inputs)
        if self.took("("):
            inside = self.any_of(depth + 1)
            self.needs(")")
            return inside
        return self.question()

    def question(self) -> Callable[[Dict[str, Any]], bool]:
        left, sort = self.value()
        if sort == "truth":
            return lambda inputs: left(inputs) is True
        if self.took("not"):
            self.needs("in")
            return self.among(left, sort, inside=False)
        if self.took("in"):
            return self.among(left, sort, inside=True)
        sign = self.took("==", "!=") or (self.took("<", "<=", ">", ">=") if sort == "number" else "")
        right, other = self.value()
        if not sign or other != sort:
            raise ValueError("condition: no comparison")
        return lambda inputs: compared(left(inputs), sign, right(inputs))

    def among(self, left: Callable[[Dict[str, Any]], Any], sort: str, *, inside: bool) -> Callable[[Dict[str, Any]], bool]:
        self.needs("[")
        items = set()
        while True:
            kind, word = self.pieces[self.at] if self.at < len(self.pieces) else ("end", "")
            if kind != sort:
                raise ValueError("condition: no list")
            items.add(word)
            self.at += 1
            if not self.took(","):
                break
        self.needs("]")
        return lambda inputs: left(inputs) is not None and (left(inputs) in items) is inside

    def value(self) -> Tuple[Callable[[Dict[str, Any]], Any], str]:
        """Read a name or a literal: how to get its value, and of which sort it is."""
        kind, word = self.pieces[self.at] if self.at < len(self.pieces) else ("end", "")
        self.at += 1
        if kind == "name":
            return (lambda inputs: inputs[word]), "number" if word in NUMBERS else "truth" if word in TRUTHS else "text"
        if kind not in ("number", "text"):
            raise ValueError("condition: a value is missing")
        return (lambda _: word), kind


def compared(left: Any, sign: str, right: Any) -> bool:
    """Compare two values; false where one is unknown."""
    if left is None or right is None:
        return False
    smaller, same = left < right, left == right
    return bool({"==": same, "!=": not same, "<": smaller, "<=": smaller or same, ">": not smaller and not same, ">=": not smaller}[sign])
