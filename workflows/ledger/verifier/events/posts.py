"""Who held which post at which moment: the grants of the person streams, in the sealed order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import PEOPLE, derived
from workflows.ledger.verifier.events.roles import ADMINISTRATORS, BUSINESS, OFFICERS, ROLES
from workflows.ledger.verifier.evidence.findings import Report
from workflows.ledger.verifier.evidence.moments import later
from workflows.ledger.verifier.evidence.witnessed import SLOWEST_TRANSACTION

IN_FLIGHT = 10
"""Seconds for which an act may still stand on a post that was taken away while it was under way."""
LONGEST_LEAVE = 367 * 86400
"""Seconds for which a cover or a waiver may be given."""
FOUNDERS = frozenset({"system", "system_admin", "security_admin"})
"""Who may give posts as long as there never was a security administrator."""


class OrganSaid(NamedTuple):
    """What the log has said of an organ so far; what it never said is None."""

    name: Optional[str] = None
    parent: Optional[str] = None
    code: Optional[str] = None
    sort: Optional[str] = None


class Posts:
    """Who holds which post now; of a post taken away the moment is kept."""

    def __init__(self, report: Report, whole: bool) -> None:
        self.report, self.whole = report, whole
        self.held: Dict[str, Dict[Tuple[str, str], str]] = {}
        self.since: Dict[Tuple[str, str, str], str] = {}
        self.covers: Dict[str, Tuple[Dict[str, Any], str, str]] = {}
        self.waivers: Dict[Tuple[str, str], List[Tuple[str, str, str]]] = {}
        self.founded = False
        self.latest = ""
        self.organs: Dict[str, OrganSaid] = {}
        self.heirs: Dict[str, str] = {}
        self.by_heritage: Dict[Tuple[str, str, str], str] = {}

    def holds(self, person: str, role: str, organ: str, at: str) -> bool:
        """Whether the person held the post when the act was begun; the system holds its own."""
        if person == "system":
            return (role, organ) == ("system", "system")
        lost = self.held.get(person, {}).get((role, organ))
        return lost is not None and (lost == "" or (at <= later(lost, IN_FLIGHT) and self.latest <= later(lost, SLOWEST_TRANSACTION)))

    def lacks(self, person: str, role: str, organ: str, at: str) -> bool:
        """Whether somebody who is only named is known not to hold the post: a part of the log knows those alone who acted."""
        return (self.whole or person in self.held) and not self.holds(person, role, organ, at)

    def covered(self, event: Event, node: str, unit: str, total: Callable[[], Optional[Decimal]]) -> str:
        """Return in which respect the cover named by an event does not reach so far; "" where it does."""
        given, ended, _ = self.covers.get(event.cover, ({}, "?", ""))
        if not given or given["deputy"] != event.person or given["principal"] != event.behalf:
            return "cover.given"
        if not given["from_at"] <= event.at < given["to_at"] or (ended and event.at >= ended):
            return f"{given['from_at']} – {min(ended or given['to_at'], given['to_at'])}"
        if not any({"role": event.role, "organ": organ} in given["posts"] for organ in self.heirs_of(event.organ)):
            return f"{event.role} {event.organ}"
        if (given["nodes"] and node not in given["nodes"]) or (given["units"] and unit not in given["units"]):
            return " ".join((*given["nodes"], *given["units"]))
        found = total() if given["most"] is not None else None
        return str(given["most"]) if given["most"] is not None and (found is None or found > Decimal(given["most"])) else ""

    def waived(self, person: str, unit: str, department: str, at: str) -> bool:
        """Whether a waiver of the unit's own department was in force for the person."""
        return any(since <= at < until and organ in self.heirs_of(department) for since, until, organ in self.waivers.get((person, unit), ()))

    def still(self, person: str, role: str, organ: str) -> FrozenSet[Optional[str]]:
        """Return whom a task may name that is meant for this person if he still holds the post: him, nobody, or either."""
        lost = self.held.get(person, {}).get((role, organ))
        if not self.whole or lost:
            return frozenset({person, None})
        return frozenset({person if lost == "" else None})

    def firmly(self, role: str, organ: str, at: str) -> List[str]:
        """Return who held the post for a while already and still does, ordered by id: nobody can have overlooked them."""
        long_ago = later(at, -IN_FLIGHT)
        return sorted(who for who, posts in self.held.items() if posts.get((role, organ)) == "" and self.since[who, role, organ] <= long_ago)

    def pass_by(self, event: Event) -> None:
        """Take down how far the log's time went on: no act is under way for long behind others that were sealed."""
        self.latest = max(self.latest, event.at)

    def roles(self, person: str) -> Set[str]:
        """Return the roles that the person holds now, anywhere."""
        return {role for (role, _), lost in self.held.get(person, {}).items() if lost == ""}

    def change(self, event: Event) -> None:
        """Take a grant or its withdrawal down, given by whom it may be given."""
        person, post = event.data["person"], (event.data["role"], event.data["organ"])
        if event.stream != derived(PEOPLE, person):
            self.report.add("steps", "value", event.place, "stream", event.stream, derived(PEOPLE, person))
        self.check_giver(event, person)
        if event.kind == "grant.revoked":
            self.lose(person, post, event.at)
            return
        if post[1] in self.heirs:
            self.report.add("posts", "post", event.place, "data.organ", post[1], self.heirs[post[1]])
        if post[0] not in ROLES - {"system"}:
            self.report.add("posts", "post", event.place, "data.role", person, post[0])
        self.held.setdefault(person, {})[post] = ""
        self.since[(person, *post)] = event.at
        self.inherit(person, post, event.at)
        roles = self.roles(person)
        if (roles & ADMINISTRATORS and roles & BUSINESS) or len(roles & OFFICERS) > 1:
            self.report.add("segregation", "S8", event.place, "data.role", person)
        self.founded = self.founded or post[0] == "security_admin"

    def lose(self, person: str, post: Tuple[str, str], at: str) -> None:
        """A post ends, and with it what it counted for at organs that went into this one."""
        if post[1] not in self.heirs or self.held.get(person, {}).get(post) == "":
            self.held.setdefault(person, {})[post] = at
        for who, role, organ in [key for key, via in self.by_heritage.items() if key[:2] == (person, post[0]) and via == post[1]]:
            self.held[who][role, organ] = at
            del self.by_heritage[who, role, organ]

    def inherit(self, person: str, post: Tuple[str, str], at: str) -> None:
        """A post counts also at the organs that went into its own."""
        for organ in self.heirs:
            if post[1] in self.heirs_of(organ)[1:] and self.held[person].get((post[0], organ)) != "":
                self.held[person][post[0], organ] = ""
                self.since[person, post[0], organ] = at
                self.by_heritage[person, post[0], organ] = post[1]

    def heirs_of(self, organ: str) -> List[str]:
        """Return an organ and those into which it went, one after the other."""
        line = [organ]
        while self.heirs.get(line[-1]) and len(line) <= len(self.heirs):
            line.append(self.heirs[line[-1]])
        return line

    def check_giver(self, event: Event, person: str) -> None:
        """Only a security administrator gives posts, to others; before there was one, whoever set the system up."""
        if not self.founded:
            if event.role not in FOUNDERS:
                self.report.add("posts", "person", event.place, "actor.role", event.person, "security_admin")
        elif self.whole:
            officer = any(self.holds(event.person, *post, event.at) for post in self.held.get(event.person, {}) if post[0] == "security_admin")
            if not officer or not self.holds(event.person, event.role, event.organ, event.at):
                self.report.add("posts", "post", event.place, "actor", event.person, "security_admin")
            elif event.person == person:
                self.report.add("segregation", "S8", event.place, "actor", event.person)
