"""One contract for the ledger's port, run on the memory journal and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.store.acting import CLERK, CONTENT, HEAD, born, command, entered, journal_on, note
from tests.support.memory_journal import MemoryJournal
from workflows import events as e
from workflows.errors import NotFound, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.journal import Draft, Journal
from workflows.vocabulary import Role

Opened = Callable[[], AbstractContextManager[Journal]]


@pytest.fixture(params=["memory", "postgres"])
def opened(request: pytest.FixtureRequest) -> Opened:
    if request.param == "postgres":
        app = request.getfixturevalue("app")
        return lambda: journal_on(app)
    memory = MemoryJournal(datetime(2026, 3, 1, tzinfo=UTC), people=(CLERK, HEAD))

    @contextmanager
    def in_memory() -> Iterator[Any]:
        yield memory

    return in_memory


class TestJournal:
    def test_a_table_grows_by_its_facts_and_comes_back_replayed(self, opened: Opened) -> None:
        table_id, first = uuid4(), command()
        with opened() as journal:
            content_hash = journal.put_content(CONTENT)
            facts = (born(content_hash), entered())
            table = journal.append_to_table(Table(table_id), facts, first)
        with opened() as journal:
            assert journal.lock_table(table_id) == table
            history = journal.history(table_id)
            assert [each.fact for each in history] == list(facts)
            assert [(each.version, each.step, each.actor_name, each.role) for each in history] == [
                (1, 0, "李经办", Role.CLERK), (2, 1, "李经办", Role.CLERK),
            ]  # fmt: skip
            assert journal.recorded(table_id, first.id) == history
            assert journal.recorded(table_id, uuid4()) == ()
            assert journal.content(content_hash) == CONTENT

    def test_a_table_that_grew_meanwhile_is_refused(self, opened: Opened) -> None:
        table_id = uuid4()
        with opened() as journal:
            old = journal.append_to_table(Table(table_id), (born(journal.put_content(CONTENT)),), command())
            journal.append_to_table(old, (entered(),), command())
        with pytest.raises(TableChangedMeanwhile), opened() as journal:
            journal.append_to_table(old, (entered(task="t2"),), command())
        with opened() as journal:
            assert len(journal.history(table_id)) == 2

    def test_what_is_unknown_is_not_found(self, opened: Opened) -> None:
        with opened() as journal:
            assert journal.history(uuid4()) == ()
            assert journal.draft(uuid4()) is None
        with pytest.raises(NotFound), opened() as journal:
            journal.lock_table(uuid4())
        with pytest.raises(NotFound), opened() as journal:
            journal.content("ab" * 32)

    def test_other_subjects_have_streams_too(self, opened: Opened) -> None:
        stream = uuid4()
        with opened() as journal:
            first = journal.append(stream, "person", (note(1), note(2)), command())
            second = journal.append(stream, "person", (note(3),), command())
            assert [each.version for each in (*first, *second)] == [1, 2, 3]
            assert journal.history(stream) == (*first, *second)

    def test_drafts_are_counted_up_by_one(self, opened: Opened) -> None:
        table_id, draft = uuid4(), Draft(dict(CONTENT), 1, ("li",), {"/title": "更正名称"})
        with opened() as journal:
            journal.keep_draft(table_id, draft)
        with opened() as journal:
            assert journal.draft(table_id) == draft
        for wrong in (1, 3):
            with pytest.raises(TableChangedMeanwhile), opened() as journal:
                journal.keep_draft(table_id, Draft(dict(CONTENT), wrong, ("li",), {}))
        with opened() as journal:
            journal.keep_draft(table_id, Draft(dict(CONTENT), 2, ("li", "wang"), {}))
            journal.drop_draft(table_id)
            assert journal.draft(table_id) is None

    def test_holders_are_ordered_and_hold_the_role_now(self, opened: Opened) -> None:
        with opened() as journal:
            for actor in (HEAD, CLERK):
                post = actor.posts[0]
                grant = e.GrantGiven(actor.id, actor.name, post.role, post.organ)
                journal.append(uuid4(), "person", (grant,), command())
            assert journal.holders(Role.UNIT_HEAD, "u1") == (HEAD,)
            assert journal.holders(Role.CLERK, "u1") == (CLERK,)
            assert journal.holders(Role.CLERK, "u2") == ()

    def test_contents_and_bytes_are_named_by_their_hash(self, opened: Opened) -> None:
        with opened() as journal:
            assert journal.put_content({"b": 1, "a": 2}) == journal.put_content({"a": 2, "b": 1})
            assert journal.put_bytes(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    def test_a_file_comes_into_the_log_with_the_event_that_names_it(self, opened: Opened) -> None:
        table_id = uuid4()
        with opened() as journal:
            table = journal.append_to_table(Table(table_id), (born(journal.put_content(CONTENT)), entered()), command())
            names = [journal.bind(b"%PDF-1.7"), journal.bind(b"%PDF-1.7"), journal.bind(b"never named")]
            added = [e.AttachmentAdded(f"a{n}", "证明.pdf", "application/pdf", 8, name, "draft") for n, name in enumerate(names[:2])]
            table = journal.append_to_table(table, added, command())
            assert [each.commitment for each in table.attachments] == names[:2]
        with opened() as journal:
            files = [journal.bound(name) for name in names]
            assert [each and (each.body, each.commitment) for each in files] == [*((b"%PDF-1.7", n) for n in names[:2]), None]
        assert len(set(names)) == 3

    def test_what_an_event_of_the_table_names_is_erased_and_nothing_else(self, opened: Opened) -> None:
        table_id, other = uuid4(), uuid4()
        with opened() as journal:
            content_hash = journal.put_content(CONTENT)
            for stream in (table_id, other):
                table = journal.append_to_table(Table(stream), (born(content_hash), entered()), command())
                facts = (e.HoldPlaced("联系人王某的电话"), e.AttachmentAdded("a", "王某.pdf", "application/pdf", 3, journal.bind(b"abc"), "draft"))
                journal.append_to_table(table, facts, command())
        with opened() as journal:
            found = journal.erasable(table_id)
            assert [(each.version, each.kind, each.field, each.words) for each in found] == [
                (3, "hold.placed", "reason", "联系人王某的电话"), (4, "attachment.added", "name", "王某.pdf"),
                (4, "attachment.added", "commitment", None),
            ]  # fmt: skip
            assert journal.erase(table_id) == 0
            gone = [found[0].commitment, found[2].commitment]
            erased = (e.PayloadErased("r", tuple(gone), "个人信息保护法第四十七条", "wang", "li"), e.AttachmentRedacted("a", "r"))
            journal.append_to_table(journal.lock_table(table_id), erased, command())
            assert journal.erase(table_id) == 2
        with opened() as journal:
            assert [each.field for each in journal.erasable(table_id)] == ["name"]
            assert len(journal.erasable(other)) == 3
            assert journal.history(table_id)[2].fact == e.HoldPlaced(e.ERASED)
            assert journal.bound(gone[1]) is None
            (kept,) = journal.lock_table(table_id).attachments
            assert (kept.name, kept.erased) == (e.ERASED, True)

    def test_time_never_runs_backwards(self, opened: Opened) -> None:
        with opened() as journal:
            assert journal.now() <= journal.now()
            assert journal.now().tzinfo is not None
