"""Rule packs under four eyes, and which version new tables of a family are pinned to (E6, E7, S9)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.two_publishers import Matter
from workflows.definitions.lint import forbidding
from workflows.errors import PackUnfit, UnknownPack
from workflows.journal import Content, Journal
from workflows.packs.checking import check_form
from workflows.packs.lint import lint
from workflows.packs.shipped import NATIONAL, PACK_NAMES, PACK_OF_FAMILY, pack_content
from workflows.vocabulary import Actor, Role

PACK = Matter("rule_pack", "规则包", e.RulePackProposed, e.RulePackPublished, UnknownPack)


def propose_pack(journal: Journal, *, content: Any, by: Actor, command_id: UUID) -> e.RulePackProposed:
    """Lay a pack before the others, not in force. PackUnreadable and PackUnfit name all that is wrong with it."""
    _refuse_unfit(content)
    return PACK.propose(journal, content["name"], content, by, command_id)


def publish_pack(
    journal: Journal, *, name: str, content_hash: str, by: Actor, command_id: UUID
) -> e.RulePackPublished:  # fmt: skip
    """Put a proposed pack into force for new tables; every other keeps the one it is pinned to, by hash.

    NotAllowed for its author (S9), UnknownPack for a version that does not wait, PackUnfit where the lint finds errors.
    """
    return PACK.publish(journal, name, content_hash, _refuse_unfit, by, command_id)


def confirmed_packs(journal: Journal, name: str) -> Iterator[e.Recorded]:
    """Yield the confirmations of a name by process administrators, the newest first.

    Whoever first imports a table only has what ships recorded; that confirms nothing.
    """
    for recorded in reversed(PACK.versions(journal, name)):
        if isinstance(recorded.fact, e.RulePackPublished) and recorded.role == Role.PROCESS_ADMIN:
            yield recorded


def waiting_packs(journal: Journal, name: str) -> tuple[e.Recorded, ...]:
    """Return the proposals of a name that wait for another's confirmation, oldest first."""
    waiting: dict[str, e.Recorded] = {}
    for recorded in PACK.versions(journal, name):
        fact = recorded.fact
        if isinstance(fact, e.RulePackProposed):
            waiting.setdefault(fact.content_hash, recorded)
        elif isinstance(fact, e.RulePackPublished):
            waiting.pop(fact.content_hash, None)
    return tuple(waiting.values())


def pack_in_force(journal: Journal, name: str, year: int | None = None) -> Content:
    """Return the version of this name that was confirmed last, what ships where none was; NotFound for no such name.

    Where a budget year is named, versions whose form is for later years do not count.
    """
    last = _last_confirmed(journal, name, year)
    return pack_content(name) if last is None else journal.content(_hash_of(last))


def pack_for_new_tables(journal: Journal, family: str | None, year: int | None = None) -> Content:
    """Return the pack that new tables of a family (and budget year) are pinned to.

    Of the names whose version in force lists the family, the one confirmed last; else the name that ships for it. A
    version whose form is for later years waits for them: what is filed late for an old year keeps that year's form.
    """
    claims = []
    for name in PACK_NAMES:
        last = _last_confirmed(journal, name, year)
        content = journal.content(_hash_of(last)) if last else None
        if last and content and family in content["families"]:
            claims.append((last.at, name, content))
    if claims:
        return max(claims, key=lambda claim: claim[:2])[2]
    return pack_in_force(journal, PACK_OF_FAMILY.get(family or "", NATIONAL), year)


def _last_confirmed(journal: Journal, name: str, year: int | None) -> e.Recorded | None:
    """Return the last confirmation of a name whose form holds in a budget year; of any where none is asked for."""
    return next((each for each in confirmed_packs(journal, name) if _holds_in(year, journal, each)), None)


def _holds_in(year: int | None, journal: Journal, confirmed: e.Recorded) -> bool:
    template = journal.content(_hash_of(confirmed)).get("template") if year is not None else None
    return template is None or year is None or template["year"] <= year


def _hash_of(recorded: e.Recorded) -> str:
    return str(getattr(recorded.fact, "content_hash", ""))


def _refuse_unfit(content: Any) -> None:
    check_form(content)
    faults = forbidding(lint(content))
    if faults:
        listed = "；".join(f"{fault.rule} {fault.node}：{fault.sentence}" for fault in faults[:3])
        said = f"规则包有{len(faults)}处错误，不能提出或发布：{listed}。"
        raise PackUnfit(said, problems=tuple(fault.sentence for fault in faults))
