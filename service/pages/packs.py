"""规则包: which versions are in force, wait or were published; one of them in words; what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pack_replays import replayed, rules_of
from service.usual_year import year_asked
from workflows.commands.publishing_packs import PACK, confirmed_packs, pack_in_force, waiting_packs
from workflows.errors import NotAllowed, UnknownPack
from workflows.events import RulePackPublished
from workflows.journal import Journal
from workflows.ledger.hashes import content_hash as content_hash_of
from workflows.pack_replay import summed
from workflows.packs import PACK_NAMES, pack_content
from workflows.packs.comparing import pack_differences
from workflows.packs.lint import lint
from workflows.packs.words import item_name, parts_of, section_name
from workflows.rights.permissions import AUDITING_ROLES
from workflows.store.definitions_used import packs_used
from workflows.store.queries import Filters, table_in, tables_visible_to
from workflows.vocabulary import BUREAU_ROLES, Role

pages = Blueprint("packs", __name__)
REPLAYS = BUREAU_ROLES | AUDITING_ROLES | {Role.PROCESS_ADMIN}
"""Who reads whole years."""
MOST_REPLAYED = 500


@dataclass(frozen=True)
class PackVersion:
    """One version: its content and hash, its state (in_force, waiting, earlier), who proposed or published it, when."""

    name: str
    hash: str
    content: Any
    state: str
    by: str
    at: datetime | None

    @property
    def families(self) -> list[str]:
        """Return the families of forms that it serves."""
        return list(self.content["families"])


@pages.get("/packs")
def index() -> str:
    """List every rule pack: the version in force, those that wait, those of before."""
    ledger = journal()
    packs = [(name, list(_versions(ledger, name))) for name in PACK_NAMES]
    return render_template("packs.html", packs=packs, used=packs_used(transaction()))


@pages.get("/packs/replay")
def replay() -> str:
    """Judge a year's tables by two versions and show what would differ, in sum and per table; nothing is recorded."""
    if not person().holds_any(REPLAYS):
        raise NotAllowed(_("按年度重判由财政部门人员和流程管理员查看。"))
    ledger, tx = journal(), transaction()
    known = [each for name in PACK_NAMES for each in _versions(ledger, name)]
    old, new = (_asked(known, request.args.get(name, "")) for name in ("from", "to"))
    year = year_asked()
    found = []
    if old and new:
        rows = tables_visible_to(tx, person(), Filters(year=year), order="title", limit=MOST_REPLAYED)
        found = replayed(ledger, (table_in(tx, row) for row in rows), rules_of(old.content), rules_of(new.content))
    return render_template(
        "pack_replay.html", known=known, old=old, new=new, year=year, found=found, sums=summed(found),
        differing=[each for each in found if each.differences], most=MOST_REPLAYED,
    )  # fmt: skip


def _asked(known: list[PackVersion], content_hash: str) -> PackVersion | None:
    return next((each for each in known if each.hash == content_hash), None)


@pages.get("/packs/<content_hash>")
def show(content_hash: str) -> str:
    """Show one version in words, every section with its source; compared with another where one is named (`from`)."""
    ledger = journal()
    version = _version(ledger, content_hash)
    others = [each for name in PACK_NAMES for each in _versions(ledger, name) if each.hash != content_hash]
    compared_with = request.args.get("from", "")
    base = _version(ledger, compared_with) if compared_with else None
    return render_template(
        "pack.html", version=version, others=others, base=base, parts=parts_of(version.content),
        changes=_changes(base, version) if base else (), remarks=lint(version.content),
        used=packs_used(transaction()).get(content_hash, (0, 0)),
    )  # fmt: skip


def _changes(old: PackVersion, new: PackVersion) -> list[tuple[str, str, str]]:
    return [
        (" › ".join((section_name(each.section), *map(item_name, each.path))), each.old, each.new)
        for each in pack_differences(old.content, new.content)
    ]  # fmt: skip


def _version(ledger: Journal, content_hash: str) -> PackVersion:
    found = (each for name in PACK_NAMES for each in _versions(ledger, name) if each.hash == content_hash)
    version = next(found, None)
    if version is None:
        raise UnknownPack(_("没有这个规则包版本。"))
    return version


def _versions(ledger: Journal, name: str) -> Iterator[PackVersion]:
    """Yield the version in force, then those that wait, then what was in force or recorded before, each hash once."""
    content, last = pack_in_force(ledger, name), next(confirmed_packs(ledger, name), None)
    own = content_hash_of(content)
    seen = {own}
    yield PackVersion(name, own, content, "in_force", last.signer if last else "", last.at if last else None)
    for each in waiting_packs(ledger, name):
        proposed = str(getattr(each.fact, "content_hash", ""))
        if proposed not in seen:
            seen.add(proposed)
            yield PackVersion(name, proposed, ledger.content(proposed), "waiting", each.signer, each.at)
    for each in reversed(PACK.versions(ledger, name)):
        if isinstance(each.fact, RulePackPublished) and each.fact.content_hash not in seen:
            seen.add(each.fact.content_hash)
            before = ledger.content(each.fact.content_hash)
            yield PackVersion(name, each.fact.content_hash, before, "earlier", each.signer, each.at)
    shipped = pack_content(name)
    if content_hash_of(shipped) not in seen:
        yield PackVersion(name, content_hash_of(shipped), shipped, "earlier", "", None)
