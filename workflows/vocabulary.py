"""The words of the trade: stages, actions, roles and outcomes, each with its printed Chinese and English name."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """An enum whose value is the stored code and which carries its printed names."""

    chinese: str
    english: str

    def __new__(cls, code: str, chinese: str = "", english: str = "") -> Self:
        """Make a member from its code and its two printed names."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.chinese = chinese
        member.english = english
        return member


class Stage(Word):
    """Where a table is in its life (domain.md 14)."""

    DRAFT = "draft", "编制", "drafting"
    UNIT_REVIEW = "unit_review", "单位审核", "unit review"
    DEPARTMENT_REVIEW = "department_review", "主管部门审核", "department review"
    FINANCE_APPROVAL = "finance_approval", "财政审批", "finance approval"
    MONITORING = "monitoring", "绩效运行监控", "monitoring"
    SELF_EVALUATION = "self_evaluation", "绩效自评", "self-evaluation"
    CLOSED = "closed", "已办结", "closed"
    REFUSED = "refused", "不予通过", "refused"
    VOIDED = "voided", "已作废", "voided"
    TERMINATED = "terminated", "已终止", "terminated"


ENDED = frozenset({Stage.CLOSED, Stage.REFUSED, Stage.VOIDED, Stage.TERMINATED})
REVIEW_STAGES = (Stage.UNIT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL)
MAIN_LINE = (
    Stage.DRAFT, *REVIEW_STAGES, Stage.MONITORING, Stage.SELF_EVALUATION, Stage.CLOSED,
)  # fmt: skip


class Role(Word):
    """Posts in a Chinese budget chain (domain.md 17.1, R1-R19)."""

    CLERK = "clerk", "项目经办人", "project clerk"
    UNIT_BUSINESS = "unit_business", "单位业务负责人", "unit business lead"
    UNIT_FINANCE = "unit_finance", "单位财务", "unit finance"
    UNIT_HEAD = "unit_head", "单位负责人", "unit head"
    DEPARTMENT_BUSINESS = "department_business", "归口业务处室", "department business office"
    DEPARTMENT_FINANCE = "department_finance", "规划财务处", "department finance office"
    FINANCE_BUSINESS = "finance_business", "财政业务科", "finance business section"
    FINANCE_PERFORMANCE = "finance_performance", "绩效科", "performance section"
    FINANCE_BUDGET = "finance_budget", "预算科", "budget section"
    FINANCE_LEADER = "finance_leader", "财政分管领导", "finance bureau leader"
    EXPERT = "expert", "专家", "expert"
    OBSERVER = "observer", "审计观察员", "audit observer"
    PUBLIC = "public", "公众", "public"
    SECRECY_REVIEWER = "secrecy_reviewer", "保密审查员", "secrecy reviewer"
    PROCESS_ADMIN = "process_admin", "流程管理员", "process administrator"
    SYSTEM_ADMIN = "system_admin", "系统管理员", "system administrator"
    SECURITY_ADMIN = "security_admin", "安全管理员", "security administrator"
    AUDIT_ADMIN = "audit_admin", "审计管理员", "audit administrator"
    SYSTEM = "system", "系统", "system"


UNIT_ROLES = frozenset({Role.CLERK, Role.UNIT_BUSINESS, Role.UNIT_FINANCE, Role.UNIT_HEAD})
DEPARTMENT_ROLES = frozenset({Role.DEPARTMENT_BUSINESS, Role.DEPARTMENT_FINANCE})
BUREAU_ROLES = frozenset(
    {Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE, Role.FINANCE_BUDGET, Role.FINANCE_LEADER},
)
BUSINESS_ROLES = UNIT_ROLES | DEPARTMENT_ROLES | BUREAU_ROLES
ADMINISTRATOR_ROLES = frozenset(
    {Role.PROCESS_ADMIN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM},
)


