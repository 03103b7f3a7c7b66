"""N1, issue 5 point 2: a document's department part is amended, reviewed in two offices, versioned, linked to tables."""

from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.support import roster
from tests.support.contents import printed_table
from tests.support.life import Life, memory
from workflows.commands import filing_documents as documents
from workflows.commands import importing
from workflows.commands.recipe import Seen
from workflows.content.part_differences import part_differences
from workflows.content.text_differences import pieces_of
from workflows.content.two_columns import two_columns
from workflows.department_part import EMPTY, part_checked
from workflows.errors import (
    ContentDiffers,
    FieldsInvalid,
    MarkedAsSecret,
    NotAllowed,
    NotFound,
    NotOpenNow,
    ReasonMissing,
    TableChangedMeanwhile,
)
from workflows.filing_rules import FilingAct, Tables, decide
from workflows.filings import PartState, document_from
from workflows.forms.reading import read_document
from workflows.forms.writing import document_form, docx_of
from workflows.goal_links import Aim, aims_of, money_of, suggestions, unlinked_tables, with_links
from workflows.printing.filing_document import printed_document
from workflows.printing.two_columns import side_by_side
from workflows.vocabulary import Cover, Post, Role
from workflows.words.document_sentences import notices_of_document
from workflows.words.sentences import sentence

PART = {
    "name": None, "overall_goals": ["保障农村道路安全畅通"],
    "responsibilities": [
        {"name": "道路养护", "description": None, "goal": None,
         "activities": [{"name": "农村道路维护", "description": "维护县道乡道", "goal": "路况良好"}]},
    ],
    "itemised_goals": [
        {"title": "改善农村道路", "goal": "完成农村道路维护经费项目", "indicators": ["维护道路里程"]},
        {"title": "培训干部", "goal": None, "indicators": []},
    ],
    "long_term_goals": [], "safeguards": ["加强检查", {"title": "制度", "text": "完善制度"}],
}  # fmt: skip
WHY = "批复后政策调整，须改写目标"
OTHER_PLANNER = roster.person("planner2", (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))


@dataclass
class Paper:
    """One document with the table of a life: each method is a person's act."""

    life: Life
    id: UUID

    @property
    def now(self):
        return documents.document_now(self.life.journal, self.id)

    def seen(self) -> Seen:
        return Seen(self.now.version, self.now.content_hash)

    def amended(self, by=roster.CLERK, reason="", command=None, seen=None, **changes):
        part = {**documents.part_of(self.life.journal, self.now), **changes}
        return documents.amend_document(
            self.life.journal, self.id, seen=seen or self.seen(), part=part, by=by, reason=reason,
            command_id=command or uuid4(),
        )  # fmt: skip

    def spoken(self, by, opinion="", *, passed=True):
        return documents.review_document(
            self.life.journal, self.id, seen=self.seen(), passed=passed, by=by, opinion=opinion, command_id=uuid4()
        )


def paper(stage: str = "in_unit_review", part=PART, people=roster.PEOPLE) -> Paper:
    life = Life(memory())
    life.journal.people = people
    with pytest.MonkeyPatch.context() as patch:
        filed = importing._filed
        patch.setattr(importing, "_filed", lambda j, f, *rest: filed(j, with_part(f, part), *rest))
        getattr(life, stage)()
    return Paper(life, UUID(life.table.document))


def with_part(filing, part):
    document = {**filing.document, "department": deepcopy(part)}
    return importing.Filing(filing.name, filing.data, document, filing.findings)


def test_the_part_that_was_filed_is_its_first_version_and_waits_for_the_department():
    now = paper().now
    assert (now.version, now.state, [each.number for each in now.parts]) == (1, PartState.AT_DEPARTMENT, [1])
    assert paper(part=None).now.state == PartState.ABSENT


def test_old_versions_stay_and_name_their_writers():
    one = paper()
    one.amended(overall_goals=["新的目标"])
    now = one.amended(by=roster.DEPARTMENT_FINANCE, reason="补充", overall_goals=["再新的目标"])
    read = [one.life.journal.content(each.content_hash)["overall_goals"] for each in now.parts]
    assert read == [["保障农村道路安全畅通"], ["新的目标"], ["再新的目标"]]
    assert [(each.number, each.by, each.reason) for each in now.parts] == [(1, "clerk", ""), (2, "clerk", ""), (3, "planner", "补充")]
    assert (now.version, now.state) == (3, PartState.AT_FINANCE)


