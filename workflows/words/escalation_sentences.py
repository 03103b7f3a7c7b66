"""Chinese sentences of what the system does by a chain's ladder, each with the rule by which it did it."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.definitions.ladders import Deed
from workflows.vocabulary import Role
from workflows.words.holding_sentences import moment

BY_RULE = {"ladder": "审批链的逾期阶梯", "copies_read_after": "审批链的抄送阅知期限"}
"""The first part of a rule's ID -> what it is called."""


def _escalated(fact: Any) -> str:
    names = "、".join(each["name"] for each in fact.people)
    then = "，可与办理人并行办理，谁先办谁算" if fact.do == Deed.HAND else ""
    late = f"应于{moment(fact.due_at)}前办理"
    return f"{Deed(fact.do).chinese}{Role(fact.role).chinese}（{names}）{then}：任务{late}（{by_rule(fact.rule)}）"


def by_rule(rule: str) -> str:
    """Return a rule in words with its ID: 审批链的逾期阶梯，规则 ladder:T+3."""
    return f"{BY_RULE.get(rule.partition(':')[0], '规则')}，规则 {rule}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "task.escalated": _escalated,
    "copy.term_set": lambda f: f"抄送件至{moment(f.read_at)}未打开的，视同已阅（{by_rule(f.rule)}）",
    "copy.deemed_read": lambda f: f"抄送给{f.name}的件到期未打开，视同已阅（{by_rule(f.rule)}）",
}
"""Part of workflows.words.sentences.SENTENCES."""
