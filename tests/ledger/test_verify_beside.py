"""Covers, single tasks, questions, pauses, comments, and what two persons do beside the usual way: each rule forged once."""

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4, uuid5

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.hands import ACCOUNTANT, PEOPLE, REASON, SECOND_HEAD, act, chain, heads, task_of
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from workflows.commands import (
    administering,
    asking,
    commenting,
    correcting,
    ending,
    holding,
    intervening,
    leaving,
    paper,
    pausing,
    publishing,
    recalling,
    reviewing,
    signers,
)
from workflows.commands.covering import Terms, end_cover, give_cover
from workflows.commands.waiving import sign_waiver
from workflows.definitions import shipped
from workflows.journal import Command
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.vocabulary import Cover, Outcome, Post, Role, Stage, Waiver

HEAD, DEPUTY = roster.UNIT_HEAD, roster.SECOND_UNIT_HEAD
ADMIN, SECOND_ADMIN = (roster.person(name, (Role.PROCESS_ADMIN, roster.BUREAU)) for name in ("process", "process_2"))
NEXT_CLERK = roster.person("next_clerk", (Role.CLERK, roster.UNIT))
BOTH = roster.person("both", (Role.UNIT_BUSINESS, roster.UNIT), (Role.UNIT_HEAD, roster.UNIT))
ALL = (*PEOPLE, ADMIN, SECOND_ADMIN, NEXT_CLERK)


def in_review(definition=None) -> Life:
    return Life(appointed(ALL), definition=definition).in_unit_review()


def covered(days=10, **news) -> tuple[Life, Cover]:
    """The head is away, his deputy may act for him."""
    life = in_review()
    now = life.journal.now()
    terms = Terms(now, now + timedelta(days=days), "赴省厅参加业务培训", **news)
    fact = give_cover(life.journal, principal=HEAD, deputy=DEPUTY, terms=terms, by=HEAD, command_id=uuid4()).fact
    return life, Cover(fact.cover, HEAD.id, HEAD.name, (Post(Role.UNIT_HEAD, roster.UNIT),), fact.nodes, fact.units, fact.most)


def by_deputy(**news) -> Life:
    life, cover = covered(**news)
    return act(life, reviewing.approve_table, replace(DEPUTY, covers=(cover,)))


def for_the_head(life: Life, cover: Cover, verb, **words) -> Life:
    return act(life, verb, replace(DEPUTY, covers=(cover,)), **words)


def claimed_by_deputy(release=False) -> Life:
    """A deputy's claim is the absent person's: he himself, or his deputy, goes on with it or gives it up."""
    life, cover = covered()
    for_the_head(life, cover, holding.claim_task, task=task_of(life))
    if release:
        for_the_head(life, cover, holding.release_task, task=task_of(life))
        return act(life, reviewing.approve_table, SECOND_HEAD)
    return act(life, reviewing.approve_table, HEAD)


def delegated_by_deputy() -> Life:
    """It comes back to the absent person; another of his deputies, or he himself, decides."""
    life, cover = covered()
    for_the_head(life, cover, holding.delegate_task, task=task_of(life), person="accountant", reason=REASON)
    act(life, holding.answer_delegation, ACCOUNTANT, task=task_of(life), opinion="资金测算无误")
    return for_the_head(life, cover, reviewing.approve_table)


def delegated_by_name() -> Life:
    life = in_review(chain(unit_head=heads("all")))
    task = task_of(life, HEAD)
    act(life, holding.delegate_task, HEAD, task=task, person="accountant", reason=REASON)
    return act(life, holding.end_delegation, HEAD, task=task)


def taken_away_by_deputy() -> Life:
    life, cover = covered()
    for_the_head(life, cover, signers.add_signer, task=task_of(life), person="accountant", how="after", reason=REASON)
    for_the_head(life, cover, reviewing.approve_table)
    return for_the_head(life, cover, signers.remove_signer, task=task_of(life, ACCOUNTANT), reason=REASON)


def recalled_by_deputy() -> Life:
    life, cover = covered()
    for_the_head(life, cover, reviewing.approve_table)
    return for_the_head(life, cover, recalling.recall_decision, reason=REASON)


def cover_ended() -> Life:
    life = by_deputy()
    cover = json.loads(life.journal.bodies[where(life.journal, "cover.given")])["data"]["cover"]
    end_cover(life.journal, principal=HEAD.id, cover=cover, reason="提前返岗，恢复办理", by=HEAD, command_id=uuid4())
    return life


