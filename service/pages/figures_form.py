"""The figures of the monitoring and the self-evaluation forms as the verbs want them: texts, empty ones left out."""

from collections.abc import Sequence
from typing import Any

from flask import request

from service.pages.posted import cleaned
from workflows.journal import Content


def rows_posted(content: Content, fields: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what was typed for each indicator row by its ID."""
    return {row["id"]: posted(f"{row['id']}-", fields) for row in content["indicators"]}


def posted(prefix: str, fields: Sequence[str]) -> dict[str, str]:
    """Return the typed texts of these fields, empty ones left out."""
    typed = {field: cleaned(request.form.get(prefix + field, "")) for field in fields}
    return {field: text for field, text in typed.items() if text}


def wrong_places(problems: Sequence[Any]) -> set[str]:
    """Return the JSON pointers of the fields to mend."""
    return {problem.pointer for problem in problems}
