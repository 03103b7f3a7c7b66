"""The verifier on late tasks: honest ladders verify; rungs too early, unwritten, towards the wrong person are found."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.chains import standard_but
from tests.support.clockwork import Clockwork
from tests.support.forging import packed
from tests.support.life import Life
from tests.support.sealed_log import appointed
from workflows import events as e
from workflows.commands import asking, pausing, recalling, reviewing
from workflows.commands.covering import Terms, give_cover
from workflows.commands.recipe import begin
from workflows.vocabulary import SYSTEM, Action, Cover, Post, Role, Stage

LEADER = {"role": "finance_leader", "of": "bureau"}
RUNGS = [{"at": "T+1", "do": "remind"}, {"at": "T+3", "do": "inform", "to": LEADER}, {"at": "T+5", "do": "hand", "to": LEADER}]
DUE = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)


def late(day: int, rungs=RUNGS, **changes) -> Life:
    people = tuple(each for each in roster.PEOPLE if each.id != "every_hat")
    life = Life(appointed(people), definition=standard_but("finance_business", ladder=rungs, **changes)).in_finance_approval()
    Clockwork(life).until(datetime(2026, 1, day, 3, 0, tzinfo=UTC))
    return life


def act(life, verb, by, **words):
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **words)
    return life


def verdict(life, tmp_path, edit=lambda body: body):
    return verdict_of(tmp_path, packed(life.journal, edit).zipped())


def honest(life, tmp_path):
    found = verdict(life, tmp_path)
    return (found.code, told(found))


def test_a_superior_who_was_told_let_in_and_decided_verifies(tmp_path):
    life = late(19)
    reviewing.approve_table(life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_LEADER, command_id=uuid4(), opinion="同意")
    assert honest(life, tmp_path) == (0, [])


def test_a_superior_may_take_his_decision_back_and_the_task_is_its_holders_again(tmp_path):
    life = late(19).approved(roster.FINANCE_LEADER)
    act(life, recalling.recall_decision, roster.FINANCE_LEADER, reason="附件须再核对一次")
    life.approved(roster.FINANCE_BUSINESS)
    assert honest(life, tmp_path) == (0, [])


def test_a_task_opened_again_late_and_a_superiors_deputy_verify(tmp_path):
    """The leader's deputy decides for him, takes it back; the task that opens again is handed anew, and decided again."""
    life = late(19)
    deputy = given_cover(life, roster.FINANCE_LEADER)
    life.approved(deputy)
    act(life, recalling.recall_decision, deputy, reason="附件须再核对一次")
    Clockwork(life).until(datetime(2026, 1, 19, 4, 0, tzinfo=UTC))
    life.approved(deputy)
    handed = [each for each in life.journal.history(life.table.id) if each.kind == "task.escalated"]
    assert [each.fact.do for each in handed] == ["inform", "hand", "hand"]
    assert honest(life, tmp_path) == (0, [])


def test_somebody_who_covers_another_post_does_not_decide_a_handed_task(tmp_path):
    life = late(19)
    deputy = given_cover(life, roster.FINANCE_PERFORMANCE)
    desk = next(desk for desk in life.table.desks if desk.node == "finance_business")
    post = Post(Role.FINANCE_LEADER, roster.BUREAU)
    cover = replace(deputy.covers[0], principal="leader", name="leader同志", posts=(post,))
    work = begin(life.journal, life.table.id, deputy, uuid4(), Action.APPROVE)
    decided = e.TaskDecided(desk.node, desk.task, desk.round, desk.level, "pass", "同意", life.table.content_hash)
    work.record((decided, e.NodeCompleted(desk.node, desk.round)), post, cover)
    findings = verdict(life, tmp_path).findings
    assert [(each.check, each.what, each.field) for each in findings][:1] == [("posts", "cover", "actor.on_behalf_of")]


def given_cover(life, principal):
    """The budget section's officer as he is loaded while the principal's cover is in force."""
    now = life.journal.now()
    terms = Terms(now, now + timedelta(days=10), "赴省厅参加业务培训")
    deputy = roster.FINANCE_BUDGET
    fact = give_cover(life.journal, principal=principal, deputy=deputy, terms=terms, by=principal, command_id=uuid4()).fact
    posts = tuple(Post(Role(post["role"]), post["organ"]) for post in fact.posts)
    return replace(deputy, covers=(Cover(fact.cover, fact.principal, fact.name, posts),))


