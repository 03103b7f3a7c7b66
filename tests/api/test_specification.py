"""J1: the specification is a valid OpenAPI 3.1 document, its page needs no script, its examples really happened.

`GOALTRAIL_WRITE_EXAMPLES=1` writes service/api/examples.json anew from what the made-up city answers.
"""

import json
import os
import re
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31, make_validator

from service.api import examples
from service.api.operations import OPERATIONS
from service.api.specification import specification
from service.app import Web
from tests.api.asking import Program, fresh_cases
from tests.support.web_city import visitor
from workflows.vocabulary import Role


def answers_of(city: Web) -> dict[str, Any]:
    """What the operations answer to the people of the city, by operation."""
    clerk, cases = Program(city, "jingban"), fresh_cases(city, 2)
    case, other = (each.drafted() for each in cases)
    head = Program(city, case.who(Role.UNIT_HEAD).id)
    table, document = case.id, case.table.document
    section, terms = Program(city, "jixiaoke"), {
        "year": 2055, "purpose": "goal_filing", "title": "2055年度绩效目标申报", "opens": "2026-01-01", "closes": "2054-09-30",
        "units": [case.table.unit], "basis": "清财绩〔2054〕3号",
    }  # fmt: skip
    opened = section.post("/campaigns", terms)
    assert opened.status_code == 201, opened.text
    campaign = f"/campaigns/{opened.json['campaign']}"
    found = {
        "extendCampaign": section.post(f"{campaign}/extensions", {"closes": "2054-10-15T17:00", "reason": "预算口径调整，统一延期"}),
        "urgeMissing": section.post(f"{campaign}/urgings"), "showCampaign": clerk.get(campaign),
        "me": clerk.get("/me"), "listTables": clerk.get("/tables?limit=1"), "showActions": clerk.get(f"/tables/{table}/actions"),
        "showFindings": clerk.get(f"/tables/{table}/findings"),
        "showHistory": clerk.get(f"/tables/{table}/history?limit=2"), "listWork": clerk.get("/work?limit=1"),
        "listDocuments": clerk.get("/documents?limit=1"), "showDocument": clerk.get(f"/documents/{document}"),
        "listDefinitions": clerk.get("/definitions"), "showChain": clerk.get(f"/tables/{table}/chain"),
        "act_save": clerk.acts(table, "save", {"period": "2026年", "reason": "补填项目期限"}),
        "act_submit": clerk.acts(table, "submit", {"note": "请审"}), "showTable": head.get(f"/tables/{table}"),
        "act_return": head.acts(table, "return", {"to": "draft", "reason": "数量指标须核对"}),
        "bulk_submit": clerk.post("/bulk/submit", {"items": [{"table": str(other.id), "etag": clerk.etag(other.id)}], "details": {}}),
        "act_approve": head.acts(other.id, "approve", {"opinion": "同意"}),
        "readNotices": clerk.post("/inbox/read"), "feed": clerk.get("/events?limit=1"),
    }  # fmt: skip
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code != 200} == {}
    return {name: answer.json for name, answer in found.items()}


def shape_of(value: Any) -> Any:
    """A value's fields and kinds, whatever it says."""
    if isinstance(value, dict):
        return {key: shape_of(each) for key, each in sorted(value.items())}
    return [shape_of(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_the_specification_is_valid_by_the_meta_schema() -> None:
    validator = make_validator(OPENAPI_31, jsonschema_rs.Draft202012Validator)
    assert [str(error) for error in validator.iter_errors(specification())] == []
    broken = {**specification(), "paths": {"no-slash": {}}}
    assert len(list(validator.iter_errors(broken))) == 1


def test_every_example_really_happened(city: Web) -> None:
    real = answers_of(city)
    real["listWork"]["asked"] = []  # what is asked of the clerk is what other tests ask
    if os.environ.get("GOALTRAIL_WRITE_EXAMPLES"):
        examples.FILE.write_text(json.dumps(real, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    kept = json.loads(examples.FILE.read_text(encoding="utf-8"))
    assert sorted(kept) == sorted(real)
    wholes = {name: shape_of(kept[name]) for name in kept if name not in ("feed", "showTable")}
    assert wholes == {name: shape_of(real[name]) for name in wholes}


@pytest.mark.parametrize("name", sorted(json.loads(examples.FILE.read_text(encoding="utf-8"))))
def test_every_example_fits_its_schema(name: str) -> None:
    answer = next(each.answer.__name__ for each in OPERATIONS if each.name == name)
    schema = {"$ref": f"#/components/schemas/{answer}", "components": specification()["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert [str(error) for error in validator.iter_errors(examples.example_of(name))] == []


def test_the_page_tells_every_operation_without_any_script_of_its_own(city: Web) -> None:
    page = visitor(city, "jingban").sees("/api/v1/docs")
    assert [each.name for each in OPERATIONS if f'id="op-{each.name}"' not in page] == []
    assert re.findall(r"<script(?! src=\"/static/)|<style|\sstyle=|\son\w+=|https?://(?!www\.w3\.org)", page) == []


def test_every_type_of_problem_leads_to_its_line_on_the_page(city: Web) -> None:
    page = visitor(city, "jingban").sees("/api/v1/docs")
    refused = Program(city, "jingban").get("/tables?year=1")
    assert refused.json["type"] == "/api/v1/docs#problem-request-invalid"
    assert 'id="problem-request-invalid"' in page
    assert [each["parameter"] for each in refused.json["errors"]] == ["year"]


def test_the_specification_is_handed_out(city: Web) -> None:
    assert Program(city, "jingban").get("/openapi.json").json == specification()
    assert city.test_client().get("/api/v1/openapi.json").status_code == 401
