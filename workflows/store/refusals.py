"""How the database's refusals become the product's: one table from SQLSTATE to the class that the person reads."""

from collections.abc import Mapping

import psycopg
from sqlalchemy.exc import DBAPIError

from workflows.errors import CommandReused, GoaltrailError, LedgerRefused, TableChangedMeanwhile


class ConnectionLost(GoaltrailError):
    """与台账的连接中断，不能确定这次操作是否已记录；请重试，已记录的操作不会重复。"""


class Busy(GoaltrailError):
    """此事项正由他人办理，请稍后再试。"""


class SubjectDiffers(LedgerRefused):
    """此编号已用于另一类事项，台账没有任何改动；请返回上一页，刷新后重新办理。"""


class OfficersMixed(LedgerRefused):
    """系统管理员、安全管理员、审计管理员相互监督，一人只能担任其中一种（三员分立）。"""


REFUSALS: Mapping[str, type[GoaltrailError]] = {
    "GT001": LedgerRefused,  # append-only
    "GT002": LedgerRefused,  # appended without the lock, or two streams in one append
    "GT003": LedgerRefused,  # the moment is out of bounds
    "GT004": LedgerRefused,  # wrong isolation, or not the primary
    "GT005": LedgerRefused,  # the installation's mode or clock
    "GT006": LedgerRefused,  # the content is not in the log
    "GT007": SubjectDiffers,  # the stream is about something else
    "GT008": OfficersMixed,
    "GT009": LedgerRefused,  # a cleaning below the law's period
    "23514": LedgerRefused,  # a column does not say what the body says
    "42501": LedgerRefused,  # no right
    "40001": TableChangedMeanwhile,
    "40P01": TableChangedMeanwhile,
    "55P03": Busy,
    "57014": Busy,
}
COMMAND_ONCE = "event_stream_id_command_id_step_key"
VERSION_ONCE = "event_stream_id_version_key"


def refusal_of(error: DBAPIError) -> GoaltrailError | None:
    """Return what the person is told, or None where the error is a fault of ours."""
    if error.connection_invalidated:
        return ConnectionLost()
    return refusal_of_state(error.orig)


def refusal_of_state(error: object) -> GoaltrailError | None:
    """Return what the person is told of an error of the driver itself, or None where it is a fault of ours."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        return ConnectionLost() if isinstance(error, psycopg.OperationalError) else None
    if state.startswith(("08", "57P")):
        return ConnectionLost(sqlstate=state)
    if state == "23505":
        return _doubled(error)
    refusal = REFUSALS.get(state)
    return refusal(sqlstate=state) if refusal else None


def _doubled(error: object) -> GoaltrailError | None:
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return {COMMAND_ONCE: CommandReused(), VERSION_ONCE: TableChangedMeanwhile()}.get(constraint or "")
