"""New tables and the library in PostgreSQL: what a bundle takes along, last year's table found, what is counted."""

from uuid import uuid4

from tests.ledger.test_verify import told, verdict_of
from tests.store.test_exporting import bureau, exported  # noqa: F401 - the same city
from tests.support import roster
from tests.support.anchoring import seal
from workflows.commands.beginning import copy_table
from workflows.commands.curating import add_entry
from workflows.ledger.bundle import EVERYTHING, of_table
from workflows.library import entry_id
from workflows.store.beginnings import before_of, earlier_tables
from workflows.store.journal import PostgresJournal
from workflows.store.library import counted, library
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin


def copied(tx, source):
    return copy_table(
        PostgresJournal(tx), source=source.id, year=source.year + 1, home=roster.HOME, by=roster.CLERK, command_id=uuid4()
    )


def test_g12_the_copy_finds_its_source_and_its_bundle_is_whole(bureau, app, sealer, tmp_path):  # noqa: F811
    source = bureau.table("in_monitoring")
    with begin(app) as tx:
        (offered,) = earlier_tables(tx, [roster.UNIT])
        assert (offered["table_id"], offered["copied_as"]) == (source.id, None)
        table = copied(tx, source)
        journal = PostgresJournal(tx)
        before = before_of(tx, table, {**journal.content(table.content_hash), "title": "改了名的项目"})
        assert (before.table, before.year) == (str(source.id), source.year)
        assert [each["copied_as"] for each in earlier_tables(tx, [roster.UNIT])] == [table.id]
        assert earlier_tables(tx, [roster.OTHER_UNIT]) == []
        kept = caches_as_text(tx)
        rebuild(tx)
        assert caches_as_text(tx) == kept
    seal(sealer)
    for scope in (EVERYTHING, of_table(table.id), of_table(source.id)):
        verdict = verdict_of(tmp_path, exported(app, scope).data)
        assert [each for each in told(verdict) if each[0] not in ("notes", "witness")] == []


def test_g11_the_library_counts_public_tables_in_force_and_what_the_office_recommends(bureau, app):  # noqa: F811
    bureau.table("in_monitoring")
    with begin(app) as tx:
        assert counted(tx, roster.BUREAU) == (1, 7)
        used = {each.level3: each for each in library(tx, roster.BUREAU)}
        assert used["维护道路里程"].tables == 1
        assert used["维护道路里程"].targets == ("≥12公里",)
        assert library(tx, "elsewhere") == ()
        words = {"level1": "产出指标", "level2": "数量指标", "level3": "维护道路里程", "industry": "交通运输"}
        add_entry(PostgresJournal(tx), bureau=roster.BUREAU, words=words, by=roster.FINANCE_PERFORMANCE, command_id=uuid4())
        (first, *_rest) = library(tx, roster.BUREAU, words="里程 交通")
        assert (first.entry, first.recommended, first.tables) == (entry_id(roster.BUREAU, *list(words.values())[:3]), True, 1)
        assert _rest == []
