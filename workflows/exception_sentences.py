"""Chinese sentences for what two persons do outside the usual way: corrections, interventions, paper, definitions."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.vocabulary import Outcome

MEASURES = {"reenter": "按现任人员重新进入环节", "move_back": "退到本轮较早的环节"}
"""What an intervention may do."""


def _measure(fact: Any) -> str:
    to = f"{fact.to_node}（自{fact.node}）" if fact.to_node else fact.node
    return f"{MEASURES.get(fact.measure, fact.measure)}：{to}"


def _entered(fact: Any) -> str:
    opinion = f"，意见：{fact.opinion}" if fact.opinion else ""
    return (
        f"线下批示补录：{fact.leader_name}于{fact.signed_on}在纸质件上批示“{Outcome(fact.outcome).chinese}”{opinion}，"
        "扫描件已附，等待第二人确认"
    )


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "correction.opened": lambda f: f"申请更正{f.changed}处（不涉及绩效目标），更正后内容摘要{f.content_hash[:12]}",
    "correction.applied": lambda f: f"更正生效，共{f.changed}处，内容摘要由{f.base[:12]}变为{f.content_hash[:12]}",
    "admin.proposed": lambda f: f"申请管理干预，{_measure(f)}",
    "admin.intervened": lambda f: f"管理干预，{_measure(f)}，理由：{f.reason}",
    "paper.entered": _entered,
    "definition.proposed": lambda f: f"提出审批链“{f.name}”的新版本（{f.content_hash[:12]}），等待另一名流程管理员发布",
}
"""Kind -> the words of its sentence; part of workflows.sentences.SENTENCES."""
