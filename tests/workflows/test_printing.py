"""The official forms as printed (D13): every step with its signer, nothing said to have passed that has not, the seal."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pdfplumber
import pytest
from docx import Document

from tests.forms.pdfs import text_of, written
from tests.support import roster
from tests.support.acts import ACTS
from tests.support.hands import act
from tests.support.life import Life, memory
from workflows.commands.grading import score_review
from workflows.commands.printing import paper_of
from workflows.commands.rescoring import rescore
from workflows.commands.reviewing import approve_table
from workflows.errors import NotFound, PdfSwitchedOff
from workflows.events.recorded import Behalf
from workflows.forms.form import Box, Boxes, Code, Form, Line
from workflows.forms.writing import docx_of, xlsx_of
from workflows.forms.writing_pdf import drawing, pdf_of
from workflows.printing import FormKind, approval_sheet, form_of
from workflows.printing.approval_sheet import HEADS, PENDING, TO_COME
from workflows.printing.paper import Paper
from workflows.printing.tree import tree_rows
from workflows.rights.waived import Signed
from workflows.vocabulary import Stage

ORGANS = {roster.UNIT: "某县公路养护中心", roster.DEPARTMENT: "某县交通运输局", roster.BUREAU: "某县财政局"}


def paper(life: Life, kind: FormKind = FormKind.SHEET, **more) -> Paper:
    return paper_of(life.journal, life.table, kind, reader=roster.CLERK, organs=ORGANS, **more)


def sheet(life: Life, **more) -> Form:
    return approval_sheet(paper(life, **more))


def steps(form: Form) -> list[tuple[str, ...]]:
    """The rows of the approval's steps: 环节, 办理人, 岗位, 结论, 意见, 时间."""
    boxes = next(part for part in form.parts if isinstance(part, Boxes) and part.rows[0][0].text == HEADS[0])
    return [tuple(box.text for box in row) for row in boxes.rows[1:]]


def texts(form: Form) -> list[str]:
    found: list[str] = []
    for part in form.parts:
        if isinstance(part, Boxes):
            found += [box.text for row in part.rows for box in row]
        else:
            found += [part.text] if isinstance(part, Line) else [part.text, *part.beside]
    return found


def done(life: Life, name: str, by=roster.CLERK, **words) -> Life:
    life.table = ACTS[name](life.journal, life.table, seen=life.seen(), by=by, command_id=uuid4(), **words)
    return life


def evaluated() -> Life:
    return done(Life(memory()).in_monitoring().evaluation_opened(), "file evaluation")


def test_every_step_stands_with_name_post_opinion_and_time():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    filing, head, planner, business, performance, reply = steps(sheet(life))
    assert filing[:4] == ("编制与提交", "clerk同志", "某县公路养护中心\n项目经办人", "提交")
    assert head == (
        "单位负责人审核", "unit_head同志", "某县公路养护中心\n单位负责人", "同意", "同意", "2026-01-05 09:00",
    )  # fmt: skip
    assert planner == ("规划财务处审核", "", "某县交通运输局\n规划财务处", PENDING, "", "应于2026-01-12前办理")
    assert [each[3:] for each in (business, performance, reply)] == [(TO_COME, "", "")] * 3


def test_nothing_is_said_to_have_passed_while_a_step_is_open():
    """bk-itsm#1471 printed 通过 for an approval that was pending: here the word stands on no sheet before the reply."""
    life = Life(memory()).imported().completed()
    for go_on in (
        life.submitted, *(lambda by=by: life.approved(by) for by in (
            roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE,
        )),
    ):  # fmt: skip
        printed = sheet(life)
        assert not [text for text in texts(printed) if "通过" in text], life.table.stage
        open_titles = {desk.node for desk in life.table.desks}
        said = {row[0]: row[3] for row in steps(printed)}
        titles = {node.node: node.title for node in paper(life).chain.nodes}
        assert {said.get(titles[node], PENDING) for node in open_titles} == {PENDING}
        assert "批复" not in texts(printed)
        go_on()
    assert [row[3] for row in steps(sheet(life.replied()))] == ["提交", *["同意"] * 4, "批复"]


def test_a_returned_table_prints_no_decision_of_the_round_that_is_over():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT)
    printed = sheet(life)
    assert [row[3] for row in steps(printed)] == [PENDING, *[TO_COME] * 5]
    assert "最近一次退回理由：指标值与目标不匹配" in texts(printed)
    assert "退回修改中，尚未批复" in texts(printed)


def test_a_deputy_signs_with_both_names():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    log = life.journal.streams[life.table.id]
    decided = next(each for each in log if each.kind == "task.decided")
    log[decided.version - 1] = replace(decided, behalf=Behalf("wang", "王主任", "g1"))
    assert steps(sheet(life))[1][1] == "unit_head同志 代 王主任"


