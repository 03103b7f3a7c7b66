"""审批链: the published definitions with their versions and tables; one of them as a picture, a table and remarks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from flask import Blueprint, render_template
from flask_babel import gettext as _

from service.context import DEFINITION_READERS, journal, person, transaction
from service.pages.escalation_shown import ladder_lines
from service.present import word
from service.present_rights import matrix_of
from workflows.commands.administering import PEOPLE
from workflows.definitions import SHIPPED, Chain, Node, chain_from, shipped
from workflows.definitions.lint import lint
from workflows.definitions.picture import svg_of
from workflows.definitions.reading import read_definition
from workflows.errors import DefinitionUnreadable, NotAllowed, NotFound
from workflows.events import DefinitionPublished, Recorded
from workflows.journal import Journal
from workflows.ledger.hashes import content_hash as content_hash_of
from workflows.state.signoff import words_of
from workflows.store.definitions import present_roster
from workflows.store.definitions_used import definitions_used
from workflows.vocabulary import Role

pages = Blueprint("definitions", __name__)

ORGANS = {"unit": "填报单位", "department": "主管部门", "bureau": "财政部门"}


@dataclass(frozen=True)
class Version:
    """One version of a chain: its hash, since when it is in force and who published it (nobody where it ships)."""

    name: str
    title: str
    hash: str
    by: str
    at: datetime | None
    in_force: bool
    tables: int
    running: int
    nodes: int


@dataclass(frozen=True)
class Row:
    """One node in words: who signs, by which rule, when, after what, how long."""

    title: str
    stage: str
    who: tuple[str, ...]
    rule: str
    after: str
    when: str
    clock: str
    ladder: tuple[str, ...] = ()


@pages.get("/definitions")
def index() -> str:
    """List every chain that was published or ships, the version in force first."""
    _refuse_strangers()
    return render_template("definitions.html", versions=list(_versions(journal())))


@pages.get("/definitions/<content_hash>")
def show(content_hash: str) -> str:
    """Show one version: the picture, its nodes as a table, what the lint says of it and of the real people."""
    _refuse_strangers()
    version = next((each for each in _versions(journal()) if each.hash == content_hash), None)
    if version is None:
        raise NotFound(_("没有这个审批链版本。"))
    content = shipped(version.name) if version.at is None else journal().content(content_hash)
    chain = chain_from(content)
    try:
        read_definition(content)
        unread = ""
    except DefinitionUnreadable as unreadable:
        unread = unreadable.sentence
    return render_template(
        "definition.html", version=version, chain=chain, content=content, picture=svg_of(chain),
        rows=[_row(chain, node) for node in chain.nodes], unread=unread, matrix=matrix_of(chain),
        remarks=lint(chain, present_roster(transaction())),
    )  # fmt: skip


def _refuse_strangers() -> None:
    if not person().holds_any(DEFINITION_READERS):
        raise NotAllowed(_("审批链由流程管理员、系统管理员、审计人员和财政部门查阅。"), rule="R-ROLE")


def _versions(ledger: Journal) -> Iterator[Version]:
    used = {(row["name"], row["hash"]): row for row in definitions_used(transaction())}
    for name in (*SHIPPED, *sorted({name for name, _hash in used} - {*SHIPPED})):
        published = _published(ledger, name)
        for number, (content_hash, each) in enumerate(published):
            row, chain = used.get((name, content_hash)), chain_from(ledger.content(content_hash))
            yield Version(
                name, chain.title, content_hash, _publisher(name, each), each.at, number == 0,
                row["tables"] if row else 0, row["running"] if row else 0, len(chain.nodes),
            )  # fmt: skip
        if not published and name in SHIPPED:
            chain, own = chain_from(shipped(name)), content_hash_of(shipped(name))
            yield Version(name, chain.title, own, "", None, in_force=False, tables=0, running=0, nodes=len(chain.nodes))


def _publisher(name: str, recorded: Recorded) -> str:
    """Return who published a version; nobody where it ships: whoever used it first only had it recorded."""
    return "" if name in SHIPPED and recorded.role != Role.PROCESS_ADMIN else recorded.signer


def _published(ledger: Journal, name: str) -> list[tuple[str, Recorded]]:
    """Return the versions of a chain with the events that published them, the newest first."""
    history = ledger.history(uuid5(PEOPLE, f"definition:{name}"))
    found = [(each.fact.content_hash, each) for each in history if isinstance(each.fact, DefinitionPublished)]
    return list(reversed(found))


def _row(chain: Chain, node: Node) -> Row:
    titles = {each.node: each.title for each in chain.nodes}
    who = tuple(
        _("%(organ)s · %(role)s", organ=_(ORGANS[signers.of]), role=word(signers.role))
        + (_("（每人一签）") if signers.each else "")
        for signers in node.signers
    )  # fmt: skip
    people = None if any(signers.each for signers in node.signers) else len(node.signers)
    return Row(
        node.title, word(node.stage), who, words_of(node.rule, people) if node.shared else "",
        "、".join(titles.get(each, each) for each in node.after), node.when.in_chinese() if node.when else "",
        node.clock, tuple(ladder_lines(node)),
    )  # fmt: skip
