"""J1: whatever anybody sends to any operation, the answer is one that the specification names, and never a fault."""

from functools import cache
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.api.specification import specification
from service.app import Web
from service.demo.city import shipped_city
from tests.api.asking import Program, fresh_cases
from workflows.vocabulary import Role

KEPT = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
)  # fmt: skip
PEOPLE = {role: next((each.id for each in shipped_city().people if each.holds(role)), "") for role in Role}
ROLES = sorted(role for role, person in PEOPLE.items() if person)


@pytest.fixture(scope="module")
def tables(city: Web) -> list[str]:
    """Tables at several stages, so that refusals are not all of one kind."""
    cases = fresh_cases(city, 8)
    for number, case in enumerate(cases[:6]):
        case.drafted().submitted()
        if number >= 2:
            case.approved(Role.UNIT_HEAD)
    return [str(case.id) for case in cases]


@cache
def operations() -> tuple[APIOperation, ...]:
    schema = schemathesis.openapi.from_dict(specification())
    return tuple(found.ok() for found in schema.get_all_operations())


@cache
def cases_of(operation: APIOperation) -> st.SearchStrategy:
    return st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)


def sent(program: Program, case: schemathesis.Case, table: str | None) -> schemathesis.Case:
    """The case as this person sends it: with a token; and where a table is named, as one who has just read it."""
    case.headers.update({"Authorization": f"Bearer {program.secret}"})
    if table is None:
        return case
    if case.operation.method.upper() == "POST":
        case.headers["Idempotency-Key"] = str(uuid4())
    if "table_id" in case.path_parameters:
        case.path_parameters["table_id"] = table
        seen = program.get(f"/tables/{table}")
        if seen.status_code == 200 and case.operation.method.upper() == "POST":
            case.headers["If-Match"] = seen.headers["ETag"]
    return case


def attack(program: Program, operation: APIOperation, tables: list[str], examples: int) -> None:
    @settings(
        max_examples=examples, database=None, deadline=None, derandomize=examples < 20, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases_of(operation), table=st.sampled_from([None, *tables]))
    def once(case: schemathesis.Case, table: str | None) -> None:
        case = sent(program, case, table)
        answer = case.call(app=program.app)
        case.validate_response(answer, checks=list(KEPT))

    once()


@pytest.mark.parametrize("role", ROLES)
def test_no_operation_answers_anybody_outside_its_specification(city: Web, role: Role, tables: list[str]) -> None:
    """Every sixth operation for each role, in turn, so that each is asked by two roles at least; every one in `long`."""
    program = Program(city, PEOPLE[role])
    for operation in operations()[ROLES.index(role) % 6 :: 6]:
        attack(program, operation, tables, 2)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
def test_no_operation_answers_any_role_outside_its_specification(city: Web, role: Role, tables: list[str]) -> None:
    program = Program(city, PEOPLE[role])
    for operation in operations():
        attack(program, operation, tables, 40)
