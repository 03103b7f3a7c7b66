"""What the REST interface itself refuses, before any verb is asked: each class a sentence for the caller."""

from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed


class SignInMissing(GoaltrailError):
    """请先登录，或在 Authorization 标头中出示有效的访问令牌。"""


class PasswordToChange(NotAllowed):
    """您的密码由他人设置，请先在“本人账号”页改成只有您自己知道的密码。"""


class CrossSite(GoaltrailError):
    """以登录会话写入时，须在 X-CSRFToken 标头中带上页面的校验码；程序请改用访问令牌。"""


class ScopeMissing(NotAllowed):
    """此访问令牌不能办理这类事项。"""


class NotByToken(NotAllowed):
    """本系统不允许凭访问令牌办理审批，请本人登录办理。"""


class NotJson(GoaltrailError):
    """请求正文不是格式正确的 JSON 对象（UTF-8）。"""


class WrongMediaType(GoaltrailError):
    """请求正文的类型不对，请按接口说明填写 Content-Type。"""


class KeyMissing(GoaltrailError):
    """请在 Idempotency-Key 标头中写明本次操作的编号（1至200个可见的 ASCII 字符），重试时用同一个。"""


class KeyReused(GoaltrailError):
    """此 Idempotency-Key 已用于另一个请求，请换一个编号。"""


class MatchUnreadable(GoaltrailError):
    """If-Match 须是此前读取此表时得到的一个 ETag。"""


class MatchMissing(GoaltrailError):
    """办理前请先读取此表，并在 If-Match 标头中写明所见内容的 ETag。"""


class TableMovedOn(GoaltrailError):
    """此表在您读取之后已有变动，请按新的内容核对后再办理。"""


class RequestInvalid(FieldsInvalid):
    """请求的内容不符合接口说明，请逐项更正。"""


class CursorUnreadable(FieldsInvalid):
    """看不懂这个翻页标记，请从第一页重新读取。"""
