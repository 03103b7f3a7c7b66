"""The pages under attack: forged identifiers, values no form would send, foreign subjects, a broker that is away."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service.app import Web
from service.demo.city import sample_bytes
from service.pages.draft_form import content_of
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.commands.drafting import content_in_work
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


def draft_of(app: Web, table: Table):
    with begin(app.extensions["engine"]) as tx:
        return content_in_work(PostgresJournal(tx), table)


def draft_form(app: Web, clerk: Visitor, table: Table, **more: object) -> dict[str, object]:
    """What the browser would post of a draft whose weights alone are touched, beside `more`."""
    draft, page = draft_of(app, table), clerk.sees(f"/tables/{table.id}/draft")
    hidden = {name: field(page, name) for name in ("csrf_token", "version", "content_hash", "draft_version")}
    plain = {name: draft.content[name] or "" for name in ("title", "purpose", "disclosure")}
    rows = [row["id"] for row in draft.content["indicators"]]
    return {**hidden, **plain, "command_id": str(uuid4()), "row": rows, "reason": "核对后更正内容", "do": "save", **more}


@pytest.fixture
def clerk_and_table(web: Web) -> tuple[Visitor, Table]:
    table = next(each for each in tables(web) if each.title == "运营经费")
    return visitor(web, table.owner), table


def test_row_numbers_come_from_the_server(web: Web, clerk_and_table: tuple[Visitor, Table]) -> None:
    clerk, table = clerk_and_table
    rows = [row["id"] for row in draft_of(web, table).content["indicators"]]
    forged = ["r1", "r1", "r0", "r٣", "r²", "../r1", "", "r1\x00", "r99999", "r" + "9" * 5000, *rows]
    form = draft_form(web, clerk, table, row=forged, **{"r99999-level3": "新的一行"})
    assert clerk.client.post(f"/tables/{table.id}/draft", data=form).status_code == 303
    kept = draft_of(web, table).content["indicators"]
    assert sorted(row["id"] for row in kept) == sorted([*rows, f"r{len(rows) + 1}"])
    assert [row["level3"] for row in kept if row["id"] not in rows] == ["新的一行"]


def test_a_new_row_takes_no_number_that_a_recorded_row_has_had() -> None:
    base = {"budget": {}, "spending_plan": [], "indicators": [{"id": "r2", "target": {"raw": None}}]}
    content = content_of(MultiDict([("row", "r7"), ("row", "r2"), ("row", "r8")]), base, used=("r5",))
    assert [row["id"] for row in content["indicators"]] == ["r6", "r2", "r7"]


def test_a_stale_form_is_told_so_before_it_is_asked_for_reasons(web: Web, clerk_and_table: tuple[Visitor, Table]) -> None:
    clerk, table = clerk_and_table
    form = draft_form(web, clerk, table)
    assert clerk.client.post(f"/tables/{table.id}/draft", data=form | {"purpose": "甲写的用途"}).status_code == 303
    late = clerk.client.post(f"/tables/{table.id}/draft", data=form | {"purpose": "乙写的用途", "reason": ""})
    assert (late.status_code, "<del>甲写的用途</del>" in late.text) == (409, True)


def test_what_is_submitted_is_the_draft_that_was_seen(web: Web, clerk_and_table: tuple[Visitor, Table]) -> None:
    clerk, table = clerk_and_table
    page = clerk.sees(f"/tables/{table.id}")
    form = {name: field(page, name) for name in ("csrf_token", "version", "content_hash", "draft_version")}
    assert form["draft_version"] == str(draft_of(web, table).version)
    assert clerk.client.post(f"/tables/{table.id}/draft", data=draft_form(web, clerk, table, purpose="后来改的用途")).status_code == 303
    for stale in (form, {**form, "draft_version": ""}, {**form, "draft_version": "²"}):
        answer = clerk.client.post(f"/tables/{table.id}/submit", data={**stale, "command_id": str(uuid4())})
        assert (answer.status_code, "您看到的内容与现在的内容不一致" in answer.text) == (409, True)
        assert field(answer.text, "draft_version") == str(draft_of(web, table).version)
    fresh = clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/submit")
    assert (fresh.status_code, "机审发现必须先改正的问题" in fresh.text) == (422, True)
