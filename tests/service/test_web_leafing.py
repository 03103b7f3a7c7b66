"""Leafing through more than a thousand tables in the browser: forwards, to the last page, back, to an old address."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from service.app import Web
from service.config import Settings
from service.demo.city import shipped_city
from service.demo.planting import plant_people
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import Visitor, visitor
from workflows.store.accounts import account_of_login
from workflows.store.transaction import begin, make_engine

TABLES, CLERK = 1_075, "jingban"
LAY = """
INSERT INTO desk.table_standing (table_id, version, head, document, ordinal, bureau, department, unit, owner, year,
  title, title_key, family, scope, amount_wan, stage, round, returned, content_hash, provisional, overdue, created_at,
  changed_at, state)
SELECT gen_random_uuid(), 1, sha256(''), NULL, 0, 'b', 'd', 'u', :owner, 2026, 'No.' || to_char(n, 'FM0000'),
  to_char(n, 'FM0000'), 'f', 'project', nullif(n % 7, 0), 'draft', 0, false, '', false, false, log.now(),
  log.now() - make_interval(mins => n), '{}'
FROM generate_series(1, :tables) AS n"""


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    owner = make_engine(database.owner_url, connections=1)
    with begin(owner) as tx:
        tx.scalar("SELECT log.mark_installation('demo')")
    owner.dispose()
    app = opened(Settings(database.app_url, "k" * 40, tmp_path_factory.mktemp("data"), "demo"))
    engine = app.extensions["engine"]
    plant_people(engine, shipped_city(), may_sign_in=True)
    with begin(engine) as tx:
        account = account_of_login(tx, CLERK)
        assert account is not None
        tx.run(LAY, owner=account["person"], tables=TABLES)
    yield app
    engine.dispose()
    cluster.drop(database)


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r">No\.(\d{4})<", page)]


def link(page: str, name: str) -> str:
    found = re.search(rf'href="([^"]*)">{name}</a>', page)
    return unescape(found.group(1)) if found else ""


def leafed(reader: Visitor, address: str, name: str) -> list[int]:
    found: list[int] = []
    while address:
        page = reader.sees(address)
        found = [*found, *numbers(page)] if name == "下一页" else [*numbers(page), *found]
        address = link(page, name)
    return found


def test_a_long_list_is_leafed_from_end_to_end_both_ways(web: Web) -> None:
    reader, whole = visitor(web, CLERK), list(range(1, TABLES + 1))
    first = reader.sees("/tables")
    assert "超过 1000 张" in first
    assert leafed(reader, "/tables", "下一页") == whole
    back = leafed(reader, link(first, "最后一页"), "上一页")
    assert back == [*range(1, 51), *range(TABLES % 50 + 1, TABLES + 1)]  # the first page is always a full one
    amounts = leafed(reader, "/tables?order=amount", "下一页")
    assert (sorted(amounts), [n % 7 for n in amounts[-TABLES // 7 + 1 :]]) == (whole, [0] * (TABLES // 7))


def test_old_addresses_lead_to_their_page_and_beyond_the_end_to_the_last(web: Web) -> None:
    reader = visitor(web, CLERK)
    assert numbers(reader.sees("/tables?page=3")) == list(range(101, 151))
    assert numbers(reader.sees("/tables?page=99999")) == list(range(TABLES - 49, TABLES + 1))
    assert numbers(reader.sees("/tables?text=No.000&page=7")) == list(range(1, 10))
    assert numbers(reader.sees("/tables?after=%00&before=W10")) == list(range(1, 51))
