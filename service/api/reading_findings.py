"""The read of what the machine pre-review says of one table: every finding with its place, key and explanation."""

from collections.abc import Mapping
from typing import Any

from service.api import answers as a
from service.api.asked import Asked
from service.api.heads import content_seen
from service.api.operation import Reply
from service.context import journal, person, transaction
from service.present import severity
from workflows.commands.prereview import finding_key, findings_of
from workflows.content.places import place_name
from workflows.findings import Finding, told
from workflows.store.queries import table_seen_by


def show_findings(asked: Asked) -> Reply:
    """Return everything that the machine pre-review says of the content that this person sees, blocking ones first."""
    table = table_seen_by(transaction(), person(), asked.path["table_id"])
    content = content_seen(transaction(), person(), table)
    items = [_finding(each, content) for each in findings_of(journal(), table, content)]
    silent = {each.key for each in items if each.severity == "W" and not each.explanation.strip()}
    blocking = sum(each.severity == "B" for each in items)
    return Reply(a.Findings(items=items, blocking=blocking, unexplained=len(silent)))


def _finding(found: Finding, content: Mapping[str, Any]) -> a.FindingShown:
    key = finding_key(found)
    return a.FindingShown(
        rule=found.rule, severity=found.severity, pointer=found.pointer, detail=found.sentence,
        suggestion=found.suggestion, rule_text=told(found.rule), severity_name=severity(found.severity),
        place=_place(found.pointer, content), key=key, explanation=(content.get("explanations") or {}).get(key) or "",
    )  # fmt: skip


def _place(pointer: str, content: Mapping[str, Any]) -> str:
    first, *rest = pointer.strip("/").split("/")
    if first != "indicators" or not rest:
        return place_name(pointer)
    name = content["indicators"][int(rest[0])]["level3"] or ""
    inside = place_name("/" + "/".join(rest[1:])) if rest[1:] else ""
    return " · ".join(part for part in (f"第{int(rest[0]) + 1}行 {name}".strip(), inside) if part)
