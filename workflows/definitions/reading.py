"""Reading a definition that somebody wrote: its published form; every fault at once, with its place and a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.definitions.chain import Chain, chain_from
from workflows.definitions.expressions import Expression
from workflows.definitions.form import DefinitionForm, PlainDefinitionForm
from workflows.definitions.grammar import LONGEST
from workflows.errors import ConditionUnreadable, DefinitionUnreadable
from workflows.published.faults import faults_of_form, pointer_to
from workflows.published.form import Form

FORMS: Mapping[Any, type[Form]] = {1: PlainDefinitionForm, 2: DefinitionForm}


def read_definition(content: Any) -> Chain:
    """Make a chain from what somebody wrote. DefinitionUnreadable with all `problems`: JSON pointer and sentence."""
    number = content.get("format") if isinstance(content, dict) else None
    form = FORMS.get(number, DefinitionForm) if isinstance(number, int) and number is not True else DefinitionForm
    problems = [*faults_of_form(form, content), *_faults_of_conditions(content)]
    if problems:
        listed = "；".join(f"{pointer or '/'} {sentence}" for pointer, sentence in problems[:3])
        raise DefinitionUnreadable(
            f"审批链定义有{len(problems)}处格式错误：{listed}。",
            problems=[{"pointer": pointer, "sentence": sentence} for pointer, sentence in problems],
        )
    return chain_from(content)


def _faults_of_conditions(content: Any) -> Iterator[tuple[str, str]]:
    nodes = content.get("nodes") if isinstance(content, dict) else None
    for number, node in enumerate(nodes if isinstance(nodes, list) else ()):
        when = node.get("when") if isinstance(node, dict) else None
        if not isinstance(when, str) or not 0 < len(when) <= LONGEST:
            continue
        try:
            Expression.parse(when)
        except ConditionUnreadable as unreadable:
            yield pointer_to("nodes", number, "when"), unreadable.sentence.rstrip("。")
