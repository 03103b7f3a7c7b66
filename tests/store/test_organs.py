"""机构撤并 on PostgreSQL (E8): the successor decides what was the predecessor's, with no query more and no event per table."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.cluster import Database
from tests.support.life import Life
from workflows.commands.administering import give_grant, revoke_grant
from workflows.commands.covering import Terms, give_cover
from workflows.commands.leaving import hand_over_table
from workflows.commands.recipe import Seen
from workflows.commands.reorganising import Decree, close_organ, found_organ, merge_organs, rename_organ
from workflows.commands.reviewing import approve_table
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.organs import ORGANS_STREAM, Organ
from workflows.rights.permissions import may_read
from workflows.store.access import access_at
from workflows.store.accounts import actor_in, make_account, session_of, start_session
from workflows.store.organs import organs_now, organs_then, put_organ
from workflows.store.posts import actor_at, actor_of, holders_of, people_with_posts
from workflows.store.queries import Filters, count_waiting_for, tables_visible_to
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.stranded import perhaps_stranded
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Actor, Post, Role, Stage

OFFICER = roster.SECURITY_ADMIN
HEIR = roster.person("heir", (Role.DEPARTMENT_FINANCE, "dept-2"))
STRANGER = roster.person("stranger", (Role.DEPARTMENT_FINANCE, "dept-3"))
ORGANS = (
    ("bureau", "清河县财政局", "bureau", None), ("dept-1", "文化局", "department", "bureau"), ("dept-2", "旅游局", "department", "bureau"),
    ("dept-3", "体育局", "department", "bureau"), ("unit-1", "图书馆", "unit", "dept-1"), ("unit-2", "博物馆", "unit", "dept-1"),
)  # fmt: skip


@pytest.fixture
def app(database: Database) -> Iterator[Engine]:
    engine = make_engine(database.app_url, connections=10)
    with begin(engine) as tx:
        for organ, name, kind, parent in ORGANS:
            put_organ(tx, organ, name=name, kind=kind, parent=parent)
    appoint_everybody(engine)
    for person in (HEIR, STRANGER):
        appointed(engine, person, person.posts[0])
    yield engine
    engine.dispose()


def appointed(app: Engine, person: Actor, post: Post) -> None:
    with journal_on(app) as journal:
        give_grant(journal, person=person.id, name=person.name, post=post, by=OFFICER, command_id=uuid4())


def decree(journal) -> Decree:
    return Decree("清编发〔2026〕3号", (journal.now() + timedelta(hours=8)).date().isoformat())


def merged(app: Engine, *organs: str, into: str) -> Recorded:
    with journal_on(app) as journal:
        return merge_organs(journal, organs=organs, successor=into, decree=decree(journal), by=OFFICER, command_id=uuid4())[-1]


def in_department_review(app: Engine) -> Table:
    with journal_on(app) as journal:
        return Life(journal).in_unit_review().approved(roster.UNIT_HEAD).table


def as_now(app: Engine, person: Actor) -> Actor:
    with begin(app) as tx:
        return actor_of(tx, person.id, person.name)


def seen_by(app: Engine, person: Actor) -> tuple[int, int]:
    """How many tables the person may read, and how many tasks wait for him."""
    with begin(app) as tx:
        actor = actor_of(tx, person.id, person.name)
        return len(tables_visible_to(tx, actor, Filters())), count_waiting_for(tx, actor)[0]


def approves(app: Engine, table: Table, person: Actor) -> Table:
    with journal_on(app) as journal:
        return approve_table(
            journal, table.id, seen=Seen(table.version, table.content_hash), by=as_now(app, person), command_id=uuid4(), opinion="同意"
        )


def test_e8_a_table_in_department_review_is_decided_by_the_successors_officer(app: Engine) -> None:
    table = in_department_review(app)
    assert (seen_by(app, roster.DEPARTMENT_FINANCE), seen_by(app, HEIR)) == ((1, 1), (0, 0))
    with pytest.raises(NotFound):
        approves(app, table, HEIR)
    event = merged(app, "dept-1", into="dept-2")
    assert (seen_by(app, roster.DEPARTMENT_FINANCE), seen_by(app, HEIR), seen_by(app, STRANGER)) == ((0, 0), (1, 1), (0, 0))
    with pytest.raises(NotFound):
        approves(app, table, roster.DEPARTMENT_FINANCE)
    after = approves(app, table, HEIR)
    assert (after.stage, after.department, after.unit) == (Stage.FINANCE_APPROVAL, "dept-1", "unit-1")
    with journal_on(app) as journal:
        signed = next(each for each in reversed(journal.history(table.id)) if each.kind == "task.decided")
    assert (signed.actor_id, signed.organ) == ("heir", "dept-1")
    with begin(app) as tx:
        assert (organs_now(tx).spoken("dept-1"), organs_now(tx).organ("unit-1").parent) == ("旅游局（原文化局）", "dept-2")
        before = organs_then(tx, event.at - timedelta(microseconds=1))
        assert (before.spoken("dept-1"), before.organ("unit-1").parent) == ("文化局", "dept-1")


def test_e8_rights_and_the_access_list_are_those_of_the_moment(app: Engine) -> None:
    table = in_department_review(app)
    event = merged(app, "dept-1", into="dept-2")
    earlier = event.at - timedelta(microseconds=1)
    with begin(app) as tx:
        told = {
            at: [(may_read(actor_at(tx, each.id, each.name, at), table)) for each in (roster.DEPARTMENT_FINANCE, HEIR)]
            for at in (earlier, event.at)
        }
        listed = {at: {(each.person, each.organ) for each in access_at(tx, at)} for at in (earlier, event.at)}
    assert told == {earlier: [True, False], event.at: [False, True]}
    gone = {(each.id, "dept-1") for each in (roster.DEPARTMENT_FINANCE, roster.DEPARTMENT_BUSINESS, roster.SECRECY_REVIEWER, roster.EVERY_HAT)}
    assert listed[earlier] - listed[event.at] == gone
    assert listed[event.at] <= listed[earlier]


def test_e8_who_gets_a_post_at_the_successor_later_takes_over_too_until_it_is_taken_away(app: Engine) -> None:
    in_department_review(app)
    merged(app, "dept-1", into="dept-2")
    merged(app, "dept-2", into="dept-3")
    assert (seen_by(app, HEIR), seen_by(app, STRANGER)) == ((0, 0), (1, 1))
    late = roster.person("late", (Role.DEPARTMENT_FINANCE, "dept-3"))
    appointed(app, late, late.posts[0])
    assert seen_by(app, late) == (1, 1)
    assert [(post.organ, post.via) for post in as_now(app, late).posts] == [("dept-3", ""), ("dept-1", "dept-3"), ("dept-2", "dept-3")]
    with begin(app) as tx:
        assert [organ for who, _, _, organ in people_with_posts(tx) if who == "late"] == ["dept-3"]
        assert [each.id for each in holders_of(tx, Role.DEPARTMENT_FINANCE, "dept-1")] == ["late", "stranger"]
    with journal_on(app) as journal:
        revoke_grant(journal, person="late", post=late.posts[0], reason="调任其他岗位", by=OFFICER, command_id=uuid4())
    assert (seen_by(app, late), as_now(app, late).posts) == ((0, 0), ())


def test_e8_a_session_knows_the_posts_by_heritage_and_signs_under_its_own_first(app: Engine) -> None:
    merged(app, "dept-1", into="dept-2")
    with begin(app) as tx:
        make_account(tx, person=HEIR.id, login=HEIR.id, name=HEIR.name, password_hash="h")
        start_session(tx, "token", HEIR.id)
        session = session_of(tx, "token")
        assert session is not None
        assert [(post.organ, post.via) for post in actor_in(tx, session).posts] == [("dept-2", ""), ("dept-1", "dept-2")]


def test_e8_who_covers_for_an_officer_of_the_successor_covers_at_the_predecessors_desks_too(app: Engine) -> None:
    table, colleague = in_department_review(app), roster.person("colleague", (Role.DEPARTMENT_BUSINESS, "dept-2"))
    appointed(app, colleague, colleague.posts[0])
    with journal_on(app) as journal:
        now = journal.now()
        terms = Terms(now, now + timedelta(days=9), "赴省厅参加业务培训")
        give_cover(journal, principal=as_now(app, HEIR), deputy=as_now(app, colleague), terms=terms, by=as_now(app, HEIR), command_id=uuid4())
    merged(app, "dept-1", into="dept-2")
    assert [[(post.organ) for post in cover.posts] for cover in as_now(app, colleague).covers] == [["dept-1", "dept-2"]]
    assert approves(app, table, colleague).stage == Stage.FINANCE_APPROVAL


def test_e8_nobody_qualified_at_the_successor_leaves_the_task_stranded(app: Engine) -> None:
    table = in_department_review(app)
    with journal_on(app) as journal:
        revoke_grant(journal, person="heir", post=HEIR.posts[0], reason="调任其他岗位", by=OFFICER, command_id=uuid4())
    event = merged(app, "dept-1", into="dept-2")
    with begin(app) as tx:
        assert perhaps_stranded(tx, since=event.at) == (table.id,)


def test_e8_a_merged_units_clerk_goes_on_with_a_post_at_the_successor_or_another_takes_over(app: Engine) -> None:
    with journal_on(app) as journal:
        table = Life(journal).imported().table
    merged(app, "unit-1", into="unit-2")
    assert (as_now(app, roster.CLERK).posts, seen_by(app, roster.OTHER_CLERK)) == ((), (0, 0))
    with journal_on(app) as journal:
        table = hand_over_table(
            journal, table.id, leaver=roster.CLERK, successor=as_now(app, roster.OTHER_CLERK), reason="单位并入博物馆", by=OFFICER, command_id=uuid4()
        )
    assert (table.owner, table.unit, seen_by(app, roster.OTHER_CLERK)) == ("other_clerk", "unit-1", (1, 1))


def test_e8_those_concerned_are_told_once(app: Engine) -> None:
    in_department_review(app)
    event = merged(app, "dept-1", into="dept-2")
    with begin(app) as tx:
        rows = tx.rows("SELECT recipient, rendered ->> 'text' AS text FROM desk.outbox WHERE kind = 'organ.merged' AND channel = 'inbox' ORDER BY recipient")
    told = {row["recipient"]: row["text"] for row in rows}
    assert sorted(told) == ["every_hat", "heir", "officer", "planner", "secrecy"]
    assert ("您在原机构的岗位随之终止" in told["planner"], "今后由贵单位同一岗位办理" in told["heir"]) == (True, True)
    assert "“文化局”并入“旅游局”（清编发〔2026〕3号" in told["heir"]
    assert event.version == 3


def test_e8_the_caches_are_rebuilt_to_the_same_rows(app: Engine) -> None:
    in_department_review(app)
    merged(app, "dept-1", into="dept-2")
    with journal_on(app) as journal:
        found_organ(journal, organ=Organ("dept-4", "体育总会", "department", "bureau"), decree=decree(journal), by=OFFICER, command_id=uuid4())
        rename_organ(journal, organ="dept-2", name="文化和旅游局", code="301", decree=decree(journal), by=OFFICER, command_id=uuid4())
    merged(app, "dept-3", into="dept-2")
    appointed(app, roster.OTHER_CLERK, Post(Role.DEPARTMENT_BUSINESS, "dept-2"))
    with journal_on(app) as journal:
        close_organ(journal, organ="dept-4", decree=decree(journal), by=OFFICER, command_id=uuid4())
    with begin(app) as tx:
        before, organs = caches_as_text(tx), organs_now(tx)
        rebuild(tx)
        assert (caches_as_text(tx)["post"], organs_now(tx)) == (before["post"], organs)
        assert (organs.name("dept-2"), organs.organ("dept-2").code, organs.spoken("dept-4")) == ("文化和旅游局", "301", "体育总会（已撤销）")


def at_once(app: Engine, person: Actor, post: Post) -> None:
    """Give a post without waiting long for anybody."""
    with journal_on(app) as journal:
        journal.tx.run("SET LOCAL lock_timeout = '200ms'")
        give_grant(journal, person=person.id, name=person.name, post=post, by=OFFICER, command_id=uuid4())


def test_e8_a_grant_and_an_end_that_meet_leave_no_post_at_an_ended_organ(app: Engine) -> None:
    new, post = roster.person("new"), Post(Role.CLERK, "unit-1")
    with journal_on(app) as first:
        merge_organs(first, organs=("unit-1",), successor="unit-2", decree=decree(first), by=OFFICER, command_id=uuid4())
        with pytest.raises(GoaltrailError, match="正由他人办理"):
            at_once(app, new, post)
    with pytest.raises(NotAllowed, match="岗位须在承接机构授予"):
        appointed(app, new, post)
    assert as_now(app, new).posts == ()


def test_e8_closing_asks_the_tables_themselves(app: Engine) -> None:
    in_department_review(app)
    with journal_on(app) as journal, pytest.raises(FieldsInvalid, match="还有1张未办结的表"):
        close_organ(journal, organ="unit-1", decree=decree(journal), by=OFFICER, command_id=uuid4())
    with journal_on(app) as journal:
        assert journal.history(ORGANS_STREAM) == ()
