"""8.4 移送: who refers, who reads, who says what became of it; the table itself never changes."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands.referring import answer_referral, make_referral, receivers
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, NotFound, ReasonMissing, TableChangedMeanwhile
from workflows.folds.replay import replay
from workflows.referrals.reading import may_read_referral
from workflows.vocabulary import Cover, Post, Role
from workflows.words.sentences import sentence

WHY = "虚列支出，涉嫌违反财经纪律"
DEPUTY = roster.Actor(
    "deputy", "代理同志", (Post(Role.FINANCE_BUDGET, roster.BUREAU),),
    (Cover("g1", "performance", "performance同志", (Post(Role.FINANCE_PERFORMANCE, roster.BUREAU),)),),
)  # fmt: skip
ELSEWHERE = roster.person("elsewhere", (Role.FINANCE_PERFORMANCE, "bureau-2"))


class Referred(Life):
    """A table somebody may refer."""

    def referred(self, by=roster.FINANCE_PERFORMANCE, *, to="discipline", words=WHY, receiver="", command=None, stream=None):
        return make_referral(
            self.journal, stream or uuid4(), table_id=self.table.id, to=to, words=words, receiver=receiver, by=by,
            command_id=command or uuid4(), doc_no="清财移〔2026〕1号",
        )  # fmt: skip

    def answered(self, referral, outcome, by=roster.FINANCE_LEADER, *, words="书面答复已收到", command=None):
        return answer_referral(
            self.journal, referral.id, seen=referral.version, outcome=outcome, words=words, by=by, command_id=command or uuid4()
        )


def received() -> Referred:
    return Referred(memory()).in_unit_review()


def test_a_referral_stands_on_its_own_stream_and_leaves_the_table_as_it_was():
    life = received()
    before = life.journal.history(life.table.id)
    referral = life.referred(receiver="observer")
    assert (referral.table, referral.to, referral.receiver_name, referral.words) == (life.table.id, "discipline", "observer同志", WHY)
    assert life.journal.history(life.table.id) == before
    assert replay(life.table.id, before) == life.table
    assert [each.subject for each in life.journal.history(referral.id)] == ["referral"]


READERS = {"performance", "leader", "observer"}


def test_only_the_performance_section_the_leader_and_observers_read_it_and_who_made_it_or_receives_it():
    life = received()
    referral = life.referred(roster.FINANCE_BUSINESS, receiver="budget")
    read = {each.id for each in (*roster.PEOPLE, DEPUTY, ELSEWHERE) if may_read_referral(each, referral, life.table)}
    assert read == READERS | {"business", "budget"}
    other = life.referred()
    assert {each.id for each in roster.PEOPLE if may_read_referral(each, other, life.table)} == READERS


def test_whoever_makes_it_and_has_since_gone_to_the_unit_reads_it_no_more():
    life = received()
    referral = life.referred(roster.FINANCE_BUSINESS)
    moved = roster.person("business", (Role.FINANCE_BUSINESS, roster.BUREAU), (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    assert not may_read_referral(moved, referral, life.table)
    assert not may_read_referral(roster.person("business"), referral, life.table)


def test_to_everybody_who_may_not_refer_the_table_is_not_there():
    life = received()
    may = {roster.FINANCE_BUSINESS.id, roster.FINANCE_PERFORMANCE.id, roster.FINANCE_LEADER.id}
    for each in (*roster.PEOPLE, DEPUTY, ELSEWHERE):
        if each.id in may:
            assert life.referred(each).by == each.id
        else:
            with pytest.raises(NotFound):
                life.referred(each)


def test_a_draft_that_never_came_in_is_not_there_either():
    life = Referred(memory()).imported()
    with pytest.raises(NotFound):
        life.referred()


def test_what_became_of_it_is_recorded_until_the_last_word():
    life = received()
    referral = life.referred()
    taken = life.answered(referral, "accepted")
    assert (taken.open, taken.state) == (True, "已受理")
    over = life.answered(taken, "concluded", by=roster.FINANCE_PERFORMANCE)
    assert (over.open, [each.outcome for each in over.answers]) == (False, ["accepted", "concluded"])
    with pytest.raises(NotAllowed, match="已有最后结果"):
        life.answered(over, "declined")


def test_the_answer_is_given_on_what_stands_there_now():
    life = received()
    referral = life.referred()
    life.answered(referral, "accepted")
    with pytest.raises(TableChangedMeanwhile, match="请重新查看"):
        life.answered(referral, "declined")


def test_the_maker_and_the_receiver_answer_an_observer_only_reads():
    life = received()
    referral = life.answered(life.referred(roster.FINANCE_BUSINESS, receiver="budget"), "accepted", by=roster.FINANCE_BUDGET)
    assert life.answered(referral, "concluded", by=roster.FINANCE_BUSINESS).answers[-1].by == "business同志"
    with pytest.raises(NotAllowed):
        life.answered(life.referred(), "accepted", by=roster.OBSERVER)
    with pytest.raises(NotFound):
        life.answered(life.referred(), "accepted", by=roster.FINANCE_BUSINESS)


def test_the_same_command_twice_is_one_act():
    life, command, stream = received(), uuid4(), uuid4()
    first = life.referred(command=command, stream=stream)
    assert life.referred(command=command, stream=stream) == first
    again = uuid4()
    answer = life.answered(first, "declined", command=again)
    assert life.answered(first, "declined", command=again) == answer


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"to": "newspaper"}, FieldsInvalid), ({"words": "短"}, ReasonMissing), ({"receiver": "unit_head"}, FieldsInvalid),
        ({"receiver": "every_hat"}, FieldsInvalid), ({"words": "见机密★文件第三页"}, MarkedAsSecret),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused(wrong, refusal):
    with pytest.raises(refusal):
        received().referred(**wrong)


def test_receivers_are_people_of_the_bureau_who_are_not_concerned():
    life = received()
    assert [each.id for each in receivers(life.journal, life.table)] == ["budget", "business", "leader", "observer", "performance"]


def test_its_sentences_say_who_to_whom_and_why():
    life = received()
    referral = life.answered(life.referred(receiver="leader"), "accepted")
    assert [sentence(each) for each in life.journal.history(referral.id)] == [
        f"performance同志（绩效科）：移送纪检监察机关（清财移〔2026〕1号），接收人leader同志：{WHY}。",
        "leader同志（财政分管领导）：登记移送结果：已受理，书面答复已收到。",
    ]
