"""Any person, any verb, any order: the invariants hold after every step, and a repeat changes nothing."""

import os
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import EXPLORES
from tests.support import roster
from tests.support.exceptional_acts import ADMINS, EXCEPTION_VERBS, EXCEPTION_VERBS_OF
from tests.support.hand_verbs import HAND_VERBS
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from tests.support.memory_journal import MemoryJournal
from tests.support.year_acts import EXPERTS, YEAR_VERBS, YEAR_VERBS_OF
from workflows.commands import attaching, drafting, ending, evaluating, monitoring, replying, reviewing
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.rights.expert_reviews import assignment_of
from workflows.rights.lifecycle import decide, steps_open_to
from workflows.rights.permissions import may_read
from workflows.vocabulary import SYSTEM, Action, Stage

STARTS = ("imported", "in_unit_review", "in_finance_approval", "in_monitoring", "in_evaluation")
REASON = "指标值与目标不匹配"


def edit(journal, table_id, *, seen, by, command_id):
    life = Life(journal, journal.lock_table(table_id))
    draft = drafting.content_in_work(journal, life.table)
    content = {**draft.content, "goals": [*draft.content["goals"], f"补充目标{draft.version}。"]}
    return drafting.save_draft(
        journal, table_id, seen=seen, draft_version=draft.version, content=content, reasons={}, by=by,
        command_id=command_id,
    )  # fmt: skip


def returning(to):
    def verb(journal, table_id, **words):
        return reviewing.return_table(journal, table_id, to=to, reason=REASON, **words)

    return verb


def asking(action):
    def verb(journal, table_id, **words):
        return ending.ask_to_end(journal, table_id, action=action, reason=REASON, **words)

    return verb


def reply(journal, table_id, *, seen, by, command_id):
    replying.issue_reply(journal, uuid4(), tables={table_id: seen}, doc_no="清财预〔2026〕9号", by=by, command_id=command_id)


def withdraw(journal, table_id, **words):
    return drafting.withdraw_table(journal, table_id, reason=REASON, **words)


def decline(journal, table_id, **words):
    return ending.decline_ending(journal, table_id, reason=REASON, **words)


def at_window(verb, window="w1", **more):
    def act(journal, table_id, **words):
        return verb(journal, table_id, window=window, **more, **words)

    return act


def figures(journal, table_id):
    rows = journal.content(journal.lock_table(table_id).in_force)["indicators"]
    return {
        "executed": "40", "rows": {row["id"]: {"actual": row["target"]["value"], "possibility": "确定能", "explanation": "按计划"} for row in rows},
        "cause": "", "measure": "", "person": "", "deadline": "",
    }  # fmt: skip


def file_window(journal, table_id, **words):
    return monitoring.file_monitoring(journal, table_id, window="w1", figures=figures(journal, table_id), **words)


def return_evaluation(journal, table_id, **words):
    return evaluating.return_self_evaluation(journal, table_id, reason=REASON, **words)


def file_evaluation(journal, table_id, **words):
    rows = journal.content(journal.lock_table(table_id).in_force)["indicators"]
    given_rows = {
        row["id"]: {"actual": row["target"]["value"], "reason": "按计划完成", "evidence": "验收报告"} for row in rows
    }
    filed = {"executed": "64", "adjusted_budget": "66", "rows": given_rows, "reason": "均按计划完成，数据已核对"}
    return evaluating.file_self_evaluation(journal, table_id, figures=filed, **words)


def complete(journal, table_id, *, seen, by, command_id):
    life = Life(journal, journal.lock_table(table_id))
    content = life.complete_content()
    draft = drafting.content_in_work(journal, life.table)
    return drafting.save_draft(
        journal, table_id, seen=seen, draft_version=draft.version, content=content, reasons={"": "补充"}, by=by,
        command_id=command_id,
    )  # fmt: skip


def attach(journal, table_id, *, command_id, **words):
    name, data = f"{command_id.hex[:1]}.txt", command_id.hex[:1].encode()
    return attaching.attach_file(journal, table_id, name=name, data=data, command_id=command_id, **words)


def detach(journal, table_id, **words):
    present = journal.lock_table(table_id).attachments
    return attaching.withdraw_attachment(journal, table_id, attachment=present[0].attachment if present else "", **words)


VERBS = {
    "attach": attach, "detach": detach,
    "complete": complete,
    "edit": edit, "submit": drafting.submit_table, "withdraw": withdraw, "approve": reviewing.approve_table,
    "return_to_draft": returning(Stage.DRAFT), "return_to_unit": returning(Stage.UNIT_REVIEW),
    "return_to_department": returning(Stage.DEPARTMENT_REVIEW), "ask_refuse": asking(Action.REFUSE),
    "ask_void": asking(Action.VOID), "ask_terminate": asking(Action.TERMINATE), "confirm": ending.confirm_ending,
    "decline": decline, "reply": reply, "open_window": at_window(monitoring.open_monitoring),
    "file_window": file_window, "accept_window": at_window(monitoring.accept_monitoring),
    "return_window": at_window(monitoring.return_monitoring, reason=REASON),
    "open_evaluation": evaluating.open_self_evaluation, "file_evaluation": file_evaluation,
    "accept_evaluation": evaluating.accept_self_evaluation, "return_evaluation": return_evaluation,
    "close": evaluating.close_table, **HAND_VERBS, **EXCEPTION_VERBS, **YEAR_VERBS,
}  # fmt: skip
WITHOUT_LOOKING = {"open", "read_copy", "release_expired", "resume_expired", "mark_unassignable"}
"""Acts that are recorded because somebody looks, or done by the system: they refer to no version seen."""