def handed_over() -> Life:
    life = in_review()
    life.table = leaving.hand_over_table(
        life.journal, life.table.id, leaver=roster.CLERK, successor=NEXT_CLERK, reason="调离本单位", by=roster.SECURITY_ADMIN, command_id=uuid4()
    )
    return life


def small_unit() -> Life:
    """One person holds both reviewing posts of a unit too small, and a waiver says that he may."""
    standard = shipped()
    first, head, *rest = standard["nodes"]
    office = {**head, "node": "unit_business", "role": "unit_business", "level": "unit_office"}
    definition = {**standard, "format": 2, "name": "small", "nodes": [first, office, {**head, "after": ["unit_business"]}, *rest]}
    few = [each for each in ALL if not any(post.organ == roster.UNIT and post.role != Role.CLERK for post in each.posts)]
    life = Life(appointed((*few, BOTH)), definition=definition)
    life.journal.people = (*few, BOTH)
    life.in_unit_review()
    until = life.journal.now() + timedelta(days=200)
    fact = sign_waiver(
        life.journal, unit=roster.UNIT, department=roster.DEPARTMENT, person=BOTH, until=until, reason="本单位仅有两名审核人员",
        by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
    ).fact  # fmt: skip
    eased = replace(BOTH, waivers=(Waiver(fact.waiver, fact.rule, fact.unit),))
    return life.approved(eased).approved(eased)


def opened() -> Life:
    life = in_review(chain())
    life.table = holding.open_task(life.journal, life.table.id, by=HEAD, command_id=uuid4())
    return life


def asked_back() -> Life:
    return act(act(opened(), recalling.ask_to_withdraw, roster.CLERK, reason=REASON), ending.confirm_ending, HEAD)


def claimed() -> Life:
    life = in_review()
    act(life, holding.claim_task, HEAD, task=task_of(life))
    return act(life, reviewing.approve_table, HEAD)


def released() -> Life:
    life = in_review()
    act(life, holding.claim_task, HEAD, task=task_of(life))
    return act(life, holding.release_task, HEAD, task=task_of(life))


def transferred() -> Life:
    life = in_review()
    act(life, holding.transfer_task, HEAD, task=task_of(life), person="second_head", reason=REASON)
    return act(life, reviewing.approve_table, SECOND_HEAD)


def reassigned() -> Life:
    life = in_review()
    return act(life, holding.reassign_task, roster.FINANCE_PERFORMANCE, task=task_of(life), person="second_head", reason=REASON)


def delegated() -> Life:
    life = in_review()
    act(life, holding.delegate_task, HEAD, task=task_of(life), person="accountant", reason=REASON)
    act(life, holding.answer_delegation, ACCOUNTANT, task=task_of(life), opinion="资金测算无误")
    return act(life, reviewing.approve_table, HEAD)


def added(how="before") -> Life:
    life = in_review()
    act(life, signers.add_signer, HEAD, task=task_of(life), person="accountant", how=how, reason=REASON)
    return act(act(life, reviewing.approve_table, ACCOUNTANT), reviewing.approve_table, HEAD)


def taken_away() -> Life:
    """The head signs, then takes the signer away whom he had asked to sign after him: the node is complete."""
    life = in_review()
    act(life, signers.add_signer, HEAD, task=task_of(life), person="accountant", how="after", reason=REASON)
    act(life, reviewing.approve_table, HEAD)
    return act(life, signers.remove_signer, HEAD, task=task_of(life, ACCOUNTANT), reason=REASON)


def recalled() -> Life:
    return act(act(in_review(), reviewing.approve_table, HEAD), recalling.recall_decision, HEAD, reason=REASON)


def recalled_from_many() -> Life:
    life = act(in_review({**chain(unit_head=heads("all"))}), reviewing.approve_table, HEAD)
    act(life, recalling.recall_decision, HEAD, reason=REASON)
    return act(life, reviewing.approve_table, HEAD)


def urged() -> Life:
    life = in_review()
    return act(life, pausing.urge_task, roster.CLERK, task=task_of(life), note="请尽快办理")


def opinion() -> Life:
    life = in_review()
    act(life, asking.ask_opinion, HEAD, task=task_of(life), person="accountant", question="数量指标是否偏低？")
    return act(life, asking.give_opinion, ACCOUNTANT, request=life.table.inquiries[0].id, opinion="与上年相比偏低")


