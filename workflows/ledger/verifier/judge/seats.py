"""Who sits at a desk: the post held at that moment, the person named, and whom he stands in for."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.roles import ADMINISTRATORS, BUSINESS
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.segregation import check_segregation
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import inputs_of
from workflows.ledger.verifier.law.limits import DONE_AT_A_HANDED_TASK
from workflows.ledger.verifier.law.powers import FILING_DESKS, GUARDIANS, PAUSES, SUSPENDS


def desk_of(judge: Judge, table: Table, event: Event, nodes: Sequence[str]) -> Desk:
    """Return the active desk that the event names, after checking who sits there."""
    name = event.data["node"]
    desk = table.task(event.data.get("task"))
    if desk is None or desk.node != name:
        desk = table.desk(name)
    if desk is None or (nodes != ("*",) and name.partition(":")[0] not in nodes):
        raise Broken("step", "data.node", name, " ".join(each.node for each in table.desks))
    sits_at(judge, table, event, desk)
    return desk


def sits_at(judge: Judge, table: Table, event: Event, desk: Desk) -> None:
    """The person acts under the desk's post, is the one named if one is named, and breaks no segregation.

    A superior to whom a late task was handed acts under his own post, whoever holds it meanwhile; so does his deputy for him.
    """
    if desk.handed(event.role, event.organ) and event.kind in DONE_AT_A_HANDED_TASK:
        check_post(judge, event)
        if event.behalf:
            stands_in(judge, table, event, desk.node)
        check_segregation(judge, table, event, desk)
        if {event.person, event.behalf} & {each.person for each in table.desks if each.node == desk.node and each is not desk} - {None}:
            judge.blame("segregation", "S4", event, "actor.id", event.person, "his own task at the node")
        return
    if (event.role, event.organ) != (desk.role, desk.organ):
        judge.blame("posts", "person", event, "actor.role", event.person, f"{desk.role} {desk.organ}")
    if desk.person not in (None, event.behalf or event.person):
        judge.blame("posts", "person", event, "actor.id", event.person, desk.person)
    if desk.claimed_by not in ("", event.behalf or event.person):
        judge.blame("posts", "person", event, "actor.id", event.person, desk.claimed_by)
    check_post(judge, event)
    if event.behalf:
        stands_in(judge, table, event, desk.node)
    if desk.level != "filing":
        check_segregation(judge, table, event, desk)
    others = {each.person for each in table.desks if each.node == desk.node and each is not desk}
    if desk.person is None and others & {event.person, event.behalf}:
        judge.blame("segregation", "S4", event, "actor.id", event.person, "his own task at the node")


def stands_in(judge: Judge, table: Table, event: Event, node: str) -> None:
    """Whoever acts for somebody absent has leave to, now, here, and up to this amount; or enters what he decided on paper."""
    if table.paper:
        paper = table.paper
        wanted = (paper["leader"], paper["task"], paper["outcome"], paper["by"], derived(paper["command"], "paper"))
        if (event.behalf, event.data.get("task"), event.data.get("outcome"), event.person, event.command) != wanted:
            judge.blame("posts", "cover", event, "actor.on_behalf_of", event.person, "paper.entered")
        return
    short = judge.posts.covered(event, node.partition(":")[0], table.unit, lambda: inputs_of(judge, table, table.content_hash, event)["金额"])
    if short:
        judge.blame("posts", "cover", event, "actor.on_behalf_of", event.person, short)


def check_post(judge: Judge, event: Event) -> None:
    """The person, or the one for whom he acts, held the post under which the event is signed."""
    holder = event.behalf or event.person
    if not judge.posts.holds(holder, event.role, event.organ, event.at):
        judge.blame("posts", "post", event, "actor", holder, f"{event.role} {event.organ}")
    roles = judge.posts.roles(event.person)
    if roles & ADMINISTRATORS and roles & BUSINESS:
        judge.blame("segregation", "S8", event, "actor.id", event.person)


def check_owner(judge: Judge, table: Table, event: Event) -> None:
    """The person is the clerk in charge of the table."""
    if event.person != table.owner:
        judge.blame("posts", "person", event, "actor.id", event.person, table.owner)


def check_signed_under(judge: Judge, event: Event, role: str, organ: str) -> None:
    """The act is signed under this very post, and the person held it."""
    if (event.role, event.organ) != (role, organ):
        judge.blame("posts", "person", event, "actor.role", event.role, f"{role} {organ}")
    check_post(judge, event)


def could_sit(event: Event, desk: Desk) -> bool:
    """Whether the desk is one at which the event's person, under the event's post, may act."""
    right = (desk.role, desk.organ) == (event.role, event.organ) and desk.claimed_by in ("", event.person)
    return right and desk.person in (None, event.behalf or event.person)


def check_system(judge: Judge, event: Event) -> None:
    """The event is the system's own."""
    if (event.person, event.role, event.organ) != ("system", "system", "system"):
        judge.blame("posts", "person", event, "actor.id", event.person, "system")