def start(name):
    life = Life(MemoryJournal(memory().at, (*roster.PEOPLE, *EXPERTS)))
    if name == "in_evaluation":
        return life.in_monitoring().evaluation_opened()
    return getattr(life, name)()


VERBS_OF = {
    Action.SAVE: ("complete",), Action.SUBMIT: ("submit",), Action.WITHDRAW: ("withdraw",),
    Action.APPROVE: ("approve",), Action.RETURN: ("return_to_draft", "return_to_unit", "return_to_department"),
    Action.REPLY: ("reply",), Action.OPEN_MONITORING: ("open_window",), Action.FILE_MONITORING: ("file_window",),
    Action.ACCEPT_MONITORING: ("accept_window",), Action.RETURN_MONITORING: ("return_window",),
    Action.OPEN_SELF_EVALUATION: ("open_evaluation",), Action.FILE_SELF_EVALUATION: ("file_evaluation",),
    Action.ACCEPT_SELF_EVALUATION: ("accept_evaluation",), Action.RETURN_SELF_EVALUATION: ("return_evaluation",),
    Action.CLOSE: ("close",), Action.CONFIRM: ("confirm",), Action.DECLINE: ("decline",),
}  # fmt: skip


EVERYBODY = (*roster.PEOPLE, *ADMINS, *EXPERTS, SYSTEM)


def likely(table):
    """Return the acts that the lifecycle says are open, so that walks get far; anything else comes at random."""
    open_acts = [
        (verb, p) for p in EVERYBODY for action, verbs in {**EXCEPTION_VERBS_OF, **YEAR_VERBS_OF}.items()
        if decide(p, table, action).allowed for verb in verbs
    ]
    open_acts += [(verb, p) for p in EVERYBODY for a in steps_open_to(p, table) if a.allowed for verb in VERBS_OF.get(a.action, ())]
    return open_acts or [("submit", roster.CLERK)]


acts = st.lists(
    st.tuples(
        st.sampled_from(sorted(VERBS)), st.sampled_from(EVERYBODY), st.booleans(), st.booleans(),
        st.integers(0, 400),
    ),
    min_size=10, max_size=50,
)  # fmt: skip


@given(beginning=st.sampled_from(STARTS), script=acts)
@settings(max_examples=300 if EXPLORES in os.environ else 40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_invariants_hold_for_any_person_any_verb_any_order(beginning, script):
    life = start(beginning)
    journal, table_id = life.journal, life.table.id
    for number, (any_verb, anybody, behind, repeated, pick) in enumerate(script, 1):
        journal.at += timedelta(days=pick % 90)
        before = journal.lock_table(table_id)
        open_acts = likely(before)
        verb, person = open_acts[pick % len(open_acts)] if pick > 100 else (any_verb, anybody)
        stale = behind and pick % 5 == 0 and not before.aside and verb not in WITHOUT_LOOKING
        seen = Seen(before.version - (1 if stale else 0), before.content_hash)
        words = {"seen": seen, "by": person, "command_id": UUID(int=number * 1_000_003 + pick)}
        try:
            VERBS[verb](journal, table_id, **words)
        except GoaltrailError:
            assert journal.lock_table(table_id) == before, "a refusal changes nothing"
            continue
        after = journal.lock_table(table_id)
        assert not stale or after == before, "INV16: nobody decides on a version that is gone"
        if repeated and verb != "edit":
            VERBS[verb](journal, table_id, **words)
            assert journal.lock_table(table_id) == after, "INV16: a repeat changes nothing"
        check_table(after, journal.history(table_id))
        for reader in EVERYBODY:
            if any(answer.allowed for answer in steps_open_to(reader, after)):
                assert may_read(reader, after) or assignment_of(reader, after), "INV17"


def test_every_verb_of_the_year_is_drawn_and_some_of_each_is_recorded():
    """A plan of its own: the walks above must be able to record what they draw; odd commands do not agree to an appraisal."""
    recorded = set()
    for beginning, plan in YEAR_PLANS.items():
        life = start(beginning)
        for number, (verb, person) in enumerate(plan):
            before, odd = life.journal.lock_table(life.table.id), UUID(int=2 * number + 1)
            VERBS[verb](life.journal, life.table.id, seen=Seen(before.version, before.content_hash), by=person, command_id=odd)
            after = life.journal.lock_table(life.table.id)
            assert after.version > before.version, verb
            check_table(after, life.journal.history(life.table.id))
            recorded.add(verb)
    assert recorded >= set(YEAR_VERBS)


YEAR_PLANS = {
    "imported": (
        ("attach", roster.CLERK), ("appraise", roster.CLERK), ("check_appraisal", roster.DEPARTMENT_FINANCE),
        ("waive_appraisal", roster.FINANCE_PERFORMANCE),
    ),
    "in_finance_approval": (
        ("assign", roster.FINANCE_PERFORMANCE), ("unrelated", EXPERTS[0]), ("score", EXPERTS[0]), ("related", EXPERTS[1]),
    ),
    "in_monitoring": (
        ("ask_pause", roster.DEPARTMENT_FINANCE), ("decline", roster.FINANCE_PERFORMANCE), ("pause", roster.FINANCE_PERFORMANCE),
        ("go_on", roster.FINANCE_BUSINESS),
    ),
}  # fmt: skip
