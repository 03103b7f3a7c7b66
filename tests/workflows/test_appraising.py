"""事前绩效评估 (N10, domain.md 11): new and above the pack's amount needs a confirmed positive appraisal, or a document."""

import copy
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands import appraising, attaching, drafting
from workflows.commands.prereview import findings_of
from workflows.commands.publishing_packs import propose_pack, publish_pack
from workflows.errors import BlockedByFindings, FieldsInvalid, NotAllowed, NotFound, NotOpenNow, ReasonMissing
from workflows.packs import PACK_NAMES, pack_content
from workflows.packs.appraisal import appraisal_rules_of
from workflows.rights.permissions import may_read
from workflows.state.appraisals import Support
from workflows.vocabulary import Action, Grade, Role, Stage

RULES = appraisal_rules_of(pack_content("ningxia-county"))
AUTHOR, SECOND = (roster.person(name, (Role.PROCESS_ADMIN, roster.BUREAU)) for name in ("process", "process_2"))
BUREAU, DEPARTMENT = roster.FINANCE_PERFORMANCE, roster.DEPARTMENT_FINANCE
WHY = "县委县政府研究确定的应急项目"


def begun(journal=None, threshold="50") -> Life:
    """A draft under a pack whose threshold the sample's 66 万元 passes."""
    journal = journal or memory()
    content = copy.deepcopy(pack_content("ningxia-county"))
    content["version"] += 1
    content["appraisal"]["threshold"] = threshold
    proposed = propose_pack(journal, content=content, by=AUTHOR, command_id=uuid4())
    publish_pack(journal, name=proposed.name, content_hash=proposed.content_hash, by=SECOND, command_id=uuid4())
    return Life(journal).imported()


def draft(life: Life, attribute="新增项目", total="66.00") -> Life:
    """Complete the draft as the clerk of a new project would."""
    life.completed()
    kept = drafting.content_in_work(life.journal, life.table)
    content = {**kept.content, "attribute": attribute, "budget": {**kept.content["budget"], "total": total, "fiscal": total}}
    found = findings_of(life.journal, life.table, content)
    content["explanations"] = {drafting.finding_key(each): "已核实，情况属实" for each in found if each.severity == "W"}
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=kept.version, content=content,
        reasons={"": "按项目库更正属性和金额"}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return life


def graded(grade=Grade.EXCELLENT):
    return {item.code: grade.value for item in RULES.items}


def act(life, verb, by, **words) -> Life:
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **words)
    return life


def attached(life) -> Life:
    if not life.table.attachments:
        act(life, attaching.attach_file, roster.CLERK, name="评估报告.txt", data="事前绩效评估报告正文".encode())
    return life


def filed(life, grade=Grade.EXCELLENT, result=Support.SUPPORTED, by=roster.CLERK) -> Life:
    attached(life)
    return act(life, appraising.file_appraisal, by, items=graded(grade), result=result.value,
               attachment=life.table.attachments[0].attachment, opinion="专家评审一致同意")  # fmt: skip


def checked(life, outcome="pass", by=DEPARTMENT, **words) -> Life:
    return act(life, appraising.check_appraisal, by, appraisal=life.table.appraisal.appraisal, outcome=outcome, **words)


def waived(life, by=BUREAU, doc_no="清财函〔2026〕9号", reason=WHY) -> Life:
    return act(life, appraising.waive_appraisal, by, appraisal=life.table.appraisal.appraisal, doc_no=doc_no, reason=reason)


def barred(life) -> list[str]:
    found = findings_of(life.journal, life.table, drafting.content_in_work(life.journal, life.table).content)
    return [each.sentence for each in found if each.rule == "V-A1"]


@pytest.mark.parametrize("name", PACK_NAMES)
def test_the_sheet_that_ships_has_five_aspects_of_four_items_of_five_points(name):
    rules = appraisal_rules_of(pack_content(name))
    if name in ("national-2015", "henan-unit"):
        assert rules is None, "before R34, or of no projects"
        return
    assert [(aspect, len(rules.of_aspect(aspect))) for aspect in rules.aspects] == [
        ("立项必要性", 4), ("投入经济性", 4), ("绩效目标合理性", 4), ("实施方案可行性", 4), ("筹资合规性", 4),
    ]  # fmt: skip
    assert {item.points for item in rules.items} == {Decimal(5)}
    assert rules.threshold == Decimal(1000)


