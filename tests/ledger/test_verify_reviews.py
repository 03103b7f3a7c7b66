"""Review forms and direct completion (N3, T7, T8, S3, INV10): honest ones are clean, each rule forged once."""

import json

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.forms import all_graded, all_scored
from tests.support.hands import ACCOUNTANT, PEOPLE, SECOND_PLANNER, act
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from workflows.commands import amending, grading, reviewing
from workflows.commands.ending import ask_to_end, confirm_ending
from workflows.definitions import shipped
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.vocabulary import Action, Grade, Stage

PLANNER, OFFICER = roster.DEPARTMENT_FINANCE, roster.DEPARTMENT_BUSINESS
TARGET = {"pointer": "/indicators/r1/target", "new": "≥13公里", "reason": "与目标文字的里程不一致"}
GOAL = {"pointer": "/goals/0", "new": "维护道路13公里，保障5000名居民出行。", "reason": "与指标值一致"}


def in_department() -> Life:
    return Life(appointed(PEOPLE)).in_unit_review().approved(roster.UNIT_HEAD)


def graded(grade: Grade, life: Life | None = None, by=PLANNER) -> Life:
    return act(life or in_department(), grading.score_review, by, mode="qualitative", items=all_graded(grade), grade=grade,
               opinion="总体情况已核")  # fmt: skip


def scored(percent: int = 95, life: Life | None = None, by=PLANNER) -> Life:
    return act(life or in_department(), grading.score_review, by, mode="scored", items=all_scored(percent))


def passed(life: Life, by=PLANNER) -> Life:
    return act(life, reviewing.approve_table, by)


def proposed() -> Life:
    return act(graded(Grade.GOOD), amending.propose_amendment, PLANNER, changes=(TARGET, GOAL), opinion="小处直接完善")


def answered(verb=amending.confirm_amendment, by=roster.CLERK, **words) -> Life:
    life = proposed()
    return act(life, verb, by, amendment=life.table.amendment.amendment, **words)


def completed() -> Life:
    return passed(answered(), SECOND_PLANNER)


def not_agreed() -> Life:
    return passed(answered(amending.reject_amendment, reason="原指标值有设计文件为据"))


def taken_back() -> Life:
    return passed(answered(amending.reject_amendment, PLANNER, reason="改由单位自行修改"))


def sent_back() -> Life:
    life = act(graded(Grade.FAIR), reviewing.return_table, PLANNER, to=Stage.DRAFT, reason="指标值与目标不匹配")
    return graded(Grade.EXCELLENT, life.completed().submitted().approved(roster.UNIT_HEAD))


def returned_while_asked() -> Life:
    return act(proposed(), reviewing.return_table, PLANNER, to=Stage.DRAFT, reason="单位迟迟没有答复")


def refused() -> Life:
    life = act(graded(Grade.POOR), ask_to_end, PLANNER, action=Action.REFUSE, reason="目标与职责无关")
    return act(life, confirm_ending, OFFICER)


def key_in_full() -> Life:
    """Scored by the office in charge: the leader has to sign, and does; every form is scored after that."""
    life = Life(appointed(PEOPLE), definition=shipped("full")).in_unit_review()
    for reviewer in (roster.SECOND_UNIT_HEAD, ACCOUNTANT, roster.UNIT_HEAD):
        passed(life, reviewer)
    passed(passed(scored(95, life, OFFICER), OFFICER), PLANNER)
    for section in (roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE):
        passed(scored(92, life, section), section)
    return passed(life, roster.FINANCE_LEADER)


HONEST = {each.__name__: each for each in (
    completed, not_agreed, taken_back, sent_back, returned_while_asked, refused, key_in_full, proposed, scored,
)}  # fmt: skip


@pytest.mark.parametrize("way", HONEST)
def test_what_honest_reviewers_do_is_clean(way, tmp_path):
    life = HONEST[way]()
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, [])


def items(log, index, **others):
    """The items of the form at an index, some of them otherwise."""
    return {**json.loads(log.bodies[index])["data"]["items"], **others}


def content_before(log):
    return json.loads(log.bodies[where(log, "table.imported")])["data"]["content_hash"]


def change_of_submission(log):
    data = json.loads(log.bodies[where(log, "table.submitted")])["data"]
    return {"changes": data["changes"], "changed": data["changed"]}


def as_(person, role, organ):
    return lambda log, i: by_other(log, i, id=person, name=person, role=role, organ=organ)


STEP, VALUE, S3 = ("steps", "step"), ("steps", "value"), ("segregation", "S3")
POST, PERSON, CONTENT = ("posts", "post"), ("posts", "person"), ("contents", "content")
POOR_ITEM = {"grade": "poor", "comment": ""}