def test_a_waiver_is_shown_on_paper():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    now = life.journal.now()
    waiver = Signed("unit_head", "unit_head同志", "planner同志", "单位人员不足", now, now + timedelta(days=30))
    assert any(text.startswith("职责分离豁免：经主管部门planner同志签发") for text in texts(sheet(life, waivers=(waiver,))))


def test_the_code_ties_the_sheet_to_the_log():
    life = Life(memory()).in_monitoring()
    (code,) = (part for part in sheet(life).parts if isinstance(part, Code))
    table = life.table
    assert code.text == f"goaltrail:{table.id}:{table.version}:{table.head}"
    assert code.beside[:3] == (
        f"表编号：{table.id}", f"台账记录：{table.version}条，截至2026-01-05 09:00", f"链首：{table.head}",
    )  # fmt: skip


def test_the_history_page_tells_every_act_in_order():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    history = [part for part in sheet(life).parts if isinstance(part, Boxes)][-1]
    assert [row[2].text for row in history.rows[1:]] == [
        "clerk同志（项目经办人）：由申报文本导入第1张表《农村道路维护经费》，形成草稿。",
        "clerk同志（项目经办人）：提交绩效目标表（第1轮），较上次内容改动8处。",
        "unit_head同志（单位负责人）：审核结论：同意，意见：同意。",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", list(FormKind))
def test_every_form_is_printed_at_every_stage(kind: FormKind):
    """Blank where nothing was filled in; as PDF/A, Word and Excel, twice the same bytes."""
    life = Life(memory()).imported()
    for go_on in (life.completed, life.submitted, lambda: life.approved(roster.UNIT_HEAD)):
        form = form_of(paper(life, kind), kind)
        assert written(form) == written(form)
        assert Document(io.BytesIO(docx_of(form))).tables
        assert xlsx_of(form) == xlsx_of(form)
        go_on()


def test_a_word_sheet_carries_the_code_and_the_foot():
    form = sheet(Life(memory()).in_unit_review())
    document = Document(io.BytesIO(docx_of(form)))
    (picture,) = document.inline_shapes
    assert (round(picture.width.mm), round(picture.height.mm)) == (28, 28)
    assert [each.text for each in document.sections[0].footer.paragraphs] == [f"{form.foot}　第  页　共  页"]
    assert docx_of(form) == docx_of(form)


def test_a_sheet_is_pdf_a_with_its_own_fonts():
    data = written(sheet(Life(memory()).in_unit_review()))
    assert b"pdfaid:part>2<" in data
    assert b"pdfaid:conformance>A<" in data
    with pdfplumber.open(io.BytesIO(data)) as document:
        fonts = {char["fontname"].partition("+")[2] for page in document.pages for char in page.chars}
        assert {(round(page.width), round(page.height)) for page in document.pages} == {(595, 842)}
        assert document.metadata["CreationDate"].startswith("D:20260304")
    assert fonts == {"NotoSerifSC-Regular"}


def test_words_of_people_are_never_commands():
    opinion = '#panic("x") $a$ *b* #let x = 1 \\ <script> "'
    life = act(Life(memory()).in_unit_review(), approve_table, roster.UNIT_HEAD, opinion=opinion)
    printed = text_of(written(sheet(life)))
    assert opinion.replace(" ", "") in "".join(printed.split())
    assert life.table.head in printed


def test_a_review_form_prints_points_and_grade():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    form = paper(life).review_form
    items = {item.code.value: {"points": str(item.points), "comment": "符合要求"} for item in form.items}
    life.table = score_review(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), mode="scored",
        items=items, opinion="同意上报",
    )  # fmt: skip
    printed = texts(form_of(paper(life, FormKind.REVIEW), FormKind.REVIEW))
    assert "■优　□良　□中　□差" in printed
    assert printed.count("符合要求") == 8
    assert {"100.00", "同意上报", "planner同志（规划财务处审核，第1轮）", "2026年1月5日"} <= {*printed}


def test_a_blank_review_form_has_boxes_to_fill():
    printed = texts(form_of(paper(Life(memory()).imported(), FormKind.REVIEW), FormKind.REVIEW))
    assert "□优　□良　□中　□差" in printed
    assert printed.count("10") + printed.count("15") == 8


def test_the_self_evaluation_prints_its_points_and_those_given_anew():
    life = evaluated()
    printed = texts(form_of(paper(life, FormKind.EVALUATION), FormKind.EVALUATION))
    assert {life.table.evaluation.total, life.table.evaluation.execution_points, "96.97%", "等级：优"} <= {*printed}
    assert "复核得分" not in printed
    done(life, "accept evaluation", roster.UNIT_HEAD)
    row = life.table.evaluation.scores[0]["row"]
    life.table = rescore(
        life.journal, life.table.id, seen=life.seen(), rows={row: {"points": "1.00", "reason": "佐证不足，按实际核减"}},
        by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
    )  # fmt: skip
    again = texts(form_of(paper(life, FormKind.EVALUATION), FormKind.EVALUATION))
    assert {"复核得分", "1.00", life.table.result.total} <= {*again}
    assert any(text.startswith("复核：") and "佐证不足，按实际核减" in text for text in again)


