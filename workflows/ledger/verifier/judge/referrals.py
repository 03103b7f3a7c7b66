"""Referrals to other authorities, and what became of them."""

from __future__ import annotations

from typing import Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.roles import ROLES_AT_HOME
from workflows.ledger.verifier.judge.beside import ReferredOn
from workflows.ledger.verifier.judge.judge import Beside, Judge
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import REFERRAL_ENDS, REFERRED_TO
from workflows.ledger.verifier.law.powers import ANSWERS_REFERRALS, RECEIVES, REFERS


def judge_referral(judge: Judge, event: Event) -> None:
    """Somebody of the table's bureau, and not of its unit or department, refers a table that came in; once on a stream of its own."""
    data, table = event.data, judge.tables.get(str(event.data["table"]))
    check_post(judge, event)
    if event.place.version != 1:
        judge.blame("steps", "step", event, "kind", event.kind, "once")
    if event.role not in REFERS or event.organ != data["bureau"] or event.behalf:
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(REFERS))
    if data["to"] not in REFERRED_TO or not data["words"]:
        judge.blame("steps", "value", event, "data.to" if data["words"] else "data.words", data["to"], " ".join(REFERRED_TO))
    if table is None or not table.stage:
        if judge.bundle.whole:
            judge.blame("steps", "value", event, "data.table", data["table"], "a table")
        table = None
    elif table.bureau != data["bureau"]:
        judge.blame("steps", "value", event, "data.bureau", data["bureau"], table.bureau)
    for person, field in ((event.person, "actor.id"), (data["receiver"], "data.receiver")):
        if table and is_concerned(judge, table, person, event.at):
            judge.blame("segregation", "S1", event, field, person)
    if data["receiver"] and all(judge.posts.lacks(data["receiver"], role, data["bureau"], event.at) for role in RECEIVES):
        judge.blame("posts", "post", event, "data.receiver", data["receiver"], data["bureau"])
    judge.referrals[event.stream] = ReferredOn(table, data["bureau"], event.person, data["receiver"])


def is_concerned(judge: Judge, table: Table, person: str, at: str) -> bool:
    """Whether a person filed the table or holds a post in its unit or department."""
    home = ROLES_AT_HOME["unit"] | ROLES_AT_HOME["department"] | {"secrecy_reviewer"}
    inside = any(judge.posts.holds(person, role, organ, at) for role in home for organ in (table.unit, table.department))
    return inside or person in table.authors or person == table.owner


def judge_referral_answer(judge: Judge, event: Event) -> None:
    """What became of a referral is recorded by those who may read it, while nothing final was said; never by an observer."""
    found = judge.referrals.get(event.stream)
    check_post(judge, event)
    if found is None or not found.open:
        judge.blame("steps", "step", event, "kind", event.kind, "referral.made")
        return
    own = event.person in (found.by, found.receiver)
    if event.role not in (ROLES_AT_HOME["bureau"] if own else ANSWERS_REFERRALS) or event.organ != found.bureau or event.behalf:
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(ANSWERS_REFERRALS))
    if found.table and is_concerned(judge, found.table, event.person, event.at):
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    if event.data["outcome"] not in REFERRAL_ENDS or not event.data["words"]:
        judge.blame("steps", "value", event, "data.outcome", event.data["outcome"], " ".join(REFERRAL_ENDS))
    judge.referrals[event.stream] = found._replace(open=not REFERRAL_ENDS.get(event.data["outcome"], True))


REFERRALS_BESIDE: Dict[str, Beside] = {
    "referral.made": judge_referral,
    "referral.answered": judge_referral_answer,
}
