"""The pages under attack: forged identifiers, values no form would send, foreign subjects, a broker that is away."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest

from service.app import Web
from service.demo.city import sample_bytes
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.replay import Table
from workflows.store.documents import document_row
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def tables(app: Web) -> list[Table]:
    with begin(app.extensions["engine"]) as tx:
        return [table_in(row) for row in all_standings(tx)]


def events_of(app: Web, stream) -> int:
    with begin(app.extensions["engine"]) as tx:
        return len(PostgresJournal(tx).history(stream))


def clerk_elsewhere(somebody: Visitor, table: Table) -> Actor:
    """A clerk of another unit than the table's."""
    return next(
        each for each in somebody.city.people
        if each.holds(Role.CLERK) and not any(post.organ in (table.unit, table.department) for post in each.posts)
    )  # fmt: skip


def uploaded(inside: Visitor, **fields: object):
    unit = next(post.organ for post in inside.city.person(who(inside)).posts if post.role == Role.CLERK)
    form = {"csrf_token": token(inside), "command_id": str(uuid4()), "unit": unit, "year": "2026", **fields}
    return inside.client.post("/documents/new", data=form | {"file": (BytesIO(form.pop("data", sample(inside))), form.pop("name", "甲.txt"))})


def sample(inside: Visitor) -> bytes:
    return sample_bytes(inside.city.samples[0])


def who(inside: Visitor) -> str:
    return inside.login


def token(inside: Visitor) -> str:
    return field(inside.sees("/work"), "csrf_token")


def inside_as(app: Web, login: str) -> Visitor:
    entered = visitor(app, login)
    entered.login = login
    return entered


def test_an_upload_cannot_write_into_a_stream_that_exists(web: Web) -> None:
    victim = tables(web)[0]
    attacker = inside_as(web, clerk_elsewhere(visitor(web), victim).id)
    before = events_of(web, victim.id)
    taken = [uploaded(attacker, command_id=str(victim.id)) for _ in range(2)]
    assert [answer.status_code for answer in taken] == [303, 303]
    assert taken[0].headers["Location"] == taken[1].headers["Location"]
    assert str(victim.id) not in taken[0].headers["Location"]
    assert events_of(web, victim.id) == before
    assert visitor(web, victim.owner).client.get(f"/tables/{victim.id}").status_code == 200


def test_the_same_command_of_two_people_makes_two_documents(web: Web) -> None:
    victim, command = tables(web)[0], str(uuid4())
    people = (victim.owner, clerk_elsewhere(visitor(web), victim).id)
    made = {uploaded(inside_as(web, each), command_id=command).headers["Location"] for each in people}
    assert len(made) == 2
    with begin(web.extensions["engine"]) as tx:
        assert {document_row(tx, address.rsplit("/", 1)[1])["name"] for address in made} == {"甲.txt"}
