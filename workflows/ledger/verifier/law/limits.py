"""Words, reasons and limits of the house: what must be given with a step, and within which time."""

from __future__ import annotations

import datetime as dt

FIT, UNFIT, PUBLIC_MARK, INTERNAL_MARK = "public", "internal", "公开", "内部"
DISCLOSED = ("table", "content_hash", "reviewer", "reviewer_name")
CAUSES = {"monitoring": "monitoring", "self_evaluation": "selfeval"}
REASONS = {
    "appraisal.waived": "reason",
    **dict.fromkeys(("task.recalled", "task.transferred", "task.delegated", "task.signer_added", "extension.asked", "extension.refused",
                     "table.suspended", "table.handed_over", "project.paused", "project.resumed"), "reason"),
    "amendment.rejected": "reason",
    "revision.opened": "reason", "table.withdrawn": "reason", "table.returned": "reason", "confirmation.requested": "reason", "confirmation.refused": "reason",
    "monitoring.returned": "reason", "selfeval.returned": "reason", "rectification.ordered": "problem", "rectification.done": "report",
    "evaluation.opened": "reason", "evaluation.reported": "opinion", "recommendation.made": "words", "recommendation.rejected": "reason", "recommendation.implemented": "report",
}
SHORTEST_REASON = 5
STEP_BY_STEP, DIRECT = "逐级", "直达"
EXPLANATIONS = "/explanations"
"""Where a content holds the explanations to the machine's findings."""
ASIDE = frozenset({
    "expert.assigned", "expert.declared", "expert.scored",
    "appraisal.filed", "appraisal.checked", "appraisal.waived",
    "task.opened", "task.claimed", "task.released", "task.due_set", "task.unassignable", "task.urged", "opinion.asked", "copy.sent",
    "copy.term_set", "copy.deemed_read", "task.escalated", "copy.read", "table.passed_on", "extension.asked", "extension.granted", "extension.refused", "thread.opened", "thread.answered", "thread.resolved",
    "review.scored", "execution.recorded",
    "evaluation.opened", "evaluation.reported", "recommendation.made", "recommendation.accepted", "recommendation.rejected", "recommendation.implemented",
    "component.recorded",
})  # fmt: skip
"""Kinds that leave open everything one decides on: the state counts how many of them stand last."""
WHILE_SUSPENDED = frozenset({"table.resumed", "thread.opened", "thread.answered", "thread.resolved", "copy.read", "payload.erased",
                             "hold.placed", "hold.lifted", "execution.recorded", "revision.approved", "revision.refused", "revision.abandoned"})  # fmt: skip
"""Kinds that may open a step while the table is suspended."""
REPEATED = frozenset({"expert.assigned", "task.opened", "copy.read", "task.due_set"})
"""Kinds that one command may record several times, each a small step of its own."""
HARMLESS = frozenset({"task.escalated", "task.overdue", "task.due_set", "task.urged", "task.unassignable"})
"""What may have happened to a task without anybody having looked at it."""
DONE_AT_A_HANDED_TASK = frozenset({
    "task.decided", "review.scored", "thread.opened", "thread.resolved", "opinion.asked", "monitoring.accepted", "monitoring.returned",
    "selfeval.accepted", "selfeval.returned", "node.completed",
})  # fmt: skip
"""What a superior may do at a late task that the ladder handed to him."""
CORRECTABLE = frozenset({"/title", "/number", "/project_code", "/supervising_department", "/implementing_unit", "/unit_code"})
"""What a correction may touch: words that name a table and say no goal."""
TRIGGERS = ("budget", "policy", "scope")
"""Why an approved table may be revised."""
REFERRED_TO = ("finance_supervision", "discipline")
REFERRAL_ENDS = {"accepted": False, "declined": True, "concluded": True}
"""What may become of a referral, and whether that is the last word."""
GOALS, SELF_EVALUATION = "goals", "self_evaluation"
PURPOSES = ("goal_filing", "monitoring", "self_evaluation")
URGED_AT_MOST_EVERY = dt.timedelta(hours=4)
JUST_NOW = dt.timedelta(minutes=1)
FILING_TURNS = {"table.imported": False, "table.created": False, "table.withdrawn": False, "table.submitted": True}
"""What makes a table one that its unit has filed, and what makes it one that is still to be filed."""
STUBS_NAME = "涉密项目绩效目标表（仅登记张数）"
"""How the register of classified projects is called, in which nothing but their number stands."""
REST_DAYS = 12
"""Days by which a term may end later where a pack moves its end to the next working day."""
URGES_APART = 4 * 3600
"""Seconds for which a task is left in peace after it was urged."""
GRADES = ("excellent", "good", "fair", "poor")
LOW = ("fair", "poor")
"""With these grades of the review form a table never comes to the next node."""
GRADE_ALLOWS = {"pass": ("excellent", "good"), "return": ("good", "fair"), "refuse": ("poor",), "amend": ("good",)}
"""What may be done at a node whose review form says so (art. 25)."""
MOST_ADDED = 2
"""How many added signers may hang on one another."""
PROPOSALS = {"correct": "correction.opened", "intervene": "admin.proposed", "enter_paper": "paper.entered", "adjust_late": "revision.asked"}
"""What waits for a second person beside the ends of a table, and the event that says what exactly."""
ERASED = "（内容已依法删除）"
"""What the product shows in place of erased words."""
