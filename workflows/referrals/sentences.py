"""Sentences of referrals, for those who may read them; nobody is sent a notice of one."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.referrals.referral import OUTCOMES, REFERRED_TO


def _made(fact: Any) -> str:
    number = f"（{fact.doc_no}）" if fact.doc_no else ""
    receiver = f"，接收人{fact.receiver_name}" if fact.receiver_name else ""
    return f"移送{REFERRED_TO.get(fact.to, fact.to)}{number}{receiver}：{fact.words}"


def _answered(fact: Any) -> str:
    number = f"（{fact.doc_no}）" if fact.doc_no else ""
    return f"登记移送结果：{OUTCOMES.get(fact.outcome, fact.outcome)}{number}，{fact.words}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {"referral.made": _made, "referral.answered": _answered}
