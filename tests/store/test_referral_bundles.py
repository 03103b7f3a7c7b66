"""8.4 移送 in bundles: the whole log holds it with its words; a table's and a year's hold nothing of it and verify."""

import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.support import roster
from tests.support.anchoring import seal
from tests.support.auditor import verify
from tests.support.bundles import Opened
from tests.support.cluster import Database
from tests.workers.desk import BEGINS, Bureau
from workflows.commands.administering import give_grant
from workflows.commands.referring import make_referral
from workflows.errors import NotFound
from workflows.ledger.bundle import EVERYTHING, Scope, of_table, of_year
from workflows.referrals.referral import Referral
from workflows.store.exporting import write_bundle
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.one_view import one_view
from workflows.store.referrals import referral_read_by, referrals_read_by
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM

WORDS, NUMBER = "虚列支出，涉嫌违反财经纪律", "清财移〔2026〕1号"


@pytest.fixture
def referred(database: Database, app: Engine, sealer: Engine) -> tuple[UUID, Referral]:
    """A table in the unit's review that the performance section referred; everything is sealed."""
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    with begin(app) as tx:
        for person in sorted(roster.PEOPLE, key=lambda each: each is not roster.SECURITY_ADMIN):
            by = SYSTEM if person is roster.SECURITY_ADMIN else roster.SECURITY_ADMIN
            for post in person.posts:
                give_grant(PostgresJournal(tx), person=person.id, name=person.name, post=post, by=by, command_id=uuid4())
    table = Bureau(app).table("in_unit_review").id
    with begin(app) as tx:
        made = make_referral(
            PostgresJournal(tx), uuid4(), table_id=table, to="discipline", words=WORDS, doc_no=NUMBER,
            by=roster.FINANCE_PERFORMANCE, command_id=uuid4(),
        )  # fmt: skip
    seal(sealer)
    return table, made


def exported(app: Engine, scope: Scope, path: Path) -> tuple[Opened, list]:
    """A bundle, and what the verifier finds wrong in it offline, but that no note lies outside."""
    out = io.BytesIO()
    with one_view(app) as tx:
        write_bundle(tx, out, scope)
    path.write_bytes(out.getvalue())
    return Opened(out.getvalue()), [each for each in verify.verify(str(path), processes=1).findings if each.check != "notes"]


def test_the_auditors_bundle_holds_it_and_the_tables_verifies_without_a_trace(referred, app, tmp_path):
    table, made = referred
    whole, judged = exported(app, EVERYTHING, tmp_path / "whole.zip")
    assert judged == []
    assert {WORDS, NUMBER} <= set(whole.words.values())
    assert [each["kind"] for each in whole.lines("events.jsonl") if each["stream"] == str(made.id)] == ["referral.made"]
    for scope in (of_table(table), of_year(2026)):
        part, judged = exported(app, scope, tmp_path / "part.zip")
        told = b"\n".join(data for name, data in part.members.items() if name != "verify.py").decode(errors="replace")
        assert (judged, [mark for mark in (WORDS, NUMBER, str(made.id), "referral") if mark in told]) == ([], [])


def test_only_those_who_may_read_find_it_in_the_database(referred, app):
    table, made = referred
    with begin(app) as tx:
        found = {each.id for each in roster.PEOPLE if [one.referral for one in referrals_read_by(tx, each, table)] == [made]}
        assert found == {"performance", "leader", "observer"}
        assert referrals_read_by(tx, roster.OBSERVER, uuid4()) == ()
        for each in (roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS, roster.AUDIT_ADMIN, roster.EVERY_HAT):
            with pytest.raises(NotFound):
                referral_read_by(tx, each, made.id)
