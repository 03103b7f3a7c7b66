"""Every act that a person or the system can do with a table, by name, with its arguments as plain values."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from tests.support.forms import all_graded, all_scored
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands import (
    administering,
    amending,
    asking,
    attaching,
    commenting,
    correcting,
    drafting,
    ending,
    evaluating,
    grading,
    holding,
    intervening,
    leaving,
    monitoring,
    paper,
    pausing,
    recalling,
    replying,
    reviewing,
    signers,
)
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.vocabulary import Action, Actor, Grade, Outcome, Stage

REASON = "指标值与目标不匹配"
Verb = Callable[..., object]
"""A verb is called with the journal, the table as it stands, and seen, by, command_id and its own arguments."""


def _review(journal: MemoryJournal, table: Table, *, grade: str, key: bool = False, **words: Any) -> object:
    percent = {"excellent": 95, "good": 85, "fair": 65, "poor": 40}[grade]
    if key:
        return grading.score_review(journal, table.id, mode="scored", items=all_scored(percent), **words)
    return grading.score_review(
        journal, table.id, mode="qualitative", items=all_graded(Grade(grade)), grade=grade, **words
    )  # fmt: skip


def _amend(journal: MemoryJournal, table: Table, **words: Any) -> object:
    goals = journal.content(table.content_hash)["goals"]
    change = {"pointer": "/goals/0", "new": f"{goals[0]}（第{table.version}次核对）", "reason": REASON}
    return amending.propose_amendment(journal, table.id, changes=(change,), **words)


def _answer(verb: Verb, **fixed: Any) -> Verb:
    """Make the answer to the completion that waits, or to none."""

    def answer(journal: MemoryJournal, table: Table, **words: Any) -> object:
        asked = table.amendment.amendment if table.amendment else "none"
        return verb(journal, table.id, amendment=asked, **fixed, **words)

    return answer


def _draft(change: Callable[[MemoryJournal, Table, dict[str, Any]], dict[str, Any]]) -> Verb:
    """Make the act that keeps a draft, changed in one way."""

    def save(journal: MemoryJournal, table: Table, *, seen: Seen, by: Actor, command_id: UUID) -> object:
        draft = drafting.content_in_work(journal, table)
        content = change(journal, table, draft.content)
        return drafting.save_draft(
            journal, table.id, seen=seen, draft_version=draft.version, content=content, reasons={"": "补充说明"}, by=by,
            command_id=command_id,
        )  # fmt: skip

    return save


def _completed(journal: MemoryJournal, table: Table, _content: dict[str, Any]) -> dict[str, Any]:
    return Life(journal, table).complete_content()


def _goal_added(_journal: MemoryJournal, _table: Table, content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "goals": [*content["goals"], f"补充目标{len(content['goals'])}。"]}


def _purpose_changed(_journal: MemoryJournal, table: Table, content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "purpose": f"维护农村道路，第{table.version}次说明"}


def _key_project(_journal: MemoryJournal, _table: Table, content: dict[str, Any]) -> dict[str, Any]:
    """Turn the mark that conditions ask for."""
    return {**content, "key_project": not content.get("key_project")}


def _on_table(verb: Verb, **fixed: Any) -> Verb:
    return lambda journal, table, **words: verb(journal, table.id, **{**fixed, **words})


def _without_seen(verb: Verb, **fixed: Any) -> Verb:
    return lambda journal, table, *, seen, **words: verb(journal, table.id, **{**fixed, **words})


def _by_the_system(verb: Verb, *names: str) -> Verb:
    def act(journal: MemoryJournal, table: Table, *, seen: Seen, by: Actor, command_id: UUID, **words: Any) -> object:
        return verb(journal, table.id, command_id=command_id, **{name: words[name] for name in names})

    return act


def _with_day(verb: Verb, name: str, **fixed: Any) -> Verb:
    """Read the argument of that name as a date."""
    return lambda journal, table, **words: verb(
        journal, table.id, **{**fixed, **words, name: date.fromisoformat(words[name])}
    )


def _return(journal: MemoryJournal, table: Table, *, to: str, **words: Any) -> object:
    return reviewing.return_table(journal, table.id, to=Stage(to), reason=REASON, **words)


def _ask_to_end(journal: MemoryJournal, table: Table, *, action: str, **words: Any) -> object:
    return ending.ask_to_end(journal, table.id, action=Action(action), reason=REASON, **words)


def _reply(journal: MemoryJournal, table: Table, *, seen: Seen, by: Actor, command_id: UUID) -> object:
    return replying.issue_reply(
        journal, uuid5(command_id, "reply"), tables={table.id: seen}, doc_no="清财预〔2026〕9号", by=by, command_id=command_id
    )


def _paper(journal: MemoryJournal, table: Table, *, leader: str, outcome: str, to: str | None, **words: Any) -> object:
    sheet = paper.Sheet(
        leader, journal.at.date(), Outcome(outcome), "批示.txt", f"批示{table.version}".encode(), REASON,
        Stage(to) if to else None,
    )  # fmt: skip
    return paper.enter_paper(journal, table.id, sheet=sheet, **words)


def _attach(journal: MemoryJournal, table: Table, **words: Any) -> object:
    data = f"佐证{len(table.attachments)}".encode()
    return attaching.attach_file(journal, table.id, name="佐证.txt", data=data, **words)


def _file_window(journal: MemoryJournal, table: Table, **words: Any) -> object:
    rows = journal.content(table.in_force or "")["indicators"]
    figures = {
        "executed": "40", "rows": {row["id"]: {"actual": row["target"]["value"], "possibility": "确定能", "explanation": "按计划"} for row in rows},
        "cause": "", "measure": "", "person": "", "deadline": "",
    }  # fmt: skip
    return monitoring.file_monitoring(journal, table.id, figures=figures, **words)


def _file_evaluation(journal: MemoryJournal, table: Table, **words: Any) -> object:
    rows = journal.content(table.in_force or "")["indicators"]
    given = {row["id"]: {"actual": row["target"]["value"], "reason": "按计划完成", "evidence": "验收报告"} for row in rows}
    filed = {"executed": "64", "adjusted_budget": "66", "rows": given, "reason": "均按计划完成，数据已核对"}
    return evaluating.file_self_evaluation(journal, table.id, figures=filed, **words)


def _correct(journal: MemoryJournal, table: Table, **words: Any) -> object:
    values = {"/title": f"农村道路维护经费（更正{table.version}）"}
    return correcting.ask_to_correct(journal, table.id, values=values, reason=REASON, **words)


def _handed_over(journal: MemoryJournal, table: Table, *, seen: Seen, successor: str, **words: Any) -> object:
    people = {person.id: person for person in journal.people}
    return leaving.hand_over_table(
        journal, table.id, leaver=people[table.owner], successor=people[successor], reason="经办人调离本岗位", **words
    )


ACTS: Mapping[str, Verb] = {
    "complete": _draft(_completed), "edit goals": _draft(_goal_added), "edit purpose": _draft(_purpose_changed),
    "edit key project": _draft(_key_project),
    "submit": _on_table(drafting.submit_table), "withdraw": _on_table(drafting.withdraw_table, reason=REASON),
    "attach": _attach, "detach": _on_table(attaching.withdraw_attachment),
    "approve": _on_table(reviewing.approve_table), "return": _return, "end": _ask_to_end,
    "confirm": _on_table(ending.confirm_ending), "decline": _on_table(ending.decline_ending, reason=REASON),
    "review": _review, "amend": _amend, "agree": _answer(amending.confirm_amendment),
    "disagree": _answer(amending.reject_amendment, reason=REASON),
    "reply": _reply, "correct": _correct, "enter paper": _paper,
    "re-enter": _on_table(intervening.ask_to_reenter, reason=REASON),
    "move back": _on_table(intervening.ask_to_move_back, reason=REASON),
    "recall": _on_table(recalling.recall_decision, reason=REASON),
    "ask to withdraw": _on_table(recalling.ask_to_withdraw, reason=REASON),
    "open task": _without_seen(holding.open_task), "claim": _on_table(holding.claim_task),
    "release": _on_table(holding.release_task), "release expired": _by_the_system(holding.release_expired, "task"),
    "transfer": _on_table(holding.transfer_task, reason=REASON),
    "reassign": _on_table(holding.reassign_task, reason=REASON),
    "delegate": _on_table(holding.delegate_task, reason=REASON),
    "answer delegation": _on_table(holding.answer_delegation, opinion=REASON),
    "end delegation": _on_table(holding.end_delegation),
    "add signer": _on_table(signers.add_signer, reason=REASON),
    "remove signer": _on_table(signers.remove_signer, reason=REASON),
    "ask opinion": _on_table(asking.ask_opinion, question=REASON),
    "give opinion": _on_table(asking.give_opinion, opinion=REASON),
    "copy": _on_table(asking.send_copies), "read copies": _without_seen(asking.read_copies),
    "urge": _on_table(pausing.urge_task),
    "ask extension": _with_day(pausing.ask_extension, "until", reason=REASON),
    "grant extension": _on_table(pausing.grant_extension),
    "refuse extension": _on_table(pausing.refuse_extension, reason=REASON),
    "suspend": _with_day(pausing.suspend_table, "until", reason=REASON), "resume": _on_table(pausing.resume_table),
    "resume expired": _by_the_system(pausing.resume_expired),
    "comment": _on_table(commenting.open_thread, criterion="money", words=REASON),
    "answer comment": _on_table(commenting.answer_thread, words=REASON),
    "resolve comment": _on_table(commenting.resolve_thread),
    "hand over": _handed_over, "mark overdue": _by_the_system(administering.mark_overdue, "task"),
    "open window": _on_table(monitoring.open_monitoring), "file window": _file_window,
    "accept window": _on_table(monitoring.accept_monitoring),
    "return window": _on_table(monitoring.return_monitoring, reason=REASON),
    "open evaluation": _on_table(evaluating.open_self_evaluation), "file evaluation": _file_evaluation,
    "accept evaluation": _on_table(evaluating.accept_self_evaluation),
    "return evaluation": _on_table(evaluating.return_self_evaluation, reason=REASON),
    "close": _on_table(evaluating.close_table),
}  # fmt: skip
