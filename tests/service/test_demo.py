"""The made-up city: enough different people for the chain, planted once however often, never in production."""

import json
from argparse import Namespace
from dataclasses import replace
from datetime import date

import pytest
from argon2 import PasswordHasher

from service.cli import demo
from service.cli.importing import NothingRuns, import_file, running_address, year_of
from service.demo.city import sample_bytes, shipped_city
from service.demo.planting import NotADemo, plant_documents, plant_people
from service.demo.running import Acting, Month, month_before, shipped_projects
from workflows.definitions import chain_from, shipped
from workflows.errors import FieldsInvalid
from workflows.findings import review
from workflows.forms.reading import read_document
from workflows.packs import pack_for_family
from workflows.store.accounts import account_of_login, all_accounts
from workflows.store.campaign_coverage import coverage_of
from workflows.store.campaign_sums import standings_of
from workflows.store.campaigns import campaigns_of_year
from workflows.store.migrating import upgrade
from workflows.store.organs import all_organs
from workflows.store.posts import people_with_posts
from workflows.store.queries import all_standings, tables_waiting_for
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, Role
from workflows.workdays import beijing_date

CITY = shipped_city()
NOT_IN_THE_CITY = {Role.PUBLIC, Role.SYSTEM}


@pytest.fixture
def demo_engine(database):
    upgrade(database.owner_url, "demo")
    engine = make_engine(database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture
def planted(demo_engine):
    plant_people(demo_engine, CITY, may_sign_in=True)
    plant_documents(demo_engine, CITY, lambda _: None)
    return demo_engine


def test_every_role_of_the_domain_has_somebody():
    held = {post.role for person in CITY.people for post in person.posts}
    assert held == set(Role) - NOT_IN_THE_CITY


def test_nobody_holds_two_posts_and_no_administrator_acts_in_business():
    assert [person.id for person in CITY.people if len(person.posts) != 1] == []
    both = [p.id for p in CITY.people if p.holds_any(BUSINESS_ROLES) and p.holds_any(ADMINISTRATOR_ROLES)]
    assert both == []


@pytest.mark.parametrize("unit", [unit.id for unit in CITY.units()])
def test_every_unit_has_different_people_for_every_desk_of_the_chain(unit):
    home = CITY.home(unit, "")
    desks = chain_from(shipped()).nodes
    holders = [{p.id for p in CITY.people if p.holds(desk.role, getattr(home, desk.of))} for desk in desks]
    assert [desk.node for desk, people in zip(desks, holders, strict=True) if not people] == []
    levels = {desk.level: people for desk, people in zip(desks, holders, strict=True)}
    assert len(set.union(*levels.values())) == sum(len(people) for people in levels.values())


def test_the_city_is_planted_once_however_often(planted):
    with begin(planted) as tx:
        first = caches_as_text(tx)
        passwords = [(row["person"], row["password_hash"], row["generation"]) for row in all_accounts(tx)]
    plant_people(planted, CITY, may_sign_in=True)
    plant_documents(planted, CITY, lambda _: None)
    with begin(planted) as tx:
        assert caches_as_text(tx) == first
        assert [(row["person"], row["password_hash"], row["generation"]) for row in all_accounts(tx)] == passwords
        assert len(all_organs(tx)) == len(CITY.organs)
        assert len(people_with_posts(tx)) == len(CITY.people)


def test_all_sample_tables_wait_as_drafts_at_their_clerks(planted):
    with begin(planted) as tx:
        standings = all_standings(tx)
        assert [row["stage"] for row in standings] == ["draft"] * 15
        waiting = {person.id: len(tables_waiting_for(tx, person)) for person in CITY.people}
        owners = [row["owner"] for row in standings]
        assert {who: count for who, count in waiting.items() if count} == {who: owners.count(who) for who in owners}


def test_the_caches_rebuilt_from_the_log_are_the_planted_ones(planted):
    with begin(planted) as tx:
        before = caches_as_text(tx)
        assert rebuild(tx) == 15
        assert caches_as_text(tx) == before


def test_the_documented_password_opens_every_demo_account(planted):
    with begin(planted) as tx:
        account = account_of_login(tx, "jixiaoke")
        assert PasswordHasher().verify(account["password_hash"], CITY.password) is True
        assert len(all_accounts(tx)) == len(CITY.people)


def test_in_a_simulation_nobody_can_sign_in_with_the_documented_password(database):
    upgrade(database.owner_url, "simulation")
    engine = make_engine(database.app_url)
    plant_people(engine, CITY, may_sign_in=False)
    with begin(engine) as tx, pytest.raises(Exception, match="password"):
        PasswordHasher().verify(account_of_login(tx, "jingban")["password_hash"], CITY.password)
    engine.dispose()


@pytest.mark.parametrize("mode", ["production", None])
def test_outside_a_demo_nothing_is_planted(database, mode):
    upgrade(database.owner_url, mode)
    engine = make_engine(database.app_url)
    with pytest.raises(NotADemo):
        plant_people(engine, CITY, may_sign_in=True)
    with pytest.raises(NotADemo):
        plant_documents(engine, CITY, lambda _: None)
    with begin(engine) as tx:
        assert (all_organs(tx), all_accounts(tx), list(all_standings(tx))) == ([], [], [])
    engine.dispose()


def test_the_verb_plants_and_leaves_the_accounts_for_the_starter(database, tmp_path, monkeypatch):
    upgrade(database.owner_url, "demo")
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
    monkeypatch.setenv("GOALTRAIL_DATA_DIR", str(tmp_path))
    assert demo.main([]) == 0
    shown = json.loads((tmp_path / demo.ACCOUNTS_FILE).read_text(encoding="utf-8"))
    assert {account["role"] for account in shown} == {role.chinese for role in set(Role) - NOT_IN_THE_CITY}
    assert {account["password"] for account in shown} == {CITY.password}
    assert demo.main([]) == 0, "planting again changes nothing"
    engine = make_engine(database.app_url)
    with begin(engine) as tx:
        now = tx.now()
        today = beijing_date(now)
        asked = [each for year in (2022, today.year - 1, today.year, today.year + 1) for each in campaigns_of_year(tx, "qj-czj", year)]
        for each in asked:
            by_table = tuple(replace(unit, tables=()) for unit in coverage_of(tx, each))
            assert standings_of(tx, each) == by_table, "the sums say what the tables say"
        stands = {each.purpose: sorted({unit.standing for unit in coverage_of(tx, each)}) for each in asked}
    engine.dispose()
    goals, results, figures = ("goal_filing", "running"), ("self_evaluation", "over"), ("monitoring", "running")
    due = [figures] if month_before(today) else []
    assert [(each.purpose, each.phase(now)) for each in asked] == [goals, results, *due, goals]
    assert ({each.enforcing for each in asked if each.year == 2022}, {len(each.scope) for each in asked}) == ({False}, {7})
    assert stands["self_evaluation"] == ["filed", "nothing"]
    assert stands.get("monitoring") == (["filed", "late", "missing", "nothing"] if due else None)


def test_figures_are_due_for_the_last_full_month_of_the_year_and_none_in_january():
    assert month_before(date(2026, 11, 22)) == Month(2026, 10)
    assert month_before(date(2026, 2, 1)) == Month(2026, 1)
    assert month_before(date(2026, 1, 31)) is None


@pytest.mark.parametrize("month", [1, 6, 11])
def test_the_projects_under_way_pass_the_pre_review_in_every_month(month):
    projects, data = shipped_projects()
    pack = pack_for_family(data["content"]["family"])
    for project in projects:
        content = Acting(None, CITY, data).filled(project, 2026, month)
        assert review(content, fiscal_year=2026, pack=pack) == ()


def sample(name: str):
    found = next(sample for sample in CITY.samples if sample.file.startswith(name))
    data = sample_bytes(found)
    return read_document(data, found.file), data


def imported(engine, name: str, *, unit=None, year=None, owner=None):
    reading, data = sample(name)
    with begin(engine) as tx:
        return import_file(tx, reading, name, data, Namespace(unit=unit, year=year, owner=owner, chain="standard"))


def test_an_import_asks_for_what_the_document_does_not_print(planted):
    with pytest.raises(FieldsInvalid) as no_year:
        imported(planted, "hebei-special", unit="105001")
    assert no_year.value.sentence == "文件没有印出预算年度，请用 --year 指明，例如 --year 2026。"
    with pytest.raises(FieldsInvalid) as no_unit:
        imported(planted, "hebei-special", year=2022)
    assert no_unit.value.sentence.startswith("《法律顾问咨询费》没有印出本系统中的填报单位，请用 --unit 指明单位编码。")
    with pytest.raises(FieldsInvalid) as no_owner:
        imported(planted, "hebei-special", unit="105001", year=2022)
    assert no_owner.value.sentence == "请用 --owner 指明项目经办人。该单位的经办人：jingban（林晓雯）、jingban2（周子昂）。"
    with pytest.raises(FieldsInvalid) as unknown:
        imported(planted, "hebei-special", unit="999999", year=2022)
    assert unknown.value.sentence.startswith("没有编码为“999999”的单位。现有单位：105001 清江市纪委监委（机关本级）")


def test_an_import_makes_drafts_and_the_same_import_again_changes_nothing(planted):
    first = imported(planted, "henan-unit", unit="118002")
    again = imported(planted, "henan-unit", unit="118002")
    assert (first, len(first)) == (again, 1)
    assert (first[0].unit, first[0].owner, first[0].year) == ("qj-xc-bz", "xcfw.jingban", 2023)
    with begin(planted) as tx:
        assert len(all_standings(tx)) == 16


def test_the_printed_year_counts_and_contradictions_are_named():
    assert year_of([{"fiscal_year": 2023}, {"fiscal_year": None}], None) == 2023
    assert year_of([{"fiscal_year": None}], 2026) == 2026
    with pytest.raises(FieldsInvalid, match="文件所印年度是 2023，与 --year 2024 不一致"):
        year_of([{"fiscal_year": 2023}], 2024)
    with pytest.raises(FieldsInvalid, match="不同年度"):
        year_of([{"fiscal_year": 2023}, {"fiscal_year": 2022}], None)


def test_an_import_finds_the_running_instance_or_says_that_none_runs(tmp_path):
    with pytest.raises(NothingRuns):
        running_address(str(tmp_path), {})
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "app.url").write_text("postgresql+psycopg://x\n")
    assert running_address(str(tmp_path), {}) == "postgresql+psycopg://x"
    assert running_address(None, {"GOALTRAIL_DATABASE_URL": "y"}) == "y"
