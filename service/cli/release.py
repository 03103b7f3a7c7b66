"""`release`: the step before every start that alone holds the owner's address: schema, standings, the owner goes."""

import os

from service.cli.standings_anew import fold_standings_anew
from service.owner_use import accepted_reason, migrate_and_record
from service.startup_refusals import ReleaseFailed
from workflows.retention import read_retention
from workflows.store.provisioning import retire_owner


def main(arguments: list[str]) -> int:
    """Upgrade the database of GOALTRAIL_OWNER_URL, mark it with GOALTRAIL_MODE, record that, and shut the owner out.

    What the desk shows of tables that other code folded is folded anew, before anybody looks at it.
    `--keep-owner` leaves the owner's login, for a database whose administrator keeps that account.
    """
    owner_url = os.environ.get("GOALTRAIL_OWNER_URL")
    if not owner_url:
        raise ReleaseFailed("缺少环境变量 GOALTRAIL_OWNER_URL：发布步骤需要数据库属主的地址。")
    read_retention(os.environ)
    mode = os.environ.get("GOALTRAIL_MODE")
    migrate_and_record(owner_url, mode, purpose="发布步骤升级表结构", accepted=accepted_reason())
    fold_standings_anew(owner_url)
    if "--keep-owner" not in arguments:
        retire_owner(owner_url)
    return 0
