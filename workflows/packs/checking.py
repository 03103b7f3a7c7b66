"""Holding a pack that somebody wrote against the published form: every fault at once, with its place and a sentence."""

from typing import Any

from workflows.errors import PackUnreadable
from workflows.packs.form import PackForm
from workflows.published.faults import faults_of_form


def check_form(content: Any) -> None:
    """PackUnreadable with all `problems` (JSON pointer and sentence) where the content is no pack of format 1."""
    problems = faults_of_form(PackForm, content)
    if problems:
        listed = "；".join(f"{pointer or '/'} {sentence}" for pointer, sentence in problems[:3])
        raise PackUnreadable(
            f"规则包有{len(problems)}处格式错误：{listed}。",
            problems=[{"pointer": pointer, "sentence": sentence} for pointer, sentence in problems],
        )
