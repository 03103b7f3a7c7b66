"""The pages in English: every word has its English, and who chooses it reads it while the record stays as written."""

import re
from collections.abc import Iterator

import pytest

from service.app import Web
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.english import said, translated
from tests.support.web_city import counts_no_requests, planted, visitor

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("english"))
    counts_no_requests(app)
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_every_word_of_the_pages_has_its_english() -> None:
    """Where this fails: `python -m tests.support.english` takes new words in and says which want translating."""
    catalogue = translated()
    assert {each for each in said() if not catalogue.get(each)} == set()
    assert set(catalogue) - said() == set()


def test_what_is_filled_into_a_sentence_is_filled_in_in_both_languages() -> None:
    assert {text: english for text, english in translated().items() if sorted(PLACE.findall(text)) != sorted(PLACE.findall(english))} == {}


def test_who_chooses_english_reads_it_until_he_chooses_chinese_again(web: Web) -> None:
    clerk, head = visitor(web, "jingban"), visitor(web, "fuzeren")
    assert "<h1>待办" in clerk.sees("/work")
    assert '<html lang="zh-CN">' in clerk.sees("/work")
    assert clerk.sends("/account", "/account/language", language="en").status_code == 303
    page = clerk.sees("/account")
    assert '<html lang="en">' in page
    assert "<h1>My account</h1>" in page
    assert "<h2>Change password</h2>" in page
    assert "<h1>待办" in head.sees("/work")
    assert clerk.sends("/account", "/account/language", language="zh").status_code == 303
    assert "<h1>本人账号</h1>" in clerk.sees("/account")


def test_a_language_that_there_is_not_is_refused_and_the_choice_stays(web: Web) -> None:
    someone = visitor(web, "caiwu")
    refused = someone.sends("/account", "/account/language", language="tlh")
    assert refused.status_code == 422
    assert "请选择界面语言。" in refused.get_data(as_text=True)
    assert '<html lang="zh-CN">' in someone.sees("/account")


def test_a_refusal_is_read_in_english(web: Web) -> None:
    someone = visitor(web, "chushi")
    someone.sends("/account", "/account/language", language="en")
    answer = someone.client.get("/tables/00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 404
    assert "There is no such thing, or you may not see it." in answer.get_data(as_text=True)
