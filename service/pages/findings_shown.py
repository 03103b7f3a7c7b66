"""Findings of the machine pre-review as pages show them: with their row, the place in words, the explanation given."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.pages.words import place_name
from workflows.commands.drafting import finding_key
from workflows.findings import Finding

ORDER = "BWI"


def shown(findings: Iterable[Finding], content: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the findings, blocking ones first."""
    explained: Mapping[str, str] = content.get("explanations") or {}
    ordered = sorted(findings, key=lambda finding: ORDER.index(finding.severity))
    return [
        {
            "rule": each.rule, "severity": each.severity, "sentence": each.sentence, "suggestion": each.suggestion,
            "key": finding_key(each), "row": row_of(each, content), "place": _place(each, content),
            "explanation": explained.get(finding_key(each), ""),
        }
        for each in ordered
    ]  # fmt: skip


def row_of(finding: Finding, content: Mapping[str, Any]) -> str:
    """Return the ID of the indicator row that a finding points at, empty where it points elsewhere."""
    parts = finding.pointer.split("/")
    if len(parts) < 3 or parts[1] != "indicators" or not parts[2].isdigit():
        return ""
    rows = content["indicators"]
    return str(rows[int(parts[2])]["id"]) if int(parts[2]) < len(rows) else ""


def _place(finding: Finding, content: Mapping[str, Any]) -> str:
    row = row_of(finding, content)
    if not row:
        return place_name(finding.pointer)
    number = int(finding.pointer.split("/")[2])
    return f"第{number + 1}行 {content['indicators'][number]['level3'] or ''}"
