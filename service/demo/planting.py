"""Planting the made-up city: organs, accounts, grants as events, and the sample documents as drafts; safe to repeat."""

import secrets
from collections.abc import Callable
from uuid import UUID, uuid5

from argon2 import PasswordHasher
from sqlalchemy import Engine

from service.demo.city import City, Sample, sample_bytes
from workflows.commands.administering import PEOPLE, give_grant
from workflows.commands.importing import Filing, import_document
from workflows.errors import NotAllowed
from workflows.forms.reading import Reading, read_document
from workflows.journal import Journal
from workflows.store.accounts import account_of_person, make_account
from workflows.store.installation import mode_of
from workflows.store.journal import PostgresJournal
from workflows.store.organs import put_organ
from workflows.store.transaction import Transaction, begin
from workflows.vocabulary import Actor, Post, Role

DEMO = UUID("5e0b9d3a-91e4-5b0a-8d0e-6f2c4a7b1d33")
"""Namespace of the demo's command ids: planting twice repeats the same commands, which changes nothing."""
MODES = ("demo", "simulation")


class NotADemo(NotAllowed):
    """本数据目录不是演示或模拟环境，不能放入演示机构和账号。"""


def plant_people(engine: Engine, city: City, *, may_sign_in: bool) -> None:
    """Make organs, accounts and grants in one transaction; raises NotADemo in production.

    Where nobody signs in (a simulated year) the accounts get a random password that nobody knows.
    """
    with begin(engine) as tx:
        refuse_production(tx)
        for organ in city.organs:
            put_organ(tx, organ.id, name=organ.name, kind=organ.kind, parent=organ.parent, code=organ.code)
        _make_accounts(tx, city, city.password if may_sign_in else secrets.token_urlsafe(24))
        _give_grants(PostgresJournal(tx), city)


def refuse_production(tx: Transaction) -> None:
    """Raise NotADemo unless the installation was made as a demo or simulation."""
    if mode_of(tx) not in MODES:
        raise NotADemo(rule="R-DEMO")


def _make_accounts(tx: Transaction, city: City, password: str) -> None:
    """Make the missing accounts. All share one password that is printed anyway, so they may share its one hash."""
    missing = [person for person in city.people if account_of_person(tx, person.id) is None]
    hashed = PasswordHasher().hash(password) if missing else ""
    for person in missing:
        mail = f"{person.id}@{city.mail_domain}"
        make_account(tx, person=person.id, login=person.id, name=person.name, password_hash=hashed, email=mail)


def _give_grants(journal: Journal, city: City) -> None:
    by = security_officer(city)
    for person in city.people:
        for post in person.posts:
            command = uuid5(DEMO, f"grant:{person.id}:{post.role}:{post.organ}")
            if not journal.recorded(uuid5(PEOPLE, person.id), command):
                give_grant(journal, person=person.id, name=person.name, post=post, by=by, command_id=command)


def security_officer(city: City) -> Actor:
    """Return who gives grants: the security administrator (R17)."""
    return next(person for person in city.people if person.holds(Role.SECURITY_ADMIN))


def plant_documents(engine: Engine, city: City, tell: Callable[[str], None]) -> None:
    """File every sample document that is not filed yet; its tables become drafts at their clerks' desks."""
    for sample in city.samples:
        data = sample_bytes(sample)
        reading = read_document(data, sample.file)
        with begin(engine) as tx:
            refuse_production(tx)
            tables = _file(PostgresJournal(tx), city, sample, filing_of(reading, sample.file, data))
        tell(f"{sample.file}：{tables} 张绩效目标表")


def _file(journal: Journal, city: City, sample: Sample, filing: Filing) -> int:
    homes = city.homes_of(sample, tuple(filing.document["tables"]))
    document = uuid5(DEMO, f"document:{sample.file}")
    tables = import_document(
        journal, document, filing=filing, homes=homes, year=sample.year, by=city.person(homes[0].owner),
        post=Post(Role.CLERK, homes[0].unit), command_id=uuid5(document, "import"),
    )  # fmt: skip
    return len(tables)


def filing_of(reading: Reading, name: str, data: bytes) -> Filing:
    """Return a reading as it is filed, with what the reader found on the way."""
    findings = [
        {"line": each.line, "text": each.text, "guess": each.guess, "sort": each.sort.value}
        for each in reading.findings
    ]  # fmt: skip
    return Filing(name, data, reading.document, findings)
