"""Which class a notice is of and whether it may wait: what preferences, quiet hours and the morning's letter ask."""

import re
from enum import Enum

CLOCK = re.compile(r"\.(\d+|\d{4}-\d\d-\d\d)$")
"""What tells the notices of a due moment from those of another one; no part of the key."""
RETURNS = frozenset({
    "confirmation.refused", "amendment.rejected", "extension.refused", "document.returned", "table.refused",
})  # fmt: skip
COPIES = frozenset({
    "copy.sent", "table.replied", "table.passed_on", "revision.approved", "table.closed", "expert.scored",
    "evaluation.reported", "selfeval.rescored", "appraisal.checked", "appraisal.waived", "disclosure.reviewed",
    "recommendation.accepted", "recommendation.rejected", "recommendation.implemented", "thread.answered",
    "opinion.given", "extension.granted", "amendment.confirmed", "expert.declared", "table.voided", "table.terminated",
    "table.suspended", "table.resumed", "project.paused", "project.resumed", "task.recalled", "task.released",
})  # fmt: skip
TASKS = frozenset({
    "accounts.approved", "accounts.corrected", "campaign.opened", "task.waiting", "task.transferred", "task.delegated",
    "task.delegation_returned", "task.signer_added", "task.unassignable", "opinion.asked", "extension.asked",
    "confirmation.requested", "amendment.proposed", "appraisal.filed", "expert.assigned", "evaluation.opened",
    "recommendation.made", "rectification.ordered", "thread.opened", "document.amended", "document.reviewed",
    "document.due_set",
})  # fmt: skip
REMINDERS = (
    "reminder.", "amendment.T", "amendment.before", "amendment.after", "task.urged", "task.overdue", "task.escalated",
    "monitoring.red", "campaign.", "document.overdue",
)  # fmt: skip
URGENT = (
    "task.overdue", "document.overdue", "task.escalated", "monitoring.red", "account.", "ledger.", "morning.letter",
)  # fmt: skip
RUNG_APART = ("reminder", "amendment")
RUNG = re.compile(r"T([+-]\d+)?")
OVERDUE_RUNG = re.compile(r"(^|\.)T\+\d+$")


class NoticeClass(Enum):
    """The five classes between which a person chooses channels."""

    TASK = "task"
    RETURN = "return"
    REMINDER = "reminder"
    COPY = "copy"
    SYSTEM = "system"

    @property
    def chinese(self) -> str:
        """Return the word on the page."""
        return WORDS[self]


WORDS = {
    NoticeClass.TASK: "待办", NoticeClass.RETURN: "退回", NoticeClass.REMINDER: "提醒", NoticeClass.COPY: "抄送和结果",
    NoticeClass.SYSTEM: "系统",
}  # fmt: skip


def key_of(template: str) -> str:
    """Return the key under which a notice's words are kept: one for all rungs before a due day, one for those after."""
    plain = CLOCK.sub("", template)
    if plain.startswith("task.escalated"):
        return "task.escalated"
    start, _dot, rung = plain.rpartition(".")
    if start in RUNG_APART and rung.startswith("T"):
        return f"{start}.{'before' if rung.startswith('T-') else 'after' if rung.startswith('T+') else 'T'}"
    return start if RUNG.fullmatch(rung) else plain


def class_of(template: str) -> NoticeClass:
    """Return a notice's class by its template; what nobody classed is the system's."""
    key = CLOCK.sub("", template)
    if key in RETURNS or key.endswith(".returned"):
        return NoticeClass.RETURN
    if key in TASKS:
        return NoticeClass.TASK
    if key.startswith(REMINDERS):
        return NoticeClass.REMINDER
    return NoticeClass.COPY if key in COPIES else NoticeClass.SYSTEM


def is_urgent(template: str) -> bool:
    """Whether a notice never waits for the morning: red warnings, what is overdue, and security."""
    key = CLOCK.sub("", template)
    return key.startswith(URGENT) or OVERDUE_RUNG.search(key) is not None
