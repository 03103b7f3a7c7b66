"""One sentence for each event of 调整: opened, approved, refused, given up; and of its own table."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.state.beginnings import COPIED, NEW
from workflows.state.revisions import Trigger


def _created(fact: Any) -> str:
    if fact.origin == NEW:
        return f"新建{fact.year}年度绩效目标表《{fact.title}》，形成草稿"
    if fact.origin == COPIED:
        return f"以往年的表为底稿，新建{fact.year}年度绩效目标表《{fact.title}》，形成草稿"
    return f"《{fact.title}》第{fact.number}次调整形成草稿"


def _opened(fact: Any) -> str:
    return f"开启第{fact.number}次调整（{Trigger(fact.trigger).chinese}），理由：{fact.reason}"


def _approved(fact: Any) -> str:
    return f"第{fact.number}次调整获批复，文号{fact.doc_no}，自{fact.effective_from}起生效"


def _asked(fact: Any) -> str:
    return f"申请截止后开启第{fact.number}次调整（{Trigger(fact.trigger).chinese}），须由分管领导确认"


SENTENCES: Mapping[str, Callable[..., str]] = {
    "table.created": _created,
    "revision.asked": _asked,
    "library.entry_added": lambda fact: f"将“{fact.level3}”（{fact.level2}）推荐进入指标库",
    "library.entry_retired": lambda fact: f"将“{fact.level3}”（{fact.level2}）退出指标库，理由：{fact.reason}",
    "revision.opened": _opened,
    "revision.approved": _approved,
    "revision.refused": lambda fact: f"第{fact.number}次调整未获通过，原内容继续有效。理由：{fact.reason}",
    "revision.abandoned": lambda fact: f"第{fact.number}次调整由单位作废，原内容继续有效。理由：{fact.reason}",
}
