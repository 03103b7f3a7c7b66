"""What the page of covers shows: what a deputy could do now, who could be one, where a cover can be narrowed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.context import person, transaction
from service.organ_book import organs
from service.pages.worklist import amount, kind_name
from service.present import organ_name, word
from workflows.commands.covering import NEVER_DEPUTIES
from workflows.events import CoverGiven
from workflows.rights.permissions import may_read
from workflows.rights.segregation import refusal_at
from workflows.store.covers import waivers_of_unit
from workflows.store.queries import count_waiting_for, table_in, tables_waiting_for
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, UNIT_ROLES, Actor, Cover, Post, Role

Held = Sequence[tuple[str, str, Role, str]]
"""(person, name, role, organ) of every post held now."""
AT_MOST = 1000
"""Tasks that a look ahead checks one by one."""
LISTED = 50
"""Tasks that it lists by name."""
CHAIN_NODES = {
    "unit_head": "单位负责人审核", "department_finance": "规划财务处审核", "finance_business": "业务科审核",
    "finance_performance": "绩效科审核", "reply": "预算科批复", "monitoring_check": "审核监控",
    "evaluation_unit": "审核自评", "evaluation_department": "复核自评", "archiving": "办结归档",
    "evaluation_sampling": "财政抽查",
}  # fmt: skip
"""The nodes to which a cover can be narrowed here; the command line takes those of any chain."""


@dataclass(frozen=True)
class Reach:
    """One task that waits for the principal, and why the deputy could not decide on it (empty: he could)."""

    title: str
    kind: str
    unit: str
    amount: str
    refused: str


@dataclass(frozen=True)
class Preview:
    """What a cover would open: how many tasks wait, how many of those checked the deputy could decide on, some by name.

    `reasons` says why he could not decide on the others, with their number; `listed` begins with those.
    """

    waiting: int
    could: int
    reasons: tuple[tuple[str, int], ...]
    listed: tuple[Reach, ...]

    @property
    def unlisted(self) -> int:
        """How many of the tasks checked are not listed."""
        return self.could + sum(number for _why, number in self.reasons) - len(self.listed)

    @property
    def unchecked(self) -> int:
        """How many tasks wait beyond those that were checked."""
        return self.waiting - self.unlisted - len(self.listed)


def reach_of(deputy: Actor, fact: CoverGiven) -> Preview:
    """Return the tasks that wait for the principal now and within the cover, and what stands against the deputy."""
    posts = tuple(Post(Role(post["role"]), post["organ"]) for post in fact.posts)
    cover = Cover(fact.cover, fact.principal, fact.name, posts, fact.nodes, fact.units, fact.most)
    as_deputy = replace(deputy, posts=(), covers=(cover,))
    found, (waiting, _overdue) = tables_waiting_for(transaction(), as_deputy, limit=AT_MOST), count_waiting_for(
        transaction(), as_deputy
    )
    covered = [row for row in found if row["behalf"]]
    checked = [_reached(deputy, cover, row) for row in covered]
    reasons = Counter(each.refused for each in checked if each.refused)
    first = sorted(checked, key=lambda each: not each.refused)[:LISTED]
    could = len(checked) - reasons.total()
    return Preview(waiting - len(found) + len(covered), could, tuple(reasons.most_common()), tuple(first))


def _reached(deputy: Actor, cover: Cover, row: RowMapping) -> Reach:
    table = table_in(transaction(), row)
    desk = table.task(row["task"])
    refusal = refusal_at(deputy, table, desk, cover) if desk else None
    called = row["title"] if may_read(person(), table) else f"{_('编号')} {str(table.id)[:8]}"
    return Reach(
        called, kind_name(row["node"], row["stage"]), organ_name(row["unit"]), amount(row["amount_wan"]),
        refusal.sentence.replace("您", _("代理人")) if refusal else "",
    )  # fmt: skip


def colleagues(people: Held, mine: Sequence[Post]) -> list[tuple[str, str]]:
    """Return who could be a deputy: somebody with a business post in one of the same organs, no officer."""
    barred = {who for who, _name, role, _organ in people if role in ADMINISTRATOR_ROLES | NEVER_DEPUTIES}
    places = {post.organ for post in mine}
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for who, name, role, organ in people:
        if role in BUSINESS_ROLES and organ in places and who not in barred and who != person().id:
            found.setdefault(who, []).append(word(role))
            names[who] = name
    return [(who, f"{names[who]}（{'、'.join(roles)}）") for who, roles in found.items()]


def nodes_of(mine: Sequence[Post], *, everything: bool) -> list[tuple[str, str]]:
    """Return (node, name) of the nodes at which one of the posts decides, or of all."""
    roles = {str(post.role) for post in mine}
    also = {
        Role.UNIT_HEAD: ("evaluation_unit",), Role.DEPARTMENT_FINANCE: ("monitoring_check", "evaluation_department"),
        Role.FINANCE_BUDGET: ("reply",), Role.FINANCE_PERFORMANCE: ("archiving",),
    }  # fmt: skip
    wanted = roles | {node for role, nodes in also.items() if str(role) in roles for node in nodes}
    return [(node, _(name)) for node, name in CHAIN_NODES.items() if everything or node in wanted]


def units_of(mine: Sequence[Post]) -> list[RowMapping]:
    """Return the units over which one of the posts decides, where there are several."""
    places = {post.organ for post in mine if post.role not in UNIT_ROLES}
    departments = {row["id"] for row in organs().of_kind("department") if {row["id"], row["parent"]} & places}
    return [row for row in organs().of_kind("unit") if row["parent"] in departments]


def units_led() -> list[RowMapping]:
    """Return the units of the departments whose finance office the person holds."""
    led = {post.organ for post in person().posts if post.role == Role.DEPARTMENT_FINANCE}
    return [row for row in organs().of_kind("unit") if row["parent"] in led]


def waivers_led() -> list[RowMapping]:
    """Return the waivers ever signed for the units that the person leads."""
    return [row for unit in units_led() for row in waivers_of_unit(transaction(), unit["id"])]


def doubled(people: Held) -> list[tuple[str, str]]:
    """Return who sits at more than one reviewing post of a unit that the person leads."""
    led, seats = {row["id"] for row in units_led()}, dict[tuple[str, str, str], int]()
    for who, name, role, organ in people:
        if organ in led and role in UNIT_ROLES - {Role.CLERK}:
            seats[who, name, organ] = seats.get((who, name, organ), 0) + 1
    return [(who, f"{name}（{organ_name(organ)}）") for (who, name, organ), number in seats.items() if number > 1]