def test_two_offices_review_one_after_the_other():
    one = paper()
    assert one.spoken(roster.DEPARTMENT_FINANCE, "目标清楚").state == PartState.AT_FINANCE
    now = one.spoken(roster.FINANCE_PERFORMANCE)
    assert (now.state, [(each.passed, each.by, each.words) for each in now.opinions]) == (
        PartState.REVIEWED, [(True, "planner", "目标清楚"), (True, "performance", "")],
    )  # fmt: skip
    with pytest.raises(NotOpenNow, match="现在没有等待审阅的版本"):
        one.spoken(roster.FINANCE_PERFORMANCE)


def test_what_is_sent_back_is_amended_and_begins_again():
    one = paper()
    assert one.spoken(roster.DEPARTMENT_FINANCE, "目标缺少量化指标", passed=False).state == PartState.RETURNED
    with pytest.raises(ReasonMissing):
        paper().spoken(roster.DEPARTMENT_FINANCE, "不", passed=False)
    assert one.amended(overall_goals=["维护道路一百公里"]).state == PartState.AT_DEPARTMENT


@pytest.mark.parametrize("by", [roster.UNIT_HEAD, roster.OTHER_CLERK, roster.FINANCE_BUDGET, roster.DEPARTMENT_BUSINESS], ids=lambda a: a.id)
def test_nobody_else_amends(by):
    with pytest.raises(NotAllowed, match="项目经办人或主管部门规划财务处"):
        paper().amended(by=by, name="某局")


@pytest.mark.parametrize("by", [roster.CLERK, roster.FINANCE_PERFORMANCE, roster.UNIT_HEAD], ids=lambda a: a.id)
def test_only_the_office_whose_turn_it_is_reviews(by):
    with pytest.raises(NotAllowed, match="待规划财务处审阅"):
        paper().spoken(by)


def test_before_a_table_is_submitted_it_is_the_clerks_alone():
    one = paper("imported")
    for act in (lambda: one.spoken(roster.DEPARTMENT_FINANCE), lambda: one.amended(by=roster.DEPARTMENT_FINANCE, name="某局")):
        with pytest.raises(NotOpenNow, match="还没有提交"):
            act()
    assert one.amended(name="某局").in_force.number == 2


def test_after_the_reply_only_the_department_amends_and_says_why():
    one = paper("in_monitoring")
    with pytest.raises(NotOpenNow, match="已经批复"):
        one.amended(name="某局", reason=WHY)
    with pytest.raises(ReasonMissing):
        one.amended(by=roster.DEPARTMENT_FINANCE, name="某局")
    assert one.amended(by=roster.DEPARTMENT_FINANCE, name="某局", reason=WHY).in_force.reason == WHY


def test_nobody_reviews_what_he_wrote_nor_twice_in_two_offices():
    every = roster.EVERY_HAT
    one = paper()
    one.amended(by=every, name="某局")
    with pytest.raises(NotAllowed, match="您编写了这一版"):
        one.spoken(every)
    two = paper()
    two.spoken(every, "同意")
    with pytest.raises(NotAllowed, match="另一级审阅过"):
        two.spoken(every)


def test_an_old_page_amends_nothing():
    one = paper()
    before = one.seen()
    one.amended(name="某局")
    with pytest.raises(TableChangedMeanwhile, match="刚刚被他人修改或审阅过"):
        one.amended(name="又一局", seen=before)
    with pytest.raises(ContentDiffers):
        one.amended(name="又一局", seen=Seen(one.now.version, "0" * 64))
    assert one.now.version == 2


def test_the_same_command_amends_once():
    one, command = paper(), uuid4()
    first = one.amended(name="某局", command=command)
    assert one.amended(name="某局", command=command) == first


def test_nothing_new_is_no_version():
    with pytest.raises(FieldsInvalid, match="没有改动"):
        paper().amended()
    with pytest.raises(FieldsInvalid, match="没有改动"):
        paper(part=None).amended()


def test_a_document_without_a_part_gets_its_first_version():
    now = paper(part=None).amended(overall_goals=["目标"])
    assert (now.in_force.number, now.state) == (1, PartState.AT_DEPARTMENT)


