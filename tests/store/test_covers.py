"""Covers on PostgreSQL: in force from moment to moment without any job, in worklists, notices, as-of rights, rebuilds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.cluster import Database
from tests.support.life import Life
from workflows.commands.administering import revoke_grant
from workflows.commands.covering import Terms, end_cover, give_cover
from workflows.commands.holding import claim_task
from workflows.commands.leaving import hand_over_table
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.commands.waiving import sign_waiver
from workflows.errors import NotAllowed
from workflows.events import Behalf
from workflows.folds.replay import Table
from workflows.store.accounts import actor_in, make_account, session_of, start_session
from workflows.store.covers import covers_at, refuse_over, waivers_at
from workflows.store.installation import set_virtual_now
from workflows.store.migrating import upgrade
from workflows.store.posts import actor_at, actor_of
from workflows.store.queries import count_visible_to, count_waiting_for, tables_waiting_for
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.top_bar import counts_for, what_is_anywhere
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import SYSTEM, Actor, Cover, Role, Stage

BEGINS = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
HEAD, DEPUTY = roster.UNIT_HEAD, roster.SECOND_UNIT_HEAD


@pytest.fixture
def app(database: Database) -> Iterator[Engine]:
    upgrade(database.owner_url, "demo", begins=BEGINS)
    engine = make_engine(database.app_url, connections=10)
    appoint_everybody(engine)
    yield engine
    engine.dispose()


def to(app: Engine, moment: datetime) -> None:
    with begin(app) as tx:
        set_virtual_now(tx, moment)


def given(app: Engine, principal: Actor = HEAD, deputy: Actor = DEPUTY, **news: object) -> str:
    with journal_on(app) as journal:
        now = journal.now()
        terms = Terms(now, now + timedelta(days=10), "赴省厅参加业务培训")
        fact = give_cover(
            journal, principal=principal, deputy=deputy, terms=replace(terms, **news), by=principal, command_id=uuid4()
        ).fact
        return fact.cover  # type: ignore[attr-defined, no-any-return]


def now_of(app: Engine, who: Actor = DEPUTY) -> Actor:
    with begin(app) as tx:
        return actor_of(tx, who.id, who.name)


def covered_by(app: Engine, who: Actor = DEPUTY) -> list[str]:
    return [cover.principal for cover in now_of(app, who).covers]


def submitted(app: Engine) -> Table:
    with journal_on(app) as journal:
        return Life(journal).imported().completed().submitted().table


def waiting(app: Engine, who: Actor) -> list[tuple[str, str, bool]]:
    with begin(app) as tx:
        actor = actor_of(tx, who.id, who.name)
        rows = [(row["node"], row["behalf"], row["not_yet"]) for row in tables_waiting_for(tx, actor)]
        assert count_waiting_for(tx, actor)[0] == counts_for(tx, actor, what_is_anywhere(tx)).waiting == len(rows)
        return rows


def test_c3_a_cover_begins_and_ends_with_the_clock_and_no_job(app: Engine) -> None:
    start = BEGINS + timedelta(days=2)
    given(app, from_at=start, to_at=start + timedelta(days=3))
    assert covered_by(app) == []
    to(app, start)
    assert covered_by(app) == [HEAD.id]
    to(app, start + timedelta(days=2, hours=23))
    assert covered_by(app) == [HEAD.id]
    to(app, start + timedelta(days=3))
    assert covered_by(app) == []


def test_c3_sessions_bring_the_covers_of_the_moment_along(app: Engine) -> None:
    cover = given(app)
    with begin(app) as tx:
        make_account(tx, person=DEPUTY.id, login=DEPUTY.id, name=DEPUTY.name, password_hash="h")
        start_session(tx, "token", DEPUTY.id)
    for expected in ([HEAD.id], []):
        with begin(app) as tx:
            session = session_of(tx, "token")
            assert session is not None
            assert [each.principal for each in actor_in(tx, session).covers] == expected
        if expected:
            ended(app, cover)


def ended(app: Engine, cover: str, by: Actor = HEAD) -> None:
    with journal_on(app) as journal:
        end_cover(journal, principal=HEAD.id, cover=cover, reason="提前返回岗位", by=by, command_id=uuid4())


def test_c3_a_principal_who_loses_the_post_loses_its_cover(app: Engine) -> None:
    given(app)
    with journal_on(app) as journal:
        revoke_grant(journal, person=HEAD.id, post=HEAD.posts[0], reason="工作岗位调整", by=SYSTEM, command_id=uuid4())
    assert covered_by(app) == []


def test_c3_the_deputy_finds_the_work_in_his_list_with_the_name_and_decides_it(app: Engine) -> None:
    table = submitted(app)
    assert waiting(app, DEPUTY) == []
    given(app)
    assert waiting(app, DEPUTY) == [("unit_head", HEAD.name, False)]
    assert waiting(app, HEAD) == [("unit_head", "", False)]
    with journal_on(app) as journal:
        life = Life(journal, journal.lock_table(table.id))
        assert life.approved(actor_of(journal.tx, DEPUTY.id, DEPUTY.name)).table.stage == Stage.DEPARTMENT_REVIEW
    assert waiting(app, DEPUTY) == []


@pytest.mark.parametrize("by", [HEAD, DEPUTY])
def test_c3_what_the_principal_holds_by_claim_stays_in_both_their_lists(app: Engine, by: Actor) -> None:
    table = submitted(app)
    given(app)
    with journal_on(app) as journal:
        who = actor_of(journal.tx, by.id, by.name)
        seen, task = Seen(journal.lock_table(table.id).version), journal.lock_table(table.id).desks[0].task
        claim_task(journal, table.id, seen=seen, by=who, command_id=uuid4(), task=task)
        assert journal.lock_table(table.id).desks[0].claimed_by == HEAD.id
    assert waiting(app, DEPUTY) == [("unit_head", HEAD.name, False)]
    assert waiting(app, HEAD) == [("unit_head", "", False)]


@pytest.mark.parametrize(("news", "found"), [
    ({"nodes": ("unit_head",)}, 1), ({"nodes": ("evaluation_unit",)}, 0), ({"units": (roster.UNIT,)}, 1),
    ({"units": (roster.OTHER_UNIT,)}, 0), ({"most": "100000000"}, 1), ({"most": "0"}, 0),
])  # fmt: skip
def test_c3_the_list_and_the_notices_go_as_far_as_the_cover(app: Engine, news: dict[str, object], found: int) -> None:
    given(app, **news)
    table = submitted(app)
    assert len(waiting(app, DEPUTY)) == found
    told = [text for text, _subject in notices(app, table, DEPUTY)]
    assert len(told) == found


def notices(app: Engine, table: Table, who: Actor, channel: str = "mail") -> list[tuple[str, str]]:
    sql = """