class Action(Word):
    """What a person can ask the lifecycle to do; one row of STEPS may serve it per stage."""

    SAVE = "save", "保存", "save the draft"
    ATTACH = "attach", "添加附件", "attach a file"
    DETACH = "detach", "撤下附件", "take an attachment back"
    SUBMIT = "submit", "提交", "submit"
    FILE_APPRAISAL = "file_appraisal", "填报事前绩效评估", "file the appraisal of a new project"
    CHECK_APPRAISAL = "check_appraisal", "核实事前绩效评估", "confirm the appraisal or not"
    WAIVE_APPRAISAL = "waive_appraisal", "凭文号批准申报", "let a project in by a numbered document"
    WITHDRAW = "withdraw", "撤回", "withdraw"
    APPROVE = "approve", "通过", "approve"
    RETURN = "return", "退回", "return"
    REFUSE = "refuse", "不予通过", "refuse"
    REVIEW = "review", "填写审核表", "fill the review form in"
    ASSIGN_EXPERTS = "assign_experts", "请专家评审", "give the table to experts"
    DECLARE_RELATION = "declare_relation", "声明回避情况", "declare whether one is related"
    SCORE_AS_EXPERT = "score_as_expert", "专家评分", "score as an expert"
    AMEND = "amend", "直接完善", "complete it directly with the unit's consent"
    CONFIRM_AMENDMENT = "confirm_amendment", "确认直接完善", "agree to the direct completion"
    REJECT_AMENDMENT = "reject_amendment", "不同意直接完善", "reject the direct completion"
    REPLY = "reply", "批复", "reply with a document number"
    ADJUST = "adjust", "申请调整", "open a revision of the version in force"
    ADJUST_LATE = "adjust_late", "截止后调整", "ask for a revision after the cut-off"
    PASS_ON = "pass_on", "下达批复", "pass the reply on to the unit"
    REPLY_REVISION = "reply_revision", "批复调整", "reply to a revision"
    OPEN_MONITORING = "open_monitoring", "下达监控任务", "open a monitoring window"
    FILE_MONITORING = "file_monitoring", "填报监控", "file monitoring"
    ACCEPT_MONITORING = "accept_monitoring", "审核监控", "accept monitoring"
    RETURN_MONITORING = "return_monitoring", "退回监控", "return monitoring"
    OPEN_SELF_EVALUATION = "open_self_evaluation", "下达自评任务", "open the self-evaluation"
    FILE_SELF_EVALUATION = "file_self_evaluation", "填报自评", "file the self-evaluation"
    ACCEPT_SELF_EVALUATION = "accept_self_evaluation", "审核自评", "accept the self-evaluation"
    RETURN_SELF_EVALUATION = "return_self_evaluation", "退回自评", "return the self-evaluation"
    RESCORE = "rescore", "复核改分", "give rows other points"
    ORDER_RECTIFICATION = "order_rectification", "下达整改", "order a rectification"
    REPORT_RECTIFICATION = "report_rectification", "报告整改", "report a rectification"
    VERIFY_RECTIFICATION = "verify_rectification", "核实整改", "verify a rectification"
    PAUSE_PROJECT = "pause_project", "暂停项目", "pause the project and its payments"
    ASK_PAUSE = "ask_pause", "申请暂停项目", "ask the bureau to pause the project"
    RESUME_PROJECT = "resume_project", "恢复项目", "let the paused project go on"
    OPEN_EVALUATION = "open_evaluation", "下达绩效评价", "open an evaluation"
    REPORT_EVALUATION = "report_evaluation", "报告绩效评价", "report an evaluation"
    RECOMMEND = "recommend", "提出建议", "make a recommendation"
    ACCEPT_RECOMMENDATION = "accept_recommendation", "采纳建议", "adopt a recommendation"
    REJECT_RECOMMENDATION = "reject_recommendation", "不采纳建议", "not adopt a recommendation"
    IMPLEMENT_RECOMMENDATION = "implement_recommendation", "落实建议", "carry out a recommendation"
    RECORD_COMPONENT = "record_component", "登记指标分子分母", "enter the components of a ratio"
    CLOSE = "close", "办结归档", "close and file"
    VOID = "void", "作废", "void"
    TERMINATE = "terminate", "终止", "terminate"
    REVIEW_DISCLOSURE = "review_disclosure", "保密审查", "review whether it may be disclosed"
    COMMENT = "comment", "批注", "comment on a place"
    ANSWER_COMMENT = "answer_comment", "答复批注", "answer a comment"
    RESOLVE_COMMENT = "resolve_comment", "批注销号", "lay a comment aside"
    CORRECT = "correct", "更正", "correct the version in force"
    INTERVENE = "intervene", "管理干预", "loosen a stuck table"
    ENTER_PAPER = "enter_paper", "线下批示补录", "enter a decision taken on paper"
    CONFIRM = "confirm", "确认", "confirm as the second person"
    DECLINE = "decline", "不予确认", "decline as the second person"
    MARK_OVERDUE = "mark_overdue", "标记逾期", "mark as overdue"
    OPEN_TASK = "open_task", "打开任务", "open a task"
    ASK_WITHDRAWAL = "ask_withdrawal", "申请撤回", "ask to withdraw"
    RECALL = "recall", "拿回", "take one's own vote back"
    CLAIM = "claim", "认领", "claim a task"
    RELEASE = "release", "释放", "release a task"
    TRANSFER = "transfer", "转办", "hand a task over"
    REASSIGN = "reassign", "改派", "give somebody's task to another"
    DELEGATE = "delegate", "委派", "delegate a task"
    ANSWER_DELEGATION = "answer_delegation", "反馈委派", "answer a delegation"
    END_DELEGATION = "end_delegation", "收回委派", "take a delegated task back"
    ADD_SIGNER = "add_signer", "加签", "add a signer"
    REMOVE_SIGNER = "remove_signer", "减签", "remove a signer"
    ASK_OPINION = "ask_opinion", "征求意见", "ask an opinion"
    GIVE_OPINION = "give_opinion", "反馈意见", "give an opinion"
    COPY = "copy", "抄送", "send a copy"
    READ_COPY = "read_copy", "阅知", "acknowledge a copy"
    URGE = "urge", "催办", "urge"
    ASK_EXTENSION = "ask_extension", "申请延期", "ask for more time"
    GRANT_EXTENSION = "grant_extension", "同意延期", "grant more time"
    REFUSE_EXTENSION = "refuse_extension", "不同意延期", "refuse more time"
    SUSPEND = "suspend", "挂起", "suspend"
    RESUME = "resume", "恢复办理", "resume"
    MARK_UNASSIGNABLE = "mark_unassignable", "标记无人可办", "mark as left without anybody"
    ESCALATE = "escalate", "逾期升级", "tell a superior of a late task, or let him decide it too"
    DEEM_READ = "deem_read", "视同已阅", "note that a copy counts as read"
    RECOUNT = "recount", "重算期限", "count deadlines anew"
    HAND_OVER = "hand_over", "移交", "give a leaver's table to another clerk"


