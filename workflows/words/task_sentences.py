"""Chinese sentences for what happens between people at a node: several signers, conditions, the way back."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.content.naming import BY_CODE, Called
from workflows.vocabulary import Role, Stage


def _shared(fact: Any) -> str:
    signers = "、".join(dict.fromkeys(Role(task["role"]).chinese for task in fact.tasks))
    due = f"，{fact.due_at[:10]}前办理" if fact.due_at else ""
    provisional = "（暂定）" if fact.provisional else ""
    return f"转入{Stage(fact.stage).chinese}，由{signers}共{len(fact.tasks)}项签署{due}{provisional}"


def _chosen(fact: Any, called: Called = BY_CODE) -> str:
    weighed = "，".join(f"{each['name']}={_value(each['value'])}" for each in fact.inputs)
    names = "".join(called.node(each) for each in fact.passed_over)
    passed = f"，不经过{len(fact.passed_over)}个环节：{names}" if fact.passed_over else ""
    return f"按条件确定流转路线（{weighed}）{passed}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "未填" if value is None else str(value)


SENTENCES: Mapping[str, Callable[..., str]] = {
    "node.shared": _shared,
    "task.superseded": lambda f: f"一项待签署因“{f.reason}”终结",
    "route.chosen": _chosen,
    "route.shortened": lambda _: "按退回时的约定直达退回人，已办理过的环节不再重复",
}
"""Kind -> the words of its sentence; part of workflows.words.sentences.SENTENCES."""
