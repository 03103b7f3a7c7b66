"""Pre-review of texts as written: classes left blank, texts cut off, two names for one thing (V-C6, V-C7, V-S2)."""

import re
from collections.abc import Iterable, Iterator

from workflows.findings.finding import Case, Hit, Hits, raw_of

QUOTED = re.compile(r"“([^“”]{3,12})”")
NUMERALS = set("0123456789一二三四五六七八九十两")
CELLS = ("level3", "description", "basis")


def classes_left_blank(case: Case) -> Hits:
    """V-C6: 原表预印的指标类别没有填写。"""
    present = {row["level2"] for _, row in case.rows}
    for level in case.pack.tree:
        for each in level.level2:
            if each.name not in present and any(each.name in text for text in case.around.placeholders):
                yield Hit("/indicators", f"原表预印的“{each.name}”未填写。", f"如有{each.name}请补充，没有则不必填。")


def texts_whole(case: Case) -> Hits:
    """V-C7: 文字在中间断开：以未完的标点结尾，或恰到表格限长而没有结尾标点。"""
    for at, text in _texts(case):
        if text and _cut(case, text):
            yield Hit(at, f"文字似被截断：“…{text[-12:]}”。", "请对照原件补全。")


def _cut(case: Case, text: str) -> bool:
    rules = case.prereview
    at_length = any(length - rules.cut_margin <= len(text) <= length for length in rules.cut_lengths)
    return text.endswith(rules.going_on) or (at_length and not text.endswith(rules.ends))


def one_name_for_one_thing(case: Case) -> Hits:
    """V-S2: 同一事物在表中有两种写法。"""
    texts = list(_texts(case))
    quoted: dict[str, str] = {}
    for at, text in texts:
        for name in QUOTED.findall(text):
            quoted.setdefault(name, at)
    pairs = [*_differing_once(quoted)]
    words = [word for pair in case.prereview.variants for word in pair]
    firsts = {word: at for at, text in reversed(texts) for word in words if word in text}
    pairs += [pair for pair in case.prereview.variants if set(pair) <= firsts.keys()]
    for one, other in pairs:
        at = (quoted | firsts)[other]
        yield Hit(at, f"同一事物有两种写法：“{one}”和“{other}”。", "请统一名称。")


def _differing_once(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with the first one before it that differs in one character, which is no numeral."""
    seen: dict[tuple[str, int, str], str] = {}
    for name in names:
        for place, character in enumerate(name):
            if character not in NUMERALS:
                other = seen.setdefault((name[:place], len(name), name[place + 1 :]), name)
                if other != name:
                    yield other, name


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    """Return every text of the table with its pointer, without outer blanks."""
    yield "/purpose", (case.content["purpose"] or "").strip()
    yield from ((f"/goals/{number}", goal.strip()) for number, goal in enumerate(case.goals))
    for at, row in case.rows:
        yield from ((f"{at}/{name}", (row.get(name) or "").strip()) for name in CELLS)
        yield f"{at}/target", raw_of(row).strip()
