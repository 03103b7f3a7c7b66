"""Fixtures shared by all tests: a fresh migrated PostgreSQL database, a private broker, a cluster that may be crashed."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from tests.support.cluster import FAST, TEMPLATE, Broker, Database, TestCluster, running_broker, running_cluster

EXPLORES = "GOALTRAIL_EXPLORE"
"""Set where tests may draw examples that were never drawn before: with `test --all`, or by hand."""

LONG_ONES = ("tests/end_to_end/", "tests/workers/test_chaos", "tests/service/test_year.py", "tests/house/test_laws.py")
"""Begun first, in the order that they were shuffled into: one worker has the town and the browser, and nobody waits at the end."""

settings.register_profile(
    "goaltrail", deadline=None, derandomize=EXPLORES not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.load_profile("goaltrail")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take long before the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_ONES))


@pytest.fixture(scope="session")
def cluster() -> Iterator[TestCluster]:
    """One PostgreSQL cluster for each worker of the test run."""
    with running_cluster(**FAST) as running:
        yield running


@pytest.fixture
def database(cluster: TestCluster) -> Iterator[Database]:
    """A database fresh from the migrated template."""
    made = cluster.new_database(TEMPLATE)
    yield made
    cluster.drop(made)


@pytest.fixture
def empty_database(cluster: TestCluster) -> Iterator[Database]:
    """A database that was never migrated."""
    made = cluster.new_database()
    yield made
    cluster.drop(made)


@pytest.fixture
def durable_cluster() -> Iterator[Callable[[], TestCluster]]:
    """Make clusters that write safely to disk and may be stopped, killed and started again by the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(running_cluster())


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A private Redis-like server."""
    with running_broker() as running:
        yield running