BESIDE_THE_STEPS = frozenset({
    Action.OPEN_TASK, Action.RECALL, Action.CLAIM, Action.RELEASE, Action.TRANSFER, Action.REASSIGN, Action.DELEGATE,
    Action.ANSWER_DELEGATION, Action.END_DELEGATION, Action.ADD_SIGNER, Action.REMOVE_SIGNER, Action.ASK_OPINION,
    Action.GIVE_OPINION, Action.COPY, Action.READ_COPY, Action.URGE, Action.ASK_EXTENSION, Action.GRANT_EXTENSION,
    Action.REFUSE_EXTENSION, Action.SUSPEND, Action.RESUME, Action.MARK_UNASSIGNABLE, Action.ASK_WITHDRAWAL,
    Action.HAND_OVER, Action.RECOUNT, Action.ESCALATE, Action.DEEM_READ,
})  # fmt: skip
"""What is done with one task, or between people, and moves no table along; shown apart from the steps."""
WHILE_SUSPENDED = frozenset({
    Action.RESUME, Action.COMMENT, Action.ANSWER_COMMENT, Action.RESOLVE_COMMENT, Action.READ_COPY,
})  # fmt: skip
"""What may be done while a table is suspended, beside reading."""


class Outcome(Word):
    """What a signer decided on a task."""

    PASS = "pass", "通过", "passed"
    RETURN = "return", "退回", "returned"
    REFUSE = "refuse", "不予通过", "refused"


class Grade(Word):
    """Review and self-evaluation grades (domain.md 5 and 9.6)."""

    EXCELLENT = "excellent", "优", "excellent"
    GOOD = "good", "良", "good"
    FAIR = "fair", "中", "fair"
    POOR = "poor", "差", "poor"


@dataclass(frozen=True)
class Post:
    """A role held in one organ; `via` is the organ where it is really held, if that one is the successor of `organ`."""

    role: Role
    organ: str
    via: str = field(default="", compare=False)


@dataclass(frozen=True)
class Cover:
    """Leave to act for an absent person: the grant, whose posts, and how far it goes (empty means everywhere).

    `nodes` are names of a chain's nodes, `units` organs; `most` is an amount in 万元 as text.
    """

    grant: str
    principal: str
    name: str
    posts: tuple[Post, ...]
    nodes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    most: str | None = None


@dataclass(frozen=True)
class Waiver:
    """A signed exception from the segregation of duties: the rule, and the small unit where it is eased (S12)."""

    waiver: str
    rule: str
    unit: str


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: the person, the posts held now, the absent people covered for now, and what was waived."""

    id: str
    name: str
    posts: tuple[Post, ...] = ()
    covers: tuple[Cover, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def holds(self, role: Role, organ: str | None = None) -> bool:
        """Whether the person holds the role, in that organ where one is named."""
        return any(post.role == role and organ in (None, post.organ) for post in self.posts)

    def holds_any(self, roles: frozenset[Role]) -> bool:
        """Whether the person holds one of the roles anywhere."""
        return any(post.role in roles for post in self.posts)

    def office(self, post: Post, unit: str, *, limited: bool = True) -> tuple[Post, Cover | None] | None:
        """Return an office's post as the person's own, or with the cover under which he stands in for it, else None.

        For work that stands at no desk: the cover names no desks and reaches to the unit. Not `limited`: covers up to
        an amount do not count, for there is no amount to hold against them.
        """
        if post in self.posts:
            return post, None
        reaching = (
            cover for cover in self.covers
            if post in cover.posts and not cover.nodes and unit in (cover.units or (unit,))
            and (limited or cover.most is None)
        )  # fmt: skip
        return next(((post, cover) for cover in reaching), None)


SYSTEM = Actor("system", "系统", (Post(Role.SYSTEM, "system"),))