def copied() -> Life:
    life = act(in_review(), asking.send_copies, HEAD, people=["accountant", "deputy_head"], note="请知悉")
    life.table = asking.read_copies(life.journal, life.table.id, by=ACCOUNTANT, command_id=uuid4())
    return life


def extended() -> Life:
    life = in_review()
    act(life, pausing.ask_extension, HEAD, task=task_of(life), until=date(2026, 1, 16), reason=REASON)
    return act(life, pausing.grant_extension, roster.DEPARTMENT_FINANCE, request=life.table.inquiries[0].id)


def paused() -> Life:
    life = act(in_review(), pausing.suspend_table, roster.DEPARTMENT_FINANCE, until=date(2026, 2, 2), reason=REASON)
    return act(act(life, pausing.resume_table, roster.DEPARTMENT_FINANCE), reviewing.approve_table, HEAD)


def overdue_and_paused() -> Life:
    """Due on the 8th, put on hold on the 20th: after the pause it is due some days later, and still overdue."""
    life = in_review()
    life.journal.at += timedelta(days=15)
    act(life, pausing.suspend_table, roster.DEPARTMENT_FINANCE, until=date(2026, 2, 2), reason=REASON)
    life.journal.at += timedelta(days=7)
    return act(act(life, pausing.resume_table, roster.DEPARTMENT_FINANCE), reviewing.approve_table, HEAD)


def commented() -> Life:
    life = in_review()
    act(life, commenting.open_thread, HEAD, pointer="/goals", criterion=next(iter(commenting.Criterion)), words="目标不够具体")
    act(life, reviewing.return_table, HEAD, to=Stage.DRAFT, reason=REASON)
    act(life, commenting.answer_thread, roster.CLERK, thread=life.table.threads[0].thread, words="已补充数量")
    life.submitted()
    return act(life, commenting.resolve_thread, HEAD, thread=life.table.threads[0].thread)


def corrected() -> Life:
    life = Life(appointed(ALL)).in_monitoring()
    act(life, correcting.ask_to_correct, roster.FINANCE_PERFORMANCE, values={"/title": "农村公路维护经费"}, reason="名称有误，予以更正")
    return act(life, ending.confirm_ending, roster.FINANCE_BUDGET)


def intervened(to_node="department_finance") -> Life:
    life = Life(appointed(ALL)).in_finance_approval()
    if to_node:
        act(life, intervening.ask_to_move_back, ADMIN, node="finance_business", to_node=to_node, reason=REASON)
    else:
        act(life, intervening.ask_to_reenter, ADMIN, node="finance_business", reason=REASON)
    return act(life, ending.confirm_ending, SECOND_ADMIN)


def on_paper(outcome=Outcome.PASS, **more) -> Life:
    life = Life(appointed(ALL)).in_finance_approval()
    sheet = paper.Sheet("business", date(2026, 1, 4), outcome, "批示.pdf", b"%PDF-1.7 signed", "同意上报，请办理", **more)
    act(life, paper.enter_paper, roster.FINANCE_BUDGET, task=life.table.desk("finance_business").task, sheet=sheet)
    return act(life, ending.confirm_ending, roster.FINANCE_LEADER)


def published() -> Life:
    log = appointed(ALL)
    content = {**shipped(), "title": "标准审批链（修订）"}
    proposed = publishing.propose_definition(log, content=content, by=ADMIN, command_id=uuid4())
    from_two(log, proposed.content_hash)
    return Life(log, definition=content).in_unit_review()


def from_two(log, content_hash):
    log.append(
        publishing.stream_of("standard"), "definition", (publishing.e.DefinitionPublished("standard", content_hash),),
        Command(SECOND_ADMIN, SECOND_ADMIN.posts[0], uuid4()),
    )  # fmt: skip