def check_issuer(judge: Judge, table: Table, event: Event) -> None:
    """A task of the year is issued by the system or by the performance section."""
    if event.person == "system":
        check_system(judge, event)
    else:
        check_signed_under(judge, event, "finance_performance", table.bureau)


def check_office(judge: Judge, table: Table, event: Event, posts: Sequence[Tuple[str, str]]) -> None:
    """The event is signed with one of these posts of the table's own organs, which the person held."""
    if not any((event.role, event.organ) == (role, getattr(table, of)) for role, of in posts):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(role for role, _ in posts))
    check_post(judge, event)


def at_filing_desk(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> None:
    """The person sits at a desk at which files are put."""
    if desk is None or desk.node.partition(":")[0] not in FILING_DESKS:
        raise Broken("step", "data.for_step", desk.node if desk else "?", " ".join(FILING_DESKS))
    sits_at(judge, table, event, desk)


def check_guardian(judge: Judge, table: Table, event: Event) -> None:
    """The person guards words or evidence in the table's bureau or department."""
    if event.role not in GUARDIANS[event.kind] or event.organ not in (table.bureau, table.department):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(sorted(GUARDIANS[event.kind])))
    check_post(judge, event)


def check_section(judge: Judge, event: Event, bureau: str) -> None:
    """The event is the performance section's; for somebody absent, by his deputy."""
    check_signed_under(judge, event, "finance_performance", bureau)
    if event.behalf and judge.posts.covers.get(event.cover, ({"deputy": ""}, "", ""))[0]["deputy"] != event.person:
        judge.blame("posts", "cover", event, "actor.on_behalf_of", event.person, event.behalf)


def check_part_in(judge: Judge, table: Table, event: Event) -> None:
    """Whoever acts beside the desks holds a business post of the table's unit, department or bureau."""
    organs = (table.unit, table.department, table.bureau)
    if event.role not in BUSINESS or event.organ not in organs or (event.role == "clerk" and event.person != table.owner):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(organs))
    check_post(judge, event)


def check_for_another(judge: Judge, table: Table, event: Event, node: str) -> None:
    """Whoever takes back what was done in somebody's name has leave to act for him now, under a post that he holds."""
    if event.behalf:
        check_post(judge, event)
        stands_in(judge, table, event, node)


def check_suspender(judge: Judge, table: Table, event: Event) -> None:
    """The department's finance office, or the bureau's sections."""
    if event.role not in SUSPENDS or event.organ != getattr(table, SUSPENDS[event.role]):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(SUSPENDS))
    check_post(judge, event)


def check_pauser(judge: Judge, table: Table, event: Event) -> None:
    """The bureau's sections pause a project and let it go on, nobody else."""
    if event.role not in PAUSES or event.organ != table.bureau:
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(PAUSES))
    check_post(judge, event)
