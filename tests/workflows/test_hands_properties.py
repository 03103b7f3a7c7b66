"""Tasks through any hands in any order, under chains with one signer and with many: the invariants hold at every step."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.hand_verbs import HANDS, open_hands
from tests.support.hands import PEOPLE, chain, heads, in_review
from tests.support.invariants import check_table
from tests.workflows.test_any_person_any_verb import VERBS, likely
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.rights.permissions import may_read
from workflows.vocabulary import REVIEW_STAGES, SYSTEM

CHAINS = {
    "one": None,
    "opened": chain(),
    "all": chain(unit_head=heads("all")),
    "two of three": chain(unit_head=heads("count", need=2, against="majority")),
    "in order": chain(unit_head=heads("all", ordered=True)),
    "one too few": chain(unit_head=heads("count", need=4, against="majority")),
    "all vote": chain(unit_head=heads("percent", need=50, against="wait")),
}
steps = st.tuples(st.integers(0, 2**64), st.sampled_from(sorted(VERBS)), st.integers(0, 99))
EVERYBODY = (*PEOPLE, SYSTEM)


def likely_among(table):
    """The acts that are open to the people of these tests: those of the lifecycle, and those with tasks."""
    return [*open_hands(PEOPLE, table), *((verb, p) for verb, p in likely(table) if p.id != "every_hat")]


@pytest.mark.parametrize("name", CHAINS)
@given(script=st.lists(steps, min_size=15, max_size=40))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_task_ends_once_whoever_holds_it(name, script):
    life = in_review(CHAINS[name])
    journal, table_id = life.journal, life.table.id
    for number, any_verb, pick in script:
        journal.at += timedelta(minutes=pick * 7)
        before = journal.lock_table(table_id)
        acts = likely_among(before)
        verb, person = acts[number % len(acts)] if pick > 12 and acts else (any_verb, EVERYBODY[number % len(EVERYBODY)])
        words = {"seen": Seen(before.version, before.content_hash), "by": person, "command_id": UUID(int=number)}
        try:
            VERBS[verb](journal, table_id, **words)
        except GoaltrailError:
            assert journal.lock_table(table_id) == before, "a refusal changes nothing"
            continue
        after = journal.lock_table(table_id)
        if verb not in {"edit", "complete"}:
            VERBS[verb](journal, table_id, **words)
            assert journal.lock_table(table_id) == after, "INV16: a repeat changes nothing"
        history = journal.history(table_id)
        check_table(after, history)
        check_signers(after, history)
        check_returns(before, after, history[before.version :])


def check_signers(table, history):
    """Who votes at a node votes once, added signers hang two deep at most, who is copied may read."""
    per_node = Counter((vote.node, vote.person) for vote in table.votes)
    assert max(per_node.values(), default=1) == 1, "nobody has two votes at a node"
    assert max((desk.depth for desk in table.desks), default=0) <= 2
    known = {person.id: person for person in PEOPLE}
    assert all(may_read(known[copy.person], table) for copy in table.copies if table.round), "A18"
    open_now = {desk.task for desk in table.desks}
    if table.desks and table.stage in REVIEW_STAGES:
        free = [desk for desk in table.desks if not set(desk.waits_for) & open_now]
        assert free, "nobody waits in a circle"


def check_returns(before, after, recorded):
    """INV6: votes go by a return, a new submission, the reply or an intervention or their own recall alone."""
    gone = set(before.votes) - set(after.votes)
    takes = {"table.returned", "table.submitted", "table.replied", "task.recalled", "selfeval.opened", "selfeval.filed",
             "selfeval.returned", "admin.intervened"}  # fmt: skip
    kinds = {each.kind for each in recorded}
    assert not gone or kinds & takes, f"INV6: {sorted(kinds)}"
    for each in recorded:
        if each.kind == "task.recalled":
            assert {(vote.node, vote.person) for vote in gone} == {(each.fact.node, each.actor_id)}


@pytest.mark.long
def test_the_walks_reach_every_act_with_a_task():
    """The generator above is of use: within a few hundred steps every act succeeds at least once."""
    done = Counter()
    for definition in CHAINS.values():
        life = in_review(definition)
        for number in range(1, 160):
            table = life.journal.lock_table(life.table.id)
            acts = likely_among(table)
            if not acts:
                break
            rare = min(acts, key=lambda act: (done[act[0]], number * 31 % 17))
            verb, person = rare if number % 3 else acts[number * 7919 % len(acts)]
            words = {"seen": Seen(table.version, table.content_hash), "by": person, "command_id": UUID(int=number * 104_729)}
            try:
                VERBS[verb](life.journal, life.table.id, **words)
            except GoaltrailError:
                done[verb] += 0.2
                continue
            done[verb] += life.journal.lock_table(life.table.id).version > table.version
    missed = {name for name, (action, _) in HANDS.items() if action and done[name] < 1}
    assert missed == set()
