"""`migrate`: prepares a database from outside: its four roles where we may make them, then the newest schema."""

import argparse
import os

from service.cli.standings_anew import fold_standings_anew
from service.owner_use import accepted_reason, migrate_and_record
from service.startup_refusals import OneRoleForEverything
from workflows.store.migrating import current


def migrate(owner_url: str, mode: str | None = None) -> str | None:
    """Bring the database to the newest schema and return its revision; raises RolesMissing with the SQL needed."""
    migrate_and_record(owner_url, mode, purpose="外部数据库升级表结构", accepted=accepted_reason())
    fold_standings_anew(owner_url)
    return current(owner_url)


def main(arguments: list[str]) -> int:
    """Migrate the database of GOALTRAIL_OWNER_URL, else of DATABASE_URL, and tell what the administrator does next."""
    parser = argparse.ArgumentParser(prog="python3 -m service migrate", description="准备外部数据库。")
    parser.add_argument("--mode", choices=("demo", "simulation", "production"), help="首次迁移时标记用途，不能更改")
    options = parser.parse_args(arguments)
    address = os.environ.get("GOALTRAIL_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not address:
        raise OneRoleForEverything("请用 GOALTRAIL_OWNER_URL 给出属主（gt_owner）或管理员的数据库地址。")
    scheme, _, rest = address.partition("://")
    revision = migrate(f"postgresql+psycopg://{rest}" if scheme.startswith("postgres") else address, options.mode)
    print(f"数据库已升级到 {revision}。")
    print("请为三个运行账号设置各自的口令：ALTER ROLE gt_app LOGIN PASSWORD '…'；gt_sealer、gt_audit 同样。")
    return 0
