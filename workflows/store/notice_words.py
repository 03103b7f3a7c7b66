"""The bureau's own words for notices as the outbox's writer finds them: read from the log, a cache like others."""

import json
from collections.abc import Mapping

from workflows.delivery.wording import words_of
from workflows.events import Recorded, TemplatePublished
from workflows.store.streams import content_of
from workflows.store.transaction import Transaction

PUT = """
INSERT INTO desk.notice_words (key, content_hash, subject, text)
VALUES (:key, :content_hash, CAST(:subject AS jsonb), CAST(:text AS jsonb))
ON CONFLICT (key) DO UPDATE SET content_hash = excluded.content_hash, subject = excluded.subject,
  text = excluded.text"""


def project_words(tx: Transaction, recorded: Recorded) -> None:
    """Put published words where notices are written, or take them away where the shipped ones come back."""
    fact = recorded.fact
    if not isinstance(fact, TemplatePublished):
        return
    words = words_of(content_of(tx, fact.content_hash))
    if words is None:
        tx.run("DELETE FROM desk.notice_words WHERE key = :key", key=fact.name)
        return
    parts = {name: json.dumps(each, ensure_ascii=False) for name, each in words.parts().items()}
    tx.run(PUT, key=fact.name, content_hash=fact.content_hash, **parts)


def words_published(tx: Transaction) -> Mapping[str, str]:
    """Return the hash of the words in force for each notice that has own ones."""
    return {row["key"]: row["content_hash"] for row in tx.rows("SELECT key, content_hash FROM desk.notice_words")}