HONEST = {
    "a deputy": by_deputy, "a deputy up to an amount": lambda: by_deputy(most="100", nodes=("unit_head",), units=(roster.UNIT,)),
    "a cover ended": cover_ended, "handed over": handed_over, "small unit": small_unit, "opened": opened, "asked back": asked_back,
    "claimed": claimed, "released": released, "transferred": transferred, "reassigned": reassigned, "delegated": delegated,
    "added before": added, "added beside": lambda: added("parallel"), "taken away": taken_away, "recalled": recalled,
    "recalled from many": recalled_from_many, "urged": urged, "opinion": opinion, "copied": copied, "extended": extended,
    "paused": paused, "paused when overdue": overdue_and_paused, "commented": commented, "corrected": corrected, "moved back": intervened, "entered anew": lambda: intervened(None),
    "claimed by a deputy": claimed_by_deputy, "released by a deputy": lambda: claimed_by_deputy(release=True),
    "delegated by a deputy": delegated_by_deputy, "delegated by name": delegated_by_name,
    "taken away by a deputy": taken_away_by_deputy, "recalled by a deputy": recalled_by_deputy,
    "on paper": on_paper, "returned on paper": lambda: on_paper(Outcome.RETURN, to=Stage.UNIT_REVIEW), "published by two": published,
}  # fmt: skip


@pytest.mark.parametrize("way", HONEST)
def test_what_honest_people_do_beside_the_decisions_is_clean(way, tmp_path):
    life = HONEST[way]()
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, [])


def unbehalf(log, index):
    return by_other(log, index, on_behalf_of=None)


def as_(person, role, organ=roster.UNIT):
    return lambda log, index: by_other(log, index, id=person, name=person, role=role, organ=organ)


