"""Which group of fields a definition gives to which role, and where in a table's content each lies."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, NamedTuple, Sequence, Tuple


class Right(NamedTuple):
    """What a role may write in a stage; with `once` all that is left to it after a direct completion, or while a return is answered."""

    stage: str
    role: str
    once: str
    write: FrozenSet[str]


FIELD_GROUPS = ("basics", "money", "goals", "rows", "weights", "marks", "explanations", "attachments", "comments", "answers", "review_form",
                "doc_no", "monitoring", "executed", "rectification", "self_evaluation", "rescoring", "returned")
FIELDS_AT = (("indicators/*/weight", "weights"), ("indicators/*/disclosure", "marks"), ("indicators/*/explanations", "explanations"),
             ("indicators", "rows"), ("mid_term_indicators", "rows"), ("disclosure", "marks"), ("explanations", "explanations"),
             ("allocated/goals", "goals"), ("allocated", "money"), ("budget", "money"), ("budget_detail", "money"), ("mid_term_budget", "money"),
             ("amount_unit", "money"), ("spending_plan", "money"), ("goals", "goals"), ("mid_term_goals", "goals"), ("purpose", "goals"), ("tasks", "goals"))
"""Which group of fields lies where in a table's content, the first that fits; everything else is basic facts."""
FORM_FIELDS = {"review.scored": "review_form", "thread.opened": "comments", "thread.answered": "answers", "monitoring.filed": "monitoring",
               "selfeval.filed": "self_evaluation", "selfeval.rescored": "rescoring", "rectification.done": "rectification", "table.replied": "doc_no",
               "revision.approved": "doc_no", "execution.recorded": "executed", "attachment.added": "attachments", "attachment.withdrawn": "attachments"}
"""Which group of fields an event writes as a whole."""
FIELDS_CHANGED = ("table.submitted", "amendment.proposed", "correction.opened")
"""Events whose list of changes says place by place what was written."""


def rights_from(entries: Sequence[Dict[str, Any]]) -> Tuple[Right, ...]:
    """Read a definition's matrix of field rights; ValueError for one that nobody could follow."""
    rights = tuple(Right(each["stage"], each["role"], each.get("once", ""), frozenset(each["write"])) for each in entries)
    strange = [each.stage for each in rights if each.write - {*FIELD_GROUPS} or each.once not in ("", "returned", "completed")]
    strange += [each.stage for each in rights if "returned" in each.write and each.once != "returned"]
    if strange or len({each[:3] for each in rights}) != len(rights):
        raise ValueError(f"fields: {', '.join(strange[:3]) or 'twice'}")
    return rights


def field_group(pointer: str) -> str:
    """Return the group of fields in which a place of a content lies."""
    steps = pointer.split("/")[1:]
    for pattern, group in FIELDS_AT:
        wanted = pattern.split("/")
        if len(steps) >= len(wanted) and all(one in ("*", two) for one, two in zip(wanted, steps)):
            return group
    return "basics"