def test_a_number_of_classified_tables_has_no_part_to_amend():
    one = paper()
    with pytest.raises(NotFound):
        documents.document_now(one.life.journal, one.life.table.id)


WRONG = {
    "no list": {"overall_goals": "目标"}, "an empty text": {"overall_goals": [" "]}, "another key": {"goals": []},
    "a goal without title": {"itemised_goals": [{"title": None, "goal": "好", "indicators": []}]},
    "a table that there is not": {"itemised_goals": [{"title": "甲", "goal": None, "indicators": [], "links": [2]}]},
    "a table twice": {"itemised_goals": [{"title": "甲", "goal": None, "indicators": [], "links": [1, 1]}]},
    "a number that is none": {"itemised_goals": [{"title": "甲", "goal": None, "indicators": [], "links": [True]}]},
    "a control sign": {"name": "甲\x00乙"}, "too much of all": {"overall_goals": ["长" * 20_000] * 26},
    "too long": {"name": "长" * 20_001}, "too many": {"long_term_goals": ["目标"] * 201},
    "a task without its list": {"tasks": [{"name": "任务", "content": "内容"}]},
    "an activity of two keys": {"responsibilities": [{"name": "甲", "description": None, "goal": None, "activities": [{"name": "乙", "goal": None}]}]},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_part_of_another_shape_is_refused(wrong):
    with pytest.raises(FieldsInvalid):
        part_checked({**PART, **wrong}, tables=1)
    assert part_checked({**PART, "tasks": [{"name": None, "content": ["修路"]}]}, tables=1)["tasks"][0]["content"] == ["修路"]


def test_a_mark_of_classification_is_not_kept():
    with pytest.raises(MarkedAsSecret, match="密级标志"):
        paper().amended(overall_goals=["绝密★启用前"])


def test_links_are_part_of_the_content():
    one = paper()
    now = documents.link_goals(
        one.life.journal, one.id, seen=one.seen(), links={"/itemised_goals/0": [1]}, by=roster.CLERK, command_id=uuid4()
    )
    part = one.life.journal.content(now.content_hash)
    assert (part["itemised_goals"][0]["links"], "links" in part["itemised_goals"][1]) == ([1], False)
    assert (unlinked_tables(part, [1, 2]), [aim.links for aim in aims_of(part)]) == ([2], [(1,), (), ()])
    assert unlinked_tables(None, [1]) == [1]
    assert with_links(part, {"/itemised_goals/0": []})["itemised_goals"][0]["links"] == []


def test_tables_that_say_the_same_words_are_suggested():
    tables = {
        1: {"title": "农村道路维护经费", "purpose": None, "goals": ["维护道路"], "indicators": [{"level3": "维护道路里程"}]},
        2: {"title": "学校食堂改造", "purpose": None, "goals": [], "indicators": []},
    }
    found = suggestions(aims_of(PART), tables, Decimal(60))
    assert {pointer: [(each.table, each.share) for each in likest] for pointer, likest in found.items()} == {
        "/itemised_goals/0": [(1, Decimal(100))], "/itemised_goals/1": [],
        "/responsibilities/0/activities/0": [(1, Decimal(100))],
    }  # fmt: skip
    linked = with_links(PART, {"/itemised_goals/0": [1]})
    assert suggestions(aims_of(linked), tables, Decimal(60))["/itemised_goals/0"] == ()


def test_who_is_told_whose_turn_it_is_and_never_the_files_name():
    one = paper()
    one.spoken(roster.DEPARTMENT_FINANCE)
    one.spoken(roster.FINANCE_PERFORMANCE, "目标缺少量化指标", passed=False)
    one.amended(name="某局")
    history = one.life.journal.history(one.id)
    told = [notices_of_document(each, document_from(history[: each.version])) for each in history]
    to = [[(each.to.person, each.to.role) for each in notices] for notices in told]
    assert to == [[], [(None, Role.FINANCE_PERFORMANCE)], [("clerk", None)], [(None, Role.DEPARTMENT_FINANCE)]]
    assert [each for notices in told for each in notices if "申报.txt" in each.subject + each.text] == []


def test_the_sentences_of_a_documents_life():
    one = paper()
    one.spoken(roster.DEPARTMENT_FINANCE, "目标缺少量化指标", passed=False)
    one.amended(name="某局", reason="补充")
    one.spoken(roster.DEPARTMENT_FINANCE)
    assert [sentence(each).split("：", 1)[1] for each in one.life.journal.history(one.id)[1:]] == [
        "退回部门整体部分，意见：目标缺少量化指标。", "修改部门整体部分，形成第2版，理由：补充。", "审阅部门整体部分：同意。",
    ]  # fmt: skip


def test_the_permit_names_the_post():
    one = paper()
    assert decide(OTHER_PLANNER, one.now, FilingAct.REVIEW, Tables(received=True, replied=False)).post == Post(
        Role.DEPARTMENT_FINANCE, roster.DEPARTMENT
    )


def test_the_surroundings_of_a_table_take_the_part_in_force():
    one = paper()
    one.amended(overall_goals=["新的目标"])
    around = one.life.journal.surroundings(one.life.table, one.life.journal.content(one.life.table.content_hash))
    assert around.department["overall_goals"] == ["新的目标"]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("预计405人", "共计405人", [("预", "共"), ("计405人", "计405人")]), ("甲", "甲", [("甲", "甲")]),
        ("", "新", [("", "新")]), ("甲乙丙丁", "甲乙丁", [("甲乙", "甲乙"), ("丙", ""), ("丁", "丁")]),
    ],
)  # fmt: skip
def test_two_texts_side_by_side(old, new, pieces):
    found = pieces_of(old, new)
    assert ("".join(each.old for each in found), "".join(each.new for each in found)) == (old, new)
    assert [(each.old, each.new) for each in found] == pieces


