"""The made-up city behind a real web application: planted once, entered by name, every page as its people see it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from argon2 import PasswordHasher
from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import Web
from service.cli.demo import ACCOUNTS_FILE, accounts_shown
from service.config import Settings
from service.demo.city import City, shipped_city
from service.demo.planting import plant_documents, plant_people
from service.security import limiter
from tests.support.cluster import Database
from tests.support.compiled_pages import opened
from workflows.store.accounts import put_password
from workflows.store.installation import mode_of
from workflows.store.provisioning import database_statements
from workflows.store.transaction import begin, make_engine

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Argon2id of a thousandth of the cost, written into the hash itself: the product's own takes 0.2 s of CPU at each entrance."""
CITY = "goaltrail_city"
"""The template of the planted city, made once in each cluster: planting again takes seconds, copying a tenth of one."""


def planted(database: Database, folder: Path, redis_url: str | None = None, *, anew: bool = False) -> Web:
    """An application over a database with the city, its people and its documents; planted this moment if `anew`."""
    city = shipped_city()
    if untouched(database) and not anew:
        copied_from_template(database)
    else:
        plant(database, city)
    (folder / ACCOUNTS_FILE).write_text(json.dumps(accounts_shown(city), ensure_ascii=False), encoding="utf-8")
    return opened(Settings(database.app_url, "k" * 40, folder, "demo", redis_url))


def untouched(database: Database) -> bool:
    """Whether nobody has chosen a mode for the installation or written anything yet."""
    with psycopg.connect(plain(database.superuser_url)) as connection:
        question = "SELECT NOT EXISTS (SELECT FROM log.event) AND NOT EXISTS (SELECT FROM log.installation)"
        row = connection.execute(question).fetchone()
    return bool(row and row[0])


def plant(database: Database, city: City) -> None:
    """Put people and documents into a database whose mode is a demo's, or not chosen yet."""
    engine = make_engine(database.owner_url, connections=1)
    with begin(engine) as tx:
        if mode_of(tx) is None:
            tx.scalar("SELECT log.mark_installation('demo')")
    engine.dispose()
    engine = make_engine(database.app_url, connections=1)
    plant_people(engine, city, may_sign_in=True)
    with begin(engine) as tx:
        quick = QUICK.hash(city.password)
        for person in city.people:
            put_password(tx, person.id, quick)
    plant_documents(engine, city, lambda _line: None)
    engine.dispose()


def copied_from_template(database: Database) -> None:
    """Make the database anew as a copy of the planted one; the first in each cluster plants it."""
    address = plain(database.superuser_url).replace(f"@/{database.name}?", "@/postgres?")
    with psycopg.connect(address, autocommit=True) as beside:
        known = beside.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [CITY]).fetchone()
        if not (known and known[0]):
            plant(database, shipped_city())
            copy_of(beside, CITY, database.name)
            return
        beside.execute(f"DROP DATABASE {database.name} WITH (FORCE)")
        copy_of(beside, database.name, CITY)


def copy_of(beside: psycopg.Connection[Any], name: str, template: str) -> None:
    """Make a database as a copy of another that nobody is connected to."""
    statements = database_statements(name)
    statements[0] = statements[0].replace("TEMPLATE template0", f"TEMPLATE {template} STRATEGY file_copy")
    for statement in statements:
        beside.execute(statement)


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


UNCOUNTED = "GOALTRAIL_TEST_UNCOUNTED"


@limiter.request_filter
def _uncounted() -> bool:
    return bool(current_app.config.get(UNCOUNTED))


def counts_no_requests(app: Web) -> None:
    """Let this application, and no other of the process, answer however often it is asked."""
    app.config[UNCOUNTED] = True


@dataclass
class Visitor:
    """A person at a browser without JavaScript: goes to pages, fills their forms in, presses their buttons."""

    client: FlaskClient
    city: City

    def enters_as(self, login: str, password: str | None = None) -> TestResponse:
        self.client.get("/login")
        token = field(self.client.get("/login").text, "csrf_token")
        return self.client.post("/login", data={"csrf_token": token, "login": login, "password": password or self.city.password})

    def sees(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code, response.text[:2000])
        return response.text

    def sends(self, page: str, address: str, **fields: object) -> TestResponse:
        """Post a form of the page at `page` to `address` with its hidden fields and these."""
        shown = self.sees(page)
        hidden = {name: field(shown, name) for name in ("csrf_token", "version", "content_hash", "draft_version")}
        return self.client.post(address, data={**hidden, "command_id": str(uuid4()), **fields})


def field(page: str, name: str) -> str:
    """The value of the first hidden field of that name, empty where the page has none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found.group(1) if found else ""


def visitor(app: Web, login: str | None = None) -> Visitor:
    """Somebody at the door, or already inside."""
    somebody = Visitor(app.test_client(), shipped_city())
    if login:
        assert somebody.enters_as(login).status_code == 303
    return somebody
