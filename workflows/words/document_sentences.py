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


def notices_of_document(recorded: Recorded, document: FilingDocument) -> tuple[Notice, ...]:
    """Return who is told of what happened to a document's department part: whose turn it is now, else its writer."""
    filed, written = document.filed, document.in_force
    if recorded.kind == "document.filed" or written is None:
        return ()
    name = f"{filed.year}年度申报文本的部门整体部分"
    if document.state == PartState.AT_DEPARTMENT:
        to = Addressee(role=Role.DEPARTMENT_FINANCE, organ=filed.department)
        return (Notice(to, recorded.kind, f"待审阅：{name}", f"{name}（第{written.number}版）等待您审阅。"),)
    if document.state == PartState.AT_FINANCE:
        to = Addressee(role=Role.FINANCE_PERFORMANCE, organ=filed.bureau)
        return (Notice(to, recorded.kind, f"待审阅：{name}", f"{name}（第{written.number}版）等待您审阅。"),)
    said = "已退回，请按意见修改" if document.state == PartState.RETURNED else "已审阅通过"
    text = f"{name}（第{written.number}版）{said}。"
    return (Notice(Addressee(written.by), recorded.kind, f"{said[:3]}：{name}", text),)
