"""The bureau's own words for notices under four eyes: one process administrator proposes, another publishes (H6)."""

from uuid import UUID

from workflows import events as e
from workflows.commands.two_publishers import Matter
from workflows.delivery.catalogue import known_notice
from workflows.delivery.wording import Words, content_of, faults_of, words_of
from workflows.errors import FieldsInvalid, UnknownWords
from workflows.journal import Content, Journal
from workflows.vocabulary import Actor

WORDS = Matter("template", "通知用语", e.TemplateProposed, e.TemplatePublished, UnknownWords)


def propose_words(
    journal: Journal, *, key: str, words: Words | None, by: Actor, command_id: UUID
) -> e.TemplateProposed:
    """Lay words for a notice before the others; None goes back to the words that ship.

    NotFound for a notice that is none, FieldsInvalid for words that the lint refuses or that are in force.
    """
    _refuse_unfit(key, words)
    if words is None and words_in_force(journal, key) is None:
        raise FieldsInvalid("这条通知用的就是出厂用语。", field="content")
    return WORDS.propose(journal, key, content_of(key, words), by, command_id)


def publish_words(
    journal: Journal, *, key: str, content_hash: str, by: Actor, command_id: UUID
) -> e.TemplatePublished:
    """Put proposed words into force: for every notice written from now on; what was written before stays as it is.

    NotAllowed for their author (S9), UnknownWords for a version that does not wait.
    """

    def sound(content: Content) -> None:
        _refuse_unfit(key, words_of(content))

    return WORDS.publish(journal, key, content_hash, sound, by, command_id)


def words_in_force(journal: Journal, key: str) -> Words | None:
    """Return the words that were published last for a notice; None where those that ship are in force."""
    last = WORDS.last_published(journal, key)
    return words_of(journal.content(last)) if last else None


def _refuse_unfit(key: str, words: Words | None) -> None:
    known = known_notice(key)
    faults = faults_of(words, known.known) if words else ()
    if faults:
        raise FieldsInvalid("".join(faults), field="content")
