"""接口说明: the REST interface's specification as a page that needs neither a script nor another host."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template

from service.api.answering import PREFIX
from service.api.problems import name_of, title_of
from service.api.specification import specification
from service.errors import status_of
from workflows.errors import GoaltrailError

pages = Blueprint("interface_guide", __name__)
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One field of a shape, or one parameter of an operation, in words."""

    name: str
    place: str
    kind: str
    needed: bool
    said: str


@dataclass(frozen=True)
class Shown:
    """One operation as the page shows it; `body` and `answer` name shapes."""

    name: str
    method: str
    path: str
    summary: str
    english: str
    parameters: tuple[Field, ...]
    body: str
    answer: str
    statuses: tuple[tuple[str, str], ...]
    example: str


@pages.get(f"{PREFIX}/docs")
def show() -> str:
    """Show every operation, shape and refusal."""
    found = specification()
    groups = {tag["name"]: list(_operations(found, tag["name"])) for tag in found["tags"]}
    shapes = {name: tuple(_fields(schema)) for name, schema in sorted(found["components"]["schemas"].items())}
    return render_template(
        "interface.html", info=found["info"], groups=groups, shapes=shapes, refusals=refusals(), prefix=PREFIX,
        introduction=blocks_of(found["info"]["description"]),
    )


def blocks_of(text: str) -> list[tuple[str, list[list[str]]]]:
    """Return a text of paragraphs and `- ` lists as ("text" or "list", lines); every second part of a line is code."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [
        ("list" if listed else "text", [line.removeprefix("- ").split("`") for line in block])
        for listed, block in groupby(lines, key=lambda line: line.startswith("- "))
    ]


def refusals() -> list[tuple[str, int, str]]:
    """Return every kind of refusal: the last part of its type, its status, its sentence."""
    kinds = {kind for kind in _below(GoaltrailError) if not kind.__name__.startswith("_")}
    return sorted((name_of(kind), status_of(kind()), title_of(kind)) for kind in kinds)


def _below(kind: type[GoaltrailError]) -> Iterator[type[GoaltrailError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _operations(found: Json, tag: str) -> Iterator[Shown]:
    for path, methods in found["paths"].items():
        for method, each in methods.items():
            if each["tags"] == [tag]:
                yield _shown(path, method, each)


def _shown(path: str, method: str, each: Json) -> Shown:
    status, best = next(iter(each["responses"].items()))
    said = best["content"]["application/json"]
    body = each.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    example = json.dumps(said["example"], ensure_ascii=False, indent=1) if "example" in said else ""
    return Shown(
        name=each["operationId"], method=method.upper(), path=path, summary=each["summary"],
        english=each["description"], parameters=tuple(map(_parameter, each["parameters"])), body=_last(body),
        answer=_last(said["schema"]), example=example,
        statuses=tuple((code, answer["description"]) for code, answer in each["responses"].items() if code != status),
    )  # fmt: skip


def _parameter(each: Json) -> Field:
    places = {"path": "路径", "query": "查询", "header": "标头"}
    schema = each["schema"]
    return Field(
        each["name"], places[each["in"]], kind_of(schema), bool(each["required"]), str(schema.get("description", ""))
    )


def _fields(schema: Json) -> Iterator[Field]:
    needed = schema.get("required", ())
    if "enum" in schema:
        yield Field("", "", "、".join(map(str, schema["enum"])), needed=False, said="")
    for name, each in schema.get("properties", {}).items():
        yield Field(name, "", kind_of(each), name in needed, str(each.get("description", "")))


def kind_of(schema: Json) -> str:
    """Return a schema in a few words: text of at most 200 signs, list of Item, one of a, b."""
    if "$ref" in schema:
        return _last(schema)
    if "anyOf" in schema:
        return " 或 ".join(kind_of(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return "、".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"{kind_of(schema['items'])} 的列表"
    words = {"string": "文字", "integer": "整数", "boolean": "真假", "object": "对象", "null": "空", "number": "数"}
    limits = [f"至少{schema['minLength']}字"] if "minLength" in schema else []
    limits += [f"至多{schema['maxLength']}字"] if "maxLength" in schema else []
    limits += [str(schema["format"])] if "format" in schema else []
    kind = words.get(str(schema.get("type")), "任意")
    return f"{kind}（{'，'.join(limits)}）" if limits else kind


def _last(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