def test_a_typed_text_is_kept_in_one_spelling():
    assert part_checked({**EMPTY, "name": "cafe\u0301"}, tables=0)["name"] == "caf\u00e9"


def test_the_empty_part_fits():
    assert part_checked(dict(EMPTY), tables=0) == EMPTY


def test_the_differences_of_two_parts_keep_items_apart():
    new = deepcopy(PART)
    new["safeguards"].pop(0)
    new["itemised_goals"][0] |= {"goal": "完成农村公路维护经费项目", "links": [1, 2]}
    new["tasks"] = [{"name": "修路", "content": ["甲", "乙"]}]
    assert [(each.place, each.old, each.new) for each in part_differences(PART, new)] == [
        ("分项绩效目标 · 第1条 · 绩效目标", "完成农村道路维护经费项目", "完成农村公路维护经费项目"),
        ("分项绩效目标 · 第1条 · 对应的绩效目标表", "", "第1张；第2张"),
        ("年度主要任务 · 第1条（新增）", "", "名称：修路\n主要内容：甲；乙"), ("保障措施 · 第1条（删去）", "加强检查", ""),
    ]  # fmt: skip
    assert part_differences(PART, deepcopy(PART)) == ()


REGION = {
    "amount_unit": "万元", "budget": {"total": "935.00", "fiscal": "935.00", "other": None, "carryover": None},
    "goals": ["开展3轮，预计405人"],
    "allocated": {"total": "900", "fiscal": "935.0", "other": None, "carryover": "5", "goals": ["开展3轮，共计405人"]},
}  # fmt: skip


def test_the_regions_two_columns_stand_side_by_side():
    both = two_columns(REGION)
    assert [(each.whole, each.allocated, each.difference) for each in both.money] == [
        ("935.00", "900", Decimal("35.00")), ("935.00", "935.0", Decimal("0.00")), (None, None, None), (None, "5", None),
    ]  # fmt: skip
    assert (both.same_money, both.differences) == (False, 1)
    assert [(each.old, each.new) for each in both.goals if not each.same] == [("预", "共")]
    assert two_columns({**REGION, "allocated": None}) is None


def test_the_approval_sheet_prints_both_columns():
    class Paper:
        content = REGION

    heading, boxes, note = side_by_side(Paper())
    assert (heading.text, note.text) == ("项目总额与本级已分配资金对照", "资金两栏不一致；绩效目标有1处不同，以【】标出。")
    assert [[box.text for box in row] for row in boxes.rows][1::4] == [
        ["资金总额", "935.00", "900", "35.00"], ["绩效目标", "开展3轮，【预】计405人", "开展3轮，【共】计405人"],
    ]  # fmt: skip