POST, PERSON, COVER = ("posts", "post"), ("posts", "person"), ("posts", "cover")
STEP, VALUE, S10 = ("steps", "step"), ("steps", "value"), ("segregation", "S10")
AGO = "2026-01-05T01:00:00.000001Z"
FORGED = {
    "a deputy without a cover": (by_deputy, "task.decided", lambda log, i: without(log, where(log, "cover.given")), COVER),
    "a deputy who does not say for whom": (by_deputy, "task.decided", unbehalf, POST),
    "a cover for another deputy": (by_deputy, "task.decided", lambda log, i: saying(log, where(log, "cover.given"), deputy="accountant"), COVER),
    "a cover for other nodes": (by_deputy, "task.decided", lambda log, i: saying(log, where(log, "cover.given"), nodes=["reply"]), COVER),
    "a cover up to less": (by_deputy, "task.decided", lambda log, i: saying(log, where(log, "cover.given"), most="65"), COVER),
    "a cover that begins later": (
        by_deputy, "task.decided", lambda log, i: saying(log, where(log, "cover.given"), from_at="2026-01-06T00:00:00.000000Z"), COVER),
    "a cover that began before it was given": (by_deputy, "cover.given", lambda log, i: saying(log, i, from_at="2026-01-04T00:00:00.000000Z"), COVER),
    "a cover for oneself": (by_deputy, "cover.given", lambda log, i: saying(log, i, deputy="unit_head"), COVER),
    "a cover at a post not held": (by_deputy, "cover.given", lambda log, i: saying(log, i, posts=[{"role": "finance_budget", "organ": "bureau"}]), COVER),
    "a cover for an officer": (by_deputy, "cover.given", lambda log, i: saying(log, i, deputy="security"), ("segregation", "S8")),
    "a cover ended by a stranger": (cover_ended, "cover.ended", as_("accountant", "unit_finance"), PERSON),
    "the absent person wrote the table": (
        by_deputy, "task.decided", lambda log, i: saying(log, where(log, "table.submitted"), editors=["clerk", "unit_head"]), ("segregation", "S1")),
    "a table handed over by a clerk": (handed_over, "table.handed_over", as_("clerk", "clerk"), PERSON),
    "a table handed to somebody who is no clerk": (handed_over, "table.handed_over", lambda log, i: saying(log, i, successor="unit_head"), POST),
    "a table handed over by somebody else's": (handed_over, "table.handed_over", lambda log, i: saying(log, i, owner="other_clerk"), VALUE),
    "two desks without a waiver": (small_unit, "task.decided", lambda log, i: without(log, where(log, "waiver.signed")), ("segregation", "S2")),
    "a waiver for oneself": (small_unit, "waiver.signed", lambda log, i: saying(log, i, person="planner"), ("segregation", "S12")),
    "a waiver of another rule": (small_unit, "waiver.signed", lambda log, i: saying(log, i, rule="S1"), ("segregation", "S12")),
    "withdrawn though it was opened": (asked_back, "confirmation.requested", lambda log, i: without(log, where(log, "task.opened")), STEP),
    "opened by somebody who cannot act": (opened, "task.opened", as_("accountant", "unit_finance"), PERSON),
    "opening hides that it ends withdrawing": (opened, "task.opened", lambda log, i: saying(log, i, ends_withdrawing=False), VALUE),
    "decided over somebody's claim": (claimed, "task.decided", as_("second_head", "unit_head"), PERSON),
    "claimed until yesterday": (claimed, "task.claimed", lambda log, i: saying(log, i, until="2026-01-04T10:00:00+00:00"), VALUE),
    "released by another": (released, "task.released", as_("second_head", "unit_head"), PERSON),
    "released by the system too early": (
        released, "task.released", lambda log, i: both(by_other(log, i, id="system", role="system", organ="system"), saying(log, i, by_time=True)), VALUE),
    "handed over to somebody without the post": (transferred, "task.transferred", lambda log, i: saying(log, i, receiver="accountant"), POST),
    "handed over to who wrote it": (transferred, "task.transferred", lambda log, i: saying(log, i, receiver="clerk"), ("segregation", "S1")),
    "a giver who did not hold it": (transferred, "task.transferred", lambda log, i: saying(log, i, giver="second_head"), VALUE),
    "the old holder decides": (transferred, "task.decided", as_("unit_head", "unit_head"), PERSON),
    "reassigned by who leads nothing": (reassigned, "task.transferred", as_("accountant", "unit_finance"), PERSON),
    "decided while it is delegated": (delegated, "task.decided", lambda log, i: without(log, where(log, "task.delegation_returned")), STEP),
    "answered by who was not asked": (delegated, "task.delegation_returned", as_("deputy_head", "unit_business"), PERSON),
    "added at three depths": (added, "task.signer_added", lambda log, i: saying(log, i, depth=3), VALUE),
    "added who wrote it": (added, "task.signer_added", lambda log, i: saying(log, i, person="clerk"), None),
    "passed though the added signer is out": (taken_away, "task.superseded", without, None),
    "taken away by another": (taken_away, "task.superseded", as_("second_head", "unit_head"), None),
    "somebody else's vote is taken back": (recalled, "node.superseded", as_("second_head", "unit_head"), STEP),
    "taken back though it was acted on": (
        recalled, "task.recalled", lambda log, i: saying(log, i, unrouted=["department_finance"]), VALUE),
    "another task opens again": (recalled, "task.recalled", lambda log, i: saying(log, i, task=str(uuid4())), VALUE),
    "urged by a stranger": (urged, "task.urged", as_("other_clerk", "clerk", roster.OTHER_UNIT), PERSON),
    "an opinion by somebody else": (opinion, "opinion.given", as_("deputy_head", "unit_business"), PERSON),
    "an opinion nobody asked for": (opinion, "opinion.given", lambda log, i: without(log, where(log, "opinion.asked")), STEP),
    "a copy read by who got none": (copied, "copy.read", as_("second_head", "unit_head"), STEP),
    "a copy sent twice to one": (copied, "copy.sent", lambda log, i: saying(log, i, people=[{"person": "x", "name": "x"}] * 2), VALUE),
    "more time granted to oneself": (extended, "extension.granted", as_("unit_head", "unit_head"), S10),
    "more time granted by a colleague": (extended, "extension.granted", as_("deputy_head", "unit_business"), PERSON),
    "a due day without a grant": (extended, "task.due_set", lambda log, i: saying(log, i, rule="somebody wished so"), VALUE),
    "decided while it is suspended": (paused, "task.decided", lambda log, i: without(log, where(log, "table.resumed")), STEP),
    "suspended by the unit": (paused, "table.suspended", as_("unit_head", "unit_head"), PERSON),
    "suspended until yesterday": (paused, "table.suspended", lambda log, i: saying(log, i, until="2026-01-04"), VALUE),
    "submitted with an open comment": (commented, "table.submitted", lambda log, i: without(log, where(log, "thread.answered")), STEP),
    "a comment by who does not review": (commented, "thread.opened", as_("accountant", "unit_finance"), PERSON),
    "a comment answered by who made it": (commented, "thread.answered", as_("unit_head", "unit_head"), S10),
    "a comment on other content": (commented, "thread.opened", lambda log, i: saying(log, i, content_hash=log_hash(log)), VALUE),
    "a return that forgets a comment": (commented, "table.returned", lambda log, i: saying(log, i, fields=[]), VALUE),
    "a comment laid aside by the unit": (commented, "thread.resolved", as_("clerk", "clerk"), PERSON),
    "a correction by one": (corrected, "confirmation.given", as_("performance", "finance_performance", "bureau"), S10),
    "a correction nobody confirmed": (corrected, "correction.applied", lambda log, i: without(log, where(log, "correction.opened")), STEP),
    "a correction of money": (corrected, "correction.opened", lambda log, i: saying(log, i, **other_money(log)), VALUE),
    "other content is corrected in": (corrected, "correction.applied", lambda log, i: saying(log, i, content_hash=log_hash(log)), VALUE),
    "an intervention forward": (intervened, "admin.proposed", lambda log, i: saying(log, i, to_node="reply"), STEP),
    "an intervention by one": (intervened, "confirmation.given", as_("process", "process_admin", "bureau"), S10),
    "an intervention by a section": (intervened, "admin.proposed", as_("business", "finance_business", "bureau"), PERSON),
    "an intervention that overtakes more": (intervened, "admin.intervened", lambda log, i: saying(log, i, overtaken=["unit_head"]), VALUE),
    "a deputy decides in his own name what he claimed for another": (
        delegated_by_deputy, "task.decided", unbehalf, PERSON),
    "another decides what a deputy claimed": (claimed_by_deputy, "task.decided", as_("second_head", "unit_head"), PERSON),
    "a deputy gives up in his own name what he claimed for another": (lambda: claimed_by_deputy(release=True), "task.released", unbehalf, PERSON),
    "given up for somebody else without his leave": (
        lambda: claimed_by_deputy(release=True), "task.released", lambda log, i: by_other(log, i, id="accountant"), COVER),
    "a deputy takes a signer away in his own name": (taken_away_by_deputy, "task.superseded", unbehalf, None),
    "a signer is taken away for another without his leave": (
        taken_away_by_deputy, "task.superseded", lambda log, i: by_other(log, i, id="accountant"), COVER),
    "a deputy takes a vote back in his own name": (recalled_by_deputy, "node.superseded", unbehalf, PERSON),
    "a vote of one's own is taken back as another's": (
        recalled, "node.superseded", lambda log, i: by_other(log, i, on_behalf_of={"id": "second_head", "name": "x", "grant": str(uuid4())}), PERSON),
    "paper by one": (on_paper, "confirmation.given", as_("budget", "finance_budget", "bureau"), S10),
    "paper of who holds no post": (on_paper, "paper.entered", lambda log, i: saying(log, i, leader="accountant"), POST),
    "paper signed tomorrow": (on_paper, "paper.entered", lambda log, i: saying(log, i, signed_on="2027-01-01"), VALUE),
    "paper turned": (on_paper, "task.decided", lambda log, i: saying(log, where(log, "paper.entered"), outcome="return", to="draft"), COVER),
    "paper never confirmed": (on_paper, "task.decided", lambda log, i: without(log, where(log, "confirmation.given")), None),
    "published by who proposed": (published, "definition.published", as_("process", "process_admin", "bureau"), ("segregation", "S9")),
    "published though nobody proposed": (published, "definition.published", lambda log, i: without(log, where(log, "definition.proposed")), ("segregation", "S9")),
}  # fmt: skip


