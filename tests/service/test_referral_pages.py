"""8.4 移送, in the manner of INV20: who may read finds it on every path; nobody else finds a trace on any route."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from uuid import UUID, uuid4
from zipfile import BadZipFile, ZipFile

import pytest
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.app import Web
from tests.api.asking import Program, fresh_cases
from tests.service.test_every_route_every_role import ARGUMENT
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import counts_no_requests, planted, visitor

WORDS, NUMBER, ANSWER = "虚列值守支出三万元，涉嫌违反财经纪律", "清财移〔2026〕9号", "已立案初核，另行通报"
MAKER = "yewuke"
"""Of the bureau's business section: reads his own referral and no other."""
READERS = ("jixiaoke", "fenguan", "guancha", MAKER)


class World:
    """A table in review that the business section referred, and the performance section heard what became of it."""

    def __init__(self, app: Web) -> None:
        self.app = app
        (self.case,) = fresh_cases(app)
        self.case.drafted()
        self.case.submitted()
        self.head = self.case.table.head
        self.page = f"/tables/{self.case.id}/referrals"
        self.made = visitor(app, MAKER).sends(self.page, self.page, to="discipline", words=WORDS, doc_no=NUMBER, receiver="")
        self.referral = UUID(self.made.location.rsplit("/", 1)[-1])
        self.shown = f"/referrals/{self.referral}"
        self.answered = visitor(app, "jixiaoke").sends(
            self.shown, f"{self.shown}/answers", outcome="accepted", words=ANSWER, version="1"
        )
        self.after = self.case.table.head

    @property
    def marks(self) -> tuple[str, ...]:
        return WORDS, NUMBER, ANSWER, str(self.referral)


@pytest.fixture(scope="module")
def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("referrals"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    first.extensions["engine"].dispose()
    counts_no_requests(app)
    yield World(app)
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_whoever_may_read_finds_it_from_the_table_to_the_last_answer(world: World) -> None:
    assert (world.made.status_code, world.answered.status_code) == (303, 303)
    for who in READERS:
        somebody = visitor(world.app, who)
        assert f'href="{world.page}"' in somebody.sees(f"/tables/{world.case.id}")
        assert str(world.referral) in somebody.sees("/referrals")
        page = somebody.sees(world.shown)
        assert [mark in page for mark in (WORDS, NUMBER, ANSWER)] == [True, True, True], who


def test_the_observer_reads_and_has_no_form_the_office_has(world: World) -> None:
    forms = {who: f"{world.shown}/answers" in visitor(world.app, who).sees(world.shown) for who in READERS}
    assert forms == {"jixiaoke": True, "fenguan": True, "guancha": False, MAKER: True}


def test_the_table_does_not_change(world: World) -> None:
    assert (world.made.status_code, world.answered.status_code, world.after) == (303, 303, world.head)


NOBODY = ("jingban", "fuzeren", "guicai", "baomi", "yewuke2", "yusuanke", "liucheng", "shenjiguanli")
"""The unit's clerk and head, its department and secrecy reviewer, the bureau's other people, the administrators."""


def reading(app: Web) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.rule.startswith("/static")]


@pytest.mark.parametrize("who", [each for each in NOBODY if each not in ("fuzeren", "liucheng")])
def test_nobody_else_finds_a_trace_of_it_on_any_route(world: World, who: str) -> None:
    """Pages, lists, feeds, histories, pages of a moment, files and errors alike; a referral's address is like any other."""
    client, found = visitor(world.app, who).client, []
    ids = {"table_id": str(world.case.id), "document_id": world.case.table.document, "size": "1", "version": "1", "action": "approve"}
    for rule in reading(world.app):
        if rule.endpoint.startswith("referring.") or "referral_id" in rule.arguments:
            continue
        address = ARGUMENT.sub(lambda match: ids.get(match[1], str(uuid4())), rule.rule)
        told = unzipped(client.get(address).data)
        found += [(rule.rule, mark) for mark in world.marks if mark.encode() in told]
    assert found == []


def refused_alike(told: list[TestResponse]) -> None:
    """Both answers say that there is no such thing, and nothing but the address tells them apart."""
    assert [each.status_code for each in told] == [404, 404]
    said, unknown = ({**each.json, "instance": ""} for each in told)
    assert said == unknown


def timeless(page: str) -> str:
    """A page without the clock of a demonstration, which may strike between two of them."""
    return re.sub(r'<div class="mode">.*</div>', "", page)


def unzipped(data: bytes) -> bytes:
    """A file's bytes, of an archive its members' too."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return data + b"\n".join(archive.read(name) for name in archive.namelist())
    except BadZipFile:
        return data


@pytest.mark.parametrize("who", NOBODY)
def test_its_address_answers_everybody_else_as_one_that_there_is_not(world: World, who: str) -> None:
    client, unknown = visitor(world.app, who).client, uuid4()
    told = [client.get(address) for address in (world.shown, f"/referrals/{unknown}")]
    assert ([each.status_code for each in told], timeless(told[0].text)) == ([404, 404], timeless(told[1].text))
    program = Program(world.app, who)
    told = [program.get(f"/referrals/{each}") for each in (world.referral, unknown)]
    refused_alike(told)
    assert program.get("/referrals").json == {"items": []}
    body = {"version": 2, "outcome": "declined", "words": ANSWER}
    told = [program.post(f"/referrals/{each}/answers", body) for each in (world.referral, unknown)]
    refused_alike(told)


@pytest.mark.parametrize("who", [each for each in NOBODY if each != "yewuke2"])
def test_who_may_not_refer_finds_no_page_to_do_it(world: World, who: str) -> None:
    client, unknown = visitor(world.app, who).client, uuid4()
    told = [client.get(f"/tables/{each}/referrals") for each in (world.case.id, unknown)]
    assert ([each.status_code for each in told], timeless(told[0].text)) == ([404, 404], timeless(told[1].text))
    assert client.get("/referrals").status_code == 404
    body = {"to": "discipline", "words": WORDS}
    told = [Program(world.app, who).post(f"/tables/{each}/referrals", body) for each in (world.case.id, unknown)]
    refused_alike(told)


def test_nobody_is_sent_a_message_of_it(world: World) -> None:
    with world.app.extensions["engine"].connect() as connection:
        told = "SELECT count(*) FROM desk.outbox WHERE rendered::text LIKE :mark OR log_stream = :stream"
        assert connection.execute(text(told), {"mark": "%移送%", "stream": world.referral}).scalar_one() == 0


def test_programs_of_those_who_may_read_get_it(world: World) -> None:
    told = Program(world.app, "guancha").get(f"/referrals/{world.referral}").json
    assert (told["words"], told["doc_no"], [each["outcome"] for each in told["answers"]]) == (WORDS, NUMBER, ["accepted"])


def test_a_program_refers_and_only_tries(world: World) -> None:
    program = Program(world.app, "jixiaoke")
    path, body = f"/tables/{world.case.id}/referrals?dry_run=1", {"to": "finance_supervision", "words": WORDS}
    tried = program.post(path, body)
    assert (tried.status_code, tried.json["dry_run"]) == (200, True)
    assert program.get(f"/referrals/{tried.json['referral']}").status_code == 404


def test_a_wrong_form_keeps_what_was_typed(world: World) -> None:
    sent = visitor(world.app, "jixiaoke").sends(world.page, world.page, to="discipline", words="短", doc_no=NUMBER, receiver="")
    assert sent.status_code == 422
    assert ("不少于5个字" in sent.text, f'value="{NUMBER}"' in sent.text) == (True, True)