def test_a_printed_document_names_its_tables_by_their_place_on_the_paper():
    part = with_links(PART, {"/itemised_goals/0": [1, 3], "/responsibilities/0/activities/0": [2]})
    printed = printed_document(source="甲", family="乙", part=part, tables={1: {"title": "一"}, 3: {"title": "三"}}, undisclosed=2)
    assert [aim.links for aim in aims_of(printed["department"])] == [(1, 2), (), ()]
    assert ([each["title"] for each in printed["tables"]], printed["undisclosed_tables"]) == (["一", "三"], 2)


ODD_TASKS = (
    [{"name": None, "content": []}], [{"name": "修路", "content": ["（一）第一段", "主要内容：第二段", "两行\n文字"]}],
    [{"name": "主要内容：甲", "content": ["工作保障措施", "一、目标规划"]}, {"name": "部门年度主要任务", "content": [" 前有空格"]}], [],
)  # fmt: skip


@pytest.mark.parametrize("tasks", ODD_TASKS)
def test_odd_tasks_and_links_read_back_from_paper(tasks):
    part = {**with_links(PART, {"/itemised_goals/1": [1], "/responsibilities/0/activities/0": [1]}), "tasks": tasks}
    tables = {1: printed_table()}
    printed = printed_document(source="甲.docx", family="ningxia-county-project", part=part, tables=tables, undisclosed=3)
    read = read_document(docx_of(document_form(printed)), "甲.docx").document
    assert (read["department"], read["undisclosed_tables"]) == (part, 3)


@pytest.mark.parametrize(("words", "links", "amounts", "money"), [
    ("安排资金1,200万元维护道路", (1, 2), {1: Decimal(1000), 2: Decimal(200)}, (Decimal(1200), Decimal(1200), False)),
    ("投入0.5亿元，修路", (1,), {1: Decimal(4000)}, (Decimal(4000), Decimal(5000), True)),
    ("资金20000元", (1,), {1: None}, (None, Decimal(2), False)),
    ("资金10万元，其中预算5万元", (1,), {1: Decimal(10)}, (Decimal(10), None, False)),
    ("维护道路120公里", (), {}, (None, None, False)),
])  # fmt: skip
def test_a_goal_is_held_against_the_money_of_its_tables(words, links, amounts, money):
    found = money_of(Aim("/itemised_goals/0", "甲", words, (), links), amounts)
    assert (found.tables, found.said, found.differs) == money


def standing_in(**narrow):
    post = Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT)
    deputy = roster.person("stand_in", (Role.DEPARTMENT_BUSINESS, roster.DEPARTMENT))
    return replace(deputy, covers=(Cover("g1", "planner", "规划同志", (post,), **narrow),))


def test_a_deputy_reviews_the_part_for_the_office_and_the_record_names_both():
    """C4: as in every work of an office that stands at no desk (批复下达)."""
    one = paper()
    now = one.spoken(standing_in(), "目标清楚")
    assert (now.state, [(each.by, each.behalf, each.name) for each in now.opinions]) == (
        PartState.AT_FINANCE, [("stand_in", "planner", f"{standing_in().name} 代 规划同志")],
    )  # fmt: skip
    assert one.life.journal.history(one.id)[-1].behalf.grant == "g1"


@pytest.mark.parametrize("narrow", [{"nodes": ("department_finance",)}, {"units": (roster.OTHER_UNIT,)}, {"most": "1000"}])
def test_a_cover_that_reaches_less_far_is_none_for_a_part(narrow):
    with pytest.raises(NotAllowed):
        paper().spoken(standing_in(**narrow))


def test_nobody_has_reviewed_for_him_what_he_wrote_himself():
    """S1, S7: what the absent person may not do, his deputy does not do for him."""
    one = paper()
    one.amended(by=roster.DEPARTMENT_FINANCE, reason="补充", overall_goals=["新的目标"])
    post = Post(Role.FINANCE_PERFORMANCE, roster.BUREAU)
    deputy = replace(standing_in(), covers=(Cover("g2", "planner", "规划同志", (post,)),))
    with pytest.raises(NotAllowed) as refused:
        one.spoken(deputy)
    assert refused.value.rule == "S1"
