"""The specification (OpenAPI 3.1), made from the table of operations and the shapes: nothing in it is written twice."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api.answering import PREFIX
from service.api.answers import Problem
from service.api.commanding import REPLAYED
from service.api.examples import example_of
from service.api.operation import NEEDED, Operation
from service.api.operations import OPERATIONS
from service.tokens import TokenScope

Json = dict[str, Any]
REF = "#/components/schemas/{model}"
WORDS: Mapping[int, str] = {
    400: "请求有误，或缺少所需的标头", 401: "未登录，或令牌无效", 403: "无权办理，附规则编号",
    404: "没有这一项，或无权查看", 405: "不支持这种方法", 409: "与现在的状态冲突，附最新情况",
    412: "内容已有变动，附最新的 ETag 和情况", 413: "请求过大", 415: "请求正文的类型不对",
    422: "内容不符合要求，一次列出全部问题", 428: "须先读取并在 If-Match 中写明 ETag", 429: "请求过于频繁",
    500: "系统故障，没有任何改动", 503: "系统暂不可用",
}  # fmt: skip
HEADERS: Mapping[str, Json] = {
    "ETag": {"description": "所见内容的标识：版本、内容散列、草稿版本", "schema": {"type": "string"}},
    "Location": {"description": "新建事项的地址", "schema": {"type": "string"}},
    REPLAYED: {"description": "为 true 时，是同一编号首次请求的答复", "schema": {"type": "string", "enum": ["true"]}},
}  # fmt: skip
PATHS: Mapping[str, Json] = {
    "table_id": {"type": "string", "format": "uuid"}, "document_id": {"type": "string", "format": "uuid"},
    "referral_id": {"type": "string", "format": "uuid"},
    "campaign_id": {"type": "string", "format": "uuid"},
    "definition_hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}  # fmt: skip
INTRODUCTION = """\
与页面使用同一套判断：能办什么、为什么不能办，答复完全一致。

- 程序以 `Authorization: Bearer` 出示访问令牌；浏览器内的脚本可用登录会话，写入时另带 `X-CSRFToken`。
- 写入须带 `Idempotency-Key`：重试用同一编号，得到同一答复，不会重复办理。
- 办理一张表须带 `If-Match`，写明所见内容的 ETag；内容已变动时答复 412，并附最新情况。
- 任何写入都可加 `?dry_run=1`：全部判断照做，说明将会发生什么，不留任何记录。
- 凡拒绝均为 `application/problem+json`（RFC 9457），附规则编号、中文说明和全部问题。"""


@cache
def specification() -> Json:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "绩效目标审批台账接口", "version": "1.0.0", "description": INTRODUCTION},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}, {"session": [], "csrf": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for each in OPERATIONS)],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "securitySchemes": _schemes()},
    }  # fmt: skip


def _paths() -> Json:
    paths: Json = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return paths


def _operation(each: Operation) -> Json:
    found: Json = {
        "operationId": each.name, "tags": [each.tag], "summary": each.summary,
        "description": f"{each.english}. 令牌范围：{each.scope.chinese}（{each.scope}）。",
        "parameters": [*_path_parameters(each), *_query_parameters(each), *_header_parameters(each)],
        "responses": _responses(each), "x-scope": each.scope.value,
    }  # fmt: skip
    if each.body:
        schema = {"$ref": REF.format(model=each.body.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _path_parameters(each: Operation) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in PATHS.items() if f"{{{name}}}" in each.path
    ]  # fmt: skip


def _query_parameters(each: Operation) -> list[Json]:
    shape = each.query.model_json_schema(ref_template=REF)
    needed = shape.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": _without_null(schema)}
        for name, schema in shape.get("properties", {}).items()
    ]


def _without_null(schema: Json) -> Json:
    """Return a parameter's schema without null, which no query can say, and without its default where that was null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf" and value is not None}
    return {**kinds[0], **rest} if len(kinds) == 1 else schema


def _header_parameters(each: Operation) -> list[Json]:
    found: list[Json] = []
    if each.is_command:
        key = {"type": "string", "pattern": "^[!-~]{1,200}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": key})
    if each.match:
        etag = {"type": "string", "pattern": '^"[0-9]{1,9}-[0-9a-f]{64}-[0-9]{1,9}"$'}
        found.append({"name": "If-Match", "in": "header", "required": each.match == NEEDED, "schema": etag})
    return found


def statuses_of(each: Operation) -> tuple[int, ...]:
    """Return every status with which an operation may refuse."""
    found = {401, 403, 404, 409, 422, 429, 500, 503} if each.is_command else {400, 401, 403, 422, 429, 500, 503}
    found |= {404} if "{" in each.path else set()
    found |= {400, 413, 415} if each.body else set()
    found |= {412, 428} if each.match else set()
    return tuple(sorted(found | {400}))


def _responses(each: Operation) -> Json:
    names = (*each.headers, REPLAYED) if each.is_command else each.headers
    schema = {"$ref": REF.format(model=each.answer.__name__)}
    said: Json = {"schema": schema}
    example = example_of(each.name)
    if example is not None:
        said["example"] = example
    found: Json = {
        str(each.status): {
            "description": HTTPStatus(each.status).phrase, "content": {"application/json": said},
            "headers": {name: HEADERS[name] for name in names},
        }
    }  # fmt: skip
    if each.is_command and each.status != HTTPStatus.OK:
        found["200"] = {"description": "dry_run：将会怎样", "content": {"application/json": {"schema": schema}}}
    problem = {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}
    return found | {str(status): {"description": WORDS[status], "content": problem} for status in statuses_of(each)}


def _schemas() -> Json:
    asked: dict[type[BaseModel], None] = {}
    answered: dict[type[BaseModel], None] = {Problem: None}
    for each in OPERATIONS:
        answered[each.answer] = None
        asked |= {shape: None for shape in (each.body, each.query) if shape}
    _, schemas = models_json_schema(
        [*((shape, "validation") for shape in asked), *((shape, "serialization") for shape in answered)],
        ref_template=REF,
    )
    found: Json = schemas["$defs"]
    return found


def _schemes() -> Json:
    scopes = "；".join(f"{scope.value} {scope.chinese}" for scope in TokenScope)
    return {
        "token": {"type": "http", "scheme": "bearer", "description": f"访问令牌。范围：{scopes}"},
        "session": {"type": "apiKey", "in": "cookie", "name": "goaltrail", "description": "浏览器的登录会话"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken", "description": "以会话写入时的校验码"},
    }  # fmt: skip
