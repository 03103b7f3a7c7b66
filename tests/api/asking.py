"""A program that asks the REST interface as one person of the made-up city."""

from base64 import b64encode
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import Web
from service.demo.city import sample_bytes, shipped_city
from service.tokens import TokenScope, issue_token
from tests.support.web_story import Story
from workflows.folds.replay import Table
from workflows.store.snapshots import table_now
from workflows.store.transaction import begin

ALL = tuple(scope.value for scope in TokenScope)


def token_for(app: Web, person: str, scopes: tuple[str, ...] = ALL) -> str:
    """A new token of a person, with all scopes by default."""
    secret = f"gtl_{uuid4().hex}{uuid4().hex}"
    with begin(app.extensions["engine"]) as tx:
        issue_token(
            tx, uuid4(), secret, by=shipped_city().person(person), name="测试", scopes=scopes, days=30, command_id=uuid4(),
            may_decide=True,
        )  # fmt: skip
    return secret


def kept_token(app: Web, person: str) -> str:
    """The person's one token with all scopes for as long as it lives: nobody may hold more than twenty."""
    kept: dict[str, str] = app.extensions.setdefault("tokens of the tests", {})
    headers = {"Authorization": f"Bearer {kept.get(person, '')}"}
    if person not in kept or app.test_client(use_cookies=False).get("/api/v1/me", headers=headers).status_code != HTTPStatus.OK:
        kept[person] = token_for(app, person)
    return kept[person]


@dataclass
class Program:
    """Asks with a token; every command gets a key of its own unless one is named."""

    app: Web
    person: str
    secret: str = ""
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.secret = self.secret or kept_token(self.app, self.person)
        self.client = self.app.test_client(use_cookies=False)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}", **_spelled(headers)})

    def post(self, path: str, body: Any = None, *, key: str = "", etag: str = "", **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key or str(uuid4()), **_spelled(headers)}
        if etag:
            sent["If-Match"] = etag
        return self.client.post(f"/api/v1{path}", json={} if body is None else body, headers=sent)

    def etag(self, table: object) -> str:
        answer = self.get(f"/tables/{table}")
        assert answer.status_code == 200, answer.text
        return answer.headers["ETag"]

    def acts(self, table: object, action: str, body: Any = None, *, etag: str = "", query: str = "", **more: str) -> TestResponse:
        return self.post(f"/tables/{table}/actions/{action}{query}", body, etag=etag or self.etag(table), **more)


@dataclass
class Case(Story):
    """One table of its own, by its ID: made for one test, so that the order of tests means nothing."""

    table_id: UUID = field(default_factory=uuid4)

    @property
    def table(self) -> Table:
        with begin(self.app.extensions["engine"]) as tx:
            return table_now(tx, self.table_id)


QUICKLY_READ, SPECIAL_FUNDS = "hebei-department-projects.txt", "hebei-special-funds.txt"
"""Documents of fresh cases: three tables read in a hundredth of a second; seven with a part beside them that take most of one."""


def fresh_cases(app: Web, how_many: int = 1, year: int = 2026, document: str = QUICKLY_READ) -> list[Case]:
    """So many new drafts of the unit's clerk, just taken in."""
    sample = next(each for each in shipped_city().samples if each.file == document)
    body = {"name": sample.file, "data": b64encode(sample_bytes(sample)).decode(), "unit": "qj-jw-bj", "year": year}
    clerk, made = Program(app, "jingban"), []
    while len(made) < how_many:
        taken = clerk.post("/documents", body)
        assert taken.status_code == 201, taken.text
        made += [Case(app, "", UUID(each["table"])) for each in taken.json["tables"]]
    return made[:how_many]


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
