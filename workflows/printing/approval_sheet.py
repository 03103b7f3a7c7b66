"""审批单: every step of the round with name, post, opinion and time, the table's whole history, and the log's seal."""

from collections.abc import Iterator

from workflows.events import Recorded, TableReplied, TableSubmitted, TaskDecided
from workflows.folds.replay import replay
from workflows.forms.form import Box, Boxes, Code, Form, Line, Part, Place, label, number
from workflows.printing.paper import Paper, moment
from workflows.printing.pauses import pause_lines
from workflows.printing.two_columns import side_by_side
from workflows.rights.handed_marks import SHOWN, handed_acts
from workflows.rights.waived import waived_decisions
from workflows.state.standing import Desk, Table, Vote
from workflows.vocabulary import ENDED, REVIEW_STAGES, Outcome, Role, Stage
from workflows.words.sentences import sentence

TITLE = "预算绩效目标审批单"
HEADS = ("审批环节", "办理人", "岗位", "结论", "意见", "办理时间")
WIDTHS = (19, 14, 20, 12, 33, 17)
AGREED, REPLIED, PENDING, TO_COME, PASSED_OVER = "同意", "批复", "待办理", "尚未办理", "按条件不经过"
WAIVED, HANDED = "（职责分离豁免）", f"（{SHOWN}）"
VERDICTS = {Outcome.PASS: AGREED, Outcome.RETURN: "退回", Outcome.REFUSE: "不予通过"}
"""A signer agrees; that a node or a table has passed is never said by one signature (bk-itsm#1471)."""
ENDS = frozenset({"table.refused", "table.voided", "table.terminated"})
OF_MACHINES = frozenset({
    "node.entered", "node.shared", "node.completed", "node.superseded", "task.opened", "task.superseded",
})  # fmt: skip
Row = tuple[Box, ...]


def approval_sheet(paper: Paper) -> Form:
    """Return the approval sheet as the table stands: open steps print 待办理, those to come blank."""
    parts: tuple[Part, ...] = (
        Line(TITLE, Place.TITLE), Line(paper.year, Place.BESIDE_TITLE), *pause_lines(paper), _head(paper),
        *side_by_side(paper),
        Boxes(WIDTHS, (tuple(label(name) for name in HEADS), *_steps(paper)), heads=1),
        *_notes(paper), _code(paper), Line("流转历程", Place.TITLE), _history(paper),
    )  # fmt: skip
    return Form(f"{TITLE}：{paper.table.title}", parts, foot=paper.foot)


def standing_of(paper: Paper) -> str:
    """Return where the approval is, in words that never say more than the log does."""
    table = paper.table
    if table.stage in ENDED and table.stage != Stage.CLOSED:
        return f"{table.stage.chinese}（{moment(table.last_at)}）"
    if table.suspended:
        return f"已挂起（{table.stage.chinese}）"
    if table.stage not in (Stage.DRAFT, *REVIEW_STAGES):
        paused = "；项目已暂停，停止拨付" if table.paused else ""
        return f"已批复（{table.doc_no or ''}），现处于{table.stage.chinese}{paused}"
    if table.stage == Stage.DRAFT:
        return "退回修改中，尚未批复" if table.returned_reason else "编制中，尚未提交审批"
    return f"审批中（{table.stage.chinese}），尚未批复"


def _head(paper: Paper) -> Boxes:
    table, content = paper.table, paper.content
    name = "项目名称" if table.scope == "project" else "部门（单位）名称"
    return Boxes(
        (17, 41, 19, 39),
        (
            (label(name), Box(table.title, 3)),
            (label("主管部门"), Box(paper.department), label("实施单位"), Box(paper.unit)),
            (
                label("项目编码"), Box(content.get("project_code") or "—"),
                label(f"资金总额（{paper.unit_of_money}）"), number(content["budget"]["total"] or "—"),
            ),
            (label("审批状态"), Box(standing_of(paper)), label("批复文号"), Box(table.doc_no or "—")),
            (
                label("审批轮次"), Box(f"第{table.round}轮" if table.round else "尚未提交"),
                label("公开属性"), Box(table.disclosure or "—"),
            ),
            (label("审批内容摘要"), Box(table.content_hash, 3)),
        ),
    )  # fmt: skip


def _steps(paper: Paper) -> Iterator[Row]:
    """Yield the steps of the last round in the chain's order: filing, every review node, the reply."""
    yield _filing(paper)
    then = _while_approved(paper)
    for node in paper.chain.nodes:
        if node.stage not in REVIEW_STAGES:
            continue
        votes = [vote for vote in then.votes if vote.node == node.node]
        desks = [desk for desk in then.desks if desk.node == node.node and not paper.table.ended]
        replied = _reply(paper) if node.level == "reply" else None
        if node.node in then.passed_over and not votes:
            yield _row(node.title, "", "", PASSED_OVER)
        elif replied:
            yield _signed(paper, node.title, replied, REPLIED, f"文号：{getattr(replied.fact, 'doc_no', '')}")
        elif not votes and not desks:
            yield _row(node.title, "", node.role.chinese, TO_COME)
        else:
            yield from (_voted(paper, node.title, vote) for vote in votes)
            yield from (_open(paper, node.title, desk) for desk in desks)