def graded_then_passed() -> Life:
    return passed(graded(Grade.EXCELLENT))


def key_passed() -> Life:
    return passed(scored())


def says(**data):
    return lambda log, i: saying(log, i, **data)


FORGED = {
    "passed at 中": (graded_then_passed, "review.scored",
                  lambda log, i: saying(log, i, items=graded_items("fair"), grade="fair", total="70.00"), STEP),
    "passed at 差": (graded_then_passed, "review.scored",
                  lambda log, i: saying(log, i, items=graded_items("poor"), grade="poor", total="40.00"), STEP),
    "returned at 优": (sent_back, "review.scored",
                    lambda log, i: saying(log, i, items=graded_items("excellent"), grade="excellent", total="100.00"), STEP),
    "refused at 良": (refused, "review.scored",
                   lambda log, i: saying(log, i, items=graded_items("good"), grade="good", total="85.00"), STEP),
    "a better total": (graded_then_passed, "review.scored", says(total="99.00"), VALUE),
    "a grade outside of its items": (graded_then_passed, "review.scored", says(grade="good"), VALUE),
    "a better grade than the points": (key_passed, "review.scored",
                                       lambda log, i: saying(log, i, items=items(log, i, form={"points": "0", "comment": ""}), total="85.50"), VALUE),
    "more points than an item has": (key_passed, "review.scored",
                                     lambda log, i: saying(log, i, items=items(log, i, form={"points": "11", "comment": ""})), ("steps", "value")),
    "an item less": (graded_then_passed, "review.scored",
                     lambda log, i: saying(log, i, items={k: v for k, v in items(log, i).items() if k != "money"}), ("steps", "value")),
    "a form for other content": (graded_then_passed, "review.scored", lambda log, i: saying(log, i, content_hash=content_before(log)), VALUE),
    "a form by somebody without the post": (graded_then_passed, "review.scored", as_("clerk", "department_finance", "dept-1"), POST),
    "a form under another post": (graded_then_passed, "review.scored", as_("officer", "department_business", "dept-1"), PERSON),
    "the demanded form left out": (key_in_full, "review.scored", without, STEP),
    "qualitative though it is a key project": (
        key_in_full, "review.scored",
        lambda log, i: saying(log, where(log, "review.scored", 1), mode="qualitative", items=graded_items("excellent"), grade="excellent", total="100.00"),
        VALUE),
    "completed at 优": (completed, "review.scored",
                     lambda log, i: saying(log, i, items=graded_items("excellent"), grade="excellent", total="100.00"), STEP),
    "completed without a form": (completed, "review.scored", without, STEP),
    "who completed it passes it alone": (
        completed, "task.decided",
        lambda log, i: by_other(log, where(log, "task.decided", 1), id="planner", name=PLANNER.name), S3),
    "the reviewer confirms himself": (completed, "amendment.confirmed", as_("planner", "unit_head", "unit-1"), S3),
    "somebody of the bureau confirms": (completed, "amendment.confirmed", as_("business", "finance_business", "bureau"), PERSON),
    "another clerk confirms": (completed, "amendment.confirmed", as_("other_clerk", "clerk", "unit-1"), PERSON),
    "nobody confirmed": (completed, "amendment.confirmed", without, VALUE),
    "confirmed though nothing was asked": (completed, "amendment.proposed", without, STEP),
    "other content is confirmed": (completed, "amendment.confirmed", lambda log, i: saying(log, i, content_hash=content_before(log)), VALUE),
    "other content is proposed": (completed, "amendment.proposed", lambda log, i: saying(log, i, content_hash=content_before(log)), CONTENT),
    "another list of changes": (completed, "amendment.proposed", lambda log, i: saying(log, i, **change_of_submission(log)), CONTENT),
    "fewer changes": (completed, "amendment.proposed", says(changed=1), None),
    "the unit's answer is told as taken back": (not_agreed, "amendment.rejected", says(taken_back=True), VALUE),
    "somebody else takes the proposal back": (taken_back, "amendment.rejected", as_("second_planner", "department_finance", "dept-1"), VALUE),
    "due before it was asked": (proposed, "amendment.proposed", says(due_at="2026-01-01T10:00:00+00:00"), VALUE),
}  # fmt: skip


def graded_items(grade):
    return all_graded(Grade(grade))


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_form_or_completion_is_found(case, tmp_path):
    make, kind, forge, wanted = FORGED[case]
    log = make().journal
    verdict = verdict_of(tmp_path, packed(log, forge(log, where(log, kind))).zipped())
    found = {(check, what) for check, what, *_ in told(verdict)}
    assert found
    assert wanted is None or wanted in found


