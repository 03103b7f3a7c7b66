"""Sentences and notices of a filing document's life; a notice names year and office, never the file or its goals."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice
from workflows.events import Recorded
from workflows.filings import FilingDocument, PartState
from workflows.vocabulary import Role


def _amended(fact: Any) -> str:
    return f"修改部门整体部分，形成第{fact.number}版{f'，理由：{fact.reason}' if fact.reason else ''}"


def _reviewed(fact: Any) -> str:
    return f"审阅部门整体部分：同意{f'，意见：{fact.opinion}' if fact.opinion else ''}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "document.filed": lambda f: f"收到申报文本《{f.name}》，含{len(f.tables)}张表，不予公开{f.undisclosed_tables}张",
    "document.amended": _amended,
    "document.reviewed": _reviewed,
    "document.returned": lambda f: f"退回部门整体部分，意见：{f.reason}",
}


READERS = {
    PartState.AT_DEPARTMENT: (Role.DEPARTMENT_FINANCE, "department"),
    PartState.AT_FINANCE: (Role.FINANCE_PERFORMANCE, "bureau"),
}
"""Whose turn it is with a department part, and the organ of the document that they belong to."""


def notices_of_document(recorded: Recorded, document: FilingDocument) -> tuple[Notice, ...]:
    """Return who is told of what happened to a document's department part: whose turn it is now, else its writer."""
    filed, written = document.filed, document.in_force
    if recorded.kind == "document.filed" or written is None:
        return ()
    name, reason = f"{filed.year}年度申报文本的部门整体部分", getattr(recorded.fact, "reason", "").removesuffix("。")
    if document.state in READERS:
        role, organ = READERS[document.state]
        to = Addressee(role=role, organ=getattr(filed, organ))
        state, result = "待审阅", "等待您审阅"
    elif document.state == PartState.RETURNED:
        to, state = Addressee(written.by), "已退回"
        result = f"被{recorded.signer}退回，请按意见修改。意见：{reason}"
    else:
        to, state, result = Addressee(written.by), "已审阅", "已审阅通过"
    said = {
        "名称": name, "年度": str(filed.year), "版次": str(written.number), "办理人": recorded.signer, "状态": state,
        "结果": result, "理由": reason,
    }  # fmt: skip
    return (Notice(to, recorded.kind, f"{state}：{name}", f"{name}（第{written.number}版）{result}。", said),)
