"""Engines of the application and of the sealer on a fresh database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.support.cluster import Database
from workflows.store.transaction import make_engine


@pytest.fixture
def app(database: Database) -> Iterator[Engine]:
    engine = make_engine(database.app_url, connections=30)
    yield engine
    engine.dispose()


@pytest.fixture
def sealer(database: Database) -> Iterator[Engine]:
    engine = make_engine(database.sealer_url)
    yield engine
    engine.dispose()
