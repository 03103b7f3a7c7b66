"""A bulk act as the form posts it and as its answer is kept: the items as seen, the wish, what became of each."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from service.pages.posted import text
from workflows.commands.bulk import MOST_AT_ONCE, Result
from workflows.commands.bulk_acts import Target, Wish
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.vocabulary import Action, Stage

TOGETHER = "together"


@dataclass(frozen=True)
class Order:
    """What a person asks for: which tables as seen, what with them, and whether it is all of them or none."""

    items: Mapping[UUID, Seen]
    wish: Wish
    together: bool

    @property
    def fingerprint(self) -> bytes:
        """Return the SHA-256 of what makes an order the same one."""
        wish, ordered = self.wish, sorted(self.items.items())
        seen = [[str(table), each.version, each.content_hash, each.attachments] for table, each in ordered]
        said = [seen, wish.action, wish.opinion, wish.reason, wish.target, self.together]
        return sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


def order_posted() -> Order:
    """Return what the form says; FieldsInvalid where it says nothing whole, or of too many tables."""
    posted = request.form.getlist("item")
    if not posted:
        raise FieldsInvalid(_("请勾选要办理的绩效目标表。"))
    if len(posted) > MOST_AT_ONCE:
        raise FieldsInvalid(_("一次最多办理%(n)d张表，请分批办理。", n=MOST_AT_ONCE))
    try:
        wish = Wish(Action(text("action")), text("opinion"), text("reason"), Target(text("target") or Target.DRAFT))
    except ValueError as error:
        raise FieldsInvalid(_("请选择批量通过或批量退回。")) from error
    return Order(dict(map(_seen, posted)), wish, text("mode") == TOGETHER)


def _seen(posted: str) -> tuple[UUID, Seen]:
    """Read one ticked table: its ID, and the version and hashes that stood on the page."""
    try:
        table_id, version, content_hash, attachments = posted.split(":")
        return UUID(table_id), Seen(int(version), content_hash, attachments)
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error


@dataclass(frozen=True)
class Outcome:
    """What became of one table: the stage it stands in now, or the sentence and rule that refused it."""

    table_id: UUID
    stage: str
    sentence: str = ""
    rule: str = ""

    @property
    def done(self) -> bool:
        """Whether it was carried out."""
        return bool(self.stage)


def outcomes_of(results: Iterable[Result]) -> list[Outcome]:
    """Return results as values that can be kept."""
    return [
        Outcome(each.table_id, each.table.stage.value if each.table else "", *_told(each)) for each in results
    ]  # fmt: skip


def _told(result: Result) -> tuple[str, str]:
    refusal = result.refusal
    return (refusal.sentence if refusal else "", refusal.rule if isinstance(refusal, NotAllowed) else "")


def written(order: Order, outcomes: Sequence[Outcome]) -> str:
    """Return an order's answer as the text that is kept under its command."""
    items = [[str(each.table_id), each.stage, each.sentence, each.rule] for each in outcomes]
    return json.dumps({"action": order.wish.action, "together": order.together, "items": items}, ensure_ascii=False)


def read(body: str) -> tuple[Action, bool, list[Outcome]]:
    """Return the action, whether it was all or none, and what became of each table."""
    kept: dict[str, Any] = json.loads(body)
    items = [Outcome(UUID(table), stage, sentence, rule) for table, stage, sentence, rule in kept["items"]]
    return Action(kept["action"]), kept["together"], items


def stage_of(outcome: Outcome) -> Stage | None:
    """Return the stage in which a table stood after the act."""
    return Stage(outcome.stage) if outcome.stage else None
