"""The embedded servers: what they are made with, who may enter, and that a crash loses nothing."""

import psycopg
import redis


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
