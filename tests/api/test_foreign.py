"""M9: every route × every role × the ID of something that is not theirs: not found or refused, and nothing of it told."""

from datetime import date
from enum import Enum
from typing import Literal, get_args, get_origin
from uuid import UUID, uuid4

import pytest

from service.api.operation import Operation
from service.api.operations import OPERATIONS
from service.app import Web
from service.demo.city import shipped_city
from tests.api.asking import Case, Program, fresh_cases
from tests.api.test_fuzz import PEOPLE, ROLES
from workflows.rights.permissions import may_read
from workflows.vocabulary import Role

HASH = "0" * 64
VALUES = {
    "closes": "2099-12-31", "to": "draft", "data": "eA==", "scan": "eA==", "attachment": str(uuid4()), "until": "2026-12-31",
    "signed_on": "2026-01-05", "people": ["yewu"], "values": {"/title": "新名称"},
    "changes": [{"pointer": "/title", "new": "新名称", "reason": "更正项目名称"}],
}  # fmt: skip
NAMED = [each for each in OPERATIONS if "{" in each.path and "definition" not in each.path]


@pytest.fixture(scope="module")
def foreign(city: Web) -> tuple[UUID, UUID]:
    """A draft that only its own unit may read, and the document that it came from."""
    case = fresh_cases(city)[0]
    return case.id, UUID(case.table.document)


@pytest.mark.parametrize("role", ROLES)
def test_m9_no_route_tells_anybody_of_what_is_not_his(city: Web, foreign: tuple[UUID, UUID], role: Role) -> None:
    table, document = foreign
    program, mine = Program(city, PEOPLE[role]), reads(city, table, role)
    for existing in (True, False):
        ids = (table, document) if existing and not mine else (uuid4(), uuid4())
        for each in NAMED:
            path = each.path.format(table_id=ids[0], document_id=ids[1], referral_id=uuid4(), campaign_id=uuid4())
            etag = f'"1-{HASH}-0"' if each.match else ""
            answer = program.get(path) if each.method == "GET" else program.post(path, fitting(each), etag=etag)
            assert answer.status_code == 404, (each.name, answer.status_code, answer.text)
            assert "table" not in answer.json or answer.json["table"] is None


def fitting(operation: Operation) -> object:
    """A body that fits the operation's shape, so that nothing but the ID is wrong."""
    said: dict[str, object] = {}
    for name, asked in operation.body.model_fields.items():
        if asked.is_required():
            chosen = get_origin(asked.annotation) is not Literal and name in VALUES
            said[name] = VALUES[name] if chosen else by_shape(asked.annotation)
    return said


def by_shape(shape: object) -> object:
    """A value of the shape: the first of named words, an empty list or mapping, a number, a day, else a sentence."""
    if get_origin(shape) is Literal:
        return get_args(shape)[0]
    if isinstance(shape, type) and issubclass(shape, Enum):
        return str(next(iter(shape)))
    known: dict[object, object] = {int: 2027, bool: True, date: "2026-12-31", dict: {}, list: []}
    return known.get(get_origin(shape) or shape, "核对后填写")


def reads(city: Web, table: UUID, role: Role) -> bool:
    return may_read(shipped_city().person(PEOPLE[role]), Case(city, "", table).table)


@pytest.mark.parametrize("role", ROLES)
def test_m9_many_at_once_tell_no_more(city: Web, foreign: tuple[UUID, UUID], role: Role) -> None:
    table, _document = foreign
    if reads(city, table, role):
        return
    program = Program(city, PEOPLE[role])
    item = {"table": str(table), "etag": f'"1-{HASH}-0"'}
    told = program.post("/bulk/approve", {"items": [item], "details": {}})
    never = program.post("/bulk/approve", {"items": [{**item, "table": str(uuid4())}], "details": {}})
    assert told.json["items"][0]["problem"] == never.json["items"][0]["problem"]
    replied = program.post("/replies", {"doc_no": "清财〔2026〕1号", "tables": [item]})
    assert replied.status_code == 404


def test_lists_and_the_feed_hold_only_what_may_be_read(city: Web, foreign: tuple[UUID, UUID]) -> None:
    table, _document = foreign
    for role in ROLES:
        program = Program(city, PEOPLE[role])
        if reads(city, table, role):
            continue
        listed = program.get("/tables?limit=200").json["items"]
        assert str(table) not in {each["table"] for each in listed}
        fed = program.get("/events?limit=500").json["items"]
        assert str(table) not in {each["table"] for each in fed}


def test_a_stranger_gets_nothing_from_any_route(city: Web) -> None:
    stranger = city.test_client()
    for each in OPERATIONS:
        path = "/api/v1" + each.path.format(table_id=uuid4(), document_id=uuid4(), referral_id=uuid4(), campaign_id=uuid4(), definition_hash=HASH)
        answer = stranger.open(path, method=each.method)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="goaltrail"')
        bad = stranger.open(path, method=each.method, headers={"Authorization": "Bearer gtl_wrong"})
        assert bad.status_code == 401
