"""Every refusal of the product: one class each, whose docstring is the sentence that the person reads."""


class GoaltrailError(Exception):
    """操作未能完成。"""

    def __init__(self, sentence: str | None = None, **facts: object) -> None:
        """Take the sentence shown (the class's own by default) and the facts that a caller may act on."""
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        self.facts = facts
        super().__init__(self.sentence)


class NotAllowed(GoaltrailError):
    """您没有办理此事项的权限。"""

    def __init__(self, sentence: str | None = None, *, rule: str = "R-ROLE", **facts: object) -> None:
        """Carry the ID of the rule that refused beside the sentence."""
        self.rule = rule
        super().__init__(sentence, **facts)


class NotOpenNow(NotAllowed):
    """当前阶段不能办理此操作。"""


class OnlyAlone(NotAllowed):
    """此表须逐张办理，不能批量办理。"""


class PdfSwitchedOff(GoaltrailError):
    """没有安装生成PDF所需的程序或中文字体，打印PDF的功能已关闭；其他功能不受影响。"""


class NotDoneTogether(GoaltrailError):
    """本批中有别的表不能办理，按“要么全部要么全不”，此表也没有办理。"""


class NotFound(GoaltrailError):
    """没有找到该事项，或者您无权查看。"""


class TableChangedMeanwhile(GoaltrailError):
    """此表刚刚被他人办理过，请查看最新内容后再操作。"""

    BY_ONESELF = "您在另一窗口已经办理过此表，请查看最新内容后再操作。"


class OrgansChanged(TableChangedMeanwhile):
    """机构在您查看之后有过变动，请重新查看影响后再办理。"""


class ContentDiffers(TableChangedMeanwhile):
    """您看到的内容与现在的内容不一致，请核对最新内容后再办理。"""


class ReasonMissing(GoaltrailError):
    """请填写理由（不少于5个字）。"""


class BlockedByFindings(GoaltrailError):
    """机审发现必须先改正的问题，暂不能提交。"""


class WarningsUnexplained(GoaltrailError):
    """机审有提示尚未说明理由，暂不能提交。"""


class FieldsInvalid(GoaltrailError):
    """填写的内容有误，请逐项更正。"""


class ConfirmationMissing(GoaltrailError):
    """没有等待您确认的事项。"""


class DocumentUnreadable(GoaltrailError):
    """无法读取该文件。"""


class AttachmentRefused(FieldsInvalid):
    """此文件不能作为附件。"""


class AttachmentChanged(GoaltrailError):
    """附件现在的内容与上传时登记的不一致，已停止办理。请联系安全管理员核查，或退回后由经办人重新上传。"""


class HeldByLaw(NotAllowed):
    """此表已被保全，解除保全之前不得删除任何内容。"""

    def __init__(self, sentence: str | None = None, **facts: object) -> None:
        """Carry the rule of the hold."""
        super().__init__(sentence, rule="G-HOLD", **facts)


class CommandReused(GoaltrailError):
    """同一操作编号已用于另一项操作，请刷新页面后重试。"""


class LedgerRefused(GoaltrailError):
    """台账拒绝了这次写入，没有任何改动。"""


class NotANote(GoaltrailError):
    """这不是格式正确的签名检查点或密钥。"""


class NotAProof(GoaltrailError):
    """这不是格式正确的台账存证文件。"""


class NotInTheTree(GoaltrailError):
    """台账中没有这个位置的记录，无法给出证明。"""


class NotYetAnchored(GoaltrailError):
    """这条记录刚刚入账，外部检查点还没有覆盖它。检查点约每十秒生成一次，请约十秒后再试。"""


class MomentUnclear(GoaltrailError):
    """看不懂这个时刻。请写记录号（7）、台账序号（%2312 即 #12）或北京时间（2026-03-01T12:00）。"""


class NoSuchMoment(NotFound):
    """没有这个时刻的记录。"""


class ConditionUnreadable(FieldsInvalid):
    """看不懂这个条件。"""


class DefinitionUnreadable(FieldsInvalid):
    """审批链定义的格式有误，请逐项更正。"""


class DefinitionUnfit(FieldsInvalid):
    """审批链有错误，不能发布。"""


class NodeInUse(FieldsInvalid):
    """要删除的环节还有绩效目标表停留，不能发布。"""


class PackUnreadable(FieldsInvalid):
    """规则包的格式有误，请逐项更正。"""


class PackUnfit(FieldsInvalid):
    """规则包有错误，不能发布。"""


class UnknownPack(GoaltrailError):
    """没有这个名称的规则包。"""


class CalendarUnfit(FieldsInvalid):
    """工作日历有错误，不能发布。"""


class UnknownCalendar(GoaltrailError):
    """没有这个版本的工作日历。"""


class UnknownWords(GoaltrailError):
    """没有这个版本的通知用语。"""


class UnknownChain(GoaltrailError):
    """没有这个名称的审批链。"""


class MarkedAsSecret(FieldsInvalid):
    """所填内容或文件带有密级标志，没有保存；涉密项目请只登记张数，并不涉密的用词（如“机密文件柜”）请换一种说法。"""
