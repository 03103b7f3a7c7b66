"""The stock: tables by the thousand, cast from lives that the verbs recorded and read into the product's lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from service.bench.ground import Ground
from service.bench.lives import live_until_finance, live_until_unit_review
from service.bench.mould import Mould, Place, Row, mould_of, pour
from service.bench.statements import statement
from service.bench.town import UNITS, House, town
from service.demo.planting import plant_people
from workflows.folds.replay import Table
from workflows.store.rebuilding import rebuild, rebuild_tables
from workflows.store.snapshots import table_now
from workflows.store.timers import set_timers
from workflows.store.transaction import begin, make_engine

BATCH = 2_000
STEP = timedelta(milliseconds=20)


@dataclass
class Stock:
    """The town's tables: what was cast, and how more are."""

    ground: Ground
    resting: Mould
    waiting: Mould
    cast: int = 0
    events: int = 0
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = make_engine(self.ground.application, connections=2)

    def grow_to(self, events: int) -> None:
        """Lay tables, at rest in finance approval, until the log holds so many events; no list shows them yet."""
        with psycopg.connect(self.ground.raw, autocommit=True) as connection:
            while self.events < events:
                wanted = min(BATCH, -(-(events - self.events) // len(self.resting.pieces)))
                self.events += pour(connection, (rows for _, rows in self._casts(self.resting, range(wanted))))
            settle(connection)

    def show_everything(self) -> None:
        """Read the whole log into the product's lists, and let the planner know their sizes."""
        with begin(self.engine) as tx:
            rebuild(tx)
        self.settles()

    def settles(self) -> None:
        """Let the planner know the sizes of what was just written."""
        with psycopg.connect(self.ground.raw, autocommit=True) as connection:
            settle(connection)

    def tables_waiting(self, number: int, houses: Sequence[int] = range(UNITS)) -> list[tuple[UUID, int]]:
        """Lay tables that wait for their unit's head, with their lists and timers; return ID and house of each."""
        made: list[tuple[UUID, int]] = []
        with psycopg.connect(self.ground.raw, autocommit=True) as connection:
            for start in range(0, number, BATCH):
                of = [houses[each % len(houses)] for each in range(start, min(start + BATCH, number))]
                casts = list(self._casts(self.waiting, of))
                self.events += pour(connection, (rows for _, rows in casts))
                made += [(table, house) for (table, _), house in zip(casts, of, strict=True)]
        with begin(self.engine) as tx:
            ids = [table for table, _ in made]
            rebuild_tables(tx, ids)
            for table in ids:
                set_timers(tx, Table(table), table_now(tx, table))
        return made

    def _casts(self, mould: Mould, houses: Sequence[int]) -> Iterator[tuple[UUID, list[Row]]]:
        for house in houses:
            self.cast += 1
            number = house if mould is self.waiting else self.cast % UNITS
            shift = -(STEP * 200_000 - STEP * self.cast)
            yield mould.cast(Place(House(number).tokens()), shift)


def settle(connection: psycopg.Connection[Any]) -> None:
    """Let the planner know the sizes, as autovacuum does in its own time."""
    connection.execute(statement("settle"))


def open_stock(ground: Ground) -> Stock:
    """Plant the town's people, live two lives through the verbs and make moulds of them."""
    engine = make_engine(ground.application, connections=1)
    plant_people(engine, town(), may_sign_in=True)
    place = Place(House(0).tokens())
    lives = [live_until_finance(engine), live_until_unit_review(engine)]
    engine.dispose()
    with psycopg.connect(ground.raw) as connection:
        moulds = [mould_of(connection, streams, place) for streams in lives]
        (events,) = connection.execute(statement("count events")).fetchone() or (0,)
    resting, waiting = moulds
    return Stock(ground, resting, waiting, events=events)
