"""通知用语: every notice with the words in force; writing own ones with a preview, publishing those of another."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import DEFINITION_READERS, journal, person, transaction
from service.errors import status_of
from service.pages.posted import command_id, text
from workflows.commands.publishing_words import WORDS, propose_words, publish_words
from workflows.delivery.catalogue import KnownNotice, known_notice, known_notices
from workflows.delivery.classes import NoticeClass
from workflows.delivery.wording import PLACEHOLDERS, Words, faults_of, words_of
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.events import Recorded, TemplateProposed, TemplatePublished
from workflows.store.notice_words import words_published
from workflows.vocabulary import Role

pages = Blueprint("notice_words", __name__)


@pages.get("/notice-words")
def index() -> str:
    """List the notices by class, with those that have words of the bureau's own."""
    _refuse_strangers()
    own = words_published(transaction())
    return render_template(
        "notice_words.html", own=own,
        classes=[(each, [one for one in known_notices().values() if one.of_class == each]) for each in NoticeClass],
    )  # fmt: skip


@pages.get("/notice-words/<key>")
def show(key: str) -> str:
    """Show one notice: its words, what may stand in them, versions, what waits to be published."""
    _refuse_strangers()
    return _page(known_notice(key))


@pages.post("/notice-words/<key>")
def propose(key: str) -> ResponseReturnValue:
    """Show how typed words would read, or propose them; or propose to go back to those that ship."""
    _refuse_strangers()
    notice, do = known_notice(key), request.form.get("do")
    typed = Words(text("subject"), text("text"))
    if do == "preview":
        return _page(notice, typed)
    try:
        words = None if do == "shipped" else typed
        propose_words(journal(), key=key, words=words, by=person(), command_id=command_id())
    except FieldsInvalid as wrong:
        return _page(notice, typed, wrong.sentence), status_of(wrong)
    flash(_("已提出，等待另一名流程管理员发布。"), "good")
    return redirect(url_for("notice_words.show", key=key), 303)


@pages.post("/notice-words/<key>/publish")
def publish(key: str) -> ResponseReturnValue:
    """Put proposed words into force."""
    _refuse_strangers()
    known_notice(key)
    publish_words(journal(), key=key, content_hash=text("content_hash"), by=person(), command_id=command_id())
    flash(_("已发布，对今后的通知生效；已产生的通知不变。"), "good")
    return redirect(url_for("notice_words.show", key=key), 303)


def _refuse_strangers() -> None:
    if not person().holds_any(DEFINITION_READERS):
        raise NotAllowed(_("通知用语由流程管理员编写和发布。"), rule="R-ROLE")


def _page(notice: KnownNotice, typed: Words | None = None, wrong: str = "") -> str:
    history = WORDS.versions(journal(), notice.key)
    published = [each for each in history if isinstance(each.fact, TemplatePublished)]
    in_force = words_of(journal().content(_hash(published[-1]))) if published else None
    words = typed or in_force or notice.shipped
    return render_template(
        "notice_word.html", notice=notice, words=words, in_force=in_force, typed=typed, wrong=wrong,
        faults=faults_of(typed, notice.known) if typed and not wrong else (), sample=notice.sample(words),
        holes=[(name, said) for name, said in PLACEHOLDERS.items() if name in notice.known],
        waiting=[_waiting(each, notice) for each in _waiting_ones(history)], history=[*reversed(history)],
        administers=person().holds(Role.PROCESS_ADMIN),
    )  # fmt: skip


def _hash(recorded: Recorded) -> str:
    return str(getattr(recorded.fact, "content_hash", ""))


def _waiting_ones(history: tuple[Recorded, ...]) -> list[Recorded]:
    """Return the proposals that were not published since, oldest first."""
    waiting: dict[str, Recorded] = {}
    for each in history:
        if isinstance(each.fact, TemplateProposed):
            waiting.setdefault(_hash(each), each)
        else:
            waiting.pop(_hash(each), None)
    return list(waiting.values())


def _waiting(recorded: Recorded, notice: KnownNotice) -> dict[str, object]:
    words = words_of(journal().content(_hash(recorded)))
    return {
        "hash": _hash(recorded), "by": recorded.signer, "mine": recorded.actor_id == person().id, "at": recorded.at,
        "words": words, "sample": notice.sample(words),
    }  # fmt: skip