def both(one, two):
    """The second forger first: it looks for the bytes as they stood."""
    return lambda body: one(two(body))


def log_hash(log) -> str:
    return json.loads(log.bodies[where(log, "table.imported")])["content_hash"]


def other_money(log) -> dict:
    said = json.loads(log.bodies[where(log, "correction.opened")])["data"]
    old = log.values[said["base"]]
    new = {**old, "budget": {**old["budget"], "total": "99"}}
    changes = {"changes": [{"pointer": "/budget/total", "old": old["budget"]["total"], "new": "99", "reason": ""}]}
    return {"content_hash": log.put_content(new), "changes": log.put_content(changes), "changed": 1, "fields": ["/budget/total"]}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_broken_rule_beside_the_decisions_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    shape, kind, forger, found = FORGED[forgery]
    log = shape().journal
    index = where(log, kind)
    verdict = verdict_of(tmp_path, packed(log, forger(log, index)).zipped())
    assert verdict.code == 1
    if found is not None:
        assert found in [(each.check, each.what) for each in verdict.findings], told(verdict)
    first = verdict.findings[0]
    assert (first.place.event is not None, first.field != "", first.place.stream != "") == (True, True, True)


def test_only_the_first_version_of_a_chain_may_be_a_clerk_s_recording_of_what_ships(tmp_path):
    """The import that founds a name needs no proposal; a later version slipped in the same way breaks S9."""
    log = appointed(ALL)
    Life(log).in_unit_review()
    assert verdict_of(tmp_path, Packed(log).zipped()).code == 0
    later = {**shipped(), "title": "标准审批链（修订）"}
    administering.publish(log, subject="definition", content=later, by=roster.CLERK, command_id=uuid4())
    told_now = told(verdict_of(tmp_path, Packed(log).zipped()))
    assert told_now == [("segregation", "S9", where(log, "definition.published", 1), "actor.id")]


