"""In what a content differs from its form: the place and a sentence for each fault."""

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

MISSPELT = "写法不对：代码只用小写字母、数字和下划线，以字母开头，最多40个；名称不含控制字符"
SENTENCES = {
    "missing": "缺少此项", "extra_forbidden": "没有这个项目，请核对名称", "literal_error": "应为以下之一：{expected}",
    "string_type": "应为文字", "int_type": "应为整数", "bool_type": "应为 true 或 false", "list_type": "应为清单 [ ]",
    "model_type": "应为对象 {{ }}", "string_pattern_mismatch": MISSPELT,
    "string_too_short": "不能为空", "string_too_long": "最多{max_length}个字", "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}", "too_short": "至少要有{min_length}项", "too_long": "最多{max_length}项",
}  # fmt: skip


def faults_of_form(form: type[BaseModel], content: Any) -> list[tuple[str, str]]:
    """Return the JSON pointer and a sentence for everything in which a content differs from its form."""
    try:
        form.model_validate(content)
    except ValidationError as wrong:
        return [(pointer_to(*fault["loc"]), _sentence(fault)) for fault in wrong.errors(include_url=False)]
    return []


def pointer_to(*path: str | int) -> str:
    """Return the JSON pointer of a place."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _sentence(fault: ErrorDetails) -> str:
    facts = {name: str(value).replace(" or ", ", ") for name, value in fault.get("ctx", {}).items()}
    return SENTENCES.get(fault["type"], "不能这样写").format(**facts)
