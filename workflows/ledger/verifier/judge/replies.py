"""The reply: its terms, its plan, and the reply document over many tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, year_day
from workflows.ledger.verifier.judge.desks import Window
from workflows.ledger.verifier.judge.judge import Beside, Effect, Judge
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.terms import check_pass_on, check_term
from workflows.ledger.verifier.law.plans import plan_of


def apply_replied(judge: Judge, table: Table, event: Event) -> None:
    """The version in force and the year's plan are fixed; the plan is the table's own, by its pack."""
    data = event.data
    table.stage, table.doc_no, table.in_force, table.votes, table.deciders = "monitoring", data["doc_no"], table.content_hash, [], []
    table.passed_over, table.trails = [], {}
    check_plan(judge, table, event)
    table.windows = [Window(each) for each in data["windows"]]
    table.self_evaluation_opens, table.self_evaluation_due = shared(data["self_evaluation_opens"]), shared(data["self_evaluation_due"])
    check_terms(judge, table, event)
    judge.replies.setdefault(data["reply"], {})[table.id] = (data["content_hash"], data["doc_no"], event.place, event.command)


def check_terms(judge: Judge, table: Table, event: Event) -> None:
    """What is due after the reply is counted by the pinned pack, in calendar days from the day of the reply."""
    pack, data, day = judge.pack(table, event), event.data, beijing_day(event.at)
    pass_on, disclose = data.get("pass_on_due", ""), data.get("disclose_due", "")
    terms = pack.get("reply") if table.unit != table.department else None
    if event.shape > 1:
        check_pass_on(judge, event, terms)
        check_term(judge, event, "data.disclose_due", day, pack["disclosure"]["days"] if "disclosure" in pack else None, moves=False)
    if pass_on or disclose:
        table.replied = {"reply": data["reply"], "on": day, "pass_on_due": pass_on, "disclose_due": disclose, "passed_on": "", "doc_no": "", "document": ""}


def check_plan(judge: Judge, table: Table, event: Event) -> None:
    """The windows of a reply are those of the pack's plan for this table's money and year."""
    pack, windows = judge.pack(table, event), event.data["windows"]
    wanted = plan_of(judge.sheet(table.content_hash, event), pack, table.year)
    found = [(each["name"], each["date"], each["planned_percent"]) for each in windows]
    if len(found) != len(wanted) or [each["window"] for each in windows] != [f"w{n}" for n in range(1, len(wanted) + 1)]:
        raise Broken("value", "data.windows", len(found), len(wanted))
    for number, (one, two) in enumerate(zip(found, wanted)):
        percent = None if one[2] is None else Decimal(one[2])
        if (one[0], one[1], percent) != two:
            judge.blame("steps", "value", event, f"data.windows[{number}]", one, two)
    for field, key in (("self_evaluation_opens", "opens"), ("self_evaluation_due", "due")):
        if event.data[field] != year_day(table.year + 1, pack["selfeval"][key]):
            judge.blame("steps", "value", event, f"data.{field}", event.data[field], pack["selfeval"][key])


def judge_reply(judge: Judge, event: Event) -> None:
    """A reply document names exactly the tables that came into force under it, each with that content's hash."""
    data, told = event.data, judge.replies.pop(event.stream, {})
    check_post(judge, event)
    if event.behalf and judge.posts.covers.get(event.cover, ({"deputy": ""}, "", ""))[0]["deputy"] != event.person:
        judge.blame("posts", "cover", event, "actor.on_behalf_of", event.person, event.behalf)
    named = dict(zip(data["tables"], data["content_hashes"]))
    if len(named) != len(data["tables"]) or len(data["tables"]) != len(data["content_hashes"]):
        judge.blame("steps", "reply", event, "data.tables", "number")
    for table, (content_hash, doc_no, _, command) in told.items():
        if command != event.command:
            judge.blame("steps", "reply", event, "command_id", table)
        if named.get(table) != content_hash or doc_no != data["doc_no"]:
            judge.blame("steps", "reply", event, "data.content_hashes", table)
    missing = sorted(set(named) - set(told))
    if missing and (judge.bundle.whole or set(missing) & set(judge.tables)):
        judge.blame("steps", "reply", event, "data.tables", missing[0])
    if event.role != "finance_budget":
        judge.blame("posts", "person", event, "actor.role", event.role, "finance_budget")


REPLIES_EFFECTS: Dict[str, Effect] = {
    "table.replied": apply_replied,
}
REPLIES_BESIDE: Dict[str, Beside] = {
    "reply.issued": judge_reply,
}
