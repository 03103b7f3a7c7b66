"""The embedded servers: what they are made with, who may enter, and that a crash loses nothing."""

import os
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis

from service.database_choice import choose_broker, choose_installation
from service.embedded_valkey import EmbeddedValkey
from service.installation import outside_addresses
from service.run_as import copied_binaries, namespace_works
from service.startup_refusals import NoBrokerServer, NoDatabaseServer, OneRoleForEverything
from tests.support.cluster import TEMPLATE, made_server, short_folder
from workflows.store.provisioning import RETIRE_OWNER

PASSWORD = "a-password-for-this-test"


def plain(url):
    return url.replace("postgresql+psycopg", "postgresql")


def asked(url, question):
    with psycopg.connect(plain(url)) as connection:
        return connection.execute(question).fetchone()


def test_database_is_made_with_checksums_utf8_code_point_order_and_utc(database):
    answer = asked(
        database.app_url,
        "SELECT current_setting('data_checksums'), current_setting('server_encoding'), current_setting('timezone'), "
        "current_setting('listen_addresses'), 'Z' < 'a' COLLATE \"default\", current_user",
    )
    assert answer == ("on", "UTF8", "UTC", "", True, "gt_app")


def test_each_role_has_its_own_address(database):
    addresses = (database.owner_url, database.app_url, database.sealer_url, database.audit_url)
    assert [asked(address, "SELECT current_user")[0] for address in addresses] == [
        "gt_owner",
        "gt_app",
        "gt_sealer",
        "gt_audit",
    ]


def test_broker_answers_both_spellings_and_forgets_on_demand(broker):
    client = redis.Redis.from_url(broker.redis_url)
    client.set("a", "b")
    broker.flushall()
    assert client.get("a") is None
    client.close()
    assert broker.celery_url == f"redis+socket://{broker.server.socket}"


def test_acknowledged_rows_outlive_an_immediate_stop_and_a_kill(durable_cluster):
    cluster = durable_cluster()
    database = cluster.new_database(TEMPLATE)
    for end in (lambda: cluster.stop("immediate"), cluster.kill):
        with psycopg.connect(plain(database.app_url)) as connection:
            connection.execute("SELECT log.put_content(%s)", (f"row after {end}".encode(),))
        before = asked(database.app_url, "SELECT count(*) FROM log.content")
        end()
        cluster.start()
        assert asked(database.app_url, "SELECT count(*) FROM log.content") == before
    assert before == (2,)


@pytest.mark.parametrize("path", ["wheel", "fallback", "system"])
def test_each_path_to_a_database_works_when_forced(path):
    try:
        installation = choose_installation({**os.environ, "GOALTRAIL_DATABASE_PATH": path})
    except NoDatabaseServer:
        pytest.skip(f"untested here: no PostgreSQL by the path {path}")
    with short_folder() as folder:
        server = made_server(folder, installation=installation)
        server.run_alone([f"ALTER ROLE postgres PASSWORD '{PASSWORD}'"])
        server.start()
        found = asked(server.url("postgres", PASSWORD, database="postgres"), "SHOW server_version_num")
        assert (installation.path, int(found[0]) // 10000) == (path, installation.major)
        assert server.stop() == 0


@pytest.mark.parametrize("path", ["wheel", "system"])
def test_each_path_to_a_broker_works_when_forced(path):
    try:
        chosen = choose_broker({**os.environ, "GOALTRAIL_BROKER_PATH": path})
    except NoBrokerServer:
        pytest.skip(f"untested here: no broker by the path {path}")
    with short_folder() as folder:
        server = EmbeddedValkey(chosen, folder, folder / "broker.log")
        server.start()
        assert (chosen.path, server.ready(), server.stop()) == (path, True, 0)


def test_the_order_is_wheel_first_and_without_any_the_sentence_is_clear():
    assert choose_installation({"PATH": ""}).path == "wheel"
    assert choose_broker({"PATH": ""}).path == "wheel"
    with pytest.raises(NoDatabaseServer) as refused:
        choose_installation({"PATH": "", "GOALTRAIL_DATABASE_PATH": "nowhere"})
    assert refused.value.sentence == "没有可用的 PostgreSQL：既没有随包附带的版本，也没有找到系统安装的 PostgreSQL 15 或更高版本。"


@pytest.mark.parametrize("way", ["namespace", "copy"])
def test_root_steps_down_by_each_way(way, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("untested here: only root steps down")
    if way == "namespace" and not namespace_works(Path("/bin/sh"), Path("/tmp")):
        pytest.skip("untested here: this kernel gives root no user namespace")
    monkeypatch.setenv("GOALTRAIL_ROOT_WAY", way)
    with short_folder() as folder:
        folder.chmod(0o755)
        installation = choose_installation(os.environ)
        if way == "copy":
            copy = copied_binaries(installation.folder, folder / "binaries")
            installation = replace(installation, folder=copy)
            folder.chmod(0o777)
        server = made_server(folder, installation=installation)
        server.run_alone([f"ALTER ROLE postgres PASSWORD '{PASSWORD}'"])
        server.start()
        owner = (folder / "data").stat().st_uid
        seen = Path(f"/proc/{server.process.pid}/status").read_text()
        effective = next(line.split()[2] for line in seen.splitlines() if line.startswith("Uid:"))
        capabilities = next(line.split()[1] for line in seen.splitlines() if line.startswith("CapEff:"))
        assert (server.run_as.way, int(capabilities, 16)) == (way, 0)
        assert (owner, int(effective)) == ((0, 0) if way == "namespace" else (server.run_as.user, server.run_as.user))
        assert asked(server.url("postgres", PASSWORD, database="postgres"), "SELECT 1") == (1,)
        assert server.stop() == 0


def test_the_owner_shuts_itself_out_and_nobody_else_may(database):
    for address in (database.app_url, database.sealer_url, database.audit_url):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(address, RETIRE_OWNER)


def test_nobody_else_gets_in(cluster, database):
    with psycopg.connect(plain(database.superuser_url), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute(f"CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}'")
    with pytest.raises(psycopg.OperationalError) as refused:
        asked(cluster.server.url("stranger", PASSWORD, database=database.name), "SELECT 1")
    assert str(refused.value).splitlines()[0].endswith(f'permission denied for database "{database.name}"')


def test_a_database_from_outside_needs_one_account_for_each_role():
    named = {"DATABASE_URL": "postgresql://gt_app:a@host/db", "GOALTRAIL_SEALER_URL": "postgres://gt_sealer:b@host/db"}
    addresses = outside_addresses(named)
    assert (addresses.owner, addresses.application, addresses.sealer) == (
        None,
        "postgresql+psycopg://gt_app:a@host/db",
        "postgresql+psycopg://gt_sealer:b@host/db",
    )
    assert outside_addresses({}) is None
    for one_role in ({"DATABASE_URL": "postgresql://admin:a@host/db"}, {**named, "GOALTRAIL_SEALER_URL": named["DATABASE_URL"]}):
        with pytest.raises(OneRoleForEverything):
            outside_addresses(one_role)
