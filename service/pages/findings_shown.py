"""Findings of the machine pre-review as pages show them: with their row, cell, place in words, explanation given."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.pages.words import place_name
from workflows.commands.prereview import finding_key
from workflows.findings import Finding

ORDER = "BWI"
Shown = dict[str, str]


def shown(findings: Iterable[Finding], content: Mapping[str, Any]) -> list[Shown]:
    """Return the findings, blocking ones first.

    `cell` is the anchor of what to change in the draft form, `asks` says that the first of several warnings of one rule
    and place asks for the explanation that they share.
    """
    explained: Mapping[str, str] = content.get("explanations") or {}
    ordered = sorted(findings, key=lambda finding: ORDER.index(finding.severity))
    asked: set[str] = set()
    listed = []
    for each in ordered:
        key = finding_key(each)
        listed.append({
            "rule": each.rule, "severity": each.severity, "sentence": each.sentence, "suggestion": each.suggestion,
            "key": key, "row": row_of(each, content), "place": _place(each, content), "cell": cell_of(each, content),
            "explanation": explained.get(key, ""), "asks": "yes" if each.severity == "W" and key not in asked else "",
        })  # fmt: skip
        asked.add(key)
    return listed


def row_of(finding: Finding, content: Mapping[str, Any]) -> str:
    """Return the ID of the indicator row that a finding points at, empty where it points elsewhere."""
    parts = finding.pointer.split("/")
    if len(parts) < 3 or parts[1] != "indicators" or not parts[2].isdigit():
        return ""
    rows = content["indicators"]
    return str(rows[int(parts[2])]["id"]) if int(parts[2]) < len(rows) else ""


def cell_of(finding: Finding, content: Mapping[str, Any]) -> str:
    """Return the anchor of the box of the draft form that a finding is about: `r3-target`, `budget-total`, `goals`."""
    first, *rest = finding.pointer.strip("/").split("/")
    row = row_of(finding, content)
    if row:
        return f"{row}-{rest[1]}" if len(rest) > 1 else row
    if first == "budget":
        return f"budget-{rest[0] if rest else 'total'}"
    if first == "budget_detail":
        return "-".join(("detail", *rest))
    if first == "spending_plan":
        return f"plan-{rest[0] if rest else 0}"
    return first


def _place(finding: Finding, content: Mapping[str, Any]) -> str:
    row = row_of(finding, content)
    if not row:
        return place_name(finding.pointer)
    number = int(finding.pointer.split("/")[2])
    return f"第{number + 1}行 {content['indicators'][number]['level3'] or ''}"
