"""Every notice that the system can tell, each once or more, from facts and tables made by hand: for tests of words."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints
from uuid import UUID, uuid5

from tests.support.golden import GOLD, sample
from tests.support.life import Life, memory
from workflows.addressees import Notice
from workflows.campaigns import Campaign, Extension, Purpose
from workflows.campaigns.coverage import Standing, UnitStands
from workflows.campaigns.reminding import Reminder
from workflows.delivery.values import values_of, values_of_desk, values_of_event, values_of_table
from workflows.events import KINDS, Recorded
from workflows.filings import FilingDocument, PartState, PartVersion, ReviewClock
from workflows.folds.replay import Amendment, Table
from workflows.state.assessments import Recommendation
from workflows.state.disclosures import FIT
from workflows.state.experts import Expert
from workflows.state.inquiries import Inquiry
from workflows.state.reply_terms import Replied
from workflows.state.standing import Request, Thread, Window
from workflows.store.covers import notice_of_cover
from workflows.vocabulary import Action, Role, Stage
from workflows.words.campaign_notices import reminders, told_of_campaign
from workflows.words.disclosure_sentences import accounts_reminder, notices_of_accounts
from workflows.words.document_sentences import notices_of_document
from workflows.words.notices import RULES, reminder, told_of
from workflows.words.reply_sentences import budget_reminder, disclosure_reminder, pass_on_reminder
from workflows.words.review_clock_sentences import notices_of_clock, part_reminder
from workflows.words.review_notices import amendment_reminder

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SIGNER = "王审核"
Said = tuple[Notice, Mapping[str, str]]


def made(shape: type, **known: Any) -> Any:
    """A value of a dataclass: what is known, defaults, and a word of its kind for the rest."""
    hints = get_type_hints(shape)
    rest = {
        each.name: _filler(hints[each.name]) for each in fields(shape)
        if each.default is MISSING and each.default_factory is MISSING and each.name not in known
    }  # fmt: skip
    return shape(**rest, **known)


def _filler(kind: Any) -> Any:
    plain = {bool: False, int: 2, str: "x", datetime: AT, UUID: uuid5(GOLD, "x")}
    origin = getattr(kind, "__origin__", kind)
    return plain.get(kind, None if isinstance(kind, types.UnionType) else () if origin is tuple else {} if origin is Mapping else None)


def recorded(kind: str, stream: UUID, subject: str = "table", *, version: int = 9, **known: Any) -> Recorded:
    """An event by the unit's head: a sample of its kind with these fields."""
    fact = replace(sample(kind), **known)
    return Recorded(stream, subject, version, AT, "unit_head", SIGNER, Role.UNIT_HEAD, "unit-1", uuid5(GOLD, kind), 1, fact)


def _tables() -> tuple[Table, Table, Mapping[str, Any]]:
    """A table in review and the same full of everything that notices speak of; and what its facts refer to."""
    table = Life(memory()).in_unit_review().table
    (desk,) = table.desks
    later = replace(desk, task="later", waits_for=(desk.task,), person="accountant")
    claimed = replace(desk, claimed_by="unit_head", claimed_until=AT.isoformat(), delegated_to="deputy_head")
    full = replace(
        table, desks=(claimed, later), doc_no="清财预〔2026〕1号", ended_reason="项目取消",
        inquiries=(made(Inquiry, id="q", by="unit_head", until="2026-03-20", answer="同意", task=desk.task),),
        experts=(made(Expert, assignment="e", by="unit_head"),),
        threads=(made(Thread, thread="t", by="unit_head"),), windows=(made(Window, window="w1", name="上半年"),),
        recommendations=(made(Recommendation, recommendation="s1", by="unit_head"),),
        amendment=made(Amendment, amendment="a", person="unit_head", due_at=AT.isoformat(), changed=2, provisional=True),
        request=made(Request, action=Action.VOID, by="clerk"),
        replied=Replied("r", "2026-02-01", "2026-02-20", "2026-03-01"), origin="revision", source="x",
    )  # fmt: skip
    return table, full, {"task": desk.task, "node": desk.node}


VARIANTS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "task.delegation_returned": ({"taken_back": False}, {"taken_back": True}),
    "confirmation.requested": ({"action": "void"}, {"action": "withdraw"}),
    "table.returned": ({"to": "draft"}, {"to": "unit_review"}),
    "amendment.rejected": ({"taken_back": False}, {"taken_back": True}),
    "appraisal.checked": ({"outcome": "pass"}, {"outcome": "return"}),
    "disclosure.reviewed": ({"outcome": FIT}, {"outcome": FIT, "content_hash": "in force"}),
    "task.escalated": ({"do": "inform"}, {"do": "hand"}), "expert.declared": ({"related": True},),
    "monitoring.filed": ({"colour": "red"},), "task.released": ({"by_time": True},),
    "task.signer_added": ({"how": "before"},), "table.resumed": ({"reason": ""}, {}),
}
NAMED = {"request": "q", "assignment": "e", "thread": "t", "recommendation": "s1", "window": "w1"}
ENDS = {"table.refused": Stage.REFUSED, "table.voided": Stage.VOIDED, "table.terminated": Stage.TERMINATED, "table.closed": Stage.CLOSED}