def test_n10_a_new_project_above_the_amount_is_not_filed_without_an_appraisal():
    life = draft(begun())
    assert barred(life) == ["新增项目，金额不低于50万元，须先有事前绩效评估及报告。"]
    with pytest.raises(BlockedByFindings) as refused:
        life.submitted()
    assert [each.rule for each in refused.value.facts["findings"]] == ["V-A1"]


def test_n10_a_confirmed_positive_appraisal_lets_it_in():
    life = checked(filed(draft(begun())))
    assert (life.table.appraisal.total, life.table.appraisal.state, life.table.appraisal.amount) == ("100.00", "confirmed", "66.00")
    assert life.submitted().table.stage == Stage.UNIT_REVIEW


@pytest.mark.parametrize(("attribute", "total", "threshold"), [
    ("延续项目", "66.00", "50"), (None, "66.00", "50"), ("新增项目", "49.99", "50"), ("新增项目", "66.00", "1000"),
])  # fmt: skip
def test_old_small_or_other_projects_need_none(attribute, total, threshold):
    assert barred(draft(begun(threshold=threshold), attribute, total)) == []


def test_the_amount_itself_is_above_and_money_in_yuan_is_converted():
    life = draft(begun(), total="50.00")
    assert len(barred(life)) == 1
    content = {**drafting.content_in_work(life.journal, life.table).content, "amount_unit": "元"}
    assert "V-A1" not in {each.rule for each in findings_of(life.journal, life.table, content)}