def test_nobody_left_to_be_told_verifies(tmp_path):
    nobody = [{"at": "T+3", "do": "inform", "to": {"role": "finance_leader", "of": "bureau"}}]
    people = tuple(each for each in roster.PEOPLE if each.id not in ("every_hat", "leader"))
    life = Life(appointed(people), definition=standard_but("finance_business", ladder=nobody)).in_finance_approval()
    Clockwork(life).until(datetime(2026, 1, 19, 3, 0, tzinfo=UTC))
    assert [each.kind for each in life.journal.history(life.table.id)][-1] == "task.unassignable"
    assert honest(life, tmp_path) == (0, [])


def escalated(life: Life, at: datetime | None = None, **changes) -> None:
    """Record an escalation behind the decision function, as somebody with the database in his hands would."""
    if at:
        life.journal.at = at
    work = begin(life.journal, life.table.id, SYSTEM, uuid4(), Action.ESCALATE)
    desk = next(desk for desk in work.table.desks if desk.node == "finance_business")
    honest = {
        "node": desk.node, "task": desk.task, "round": desk.round, "rung": "T+3", "do": "inform", "role": "finance_leader",
        "organ": roster.BUREAU, "people": ({"person": "leader", "name": "leader同志"},), "due_at": desk.due_at, "rule": "ladder:T+3",
    }  # fmt: skip
    fact = e.TaskEscalated(**{**honest, **{name: value for name, value in changes.items() if name != "by"}})
    by = changes.get("by", SYSTEM)
    life.table = work.record((fact,), by.posts[0]) if by is SYSTEM else _signed(life, fact, by)


def _signed(life, fact, by):
    work = begin(life.journal, life.table.id, by, uuid4(), Action.APPROVE)
    return work.record((fact,), by.posts[0])


