"""Covers and waivers: who lets another act for him, and who may sign at several desks of a small unit."""

from __future__ import annotations

from typing import Any, Dict

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import PEOPLE, derived
from workflows.ledger.verifier.events.posts import LONGEST_LEAVE, Posts
from workflows.ledger.verifier.events.roles import ADMINISTRATORS, BUSINESS
from workflows.ledger.verifier.evidence.moments import is_time, later
from workflows.ledger.verifier.evidence.witnessed import CLOCKS_APART


def give_cover(register: Posts, event: Event) -> None:
    """Somebody lets another act for him, for a time, at posts that he holds himself; or a security administrator does."""
    data, by_himself = event.data, event.person == event.data["principal"]
    wrong = [
        field for field, right in (
            ("stream", event.stream == derived(PEOPLE, data["principal"])),
            ("data.deputy", data["deputy"] != data["principal"]),
            ("data.cover", data["cover"] not in register.covers),
            ("actor.role", by_himself or event.role == "security_admin"),
            ("actor", register.holds(event.person, event.role, event.organ, event.at)),
            ("actor.on_behalf_of", not event.behalf),
            ("data.posts", bool(data["posts"]) and all(may_be_covered(register, event, post) for post in data["posts"])),
            ("data.from_at", is_time(data["from_at"]) and data["from_at"] >= later(event.at, -CLOCKS_APART)),
            ("data.to_at", is_time(data["to_at"]) and data["from_at"] < data["to_at"] <= later(event.at, 2 * LONGEST_LEAVE)),
            ("data.most", data["most"] is None or amount(data["most"]) is not None),
        ) if not right
    ]  # fmt: skip
    if wrong:
        register.report.add("posts", "cover", event.place, wrong[0], data["deputy"], data["principal"])
    if register.roles(data["deputy"]) & (ADMINISTRATORS | {"observer", "expert"}):
        register.report.add("segregation", "S8", event.place, "data.deputy", data["deputy"])
    for given, ended, _ in register.covers.values():
        if given["principal"] == data["deputy"] and not ended and given["from_at"] < data["to_at"] and data["from_at"] < given["to_at"]:
            register.report.add("posts", "cover", event.place, "data.deputy", data["deputy"], f"{given['principal']} -> {given['deputy']}")
    register.covers[data["cover"]] = (data, "", event.at)


def may_be_covered(register: Posts, event: Event, post: Dict[str, Any]) -> bool:
    """A post that decides, held by the principal himself: nobody passes on what he has from another."""
    role, organ = post.get("role"), post.get("organ")
    return post.keys() == {"role", "organ"} and role in BUSINESS - {"clerk"} and register.holds(event.data["principal"], str(role), str(organ), event.at)


def end_cover(register: Posts, event: Event) -> None:
    """A cover ends early by the principal, the deputy or a security administrator."""
    given, ended, _ = register.covers.get(event.data["cover"], ({"principal": "", "deputy": ""}, "?", ""))
    officer = event.role == "security_admin" and register.holds(event.person, event.role, event.organ, event.at)
    if ended or event.stream != derived(PEOPLE, given["principal"]):
        register.report.add("posts", "cover", event.place, "data.cover", event.data["cover"], "cover.given")
    elif not officer and event.person not in (given["principal"], given["deputy"]):
        register.report.add("posts", "person", event.place, "actor.id", event.person, f"{given['principal']}, {given['deputy']}")
    if not ended:
        register.covers[event.data["cover"]] = (given, event.at, "")


def sign_waiver(register: Posts, event: Event) -> None:
    """The department's finance office lets one person sign at several desks of a small unit, for at most a year."""
    data = event.data
    wrong = [
        field for field, right in (
            ("stream", event.stream == derived(PEOPLE, f"waiver:{data['unit']}")), ("data.rule", data["rule"] == "S2"),
            ("actor.role", event.role == "department_finance" and register.holds(event.person, event.role, event.organ, event.at)),
            ("actor.id", event.person != data["person"]),
            ("data.until", is_time(data["until"]) and event.at < data["until"] <= later(event.at, LONGEST_LEAVE)),
        ) if not right
    ]  # fmt: skip
    if wrong:
        register.report.add("segregation", "S12", event.place, wrong[0], data["person"], data["unit"])
    register.waivers.setdefault((data["person"], data["unit"]), []).append((event.at, data["until"], event.organ))
