"""The use of the database owner's rights: the schema is compared before, changed, and recorded as it was left."""

import os
from uuid import uuid4

from service.host_operator import host_operator
from service.startup_refusals import StartRefused
from workflows.commands.tracing import INSTALLATION, note_catalog_changed, note_owner_used
from workflows.store.guards import Guards, guards_of, has_fingerprint
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import current, current_in, upgrade
from workflows.store.transaction import Transaction, begin, engine_for_once
from workflows.vocabulary import Actor

ACCEPT = "GOALTRAIL_ACCEPT_CATALOG"
FIRST_FINGERPRINT = "0006"
"""The revision that taught the schema to tell its fingerprint."""


class GuardsLoosened(StartRefused):
    """台账的保护结构与上次使用属主权限之后的不同：可能有人绕过系统改动过数据库，已拒绝启动。"""


def migrate_and_record(owner_url: str, mode: str | None, *, purpose: str, accepted: str = "") -> None:
    """Bring the database to the newest schema and record how it was left, both or neither.

    Raises GuardsLoosened, with the finding recorded, where the schema is not as the last recorded use left it; an
    operator who knows why gives his reason as `accepted`, which becomes part of the record.
    """
    refuse_loosened(owner_url, accepted=accepted, since=(current(owner_url) or "") >= FIRST_FINGERPRINT)
    by = host_operator()

    def record(tx: Transaction) -> None:
        record_use(tx, purpose=f"{purpose}；认可结构变化：{accepted}" if accepted else purpose, by=by)

    upgrade(owner_url, mode, then=record)


def record_use(tx: Transaction, *, purpose: str, by: Actor) -> bool:
    """Record how the schema stands after a use of the owner's rights; False where nothing changed since the last."""
    guards = guards_of(tx, INSTALLATION)
    if guards.expected == guards.found and guards.last_found in (None, guards.found):
        return False
    note_owner_used(
        PostgresJournal(tx), purpose=purpose, revision=current_in(tx) or "", fingerprint=guards.found, by=by,
        command_id=uuid4(),
    )  # fmt: skip
    return True


def refuse_loosened(url: str, *, accepted: str = "", since: bool = True) -> None:
    """Raise GuardsLoosened, with the finding recorded, unless the guards stand as they were left or it is accepted.

    `since`: whether the schema is so new that it has to tell its fingerprint.
    """
    engine = engine_for_once(url)
    with begin(engine) as tx:
        guards = guards_of(tx, INSTALLATION) if has_fingerprint(tx) else None
        if guards and guards.news:
            record_finding(tx, guards)
    engine.dispose()
    if guards is None and since:
        raise GuardsLoosened(f"{(GuardsLoosened.__doc__ or '').strip()}台账缺少指纹函数 log.fingerprint()。")
    if guards and not guards.intact and not accepted:
        raise GuardsLoosened(sentence_of(guards), guards=guards)


def record_finding(tx: Transaction, guards: Guards) -> None:
    """Record a schema found other than it was left, once for each finding."""
    note_catalog_changed(
        PostgresJournal(tx), expected=guards.expected or "", found=guards.found, after=guards.held_against
    )


def sentence_of(guards: Guards) -> str:
    """Return what is wrong with the guards and what to do, in a sentence."""
    asleep = f"未处于始终启用状态的触发器：{'、'.join(guards.asleep)}。" if guards.asleep else ""
    prints = f"应为 {(guards.expected or '无')[:16]}…，实为 {guards.found[:16]}…。"
    return (
        f"{(GuardsLoosened.__doc__ or '').strip()}{prints}{asleep}"
        f"请先查明原因并恢复；确属有据的变更，由操作员以环境变量 {ACCEPT}=理由 重新启动，理由记入台账。"
    )


def accepted_reason() -> str:
    """Return the operator's reason for accepting a changed schema, empty where none is given."""
    return os.environ.get(ACCEPT, "").strip()
