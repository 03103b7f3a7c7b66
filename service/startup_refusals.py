"""Why a command of the operator cannot start: one class each, whose docstring is the sentence printed."""

from workflows.errors import GoaltrailError


class StartRefused(GoaltrailError):
    """无法启动。"""


class NoDatabaseServer(StartRefused):
    """没有可用的 PostgreSQL：既没有随包附带的版本，也没有找到系统安装的 PostgreSQL 15 或更高版本。"""


class NoBrokerServer(StartRefused):
    """没有可用的消息服务：既没有随包附带的 Valkey，也没有找到系统安装的 redis-server 或 valkey-server。"""


class DatabaseFailed(StartRefused):
    """数据库未能启动，请查看日志。"""


class BrokerFailed(StartRefused):
    """消息服务未能启动，请查看日志。"""


class OtherDatabaseVersion(StartRefused):
    """数据目录中的数据库属于另一个 PostgreSQL 大版本，未作任何改动。"""


class DataDirectoryForeign(StartRefused):
    """该目录不是空的，也不是本系统的数据目录，未作任何改动。请另选目录。"""


class DataDirectoryReadOnly(StartRefused):
    """数据目录不可写，请另选目录。"""


class DataDirectoryOtherMode(StartRefused):
    """该数据目录建立时的用途与这次启动不同，用途一经建立不能更改。"""


class AlreadyRunning(StartRefused):
    """该数据目录上已有一个实例正在运行。"""


class PortInUse(StartRefused):
    """端口已被占用，请用 --port 另选端口。"""


class PartNotReady(StartRefused):
    """有部件未能在规定时间内就绪，请查看日志。"""


class ReleaseFailed(StartRefused):
    """发布步骤（数据库迁移）失败，请查看日志。"""


class OneRoleForEverything(StartRefused):
    """数据库账号尚未分开：属主、应用、封存、审计四个角色必须各用各的账号。"""


class NoWayForRoot(StartRefused):
    """以 root 运行时既不能建立用户命名空间，也找不到可切换的普通账号，无法安全启动数据库。"""