WAYS_SHORT = {
    "not confirmed": (filed, "事前绩效评估须经主管部门规划财务处核实同意。"),
    "not agreed to": (lambda life: checked(filed(life), "return", opinion="测算依据不足"), "事前绩效评估须经主管部门规划财务处核实同意。"),
    "supported in part": (
        lambda life: checked(filed(life, result=Support.PARTLY)), "事前绩效评估结论为“部分支持（调整完善后）”，不能申报预算。"),
    "not supported": (lambda life: checked(filed(life, Grade.POOR, Support.REJECTED)), "事前绩效评估结论为“不予支持”，不能申报预算。"),
    "more money than appraised": (
        lambda life: draft(checked(filed(life)), total="80.00"), "事前绩效评估的金额为66.00万元，现申报的金额超出评估。"),
    "report taken back": (
        lambda life: act(checked(filed(life)), attaching.withdraw_attachment, roster.CLERK,
                         attachment=life.table.appraisal.attachment),
        "新增项目，金额不低于50万元，须先有事前绩效评估及报告。"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS_SHORT)
def test_an_appraisal_that_falls_short_blocks(way):
    lead, sentence = WAYS_SHORT[way]
    assert barred(lead(draft(begun()))) == [sentence]


def test_finance_lets_a_project_in_by_a_numbered_document():
    life = waived(checked(filed(draft(begun()), Grade.FAIR, Support.PARTLY)))
    assert barred(life) == []
    assert life.submitted().table.appraisal.doc_no == "清财函〔2026〕9号"


def test_the_result_is_no_better_than_the_points_allow_but_may_be_stricter():
    life = draft(begun())
    with pytest.raises(FieldsInvalid, match="评估得分60分，结论最高为“部分支持（调整完善后）”。"):
        filed(life, Grade.FAIR, Support.SUPPORTED)
    assert filed(life, Grade.EXCELLENT, Support.REJECTED).table.appraisal.result == "rejected"


def test_every_item_is_graded_and_the_report_is_there():
    life = draft(begun())
    with pytest.raises(FieldsInvalid, match="先把事前绩效评估报告作为附件上传"):
        act(life, appraising.file_appraisal, roster.CLERK, items=graded(), result="supported", attachment=str(uuid4()))
    attached(life)
    words = {"result": "supported", "attachment": life.table.attachments[0].attachment}
    for items in ({}, {**graded(), "need_1": "great"}, {**graded(), "need_9": "good"}):
        with pytest.raises(FieldsInvalid):
            act(life, appraising.file_appraisal, roster.CLERK, items=items, **words)
    with pytest.raises(FieldsInvalid, match="请选择评估结论"):
        act(life, appraising.file_appraisal, roster.CLERK, items=graded(), **{**words, "result": "maybe"})


@pytest.mark.parametrize("by", [roster.UNIT_HEAD, roster.DEPARTMENT_BUSINESS, BUREAU, roster.CLERK])
def test_only_the_departments_finance_office_confirms(by):
    with pytest.raises(NotAllowed):
        checked(filed(draft(begun())), by=by)


@pytest.mark.parametrize("by", [roster.UNIT_HEAD, DEPARTMENT, roster.FINANCE_BUDGET, roster.CLERK])
def test_only_finance_waives(by):
    with pytest.raises((NotAllowed, NotFound)):
        waived(filed(draft(begun())), by=by)


def test_who_filed_it_does_not_confirm_s1():
    both = roster.person("clerk", (Role.CLERK, roster.UNIT), (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    with pytest.raises(NotAllowed) as refused:
        checked(filed(draft(begun())), by=both)
    assert refused.value.rule == "S1"


def test_confirming_is_asked_once_and_needs_what_was_seen():
    life = filed(draft(begun()))
    with pytest.raises(NotFound):
        act(life, appraising.check_appraisal, DEPARTMENT, appraisal=str(uuid4()), outcome="pass")
    with pytest.raises(ReasonMissing):
        checked(life, "return")
    with pytest.raises(FieldsInvalid):
        checked(life, "maybe")
    checked(life)
    with pytest.raises(NotAllowed) as refused:
        checked(life)
    assert refused.value.rule == "G-NOTHING"
    with pytest.raises(NotAllowed, match="已予以支持"):
        waived(life)


def test_a_waiver_needs_number_and_reason():
    life = filed(draft(begun()), result=Support.PARTLY)
    with pytest.raises(FieldsInvalid):
        waived(life, doc_no=" ")
    with pytest.raises(ReasonMissing):
        waived(life, reason="急")


def test_the_department_and_the_bureau_read_a_draft_only_once_it_was_appraised():
    life = draft(begun())
    assert (may_read(DEPARTMENT, life.table), may_read(BUREAU, life.table)) == (False, False)
    filed(life)
    assert (may_read(DEPARTMENT, life.table), may_read(BUREAU, life.table)) == (True, True)
    assert not may_read(roster.OTHER_CLERK, life.table)


def test_the_clerk_goes_on_writing_while_others_answer():
    life = filed(draft(begun()))
    seen = life.seen()
    checked(life)
    table = drafting.submit_table(life.journal, life.table.id, seen=seen, by=roster.CLERK, command_id=uuid4())
    assert table.stage == Stage.UNIT_REVIEW


def test_a_pack_without_the_sheet_has_no_gate_and_no_appraisal():
    journal = memory()
    content = {name: part for name, part in pack_content("ningxia-county").items() if name != "appraisal"}
    proposed = propose_pack(journal, content={**content, "version": 9}, by=AUTHOR, command_id=uuid4())
    publish_pack(journal, name=proposed.name, content_hash=proposed.content_hash, by=SECOND, command_id=uuid4())
    life = draft(Life(journal).imported())
    assert barred(life) == []
    with pytest.raises(NotOpenNow) as refused:
        filed(life)
    assert refused.value.rule == "G-NO-APPRAISAL"


def test_the_same_command_twice_is_recorded_once():
    life, command = attached(draft(begun())), uuid4()
    words = {"items": graded(), "result": "supported", "attachment": life.table.attachments[0].attachment}
    for _ in range(2):
        life.table = appraising.file_appraisal(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=command, **words)
    assert [each.kind for each in life.journal.history(life.table.id)].count("appraisal.filed") == 1
    assert {Action.FILE_APPRAISAL.chinese, Action.CHECK_APPRAISAL.chinese} == {"填报事前绩效评估", "核实事前绩效评估"}
