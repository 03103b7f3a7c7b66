"""Why no checkpoint is signed: one class each; `what` is its word in alarm.json, the docstring what people read."""

from typing import ClassVar

from workflows.errors import GoaltrailError


class CheckpointRefused(GoaltrailError):
    """检查点未签发。"""

    what: ClassVar[str] = "refused"

    def __init__(self, **facts: str | int) -> None:
        """Take what an alarm says: origins, sizes (events) and roots (hex) of the log and of the note, the witness."""
        super().__init__(None, **facts)


class LogShrank(CheckpointRefused):
    """数据库中的台账比已签发的检查点短：有事件被删除，或恢复了旧的备份。在数据库恢复原状之前不再签发检查点。"""

    what = "smaller"


class LogConflicts(CheckpointRefused):
    """数据库中的台账与已签发的检查点不一致：此前的事件被改动过。在数据库恢复原状之前不再签发检查点。"""

    what = "conflict"


class OtherLog(CheckpointRefused):
    """数据库中是另一本台账，不是签名密钥和已签发检查点所属的那一本。请接回原来的数据库，或另设检查点目录和密钥。"""

    what = "origin"


class NoteNotOurs(CheckpointRefused):
    """检查点目录中最新的检查点无法用本台账的密钥验证：文件被改动过，或密钥被更换。请从备份或每日摘要邮件取回原件。"""

    what = "note"


class KeyGone(CheckpointRefused):
    """检查点目录中已有检查点，但签名密钥不见了或无法读懂。请取回原来的密钥文件；不会自行另造新的密钥。"""

    what = "key"


class NotesGone(CheckpointRefused):
    """曾签发过检查点，其目录却是空的：可能磁盘未挂载。请恢复该目录，或把摘要邮件中的检查点存为其中的 checkpoint。"""

    what = "notes"


class PublishedDiffers(CheckpointRefused):
    """检查点目录中已有同一位置的另一份内容，不会覆盖。请核查该目录和数据库是否被改动。"""

    what = "published"


class WitnessSawAnother(CheckpointRefused):
    """见证人见过的台账与现在的不是同一本：台账分叉，或被改写、回退过。在查清之前不再签发检查点。"""

    what = "fork"


class WitnessKnowsOtherKey(CheckpointRefused):
    """见证人登记的不是现在这把台账密钥：密钥可能被更换过。请取回原来的密钥文件；确属有据的更换，请见证人另行登记新密钥。在此之前不再签发检查点。"""

    what = "key_unknown"
