"""The host's own clock as a test may set it: what a database's application reads as the present leaps forward or back."""

import psycopg

from tests.support.cluster import Database

MAKE = """
CREATE SCHEMA faked;
CREATE TABLE faked.host (ahead interval NOT NULL);
INSERT INTO faked.host VALUES ('0');
CREATE FUNCTION faked.clock_timestamp() RETURNS timestamptz VOLATILE SECURITY DEFINER LANGUAGE sql
  AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM faked.host';
GRANT USAGE ON SCHEMA faked TO gt_app"""
READ_FIRST = 'ALTER ROLE gt_app IN DATABASE {name} SET search_path = faked, pg_catalog, "$user", public'
LEAP = """
ALTER TABLE log.installation DISABLE TRIGGER USER;
UPDATE log.installation SET virtual_offset = virtual_offset + make_interval(secs => {seconds});
ALTER TABLE log.installation ENABLE TRIGGER USER;
UPDATE faked.host SET ahead = ahead + make_interval(secs => {seconds})"""


class HostClock:
    """The clock of one database's host: what the ledger reads (`log.now`) and what leases read leap together."""

    def __init__(self, database: Database) -> None:
        self.address = database.superuser_url.replace("postgresql+psycopg", "postgresql")
        self._run(MAKE, READ_FIRST.format(name=database.name))

    def leaps(self, seconds: float) -> None:
        self._run(LEAP.format(seconds=seconds))

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
