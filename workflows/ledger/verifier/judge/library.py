"""The bureaus' libraries of indicators."""

from __future__ import annotations

import re
from typing import Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import LIBRARIES, derived
from workflows.ledger.verifier.judge.expecting import expect_post
from workflows.ledger.verifier.judge.judge import Beside, Judge
from workflows.ledger.verifier.judge.seats import check_post

YEAR_SAID = re.compile(r"20\d\d年(?:度)?")
SIGNS_SAID = re.compile("[\\s,，、。．.;；:：!！?？()（）《》<>〈〉“”\"'‘’\\[\\]【】/／—－-]+")


def judge_library(judge: Judge, event: Event) -> None:
    """The bureau's performance office says it, on the bureau's own library, of the entry that class and name make."""
    data = event.data
    stream = derived(LIBRARIES, data["bureau"])
    if event.stream != stream:
        judge.blame("steps", "value", event, "stream", event.stream, stream)
    name = "|".join(plain_name(data[level]) for level in ("level1", "level2", "level3"))
    if not data["level2"] or not data["level3"] or data["entry"] != derived(stream, name):
        judge.blame("steps", "value", event, "data.entry", data["entry"], derived(stream, name))
    if event.kind == "library.entry_retired" and len(data["reason"]) < 5:
        judge.blame("steps", "value", event, "data.reason", data["reason"], "a reason")
    expect_post(event, "finance_performance", data["bureau"], judge)
    check_post(judge, event)


def plain_name(text: str) -> str:
    """Return a name without blanks, signs of writing and years."""
    return SIGNS_SAID.sub("", YEAR_SAID.sub("", text))


LIBRARY_BESIDE: Dict[str, Beside] = {
    "library.entry_added": judge_library,
    "library.entry_retired": judge_library,
}