def of_tables() -> Iterator[Said]:
    """Notices of the events of tables, and of their reminders."""
    table, full, refers = _tables()
    for kind in RULES:
        names = {each.name for each in fields(KINDS[kind])}
        for variant in VARIANTS.get(kind, ({},)):
            told = {name: value for name, value in {**refers, **NAMED, **variant}.items() if name in names}
            after = replace(full, stage=ENDS.get(kind, full.stage), in_force="in force")
            after = replace(after, desks=(replace(after.desks[1], waits_for=("gone", str(refers["task"]))),)) if kind == "task.decided" else after
            after = replace(after, desks=()) if kind == "task.recalled" else after
            event = recorded(kind, table.id, **told)
            yield from ((each, values_of(each, values_of_event(event, full, after))) for each in told_of(event, full, after))
    (desk,) = table.desks
    for rung in ("T-3", "T", "T+1"):
        late = replace(desk, provisional=True)
        yield from ((each, values_of(each, values_of_desk(table, late))) for each in (reminder(table, late, rung),))
        asked = amendment_reminder(full, full.amendment, rung)
        yield asked, values_of(asked, values_of_table(full))


def of_campaigns() -> Iterator[Said]:
    """Notices of a campaign's events and of its rungs; the unit's name is known where they are written."""
    extended = made(Extension, closes=AT + timedelta(days=40), units=())
    campaign = made(
        Campaign, title="2026年度目标申报", purpose=Purpose.GOAL_FILING, scope={"unit-1": "dept-1"}, opens=AT,
        closes=AT + timedelta(days=30), extensions=(extended,),
    )  # fmt: skip
    kinds = {"campaign.opened": {}, "campaign.extended": {"units": ()}, "campaign.closed": {}, "campaign.urged": {"units": ("unit-1",)}}
    told = [
        each for kind, known in kinds.items()
        for _unit, each in told_of_campaign(recorded(kind, campaign.id, "campaign", **known), campaign)
    ]  # fmt: skip
    missing = made(UnitStands, unit="unit-1", standing=Standing.MISSING, missing=2, closes=campaign.closes)
    for provisional in (False, True):
        due = Reminder("T-3", campaign.closes, AT, provisional, "2026.1")
        told += [each for _unit, each in reminders(campaign, due, (missing, replace(missing, missing=0)))]
    yield from ((each, values_of(each, {"单位": "清江市交通运输局"})) for each in told)


def of_the_rest() -> Iterator[Said]:
    """Notices of documents, covers, final accounts and of the terms after a reply, which no table's values fill."""
    _table, full, _refers = _tables()
    replied, told = Replied("r", "2026-02-01", "2026-02-20", "2026-03-01"), []
    for rung in ("T-3", "T+1"):
        told += [pass_on_reminder(full, replied, rung), disclosure_reminder(full, replied, rung)]
        told += [budget_reminder(sample("budget.approved"), rung, 3), accounts_reminder(sample("accounts.approved"), rung)]
    told += [notice_of_cover(recorded("cover.given", full.id, "person"))]
    told += notices_of_accounts(recorded("accounts.approved", full.id, "campaign"))
    document = made(FilingDocument, filed=sample("document.filed"), parts=(made(PartVersion, number=2, by="planner"),))
    states = {
        "document.amended": (PartState.AT_DEPARTMENT,), "document.returned": (PartState.RETURNED,),
        "document.reviewed": (PartState.AT_FINANCE, PartState.REVIEWED),
    }  # fmt: skip
    for kind, found in states.items():
        for state in found:
            told += notices_of_document(recorded(kind, full.id, "document"), replace(document, state=state))
    clocked = replace(document, state=PartState.AT_DEPARTMENT, version=2, clock=ReviewClock(2, AT, False, "2026.1"))
    told += [part_reminder(clocked, rung) for rung in ("T-3", "T+1")]
    told += [each for kind in ("document.due_set", "document.overdue") for each in notices_of_clock(recorded(kind, full.id, "document"), clocked)]
    told += notices_of_accounts(recorded("accounts.corrected", full.id, "campaign"))
    yield from ((each, values_of(each, {})) for each in told)


def every_notice() -> list[Said]:
    """All of them, with the values that the bureau's own words would be filled with."""
    return [*of_tables(), *of_campaigns(), *of_the_rest()]
