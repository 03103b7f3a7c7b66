"""M3: who writes which field in which state, as a matrix in the definition: every (state, role, group) is tried."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.field_attempts import PEOPLE, PLACES, STAGES, ready, rewritten, tried
from tests.support.forms import all_scored
from tests.support.hands import REASON, act
from tests.support.life import Life, memory
from workflows.commands import amending, drafting
from workflows.commands.field_situations import situation_in
from workflows.commands.grading import score_review
from workflows.commands.recipe import demands_of
from workflows.definitions import SHIPPED, chain_from, shipped
from workflows.definitions.field_rights import CONTENT, EVERYWHERE, FieldGroup, Situation, group_of
from workflows.definitions.lint import CHECKS, forbidding
from workflows.definitions.reading import read_definition
from workflows.definitions.usual_rights import rights_in_force, usual_rights
from workflows.errors import NotAllowed
from workflows.journal import Draft
from workflows.rights.lifecycle import decide, steps_open_to
from workflows.vocabulary import Action, Role, Stage

F, S, R = FieldGroup, Stage, Role
DRAFTING = [*CONTENT, F.ATTACHMENTS, F.ANSWERS]


def entry(stage, role, *write, once=""):
    return {"stage": stage.value, "role": role.value, "write": [str(each) for each in write], "once": once}


def with_rights(*narrowing, without=()):
    """The standard chain with the usual matrix written out, less `without` (stage, role, groups), and narrowed."""
    taken = {(stage, role): groups for stage, role, *groups in without}
    plain = usual_rights(chain_from(shipped())).entries
    written = [
        entry(each.stage, each.role, *sorted(each.write - {*taken.get((each.stage, each.role), ())})) for each in plain
    ]
    return {**shipped(), "format": 2, "name": "narrow", "withdraw_until": "decided", "fields": [*written, *narrowing]}


RESTRICTING = with_rights(
    entry(S.DRAFT, R.CLERK, *[each for each in DRAFTING if each != F.MONEY], once="completed"),
    entry(S.DRAFT, R.CLERK, "returned", F.EXPLANATIONS, F.ANSWERS, once="returned"),
    without=[
        (S.FINANCE_APPROVAL, R.FINANCE_PERFORMANCE, F.GOALS), (S.FINANCE_APPROVAL, R.FINANCE_BUSINESS, F.COMMENTS),
        (S.DEPARTMENT_REVIEW, R.DEPARTMENT_FINANCE, F.GOALS, F.ROWS), (S.UNIT_REVIEW, R.CLERK, F.ANSWERS),
        (S.MONITORING, R.CLERK, F.EXECUTED, F.ATTACHMENTS), (S.MONITORING, R.DEPARTMENT_FINANCE, F.EXECUTED),
        (S.SELF_EVALUATION, R.FINANCE_PERFORMANCE, F.RESCORING), (S.CLOSED, R.FINANCE_PERFORMANCE, F.BASICS),
        (S.SELF_EVALUATION, R.CLERK, F.EXECUTED),
    ],
)  # fmt: skip
DEFINITIONS = {**{name: shipped(name) for name in SHIPPED}, "restricting": RESTRICTING}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", DEFINITIONS)
def test_m3_what_the_matrix_says_of_every_role_and_group_is_what_the_server_does(name, stage):
    content = DEFINITIONS[name]
    rights, usual = rights_in_force(chain_from(content)), usual_rights(chain_from(content))
    wrong, taken = [], []
    for role in PEOPLE:
        for group in FieldGroup:
            says = rights.bars(stage, role, group) is None
            does, rules = tried(ready(name, content, stage, role, group), role, group)
            if says != does:
                wrong.append((role, group, says, rules))
            if not says and usual.bars(stage, role, group) is None and "R-FIELD" not in rules:
                taken.append((role, group, rules))
    assert (wrong, taken) == ([], [])


def test_the_restricting_definition_takes_something_away_in_every_stage_and_the_lint_lets_it_pass():
    chain = read_definition(RESTRICTING)
    assert forbidding([remark for check in CHECKS for remark in check(chain)]) == ()
    usual = usual_rights(chain)
    less = {each.stage for each in usual.entries if each.write - chain.rights.of(each.stage, each.role)}
    assert less == {S.UNIT_REVIEW, S.DEPARTMENT_REVIEW, S.FINANCE_APPROVAL, S.MONITORING, S.SELF_EVALUATION, S.CLOSED}


def test_the_matrix_of_the_full_chain_gives_nothing_that_the_steps_do_not_and_the_standard_one_all_of_it():
    for name in ("standard", "full"):
        chain = chain_from(shipped(name))
        usual = usual_rights(chain)
        beyond = [each for each in rights_in_force(chain).entries if each.write - usual.of(each.stage, each.role)]
        assert beyond == []
    assert rights_in_force(chain_from(shipped())) == usual_rights(chain_from(shipped()))


def test_every_place_lies_in_one_group():
    content = Life(memory()).imported().completed().complete_content()
    assert {group_of(place) for place in PLACES.values()} == {*CONTENT}
    assert [group_of(f"/{key}") for key in ("title", "budget", "spending_plan", "goals", "purpose", "indicators", "disclosure")] == [
        F.BASICS, F.MONEY, F.MONEY, F.GOALS, F.GOALS, F.ROWS, F.MARKS]  # fmt: skip
    assert {group_of(f"/{key}") for key in content} == {*CONTENT} - {F.WEIGHTS}


def drafted(life, group):
    draft = drafting.content_in_work(life.journal, life.table)
    return drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content=rewritten(draft.content, group),
        reasons={"": REASON}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip


def refused(life, group):
    with pytest.raises(NotAllowed) as against:
        drafted(life, group)
    assert against.value.rule == "R-FIELD"
    return against.value


def returned(*places):
    return Life(memory(), definition=RESTRICTING).in_unit_review().returned(roster.UNIT_HEAD, S.DRAFT, fields=places)


def test_in_a_returned_table_only_the_returned_places_are_mended():
    life = returned("/goals/0")
    assert drafted(life, F.GOALS).content["goals"] == ["7"]
    against = refused(returned("/goals/0"), F.ROWS)
    assert against.facts["field"] == "/indicators/r1/level3"
    assert against.sentence == (
        "审批链的字段权限规定：“编制”阶段退回修改时，项目经办人不得填写“指标行”（指标“维护道路里程”·三级指标）。".replace("·", " · ")
    )


def test_a_return_that_lists_no_place_leaves_the_whole_table_open():
    assert drafted(returned(), F.ROWS).version == 1


def completed_and_returned(definition=RESTRICTING):
    """良·直接完善 by the business section, agreed to by the unit, then returned to it by the other section."""
    life = Life(memory(), definition=definition).in_finance_approval()
    act(life, score_review, roster.FINANCE_BUSINESS, mode="scored", items=all_scored(85))
    wish = {"pointer": "/indicators/r1/level3", "new": "维护道路总里程", "reason": REASON}
    act(life, amending.propose_amendment, roster.FINANCE_BUSINESS, changes=[wish])
    act(life, amending.confirm_amendment, roster.CLERK, amendment=life.table.amendment.amendment)
    return life.returned(roster.FINANCE_PERFORMANCE, S.DRAFT)


def test_after_a_direct_completion_the_clerk_changes_no_money():
    life = completed_and_returned()
    against = refused(life, F.MONEY)
    assert against.sentence == "审批链的字段权限规定：“编制”阶段直接完善之后，项目经办人不得填写“资金”（资金 · 总额）。"
    drafted(life, F.GOALS)
    assert drafted(completed_and_returned(shipped()), F.MONEY).content["budget"]["total"] == "67"


def explained(life, content):
    warned = [each for each in drafting.findings_of(life.journal, life.table, content) if each.severity == "W"]
    return {**content, "explanations": {drafting.finding_key(each): "已核实，情况属实" for each in warned}}


def test_a_draft_that_came_past_the_page_is_not_submitted():
    life = completed_and_returned()
    before = life.journal.content(life.table.content_hash)
    life.journal.keep_draft(life.table.id, Draft(explained(life, rewritten(before, F.MONEY)), 1, ("clerk",), {"": REASON}))
    with pytest.raises(NotAllowed) as against:
        life.submitted()
    assert (against.value.rule, against.value.facts["field"]) == ("R-FIELD", "/budget/total")


def test_what_has_happened_is_read_from_the_log():
    assert situation_in(()) == EVERYWHERE
    life = returned("/goals/0")
    assert situation_in(life.journal.history(life.table.id)) == Situation(("/goals/0",))
    drafted(life, F.GOALS)
    life.submitted()
    assert situation_in(life.journal.history(life.table.id)) == EVERYWHERE
    life = completed_and_returned()
    assert situation_in(life.journal.history(life.table.id)) == Situation(completed=True)


def test_an_act_whose_whole_form_is_barred_is_not_offered():
    life = ready("restricting", RESTRICTING, S.FINANCE_APPROVAL, R.FINANCE_BUSINESS, F.COMMENTS)
    demands = demands_of(life.journal, life.table, life.journal.now())
    answer = decide(roster.FINANCE_BUSINESS, life.table, Action.COMMENT, demands=demands)
    assert (answer.allowed, answer.rule) == (False, "R-FIELD")
    assert answer.sentence == "审批链的字段权限规定：“财政审批”阶段，财政业务科不得填写“批注”。"
    steps = {each.action: each.allowed for each in steps_open_to(roster.FINANCE_BUSINESS, life.table, demands=demands)}
    assert (steps[Action.REVIEW], steps[Action.APPROVE]) == (True, True)