def _reply(paper: Paper) -> Recorded | None:
    """Return the reply that ended the approval, none for a table that is under approval again."""
    under_approval = paper.table.stage in (Stage.DRAFT, *REVIEW_STAGES)
    return None if under_approval else _last(paper, TableReplied)


def _while_approved(paper: Paper) -> Table:
    """Return the table as the votes stood: now, or just before the reply or the end, which clear them away."""
    ended = next((each for each in reversed(paper.history) if each.kind in ENDS), None)
    last = _reply(paper) or (ended if paper.table.ended else None)
    if last is None:
        return paper.table
    return replay(paper.table.id, [each for each in paper.history if each.version < last.version])


def _filing(paper: Paper) -> Row:
    submitted = _last(paper, TableSubmitted)
    if submitted is None or paper.table.stage == Stage.DRAFT:
        return _row("编制与提交", "", Role.CLERK.chinese, PENDING)
    return _signed(paper, "编制与提交", submitted, "提交", getattr(submitted.fact, "note", ""))


def _voted(paper: Paper, title: str, vote: Vote) -> Row:
    decided = next(
        (
            each for each in reversed(paper.history)
            if isinstance(each.fact, TaskDecided) and each.actor_id == vote.person
            and (each.fact.node, each.fact.round, each.fact.outcome) == (vote.node, vote.round, vote.outcome)
        ),
        None,
    )  # fmt: skip
    verdict = VERDICTS[Outcome(vote.outcome)]
    if decided is None:
        return _row(title, vote.person, "", verdict)
    waived = WAIVED if decided.version in waived_decisions(paper.history, paper.waivers) else ""
    waived += HANDED if decided.version in handed_acts(paper.history) else ""
    return _signed(paper, title, decided, verdict + waived, getattr(decided.fact, "opinion", ""))


def _open(paper: Paper, title: str, desk: Desk) -> Row:
    post = f"{paper.organ(desk.organ)}\n{Role(desk.role).chinese}"
    due = f"应于{moment(desk.due_at)[:10]}前办理" if desk.due_at else ""
    return _row(title, "", post, "已逾期，" + PENDING if desk.overdue else PENDING, "", due)


def _signed(paper: Paper, title: str, recorded: Recorded, verdict: str, opinion: str) -> Row:
    post = f"{paper.organ_then(recorded.organ, recorded.at)}\n{recorded.role.chinese}"
    return _row(title, recorded.signer, post, verdict, opinion, moment(recorded.at))


def _row(*texts: str) -> Row:
    filled = (*texts, "", "", "", "")[: len(HEADS)]
    return tuple(Box(text) if at == 4 else label(text) for at, text in enumerate(filled))


def _last(paper: Paper, kind: type) -> Recorded | None:
    return next((each for each in reversed(paper.history) if isinstance(each.fact, kind)), None)


def _notes(paper: Paper) -> Iterator[Line]:
    if paper.table.returned_reason and paper.table.stage in (Stage.DRAFT, *REVIEW_STAGES):
        yield Line(f"最近一次退回理由：{paper.table.returned_reason}", Place.NOTE)
    for waiver in paper.waivers:
        yield Line(
            f"职责分离豁免：经主管部门{waiver.signed_by_name}签发，{waiver.person_name}可在本单位兼办两个审核环节，"
            f"有效至{moment(waiver.until)[:10]}。理由：{waiver.reason}", Place.NOTE,
        )  # fmt: skip
    yield Line("“乙 代 甲”表示乙受甲委托代为办理；“同意”只是该办理人的意见，是否批复以批复文号为准。", Place.NOTE)


def _code(paper: Paper) -> Code:
    """Return the code that ties the paper to the log: the table's ID, how many events, the hash of the last."""
    table = paper.table
    return Code(
        f"goaltrail:{table.id}:{table.version}:{table.head}",
        (
            f"表编号：{table.id}", f"台账记录：{table.version}条，截至{moment(table.last_at)}", f"链首：{table.head}",
            "核对：用审计包中的 verify.py 核验此表，链首须与此处一致。",
        ),
    )  # fmt: skip


def _told(paper: Paper, recorded: Recorded) -> str:
    """Return an event's sentence; one signer's pass is called 同意 here, too."""
    return sentence(recorded, paper.called).replace(f"：{Outcome.PASS.chinese}", f"：{AGREED}", 1)


def _history(paper: Paper) -> Boxes:
    waived, handed = waived_decisions(paper.history, paper.waivers), handed_acts(paper.history)
    own = [
        (
            each.at, label(str(each.version)), label(moment(each.at)),
            Box(
                _told(paper, each) + (WAIVED if each.version in waived else "")
                + (HANDED if each.version in handed else "")
            ),
        )
        for each in paper.history if each.kind not in OF_MACHINES
    ]  # fmt: skip
    others = [(each.at, label("—"), label(moment(each.at)), Box(sentence(each))) for each in paper.beside]
    rows = tuple(row[1:] for row in sorted((*own, *others), key=lambda row: row[0]))
    return Boxes((8, 22, 90), ((label("序号"), label("时间"), label("事项")), *rows), heads=1)
