"""What offices do about the department part of a filing document: each finds it good the working day after its turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from service.year.acts import COMMANDS
from service.year.asked import TEN, at_hour
from service.year.world import World
from workflows.commands.filing_documents import document_now, review_document
from workflows.commands.recipe import Seen
from workflows.filing_rules import reviewing_post
from workflows.filings import FilingDocument
from workflows.folds.replay import Table
from workflows.workdays import add_workdays, beijing_date


@dataclass
class Parts:
    """The documents filed, and when the office whose turn it is gets round to each."""

    world: World
    documents: dict[UUID, FilingDocument] = field(default_factory=dict)
    turns: dict[UUID, datetime] = field(default_factory=dict)

    def filed(self, document_id: UUID) -> None:
        """Take a document in."""
        with self.world.journal() as journal:
            self.documents[document_id] = document_now(journal, document_id)

    def next_moments(self) -> list[datetime]:
        """Return when an office reviews."""
        return list(self.turns.values())

    def act(self, tables: Mapping[UUID, Table], now: datetime) -> None:
        """Review what is due, and note whose turn has come: an office reads once a first table was submitted."""
        for document_id, at in sorted(self.turns.items()):
            if at <= now:
                del self.turns[document_id]
                self._review(document_id)
        for document_id, document in self.documents.items():
            received = any(tables[UUID(table)].round for table in document.filed.tables)
            if received and reviewing_post(document) and document_id not in self.turns:
                self.turns[document_id] = at_hour(add_workdays(beijing_date(now), 1).date, TEN)

    def _review(self, document_id: UUID) -> None:
        with self.world.journal() as journal:
            document = document_now(journal, document_id)
            post = reviewing_post(document)
            if post is not None:
                by = next(iter(journal.holders(post.role, post.organ)))
                document = review_document(
                    journal, document_id, seen=Seen(document.version, document.content_hash), passed=True, by=by,
                    command_id=uuid5(COMMANDS, f"{document_id}:{document.version}"), opinion="与各表目标一致。",
                )  # fmt: skip
            self.documents[document_id] = document
