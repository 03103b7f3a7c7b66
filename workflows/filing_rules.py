"""Who may amend and who may review a filing document's department part, and when: one answer with its sentence."""

from dataclasses import dataclass

from workflows.filings import FilingDocument, PartState
from workflows.vocabulary import Actor, Cover, Post, Role, Word


class FilingAct(Word):
    """What can be done with the department part."""

    AMEND = "amend", "修改部门部分", "amend the department part"
    REVIEW = "review", "审阅通过", "find the department part good"
    RETURN = "return", "退回修改", "send the department part back"


@dataclass(frozen=True)
class Tables:
    """How far a document's tables are: `received` once one was submitted, `replied` once one is in force."""

    received: bool
    replied: bool


@dataclass(frozen=True)
class Permit:
    """Under which post a person may do this now, and whether a reason is due; else the rule's ID and a sentence.

    `cover` is the one under which the person stands in for somebody of that office.
    """

    post: Post | None = None
    rule: str = ""
    sentence: str = ""
    needs_reason: bool = False
    cover: Cover | None = None

    @property
    def allowed(self) -> bool:
        """Whether the person may."""
        return self.post is not None


def decide(actor: Actor, document: FilingDocument, act: FilingAct, tables: Tables) -> Permit:
    """Return whether a person may do something with a document's department part; unknown is refused."""
    return _amending(actor, document, tables) if act == FilingAct.AMEND else _reviewing(actor, document, tables)


def reviewing_post(document: FilingDocument) -> Post | None:
    """Return the post whose turn it is to review, None where nobody's."""
    filed = document.filed
    return {
        PartState.AT_DEPARTMENT: Post(Role.DEPARTMENT_FINANCE, filed.department),
        PartState.AT_FINANCE: Post(Role.FINANCE_PERFORMANCE, filed.bureau),
    }.get(document.state)


def _amending(actor: Actor, document: FilingDocument, tables: Tables) -> Permit:
    filed = document.filed
    office, clerk = Post(Role.DEPARTMENT_FINANCE, filed.department), Post(Role.CLERK, filed.unit)
    if tables.replied and office in actor.posts:
        return Permit(office, needs_reason=True)
    if tables.replied and clerk in actor.posts:
        return _refused("F-REPLIED", "申报文本中的表已经批复，部门部分须由主管部门规划财务处说明理由后修改。")
    if clerk in actor.posts:
        return Permit(clerk)
    if office in actor.posts and tables.received:
        return Permit(office)
    if office in actor.posts:
        return _refused("F-EARLY", "申报单位还没有提交其中任何一张表，暂不能办理。")
    return _refused("R-ROLE", "部门部分由申报单位的项目经办人或主管部门规划财务处修改。")


def _reviewing(actor: Actor, document: FilingDocument, tables: Tables) -> Permit:
    post, written = reviewing_post(document), document.in_force
    if post is None or written is None:
        return _refused("R-STAGE", f"部门部分{document.state.chinese}，现在没有等待审阅的版本。")
    seat = actor.office(post, document.filed.unit, limited=False)
    if seat is None:
        return _refused("R-ROLE", f"现在{document.state.chinese}，须由该处室人员或其代理人办理。")
    people = {actor.id, seat[1].principal if seat[1] else actor.id}
    who = "您或您所代理的人" if seat[1] else "您"
    if not tables.received:
        return _refused("F-EARLY", "申报单位还没有提交其中任何一张表，暂不能办理。")
    if written.by in people:
        return _refused("S1", f"{who}编写了这一版，不能又由您审阅。")
    looked = (each for each in document.opinions if each.number == written.number and each.passed)
    if any(people & {each.by, each.behalf} for each in looked):
        return _refused("S2", f"{who}已在另一级审阅过这一版，须由他人审阅。")
    return Permit(post, cover=seat[1])


def _refused(rule: str, sentence: str) -> Permit:
    return Permit(rule=rule, sentence=sentence)
