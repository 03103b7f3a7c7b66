"""After a 撤并 (E8): last year's table is a predecessor's, lists and statistics find it, bundles say whose post counted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.store.test_exporting import bureau, exported  # noqa: F401 - the same city
from tests.support import roster
from tests.support.anchoring import seal
from workflows.commands.administering import give_grant
from workflows.commands.beginning import copy_table
from workflows.commands.importing import Home
from workflows.commands.recipe import Seen
from workflows.commands.reorganising import Decree, merge_organs
from workflows.commands.reviewing import approve_table
from workflows.errors import NotAllowed
from workflows.ledger.bundle import EVERYTHING, of_table
from workflows.store.beginnings import before_of, earlier_tables
from workflows.store.journal import PostgresJournal
from workflows.store.organs import put_organ
from workflows.store.posts import actor_of
from workflows.store.queries import Filters, tables_visible_to
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage

HEIR = roster.person("heir", (Role.DEPARTMENT_FINANCE, "dept-2"))
NEXT = Home(roster.BUREAU, "dept-2", roster.OTHER_UNIT, roster.OTHER_CLERK.id)
ORGANS = (
    ("bureau", "清河县财政局", "bureau", None), ("dept-1", "文化局", "department", "bureau"), ("dept-2", "旅游局", "department", "bureau"),
    ("unit-1", "图书馆", "unit", "dept-1"), ("unit-2", "博物馆", "unit", "dept-2"),
)  # fmt: skip


def reorganised(tx) -> None:
    """The department into another, the unit into one of that other."""
    journal = PostgresJournal(tx)
    for organ, name, kind, parent in ORGANS:
        put_organ(tx, organ, name=name, kind=kind, parent=parent)
    give_grant(journal, person=HEIR.id, name=HEIR.name, post=HEIR.posts[0], by=roster.SECURITY_ADMIN, command_id=uuid4())
    decree = Decree("清编发〔2026〕3号", (journal.now() + timedelta(hours=8)).date().isoformat())
    for organ, successor in (("dept-1", "dept-2"), ("unit-1", "unit-2")):
        merge_organs(journal, organs=(organ,), successor=successor, decree=decree, by=roster.SECURITY_ADMIN, command_id=uuid4())


def test_e8_the_successors_clerk_begins_on_the_predecessors_table_and_every_bundle_is_whole(bureau, app, sealer, tmp_path):  # noqa: F811
    source, under_review = bureau.table("in_monitoring"), bureau.table("in_unit_review")
    under_review = bureau.acts(under_review.id, "approved", roster.UNIT_HEAD)
    with begin(app) as tx:
        reorganised(tx)
    with begin(app) as tx:
        journal = PostgresJournal(tx)
        clerk, heir = (actor_of(tx, each.id, each.name) for each in (roster.OTHER_CLERK, HEIR))
        assert [(each["table_id"], each["unit"]) for each in earlier_tables(tx, ["unit-2"])] == [(source.id, "unit-1")]
        copy = {"source": source.id, "year": source.year + 1, "command_id": uuid4()}
        with pytest.raises(NotAllowed, match="以本单位以前年度的表"):
            copy_table(journal, **copy, home=Home("bureau", "dept-2", "unit-3", "x"), by=roster.person("x", (Role.CLERK, "unit-3")))
        table = copy_table(journal, **copy, home=NEXT, by=clerk)
        assert (table.unit, table.department) == ("unit-2", "dept-2")
        before = before_of(tx, table, journal.content(table.content_hash))
        assert (before.table, before.year) == (str(source.id), source.year)
        assert [each["copied_as"] for each in earlier_tables(tx, ["unit-2"])] == [table.id]
        assert earlier_tables(tx, ["unit-1"]) != []
        found = {each["table_id"] for each in tables_visible_to(tx, heir, Filters(department="dept-2"))}
        assert found == {source.id, under_review.id}
        assert {each["table_id"] for each in tables_visible_to(tx, clerk, Filters(unit="unit-2"))} == {table.id}
        seen = Seen(under_review.version, under_review.content_hash)
        passed = approve_table(journal, under_review.id, seen=seen, by=heir, command_id=uuid4(), opinion="同意")
        assert passed.stage == Stage.FINANCE_APPROVAL
        kept = caches_as_text(tx)
        rebuild(tx)
        assert caches_as_text(tx) == kept
    seal(sealer)
    for scope in (EVERYTHING, of_table(table.id), of_table(under_review.id)):
        verdict = verdict_of(tmp_path, exported(app, scope).data)
        assert [each for each in told(verdict) if each[0] not in ("notes", "witness")] == []