def test_a_cover_that_ended_allows_nothing_any_more(tmp_path):
    life, cover = covered()
    end_cover(life.journal, principal=HEAD.id, cover=cover.grant, reason="提前返岗，恢复办理", by=HEAD, command_id=uuid4())
    life.journal.at += timedelta(hours=1)
    log = act(life, reviewing.approve_table, replace(DEPUTY, covers=(cover,))).journal
    assert told(verdict_of(tmp_path, Packed(log).zipped())) == [("posts", "cover", where(log, "task.decided"), "actor.on_behalf_of")]


def test_a_deputy_takes_nothing_back_once_his_cover_is_over(tmp_path):
    life, cover = covered()
    for_the_head(life, cover, reviewing.approve_table)
    end_cover(life.journal, principal=HEAD.id, cover=cover.grant, reason="提前返岗，恢复办理", by=HEAD, command_id=uuid4())
    life.journal.at += timedelta(hours=1)
    log = for_the_head(life, cover, recalling.recall_decision, reason=REASON).journal
    assert ("posts", "cover", where(log, "node.superseded"), "actor.on_behalf_of") in told(verdict_of(tmp_path, Packed(log).zipped()))


@pytest.mark.parametrize("lone", [None, {"id": "business", "name": "business同志"}])
def test_whoever_confirmed_a_paper_does_not_take_the_decision_back_alone(tmp_path, lone):
    """Two were needed to make it: a recall by one is found, whether or not he says for whom."""
    log = on_paper().journal
    index = where(log, "task.decided", node="finance_business")
    decided, entered = json.loads(log.bodies[index]), json.loads(log.bodies[where(log, "node.entered", node="finance_business")])
    command, task = str(uuid4()), str(uuid5(UUID(decided["stream"]), "x"))
    task = str(uuid5(UUID(decided["stream"]), f"finance_business#{decided['data']['task']}#{command}"))
    reopened = {
        "task": task, "instead_of": decided["data"]["task"], "group": "", "must": False, "anchor": "", "waits_for": [], "added_by": "", "depth": 0,
        **{name: entered["data"][name] for name in ("role", "organ", "person", "due_at", "provisional")},
    }  # fmt: skip
    data = {
        "node": "finance_business", "task": task, "recalled": decided["data"]["task"], "round": 1, "stage": "finance_approval", "level": "finance",
        "reopened": [reopened], "unrouted": [], "reason": decided["data"]["opinion"],
    }  # fmt: skip
    behalf = lone and {**lone, "grant": decided["actor"]["on_behalf_of"]["grant"]}
    recall = {
        **decided, "kind": "task.recalled", "shape": 1, "step": 0, "command_id": command, "content_hash": None, "data": data,
        "actor": {**decided["actor"], "on_behalf_of": behalf},
    }  # fmt: skip
    log.bodies.append(json.dumps(recall).encode())
    verdict = verdict_of(tmp_path, packed(log, lambda body: body).zipped())
    assert ("segregation", "S10", len(log.bodies) - 1, "actor.id") in told(verdict)


def test_a_vote_is_not_taken_back_once_the_next_looked_at_it(tmp_path):
    life = act(in_review(), reviewing.approve_table, HEAD)
    before = life.table
    recalled = act(life, recalling.recall_decision, HEAD, reason=REASON).journal
    other = Life(appointed(ALL)).in_unit_review()
    act(other, reviewing.approve_table, HEAD)
    other.table = holding.open_task(other.journal, other.table.id, by=roster.DEPARTMENT_FINANCE, command_id=uuid4())
    opening = json.loads(other.journal.bodies[where(other.journal, "task.opened")])
    opening = {**opening, "stream": str(before.id), "data": {**opening["data"], "task": before.desks[0].task}}
    recalled.bodies.insert(where(recalled, "node.superseded"), json.dumps(opening).encode())
    verdict = verdict_of(tmp_path, packed(recalled, lambda body: body).zipped())
    assert ("steps", "step", where(recalled, "node.superseded"), "kind") in told(verdict)
