"""Reading a definition that somebody wrote: its published form; every fault at once, with its place and a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from workflows.definitions.chain import Chain, chain_from
from workflows.definitions.expressions import Expression
from workflows.definitions.form import DefinitionForm, Form, PlainDefinitionForm
from workflows.definitions.grammar import LONGEST
from workflows.errors import ConditionUnreadable, DefinitionUnreadable

FORMS: Mapping[Any, type[Form]] = {1: PlainDefinitionForm, 2: DefinitionForm}
MISSPELT = "写法不对：代码只用小写字母、数字和下划线，以字母开头，最多40个；名称不含控制字符"
SENTENCES = {
    "missing": "缺少此项", "extra_forbidden": "没有这个项目，请核对名称", "literal_error": "应为以下之一：{expected}",
    "string_type": "应为文字", "int_type": "应为整数", "bool_type": "应为 true 或 false", "list_type": "应为清单 [ ]",
    "model_type": "应为对象 {{ }}", "string_pattern_mismatch": MISSPELT,
    "string_too_short": "不能为空", "string_too_long": "最多{max_length}个字", "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}", "too_short": "至少要有{min_length}项", "too_long": "最多{max_length}项",
}  # fmt: skip


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


def faults_of_form(form: type[BaseModel], content: Any) -> list[tuple[str, str]]:
    """Return the JSON pointer and a sentence for everything in which a content differs from its form."""
    try:
        form.model_validate(content)
    except ValidationError as wrong:
        return [(_pointer(*fault["loc"]), _sentence(fault)) for fault in wrong.errors(include_url=False)]
    return []


def _faults_of_conditions(content: Any) -> Iterator[tuple[str, str]]:
    nodes = content.get("nodes") if isinstance(content, dict) else None
    for number, node in enumerate(nodes if isinstance(nodes, list) else ()):
        when = node.get("when") if isinstance(node, dict) else None
        if not isinstance(when, str) or not 0 < len(when) <= LONGEST:
            continue
        try:
            Expression.parse(when)
        except ConditionUnreadable as unreadable:
            yield _pointer("nodes", number, "when"), unreadable.sentence.rstrip("。")


def _pointer(*path: str | int) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _sentence(fault: ErrorDetails) -> str:
    facts = {name: str(value).replace(" or ", ", ") for name, value in fault.get("ctx", {}).items()}
    return SENTENCES.get(fault["type"], "不能这样写").format(**facts)
