"""A return in two views: the reviewer's form, and for whom it came to what is asked and where it leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from service.pages.words import place_name
from service.present import word
from workflows.commands.drafting import content_in_work
from workflows.commands.recipe import Work
from workflows.commands.reviewing import returnable_nodes
from workflows.commands.straight_way import InTheWay, in_the_way
from workflows.content.pointers import EXPLANATIONS, row_of
from workflows.definitions import Chain
from workflows.events import Recorded, TableReturned
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.state.standing import DIRECT
from workflows.vocabulary import Actor, Stage

HEAD = (
    "title", "attribute", "period", "budget", "budget_detail", "allocated", "purpose", "spending_plan", "goals",
    "tasks", "disclosure",
)  # fmt: skip
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """Where a return may go: the value that the form posts and the name, with who decided there."""

    value: str
    name: str


@dataclass(frozen=True)
class Place:
    """A place that a return may be about: its JSON pointer and its name; rows lead to themselves on the page."""

    pointer: str
    name: str
    row: str = ""


@dataclass(frozen=True)
class ReturnForm:
    """What the reviewer chooses from."""

    targets: tuple[Target, ...]
    head: tuple[Place, ...]
    rows: tuple[Place, ...]


def return_form(ledger: Journal, table: Table, content: Content, by: Actor, names: Mapping[str, str]) -> ReturnForm:
    """Return the targets of a return, drafting first, then the nodes of this round from the nearest back."""
    work = Work(ledger, table, by, UUID(int=0), done=False)
    nodes = [work.chain.node(node) for node in reversed(returnable_nodes(work))]
    targets = [Target(Stage.DRAFT.value, _("编制（退回单位修改）"))]
    for node in nodes:
        who = "、".join(dict.fromkeys(names.get(v.person, v.person) for v in table.votes if v.node == node.node))
        targets.append(Target(f"{node.stage.value}/{node.node}", f"{node.title}（{who}）"))
    return ReturnForm(tuple(targets), tuple(_head(content)), tuple(_rows(content)))


def _head(content: Content) -> Iterable[Place]:
    return (Place(f"/{name}", place_name(name)) for name in HEAD if content.get(name))


def _rows(content: Content) -> Iterable[Place]:
    for number, row in enumerate(content["indicators"], 1):
        target = (row.get("target") or {}).get("raw")
        name = f"{number}. {row['level3'] or row['level2'] or '—'}" + (f"（{target}）" if target else "")
        yield Place(f"/indicators/{row['id']}", name, row["id"])


@dataclass(frozen=True)
class Asked:
    """What a return asked of whom it came to, and where the table goes once it was answered, with the reason."""

    who: str
    title: str
    reason: str
    places: tuple[Place, ...]
    onwards: str = ""
    why: str = ""
    straight: bool = False


def asked_back(ledger: Journal, table: Table, chain: Chain, history: Sequence[Recorded]) -> Asked | None:
    """Return what the last return asks, while it is not answered; None where the table did not come back."""
    if table.returned_reason is None or table.ended:
        return None
    last = next((each for each in reversed(history) if isinstance(each.fact, TableReturned)), None)
    if last is None or not isinstance(last.fact, TableReturned) or last.fact.round != table.round:
        return None
    fact, known = last.fact, {node.node: node.title for node in chain.nodes}
    content = ledger.content(table.content_hash)
    places = tuple(_named(place, content) for place in fact.fields if place != EXPLANATIONS)
    title = known.get(fact.node, word(table.stage))
    if table.stage == Stage.DRAFT:
        onwards, why, straight = _after_mending(ledger, table, chain, fact.mode, title)
    else:
        at = {desk.node for desk in table.desks}
        straight = table.returned is not None and (table.returned.to in at) and (
            table.returned.content_hash == table.content_hash
        )
        onwards, why = _after_the_node(title) if straight else ("", "")
    return Asked(last.signer, title, table.returned_reason, places, onwards, why, straight)


def _named(pointer: str, content: Content) -> Place:
    row = row_of(pointer)
    found = next((each for each in _rows(content) if each.row == row), None) if row else None
    if found is None:
        return Place(pointer, place_name(pointer))
    field = pointer.removeprefix(f"/indicators/{row}").strip("/")
    return Place(pointer, f"{found.name} · {place_name(field)}" if field else found.name, row)


def _after_mending(
    ledger: Journal, table: Table, chain: Chain, mode: str, title: str
) -> tuple[str, str, bool]:  # fmt: skip
    """Say where a draft goes once submitted: straight back, or step by step, and why."""
    if mode != DIRECT:
        return _("提交后逐级重新审核。"), _("退回时选择了逐级重审。"), False
    if table.returned is None:
        return _("提交后逐级重新审核。"), _("退回之后又经过其他环节，不再直达。"), False
    before, draft = ledger.content(table.content_hash), content_in_work(ledger, table).content
    found = in_the_way(ledger, chain, table, table.returned, draft)
    if found.nothing:
        return (
            _("提交后直达“%(title)s”，已办理过的环节不再重复。", title=title),
            _("退回时选择了直达。") if draft == before else _("改动没有超出退回时列明的位置。"), True,
        )  # fmt: skip
    why = "".join(_why_not_straight(found, draft))
    return _("提交后须逐级重新审核，不能直达“%(title)s”。", title=title), why, False


def _why_not_straight(found: InTheWay, draft: Content) -> Iterable[str]:
    """Yield a sentence for everything that keeps a table from going straight back."""
    if found.places:
        places = _names(_wholes(found.places), draft)
        yield _("您还改动了退回时没有列明的位置：%(places)s。改回原样后即可直达。", places=places)
    if found.explained:
        places = _names(found.explained, draft)
        yield _("您还改动了机审说明，涉及退回时没有列明的位置：%(places)s。改回原样后即可直达。", places=places)
    if found.moved:
        yield _("退回时没有列明的指标行次序有变动。改回原样后即可直达。")
    for node in found.nodes:
        when = node.when.in_chinese() if node.when else ""
        yield _("修改之后，是否须经“%(node)s”（条件：%(when)s）有了变化，不能越过。", node=node.title, when=when)
    if found.files:
        yield _("退回之后附件有变动，须由各环节重新查看。")


def _names(places: Iterable[str], draft: Content) -> str:
    return "、".join(dict.fromkeys(_named(place, draft).name for place in places))


def _wholes(places: Iterable[str]) -> Iterable[str]:
    """Yield places as whole rows and whole fields of the head."""
    for place in places:
        parts = place.split("/")
        yield "/".join(parts[:3]) if parts[1] == "indicators" else "/".join(parts[:2])


def _after_the_node(title: str) -> tuple[str, str]:
    return (
        _("本环节通过后直达“%(title)s”，已办理过的环节不再重复。", title=title), _("退回时选择了直达。"),
    )  # fmt: skip