SELECT rendered ->> 'text' AS text, rendered ->> 'subject' AS subject FROM desk.outbox
WHERE log_stream = :table AND recipient = :who AND channel = :channel AND kind = 'task.waiting' ORDER BY id"""
    with begin(app) as tx:
        return [(row["text"], row["subject"]) for row in tx.rows(sql, table=table.id, who=who.id, channel=channel)]


def test_c3_c4_the_deputy_is_told_by_mail_for_whom_and_the_principal_as_always(app: Engine) -> None:
    given(app)
    table = submitted(app)
    ((own, _subject),) = notices(app, table, HEAD)
    ((told, _also),) = notices(app, table, DEPUTY)
    assert told == f"{own}（您是代理人，此件由您代{HEAD.name}办理。）"


def test_c3_nobody_is_told_who_covers_no_longer(app: Engine) -> None:
    ended(app, given(app))
    assert notices(app, submitted(app), DEPUTY) == []


def test_c3_the_deputy_is_told_that_he_was_named(app: Engine) -> None:
    given(app)
    with begin(app) as tx:
        sql = "SELECT recipient, channel, rendered ->> 'subject' AS subject FROM desk.outbox WHERE kind = 'cover.given'"
        rows = sorted((row["recipient"], row["channel"], row["subject"]) for row in tx.rows(sql))
    subject = f"代理授权：{DEPUTY.name} 代 {HEAD.name}"
    assert rows == [(DEPUTY.id, "inbox", subject), (DEPUTY.id, "mail", subject)]


def test_e8_m2_rights_as_of_a_moment_know_the_covers_of_that_moment(app: Engine) -> None:
    cover = given(app)
    between = BEGINS + timedelta(days=1)
    to(app, BEGINS + timedelta(days=2))
    ended(app, cover)
    with begin(app) as tx:
        held = [
            [each.grant for each in actor_at(tx, DEPUTY.id, DEPUTY.name, at).covers]
            for at in (BEGINS - timedelta(days=1), between, tx.now())
        ]
    assert held == [[], [cover], []]


def test_c3_a_cover_that_ended_meanwhile_is_refused_where_it_is_recorded(app: Engine) -> None:
    """The deputy was recognised before the end, and presses after it: the record itself asks once more."""
    table = submitted(app)
    cover = given(app)
    before = now_of(app)
    ended(app, cover)
    with pytest.raises(NotAllowed, match="不在有效期内") as refused, journal_on(app) as journal:
        approve_table(
            journal, table.id, seen=Life(journal, table).seen(), by=before, command_id=uuid4(), opinion="同意"
        )
    assert refused.value.rule == "R-COVER"
    with journal_on(app) as journal:
        assert journal.lock_table(table.id).version == table.version


def test_c3_nobody_acts_under_a_cover_of_somebody_else(app: Engine) -> None:
    cover = given(app)
    with begin(app) as tx:
        refuse_over(tx, Behalf(HEAD.id, HEAD.name, cover), DEPUTY.id, tx.now())
        for behalf, who in (
            (Behalf(HEAD.id, HEAD.name, cover), "other"), (Behalf("other", "x", cover), DEPUTY.id),
            (Behalf(HEAD.id, HEAD.name, str(uuid4())), DEPUTY.id),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                refuse_over(tx, behalf, who, tx.now())


def test_c3_every_decision_under_a_cover_is_recorded_before_its_end_in_the_logs_own_time(app: Engine) -> None:
    """The end waits for the deputy who is at work, and is recorded after him: no decision stands after it."""
    cover = given(app)
    tables = [submitted(app) for _ in range(6)]
    deputy = now_of(app)

    def approve(table: Table) -> datetime | None:
        try:
            with journal_on(app) as journal:
                after = approve_table(
                    journal, table.id, seen=Life(journal, table).seen(), by=deputy, command_id=uuid4(), opinion="同意"
                )
                return datetime.fromisoformat(after.last_at)
        except NotAllowed:
            return None

    with ThreadPoolExecutor(7) as pool:
        pressed = [pool.submit(approve, table) for table in tables]
        pool.submit(ended, app, cover).result()
        decided = [each.result() for each in pressed]
    with begin(app) as tx:
        over = tx.scalar("SELECT ended_at FROM desk.cover WHERE cover = :cover", cover=cover)
    assert [at for at in decided if at is not None and at >= over] == []


def test_d1_covers_and_waivers_are_rebuilt_from_the_log_byte_for_byte(app: Engine) -> None:
    ended(app, given(app))
    given(app, nodes=("unit_head",), units=(roster.UNIT,), most="500.00")
    with journal_on(app) as journal:
        sign_waiver(
            journal, unit="unit-9", department=roster.DEPARTMENT, until=journal.now() + timedelta(days=30),
            person=roster.person("all", (Role.UNIT_BUSINESS, "unit-9"), (Role.UNIT_HEAD, "unit-9")),
            reason="单位仅有两名在编人员", by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
        )  # fmt: skip
    submitted(app)
    with begin(app) as tx:
        before = caches_as_text(tx)
        assert (len(before["cover"]), len(before["waiver"]), len(before["task"])) == (2, 1, 1)
        assert [each.unit for each in waivers_at(tx, "all", tx.now())] == ["unit-9"]
    with begin(app) as tx:
        rebuild(tx)
        assert caches_as_text(tx) == before


def test_c3_the_lists_hold_the_covered_tables_and_no_others(app: Engine) -> None:
    submitted(app)
    given(app, principal=roster.FINANCE_BUSINESS, deputy=roster.FINANCE_BUDGET, units=(roster.OTHER_UNIT,))
    with begin(app) as tx:
        deputy = replace(actor_of(tx, roster.FINANCE_BUDGET.id, "x"), posts=())
        assert count_visible_to(tx, deputy) == 0
        wide = replace(deputy, covers=tuple(replace(cover, units=()) for cover in deputy.covers))
        here = replace(deputy, covers=tuple(replace(cover, units=(roster.UNIT,)) for cover in deputy.covers))
        assert [count_visible_to(tx, each) for each in (wide, here)] == [1, 1]


def test_c7_a_handed_over_table_stands_with_its_new_clerk_in_every_list(app: Engine) -> None:
    table = submitted(app)
    successor = roster.person("next_clerk", (Role.CLERK, roster.UNIT))
    with journal_on(app) as journal:
        before = [each.leaf_hash for each in journal.history(table.id)]
        hand_over_table(
            journal, table.id, leaver=roster.CLERK, successor=successor, reason="原经办人已调离单位",
            by=roster.SECURITY_ADMIN, command_id=uuid4(),
        )  # fmt: skip
        assert [each.leaf_hash for each in journal.history(table.id)][: len(before)] == before
    with begin(app) as tx:
        assert [count_visible_to(tx, each) for each in (roster.CLERK, successor)] == [0, 1]
        text = caches_as_text(tx)
        rebuild(tx)
        assert caches_as_text(tx) == text


def test_c3_a_cover_without_a_post_is_no_cover(app: Engine) -> None:
    with begin(app) as tx:
        assert covers_at(tx, DEPUTY.id, tx.now()) == ()
    cover = given(app)
    with begin(app) as tx:
        assert covers_at(tx, DEPUTY.id, tx.now()) == (Cover(cover, HEAD.id, HEAD.name, HEAD.posts),)
