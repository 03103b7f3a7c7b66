"""Chinese sentences for what two persons do outside the usual way: corrections, interventions, paper, definitions."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.content.naming import BY_CODE, Called
from workflows.vocabulary import Outcome


def _measure(fact: Any, called: Called) -> str:
    """Say what an intervention does: the node entered anew, or the table back at an earlier node of its round."""
    if fact.to_node:
        return f"由{called.node(fact.node)}退到{called.node(fact.to_node)}，从该环节起重新办理"
    return f"{called.node(fact.node)}由现任人员重新办理"


def _proposed(fact: Any, called: Called = BY_CODE) -> str:
    return f"申请管理干预：{_measure(fact, called)}"


def _intervened(fact: Any, called: Called = BY_CODE) -> str:
    return f"实施管理干预：{_measure(fact, called)}，理由：{fact.reason}"


def _entered(fact: Any) -> str:
    opinion = f"，意见：{fact.opinion}" if fact.opinion else ""
    return (
        f"线下批示补录：{fact.leader_name}于{fact.signed_on}在纸质件上批示“{Outcome(fact.outcome).chinese}”{opinion}，"
        "扫描件已附，等待第二人确认"
    )


SENTENCES: Mapping[str, Callable[..., str]] = {
    "correction.opened": lambda f: f"申请更正{f.changed}处（不涉及绩效目标），更正后内容摘要{f.content_hash[:12]}",
    "correction.applied": lambda f: f"更正生效，共{f.changed}处，内容摘要由{f.base[:12]}变为{f.content_hash[:12]}",
    "admin.proposed": _proposed,
    "admin.intervened": _intervened,
    "paper.entered": _entered,
    "definition.proposed": lambda f: f"提出审批链“{f.name}”的新版本（{f.content_hash[:12]}），等待另一名流程管理员发布",
    "calendar.proposed": lambda f: f"提出新的工作日历（版本{f.content_hash[:12]}），等待另一名流程管理员发布",
    "rule_pack.proposed": lambda f: f"提出规则包“{f.name}”的新版本（{f.content_hash[:12]}），等待另一名流程管理员发布",
}
"""Kind -> the words of its sentence; part of workflows.words.sentences.SENTENCES."""
