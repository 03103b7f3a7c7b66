"""The grammar of conditions: a text becomes its parts, or one error that names the place; nothing is ever executed.

condition = both { ("or" | "或") both }
both = negated { ("and" | "且") negated }
negated = ("not" | "非") negated | "(" condition ")" | question
question = truth name | value sign value | value ["not"] "in" "[" literal { "," literal } "]"
sign = "==" | "!=" | "<" | "<=" | ">" | ">="
value = name | literal
literal = number | text
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from workflows.definitions.conditions import (
    COMPARISONS,
    EQUALITIES,
    NAMES,
    Among,
    Both,
    Compared,
    Either,
    Holds,
    Kind,
    Literal,
    Named,
    Not,
    Term,
)
from workflows.errors import ConditionUnreadable

LONGEST, DEEPEST, MOST_DIGITS = 500, 20, 18
"""Characters of a condition, brackets and negations in one another, digits of a number."""
ALIASES = {
    "且": "and", "或": "or", "非": "not", "（": "(", "）": ")", "［": "[", "］": "]", "，": ",", "、": ",",
    "≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">",
}  # fmt: skip
TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))"
    r"""|(?P<text>"[^"\x00-\x1f]*"|'[^'\x00-\x1f]*'|“[^”\x00-\x1f]*”)"""
    rf"|(?P<name>{'|'.join(NAMES)})"
    r"|(?P<word>(?:and|or|not|in)(?!\w)|[且或非])"
    r"|(?P<sign><=|>=|==|!=|[<>()\[\],（），、［］≤≥≠＜＞])"
    r"|(?P<strange>[^\W\d]\w*|.)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A word of the text and the number of its first character, from 1."""

    kind: str
    text: str
    place: int


def parsed(text: str) -> Term:
    """Read a condition. ConditionUnreadable with the place for anything else than the grammar."""
    if len(text) > LONGEST:
        raise ConditionUnreadable(f"条件太长，最多{LONGEST}个字。", place=LONGEST + 1)
    reading = _Reading(_tokens(text))
    term = reading.condition(0)
    reading.expect("end", "这里多出了")
    return term


def _tokens(text: str) -> list[Token]:
    tokens = []
    for found in TOKEN.finditer(text):
        kind, word, place = str(found.lastgroup), found[0], found.start() + 1
        if kind == "strange":
            raise _unreadable(Token(kind, word, place), f"不认识。可以用的名称：{'、'.join(NAMES)}；文字请加引号")
        if kind == "number" and len(word) > MOST_DIGITS:
            raise _unreadable(Token(kind, word, place), f"数太长，最多{MOST_DIGITS}位")
        if kind != "blank":
            tokens.append(Token("sign" if kind == "word" else kind, ALIASES.get(word, word), place))
    return [*tokens, Token("end", "", len(text) + 1)]


def _unreadable(token: Token, why: str) -> ConditionUnreadable:
    here = f"“{token.text[:20]}”" if token.text else "末尾"
    return ConditionUnreadable(f"条件第{token.place}个字{here}：{why}。", place=token.place)


class _Reading:
    """Goes through the tokens once, from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.here
        self.at += token.kind != "end"
        return token

    def took(self, *signs: str) -> Token | None:
        return self.take() if self.here.kind == "sign" and self.here.text in signs else None

    def expect(self, sign: str, why: str) -> None:
        if sign not in (self.here.kind, self.here.text):
            raise _unreadable(self.here, why)
        self.take()

    def condition(self, depth: int) -> Term:
        terms = [self.both(depth)]
        while self.took("or"):
            terms.append(self.both(depth))
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def both(self, depth: int) -> Term:
        terms = [self.negated(depth)]
        while self.took("and"):
            terms.append(self.negated(depth))
        return terms[0] if len(terms) == 1 else Both(tuple(terms))

    def negated(self, depth: int) -> Term:
        if depth > DEEPEST:
            raise _unreadable(self.here, f"括号和“非”最多{DEEPEST}层")
        if self.took("not"):
            return Not(self.negated(depth + 1))
        if self.took("("):
            term = self.condition(depth + 1)
            self.expect(")", "这里缺少右括号")
            return term
        return self.question()

    def question(self) -> Term:
        first = self.here
        if first.kind == "name" and NAMES[first.text] == Kind.TRUTH:
            self.take()
            return Holds(first.text)
        left = self.value()
        if self.took("not"):
            self.expect("in", "“not”之后应为“in”")
            return Among(left, self.items(left.kind), inside=False)
        if self.took("in"):
            return Among(left, self.items(left.kind))
        return self.compared(left)

    def compared(self, left: Named | Literal) -> Compared:
        sign = self.take()
        if sign.kind != "sign" or sign.text not in COMPARISONS:
            raise _unreadable(sign, f"应为比较符号（{' '.join(COMPARISONS)} in）")
        if left.kind == Kind.TEXT and sign.text not in EQUALITIES:
            raise _unreadable(sign, "文字只能用 ==、!=、in 比较，不分大小")
        return Compared(left, sign.text, self.value(of=left.kind))

    def items(self, kind: Kind) -> tuple[Literal, ...]:
        self.expect("[", "“in”之后应为方括号中的清单")
        items = [self.literal(kind)]
        while self.took(","):
            items.append(self.literal(kind))
        self.expect("]", "这里缺少右方括号")
        return tuple(items)

    def literal(self, kind: Kind) -> Literal:
        token, value = self.here, self.value(of=kind)
        if isinstance(value, Named):
            raise _unreadable(token, "清单中只能写数或加引号的文字")
        return value

    def value(self, of: Kind | None = None) -> Named | Literal:
        token = self.take()
        value: Named | Literal
        if token.kind == "name":
            value = Named(token.text)
        elif token.kind == "number":
            value = Literal(Decimal(token.text))
        elif token.kind == "text":
            value = Literal(token.text[1:-1])
        else:
            raise _unreadable(token, "应为名称、数或加引号的文字")
        if (of is not None and value.kind != of) or value.kind == Kind.TRUTH:
            raise _unreadable(token, f"应为{of or Kind.NUMBER}，不能与{value.kind}比较")
        return value