def test_a_filed_window_prints_its_figures_and_colour():
    life = done(Life(memory()).in_monitoring().window_opened(), "file window", window="w1")
    printed = texts(form_of(paper(life, FormKind.MONITORING), FormKind.MONITORING, "w1"))
    (window,) = (each for each in life.table.windows if each.window == "w1")
    assert {"40", f"{window.execution_rate}%", f"{window.deviation}个百分点", "绿"} <= {*printed}
    assert printed.count("√") == len(paper(life).rows)


MONITORING_COLUMNS = (
    "项目名称", "主管部门及代码", "实施单位", "项目资金", "年初预算数", "执行数", "执行率", "全年预计执行数", "年度资金总额", "其中：本年一般公共预算拨款",
    "其他资金", "年度总体目标", "一级指标", "二级指标", "三级指标", "年度指标值", "执行情况", "全年预计完成情况", "偏差原因分析", "完成目标可能性", "备注",
    "经费保障", "制度保障", "人员保障", "硬件条件保障", "其他", "原因说明", "确定能", "有可能", "完全不可能",
)  # fmt: skip
EVALUATION_COLUMNS = (
    "项目名称", "主管部门", "实施单位", "项目资金", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", "年度资金总额", "其中：当年财政拨款",
    "上年结转资金", "其他资金", "年度总体目标", "预期目标", "实际完成情况", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值",
    "偏差原因分析及改进措施", "总分",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "columns"), [
    (FormKind.MONITORING, MONITORING_COLUMNS), (FormKind.EVALUATION, EVALUATION_COLUMNS)])  # fmt: skip
def test_the_official_columns_stand_in_the_order_of_the_official_form(kind: FormKind, columns: tuple[str, ...]):
    """N6, N7: 财预〔2019〕136号 附件 and 财预〔2020〕10号 附件1, box for box."""
    life = evaluated() if kind == FormKind.EVALUATION else Life(memory()).in_monitoring().window_opened()
    printed = [text.replace("\n", "") for text in texts(form_of(paper(life, kind), kind))]
    place = -1
    for column in columns:
        place = next(at for at, text in enumerate(printed) if at > place and column in text)


def test_monitoring_prints_the_window_asked_for_and_no_other():
    life = Life(memory()).in_monitoring()
    with pytest.raises(NotFound):
        form_of(paper(life, FormKind.MONITORING), FormKind.MONITORING, "w99")
    assert form_of(paper(life, FormKind.MONITORING), FormKind.MONITORING).landscape


def test_pdf_switched_off_says_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    """Without typst or the fonts nothing breaks but printing PDFs."""
    monkeypatch.setattr(drawing, "NEEDED", ("typst", "fonts_that_nobody_installed"))
    assert drawing.whats_missing() == ("fonts_that_nobody_installed",)
    with pytest.raises(PdfSwitchedOff):
        pdf_of(Form("x", (Line("x"),)), dated=datetime.now().astimezone())


def test_the_tree_covers_what_rows_have_in_common():
    rows = [{"level1": a, "level2": b, "level3": c} for a, b, c in ("AXx", "AXy", "AYz", "BXw")]
    found = [[(box.text, box.rows) for box in row] for row in tree_rows(rows, lambda row: (Box("-"),))]
    assert found == [
        [("A", 3), ("X", 2), ("x", 1), ("-", 1)], [("y", 1), ("-", 1)], [("Y", 1), ("z", 1), ("-", 1)],
        [("B", 1), ("X", 1), ("w", 1), ("-", 1)],
    ]  # fmt: skip


@pytest.mark.parametrize(("filed", "code", "printed"), [
    (None, "207", "某县交通运输局（207）"), ("某县交通运输局", "207", "某县交通运输局（207）"), (None, "", "某县交通运输局"),
    ("交通局（208）", "207", "交通局（208）"),
])  # fmt: skip
def test_the_department_stands_with_its_code_where_it_has_one(filed, code, printed):
    """Another name than the organ's is printed as it was filed: its code would be somebody else's."""
    made = paper(Life(memory()).in_monitoring(), FormKind.MONITORING, codes={roster.DEPARTMENT: code} if code else {})
    made = replace(made, content={**made.content, "supervising_department": filed})
    form = form_of(made, FormKind.MONITORING, "w1")
    rows = [row for part in form.parts if isinstance(part, Boxes) for row in part.rows if row[0].text == "主管部门及代码"]
    assert [row[1].text for row in rows] == [printed]
