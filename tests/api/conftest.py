"""One made-up city for all tests of the REST interface; tokens may decide there, so that every verb can be asked."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.app import Web
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import counts_no_requests, planted


@pytest.fixture(scope="session")
def city(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The city with its documents, as an installation that lets tokens decide; requests are not counted."""
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("api"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    first.extensions["engine"].dispose()
    counts_no_requests(app)
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)
