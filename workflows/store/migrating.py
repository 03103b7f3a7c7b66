"""How the database gets and loses its schemas: roles, then alembic's numbered steps, in one transaction."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from workflows.errors import GoaltrailError
from workflows.store.transaction import Transaction, engine_for_once

ROLES = ("gt_owner", "gt_app", "gt_sealer", "gt_audit")
MIGRATIONS = Path(__file__).parents[2] / "migrations"
TIMEOUTS = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '120s'"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('goaltrail.migrations', 0))"
OWNED = """
SELECT quote_ident(datname) FROM pg_catalog.pg_database
WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')"""
OLDEST_SERVER = 150000


class DatabaseUnfit(GoaltrailError):
    """这个数据库不能使用：需要 PostgreSQL 15 以上版本、UTF8 编码。"""


class RolesMissing(GoaltrailError):
    """数据库中缺少所需的角色，请管理员先执行所列语句。"""


def upgrade(
    owner_url: str, mode: str | None = None, target: str = "head", *, begins: datetime | None = None,
    then: Callable[[Transaction], None] | None = None,
) -> None:  # fmt: skip
    """Bring the database to the newest schema (or `target`), and mark the installation where a mode is named.

    A new demo or simulation may begin at a moment of its own (`begins`, UTC); a marked one keeps its clock.
    The URL's user is gt_owner, or a superuser, which then makes the missing roles. Raises DatabaseUnfit, RolesMissing.
    `then` is done last, as the owner, in the same transaction: what it records is kept with the change or not at all.
    """

    def climb(connection: Connection) -> None:
        _ensure_fit(connection)
        _ensure_roles(connection)
        _close_database(connection)
        _become_owner(connection)
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS migration"))
        command.upgrade(_config(connection), target)
        if mode:
            connection.execute(text("SELECT log.mark_installation(:mode, :begins)"), {"mode": mode, "begins": begins})
        if then:
            then(Transaction(connection))

    _in_one_transaction(owner_url, climb)


def downgrade(owner_url: str, target: str = "base") -> None:
    """Take the schema down to `target`; a log that holds events refuses."""

    def descend(connection: Connection) -> None:
        _become_owner(connection)
        command.downgrade(_config(connection), target)

    _in_one_transaction(owner_url, descend)


def current(url: str) -> str | None:
    """Return the revision that the database stands at, None where it has none; for gt_owner."""
    engine = engine_for_once(url)
    with engine.connect() as connection:
        return current_in(Transaction(connection))


def current_in(tx: Transaction) -> str | None:
    """Return the revision at which the database of an open transaction stands; for gt_owner."""
    if tx.scalar("SELECT to_regclass('migration.alembic_version')") is None:
        return None
    found: str | None = tx.scalar("SELECT version_num FROM migration.alembic_version")
    return found


def newest() -> str:
    """Return the newest revision that this program knows."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _in_one_transaction(url: str, work: Callable[[Connection], None]) -> None:
    engine = engine_for_once(url)
    with engine.begin() as connection:
        connection.execute(text(TIMEOUTS))
        connection.execute(text(ONE_AT_A_TIME))
        work(connection)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _ensure_fit(connection: Connection) -> None:
    version = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    encoding = connection.scalar(text("SELECT current_setting('server_encoding')"))
    if version < OLDEST_SERVER or encoding != "UTF8":
        raise DatabaseUnfit(version=version, encoding=encoding)


def _ensure_roles(connection: Connection) -> None:
    missing = [role for role in ROLES if not connection.scalar(text("SELECT to_regrole(:role)"), {"role": role})]
    wanted = [f"CREATE ROLE {role} NOLOGIN" for role in missing]
    try:
        for statement in wanted:
            connection.execute(text(statement))
    except ProgrammingError as refused:
        said = "；".join(wanted)
        raise RolesMissing(f"数据库中缺少所需的角色，请管理员先执行：{said}", missing=missing) from refused


def _close_database(connection: Connection) -> None:
    """Take from everybody what only the owner needs; a database of somebody else is left as its owner set it up."""
    database = connection.scalar(text(OWNED))
    if database:
        working = ", ".join(("PUBLIC", *ROLES[1:]))
        connection.execute(text(f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {working}"))


def _become_owner(connection: Connection) -> None:
    if connection.scalar(text("SELECT current_user = 'gt_owner'")):
        return
    database = connection.scalar(text("SELECT quote_ident(current_database())"))
    connection.execute(text(f"GRANT CREATE ON DATABASE {database} TO gt_owner"))
    connection.execute(text("SET LOCAL ROLE gt_owner"))
