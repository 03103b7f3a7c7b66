"""Organs founded, renamed, moved, merged and closed, and what that does to posts."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

from workflows.ledger.verifier.events.covers import end_cover, give_cover, sign_waiver
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import PEOPLE, derived
from workflows.ledger.verifier.events.posts import FOUNDERS, OrganSaid, Posts
from workflows.ledger.verifier.evidence.moments import beijing_day, days_on, is_day

ORGAN_SORTS = {"bureau": "", "department": "bureau", "unit": "department", "outside": ""}
"""What an organ can be, and under what it then lies."""
DECREE_DAYS = 366
"""How many days back the day of a decree on organs may lie when it is entered."""


def reorganise(register: Posts, event: Event) -> None:
    """Organs are founded, renamed, moved, merged or closed: by an officer, as of a day, and each fact says truly what was before."""
    data, kind = event.data, event.kind
    founding = kind == "organ.founded" and not register.founded and event.role in FOUNDERS
    wrong = [
        field for field, right in (
            ("stream", event.stream == derived(PEOPLE, "organs")),
            ("actor.role", founding or event.role == "security_admin"),
            ("actor", founding or register.holds(event.person, event.role, event.organ, event.at)),
            ("actor.on_behalf_of", not event.behalf),
            ("data.doc_no", len(data["doc_no"].strip()) > 1),
            ("data.day", is_day(data["day"]) and days_on(beijing_day(event.at), -DECREE_DAYS) <= data["day"] <= beijing_day(event.at)),
        ) if not right
    ]  # fmt: skip
    if wrong:
        register.report.add("posts", "person", event.place, wrong[0], event.person, "security_admin")
    for field, organ in organs_of(register, data):
        if organ in register.heirs:
            register.report.add("steps", "value", event.place, f"data.{field}", organ, "an organ that lives")
    REORGANISED[kind](register, event)


def organs_of(register: Posts, data: Dict[str, Any]) -> List[Tuple[str, str]]:
    """Return the organs that a fact names and that have to live, each with its field; what was above before may be gone."""
    named = [(field, data[field]) for field in ("organ", "parent", "successor") if data.get(field)]
    return [*named, *(("organs", organ) for organ in data.get("organs", ()))]


def told_before(register: Posts, event: Event, organ: str, **said: str) -> OrganSaid:
    """Return what is known of an organ, held against what a fact says that it was; what nobody said before is believed."""
    known = register.organs.get(organ, OrganSaid())
    for field, value in said.items():
        before = getattr(known, field)
        if before is not None and before != value:
            register.report.add("steps", "value", event.place, f"data.{field}", value, before)
    register.organs[organ] = known._replace(**said)
    return register.organs[organ]


def organ_founded(register: Posts, event: Event) -> None:
    """Under an ID that nobody had, under an organ of the right sort."""
    data = event.data
    if data["organ"] in register.organs or data["sort"] not in ORGAN_SORTS:
        register.report.add("steps", "value", event.place, "data.organ", data["organ"], "a new organ")
    above = register.organs.get(data["parent"], OrganSaid()).sort
    wanted = ORGAN_SORTS.get(data["sort"], "")
    if bool(data["parent"]) != bool(wanted) or above not in (None, wanted):
        register.report.add("steps", "value", event.place, "data.parent", data["parent"], wanted)
    register.organs[data["organ"]] = OrganSaid(data["name"], data["parent"], data["code"], data["sort"])


def organ_renamed(register: Posts, event: Event) -> None:
    """An organ gets another name or code; what it was called is said truly."""
    data = event.data
    known = told_before(register, event, data["organ"], name=data["was"], code=data["code_was"])
    if (data["was"], data["code_was"]) == (data["name"], data["code"]):
        register.report.add("steps", "value", event.place, "data.name", data["name"], "another name")
    register.organs[data["organ"]] = known._replace(name=data["name"], code=data["code"])


def organ_moved(register: Posts, event: Event) -> None:
    """An organ comes under another one; where it lay is said truly."""
    data = event.data
    known = told_before(register, event, data["organ"], name=data["name"], parent=data["was"])
    if data["was"] == data["parent"] or not data["parent"]:
        register.report.add("steps", "value", event.place, "data.parent", data["parent"], "another organ")
    for organ, name in ((data["was"], data["was_name"]), (data["parent"], data["parent_name"])):
        told_before(register, event, organ, name=name)
    register.organs[data["organ"]] = known._replace(name=data["name"], parent=data["parent"])


def organ_merged(register: Posts, event: Event) -> None:
    """Posts at the merged organs end; posts at the successor count for them. Nobody signs whose own organ it is."""
    data, successor = event.data, event.data["successor"]
    if not data["organs"] or len(data["organs"]) != len(data["names"]) or successor in data["organs"] or len({*data["organs"]}) != len(data["organs"]):
        register.report.add("steps", "value", event.place, "data.organs", len(data["organs"]), "organs and their names")
    if event.organ in (*data["organs"], successor):
        register.report.add("segregation", "S8", event.place, "actor.organ", event.organ)
    sort = told_before(register, event, successor, name=data["successor_name"]).sort
    for organ, name in zip(data["organs"], data["names"]):
        mine = told_before(register, event, organ, name=name).sort
        if None not in (sort, mine) and sort != mine:
            register.report.add("steps", "value", event.place, "data.organs", organ, str(sort))
        sort = sort or mine
        organ_ends(register, event, organ, successor)
    register.organs[successor] = register.organs[successor]._replace(sort=sort)
    for person, posts in register.held.items():
        for role, organ in [post for post, lost in posts.items() if lost == "" and post[1] == successor]:
            register.inherit(person, (role, organ), event.at)


def organ_closed(register: Posts, event: Event) -> None:
    """An organ ends without a successor."""
    told_before(register, event, event.data["organ"], name=event.data["name"])
    organ_ends(register, event, event.data["organ"], "")


def organ_ends(register: Posts, event: Event, organ: str, successor: str) -> None:
    """All posts at an organ end with it; nothing is left under it."""
    under = sorted(each for each, known in register.organs.items() if known.parent == organ and each not in register.heirs)
    if under:
        register.report.add("steps", "value", event.place, "data.organs", organ, under[0])
    for person, posts in register.held.items():
        for post in [post for post, lost in posts.items() if lost == "" and post[1] == organ]:
            register.lose(person, post, event.at)
    register.heirs[organ] = successor
    register.organs.setdefault(organ, OrganSaid())


REORGANISED: Dict[str, Callable[[Posts, Event], None]] = {
    "organ.founded": organ_founded, "organ.renamed": organ_renamed, "organ.moved": organ_moved,
    "organ.merged": organ_merged, "organ.closed": organ_closed,
}  # fmt: skip
POSTED: Dict[str, Callable[[Posts, Event], None]] = {
    **dict.fromkeys(REORGANISED, reorganise),
    "grant.given": Posts.change, "grant.revoked": Posts.change, "cover.given": give_cover, "cover.ended": end_cover,
    "waiver.signed": sign_waiver,
}
"""What is said about people beside the tables."""