FORGED = {
    "too early": ({"at": DUE + timedelta(days=2)}, ("steps", "value", "at")),
    "no such rung": ({"rung": "T+2", "rule": "ladder:T+2"}, ("steps", "step", "data.rule")),
    "another deed": ({"do": "hand"}, ("steps", "step", "data.rule")),
    "another post": ({"role": "finance_budget", "people": ({"person": "budget", "name": "budget同志"},)}, ("steps", "step", "data.rule")),
    "another rule": ({"rule": "ladder:T+5"}, ("steps", "value", "data.rule")),
    "another due moment": ({"due_at": "2026-01-05T10:00:00+00:00"}, ("steps", "value", "data.due_at")),
    "nobody": ({"people": ()}, ("steps", "value", "data.people")),
    "no holder": ({"people": ({"person": "leader", "name": "leader同志"}, {"person": "observer", "name": "observer同志"})}, ("posts", "post", "data.people")),
    "a person": ({"by": roster.FINANCE_LEADER}, ("posts", "person", "actor.id")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_escalation_is_found(tmp_path, forgery):
    changes, found = FORGED[forgery]
    life = late(12)
    escalated(life, **{"at": datetime(2026, 1, 19, 3, 0, tzinfo=UTC), **changes})
    findings = verdict(life, tmp_path).findings
    assert [(each.check, each.what, each.field) for each in findings][:1] == [found]


def test_a_decision_of_a_superior_to_whom_nothing_was_handed_is_found(tmp_path):
    life = late(15)
    desk = next(desk for desk in life.table.desks if desk.node == "finance_business")
    work = begin(life.journal, life.table.id, roster.FINANCE_LEADER, uuid4(), Action.APPROVE)
    decided = e.TaskDecided(desk.node, desk.task, desk.round, desk.level, "pass", "同意", life.table.content_hash)
    work.record((decided, e.NodeCompleted(desk.node, desk.round)), Post(Role.FINANCE_LEADER, roster.BUREAU))
    findings = verdict(life, tmp_path).findings
    assert [(each.check, each.what, each.field) for each in findings][:1] == [("posts", "person", "actor.role")]


def test_a_task_handed_to_whom_segregation_forbids_it_is_found(tmp_path):
    both = roster.person("unit_head", (Role.UNIT_HEAD, roster.UNIT), (Role.FINANCE_LEADER, roster.BUREAU))
    people = tuple(both if each.id == "unit_head" else each for each in roster.PEOPLE if each.id not in ("every_hat", "leader"))
    life = Life(appointed(people), definition=standard_but("finance_business", ladder=RUNGS)).in_finance_approval()
    Clockwork(life).until(datetime(2026, 1, 16, 3, 0, tzinfo=UTC))
    escalated(life, at=datetime(2026, 1, 19, 3, 0, tzinfo=UTC), rung="T+5", do="hand", rule="ladder:T+5",
              people=({"person": "unit_head", "name": "unit_head同志"},))  # fmt: skip
    findings = verdict(life, tmp_path).findings
    assert [(each.check, each.what, each.field) for each in findings] == [("segregation", "S2", "data.people")]


def with_copy(days: int = 3) -> Life:
    definition = standard_but("unit_head", working_days=3) | {"copies_read_after": days}
    life = Life(appointed(), definition=definition).in_unit_review()
    return act(life, asking.send_copies, roster.UNIT_HEAD, people=["planner", "performance"])


@pytest.mark.parametrize("sent_back", [False, True])
def test_a_copy_that_counts_as_read_verifies(tmp_path, sent_back):
    life = with_copy()
    if sent_back:
        life.returned(roster.UNIT_HEAD, Stage.DRAFT)
    Clockwork(life).until(datetime(2026, 1, 9, 3, 0, tzinfo=UTC))
    assert [each.kind for each in life.journal.history(life.table.id)].count("copy.deemed_read") == 2
    assert honest(life, tmp_path) == (0, [])


@pytest.mark.parametrize(("day", "fact", "found"), [
    (6, {}, ("steps", "value", "at")),
    (9, {"person": "business"}, ("steps", "step", "data.copy")),
    (9, {"rule": "copies_read_after:1"}, ("steps", "value", "data.rule")),
])  # fmt: skip
def test_a_copy_that_counts_as_read_too_early_or_by_no_rule_is_found(tmp_path, day, fact, found):
    life = with_copy()
    life.journal.at = datetime(2026, 1, day, 3, 0, tzinfo=UTC)
    work = begin(life.journal, life.table.id, SYSTEM, uuid4(), Action.DEEM_READ)
    said = {"copy": life.table.copies[0].copy, "person": "planner", "name": "planner同志", "rule": "copies_read_after:3", **fact}
    work.record((e.CopyDeemedRead(**said),), SYSTEM.posts[0])
    findings = verdict(life, tmp_path).findings
    assert [(each.check, each.what, each.field) for each in findings][:1] == [found]


def test_a_copy_whose_term_was_left_out_is_found(tmp_path):
    findings = verdict(with_copy(), tmp_path, lambda body: None if body["kind"] == "copy.term_set" else body).findings
    assert [(each.check, each.what, each.field) for each in findings][:1] == [("steps", "unfinished", "kind")]


def returned_and_back(rule: str, days: int = 2) -> Life:
    """The section returns on Wednesday the 7th, two of five days used; the unit brings it back after a while."""
    people = tuple(each for each in roster.PEOPLE if each.id != "every_hat")
    life = Life(appointed(people), definition=standard_but("finance_business", on_return=rule)).in_finance_approval()
    life.on("2026-01-07").returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    life.on(f"2026-01-{13 + days}").completed().submitted()
    return life.approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)


@pytest.mark.parametrize(("rule", "due"), [("restart", "2026-01-22"), ("continue", "2026-01-12"), ("pause", "2026-01-20")])
def test_a_clock_after_a_return_verifies_by_its_nodes_rule(tmp_path, rule, due):
    life = returned_and_back(rule)
    desk = next(desk for desk in life.table.desks if desk.node == "finance_business")
    assert desk.due_at[:10] == due
    assert honest(life, tmp_path) == (0, [])


def test_a_clock_that_should_have_run_on_and_was_begun_anew_is_found(tmp_path):
    life = returned_and_back("continue")
    desk = next(desk for desk in life.table.desks if desk.node == "finance_business")

    def begun_anew(body):
        if body["kind"] == "node.entered" and body["data"]["task"] == desk.task:
            body["data"]["due_at"] = "2026-01-22T10:00:00+00:00"
        return body

    findings = verdict(life, tmp_path, begun_anew).findings
    assert [(each.check, each.what, each.field) for each in findings][:1] == [("steps", "value", "data.due_at")]


@pytest.mark.parametrize("rule", ["restart", "continue", "pause"])
def test_a_suspended_clock_verifies_by_its_nodes_rule(tmp_path, rule):
    life = late(8, on_suspend=rule)
    act(life, pausing.suspend_table, roster.FINANCE_PERFORMANCE, until=date(2026, 1, 20), reason="等待上级明确口径")
    Clockwork(life).until(datetime(2026, 1, 20, 3, 0, tzinfo=UTC))
    desk = next(desk for desk in life.table.desks if desk.node == "finance_business")
    assert desk.due_at[:10] == {"restart": "2026-01-27", "continue": "2026-01-12", "pause": "2026-01-22"}[rule]
    assert honest(life, tmp_path) == (0, [])
