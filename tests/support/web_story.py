"""A table of the made-up city, led on by its people through the verbs, for tests that look at its pages afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from service.app import Web
from service.demo.city import shipped_city
from service.year import corrections
from workflows.commands import drafting, reviewing
from workflows.commands.recipe import Seen
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.packs import pack_from
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.streams import history_of
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role, Stage

Content = dict[str, Any]


@dataclass
class Story:
    """One table of the city by its title; every method is a person's act."""

    app: Web
    title: str

    def with_journal(self, act: Callable[[Journal], Any]) -> Any:
        with begin(self.app.extensions["engine"]) as tx:
            return act(PostgresJournal(tx))

    @property
    def table(self) -> Table:
        with begin(self.app.extensions["engine"]) as tx:
            return next(table for table in (table_in(tx, row) for row in all_standings(tx)) if table.title == self.title)

    @property
    def id(self) -> UUID:
        return self.table.id

    @property
    def history(self) -> tuple[Recorded, ...]:
        with begin(self.app.extensions["engine"]) as tx:
            return history_of(tx, self.id)

    def who(self, role: Role) -> Actor:
        table = self.table
        if role == Role.CLERK:
            return shipped_city().person(table.owner)
        organs = {table.unit, table.department, table.bureau}
        return next(each for each in shipped_city().people if any(p.role == role and p.organ in organs for p in each.posts))

    def drafted(self, change: Callable[[Content], Content] = lambda content: content, **reasons: str) -> "Story":
        """Keep a draft that the pre-review lets pass, changed by `change`."""

        def act(journal: Journal) -> None:
            table = journal.lock_table(self.id)
            draft, pack = drafting.content_in_work(journal, table), pack_from(journal.content(table.pack_hash))
            content = change(corrections.corrected(draft.content, year=table.year, pack=pack).content)
            warned = [each for each in drafting.findings_of(journal, table, content) if each.severity == "W"]
            content = {**content, "explanations": {drafting.finding_key(each): "已核实，情况属实" for each in warned}}
            drafting.save_draft(
                journal, table.id, seen=Seen(table.version), draft_version=draft.version, content=content,
                reasons=reasons or {"": "按机审意见核对更正"}, by=self.who(Role.CLERK), command_id=uuid4(),
            )  # fmt: skip

        self.with_journal(act)
        return self

    def submitted(self) -> "Story":
        return self._does(Role.CLERK, drafting.submit_table)

    def approved(self, role: Role, opinion: str = "同意") -> "Story":
        return self._does(role, reviewing.approve_table, opinion=opinion)

    def returned(self, role: Role, reason: str = "数量指标与资金不匹配") -> "Story":
        return self._does(role, reviewing.return_table, to=Stage.DRAFT, reason=reason)

    def _does(self, role: Role, verb: Callable[..., Table], **details: object) -> "Story":
        def act(journal: Journal) -> None:
            table = journal.lock_table(self.id)
            seen = Seen(table.version, table.content_hash)
            verb(journal, table.id, seen=seen, by=self.who(role), command_id=uuid4(), **details)

        self.with_journal(act)
        return self


def with_purpose(words: str) -> Callable[[Content], Content]:
    """A change of the content's purpose."""
    return lambda content: {**content, "purpose": words}


def with_row(number: int, **fields: object) -> Callable[[Content], Content]:
    """A change of some fields of the indicator row at a place."""

    def change(content: Content) -> Content:
        rows = [dict(row) for row in content["indicators"]]
        rows[number] |= fields
        return {**content, "indicators": rows}

    return change
