"""Every fact that can be recorded: one frozen class per kind, in the past tense, with plain values only.

A kind is a word that never changes; a field is never renamed or removed. A new layout of a kind gets the next
`shape` number and a function in LIFTS that turns the older data into the newer (domain.md 14, features E5).
"""

from workflows.events.desks import (
    ConfirmationGiven,
    ConfirmationRefused,
    ConfirmationRequested,
    NodeCompleted,
    NodeEntered,
    NodeSuperseded,
    TaskDecided,
    TaskOverdue,
)
from workflows.events.fact import Event
from workflows.events.house import (
    DefinitionPublished,
    DocumentFiled,
    GrantGiven,
    GrantRevoked,
    ReplyIssued,
    RulePackPublished,
)
from workflows.events.recorded import CLOSES_ITS_TASK, KINDS, LIFTS, Recorded, frozen, load
from workflows.events.tables import (
    TableClosed,
    TableImported,
    TableRefused,
    TableReplied,
    TableReturned,
    TableSubmitted,
    TableTerminated,
    TableVoided,
    TableWithdrawn,
)
from workflows.events.year import (
    MonitoringAccepted,
    MonitoringFiled,
    MonitoringOpened,
    MonitoringReturned,
    SelfEvaluationAccepted,
    SelfEvaluationFiled,
    SelfEvaluationOpened,
    SelfEvaluationReturned,
)

__all__ = [
    "CLOSES_ITS_TASK",
    "KINDS",
    "LIFTS",
    "ConfirmationGiven",
    "ConfirmationRefused",
    "ConfirmationRequested",
    "DefinitionPublished",
    "DocumentFiled",
    "Event",
    "GrantGiven",
    "GrantRevoked",
    "MonitoringAccepted",
    "MonitoringFiled",
    "MonitoringOpened",
    "MonitoringReturned",
    "NodeCompleted",
    "NodeEntered",
    "NodeSuperseded",
    "Recorded",
    "ReplyIssued",
    "RulePackPublished",
    "SelfEvaluationAccepted",
    "SelfEvaluationFiled",
    "SelfEvaluationOpened",
    "SelfEvaluationReturned",
    "TableClosed",
    "TableImported",
    "TableRefused",
    "TableReplied",
    "TableReturned",
    "TableSubmitted",
    "TableTerminated",
    "TableVoided",
    "TableWithdrawn",
    "TaskDecided",
    "TaskOverdue",
    "frozen",
    "load",
]
