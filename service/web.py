"""The web as the Procfile starts it: never on a ledger whose guards were loosened, nor with periods below the law's."""

import os
import sys

from sqlalchemy.exc import SQLAlchemyError

from service.app import Web, create_app
from service.config import read_settings
from service.owner_use import GuardsLoosened, refuse_loosened
from workflows.errors import GoaltrailError
from workflows.retention import read_retention


def ready_app() -> Web:
    """Return the application of the environment; the process ends with a sentence where it must not start.

    A database that is away is waited for: readiness says so.
    """
    try:
        settings = read_settings(os.environ)
        read_retention(os.environ)
        _look_at_guards(settings.database_url)
        return create_app(settings)
    except GoaltrailError as refused:
        sys.exit(refused.sentence)


def _look_at_guards(url: str) -> None:
    try:
        refuse_loosened(url)
    except GuardsLoosened:
        raise
    except (SQLAlchemyError, GoaltrailError) as away:
        sys.stderr.write(f"数据库暂不可用（{type(away).__name__}），就绪检查会继续显示。\n")
