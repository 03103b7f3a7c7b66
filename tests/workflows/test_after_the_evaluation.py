"""N7, N8: points given anew beside the unit's own, rectifications with their days, the draw for the bureau's check."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.commands import evaluating, rectifying
from workflows.commands.recipe import demands_of
from workflows.commands.rescoring import rescore
from workflows.commands.sampling import draw_sample
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.measures.row_points import kind_of
from workflows.measures.sampling import Candidate, draw
from workflows.packs import load_pack
from workflows.rights.lifecycle import decide
from workflows.rights.rescoring import distortion, points_in_force, rows_to_decide
from workflows.vocabulary import SYSTEM, Action, Actor, Grade, Post, Role, Stage

WHY = "佐证材料只能证明部分完成"
PERFORMANCE_TWO = roster.person("performance_two", (Role.FINANCE_PERFORMANCE, roster.BUREAU))


class Year(Life):
    """A life at its year's end."""

    @classmethod
    def evaluating(cls) -> "Year":
        return cls(memory()).in_monitoring().evaluation_opened()

    def figures(self, share="1", **changed):
        rows = self.journal.content(self.table.in_force)["indicators"]
        given = {row["id"]: filed(row, share) for row in rows}
        for number, more in changed.items():
            given[rows[int(number.removeprefix("row"))]["id"]] |= more
        more = {"execution": {"reason": "按合同约定支付"}, "total": {"reason": "各项均有佐证"}}
        return {"executed": "64", "adjusted_budget": "66", "rows": given | more, "summary": "完成"}

    def filed(self, share="1", **changed):
        figures = self.figures(share, **changed)
        self.table = evaluating.file_self_evaluation(
            self.journal, self.table.id, seen=self.seen(), figures=figures, by=roster.CLERK, command_id=uuid4()
        )
        return self

    def agreed(self, *people):
        for by in people:
            self.table = evaluating.accept_self_evaluation(
                self.journal, self.table.id, seen=self.seen(), by=by, command_id=uuid4(), opinion="同意"
            )
        return self

    def rescored(self, by, **rows):
        ids = [each["row"] for each in self.table.evaluation.scores]
        given = {key if key == "execution" else ids[int(key.removeprefix("row"))]: value for key, value in rows.items()}
        self.table = rescore(self.journal, self.table.id, seen=self.seen(), rows=given, by=by, command_id=uuid4())
        return self

    def ordered(self, by, *, deadline="2027-03-31", **more):
        self.table = rectifying.order_rectification(
            self.journal, self.table.id, seen=self.seen(), problem="产出未达标，须补建台账", by=by, command_id=uuid4(),
            deadline=date.fromisoformat(deadline), **more,
        )  # fmt: skip
        return self

    def mended(self, key="r1", by=roster.CLERK):
        self.table = rectifying.report_rectification(
            self.journal, self.table.id, seen=self.seen(), rectification=key, report="台账已补建并复核", by=by,
            command_id=uuid4(),
        )  # fmt: skip
        return self

    def looked_at(self, by, key="r1", **more):
        self.table = rectifying.verify_rectification(
            self.journal, self.table.id, seen=self.seen(), rectification=key, by=by, command_id=uuid4(),
            **{"passed": True, **more},
        )  # fmt: skip
        return self

    def drawn(self, seed="12345"):
        self.tables = draw_sample(
            self.journal, uuid4(), bureau=roster.BUREAU, year=self.table.year, candidates=[candidate(self.table)],
            seed=seed, rules=load_pack("national-2021").sampling, by=roster.FINANCE_PERFORMANCE, command_id=uuid4(),
        )  # fmt: skip
        (self.table,) = self.tables
        return self

    def closed(self, by=roster.FINANCE_PERFORMANCE):
        self.table = evaluating.close_table(
            self.journal, self.table.id, seen=self.seen(), by=by, command_id=uuid4(), opinion="资料齐全"
        )
        return self

    def checked(self):
        check_table(self.table, self.journal.history(self.table.id))
        return self

    def nodes(self):
        return sorted(desk.node for desk in self.table.desks)


def filed(row, share):
    full = row["target"]["value"]
    actual = full if row["target"]["unit"] == "date" or share == "1" else str(Decimal(full) * Decimal(share))
    return {"actual": actual, "reason": "前期准备较长，进度偏慢", "evidence": "验收报告"}


def candidate(table, last=None):
    return Candidate(table.id, Decimal(table.result.total), Grade(table.result.grade), last)


BOTH = (roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE)


def at_the_department(**changed):
    return Year.evaluating().filed(**changed).agreed(roster.UNIT_HEAD)


def test_points_given_anew_stand_beside_the_units_own():
    year = at_the_department()
    own, weight = year.table.evaluation.total, Decimal(year.table.evaluation.scores[0]["weight"])
    year.rescored(roster.DEPARTMENT_FINANCE, row0={"points": str(weight - 2), "reason": WHY}).checked()
    assert year.table.evaluation.total == own
    assert Decimal(year.table.result.total) == Decimal(own) - 2
    assert distortion(year.table) == Decimal(2)
    (row,) = year.table.rescores[0].rows
    assert (row["self"], row["points"], row["decision"], row["reason"]) == (str(weight), str(weight - 2), "rescored", WHY)
    year.agreed(roster.DEPARTMENT_FINANCE).closed().checked()
    assert year.table.stage == Stage.CLOSED


def test_execution_points_can_be_given_anew():
    year = at_the_department().rescored(roster.DEPARTMENT_FINANCE, execution={"points": "9.00", "reason": WHY})
    assert points_in_force(year.table)["execution"] == Decimal("9.00")
    assert year.table.evaluation.execution_points == "9.70"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"points": "-1", "reason": WHY}, "points"), ({"points": "1000", "reason": WHY}, "points"),
        ({"points": "1.005", "reason": WHY}, "points"), ({"points": "很少", "reason": WHY}, "points"),
        ({"points": "1", "reason": "少"}, "reason"), ({"points": "1"}, "reason"),
    ],
)  # fmt: skip
def test_a_row_given_anew_needs_points_within_bounds_and_a_reason(typed, field):
    year = at_the_department()
    with pytest.raises(FieldsInvalid) as refused:
        year.rescored(roster.DEPARTMENT_FINANCE, row0=typed)
    assert [each.pointer.rsplit("/")[-1] for each in refused.value.facts["problems"]] == [field]


def test_nothing_given_anew_is_refused():
    with pytest.raises(FieldsInvalid):
        at_the_department().rescored(roster.DEPARTMENT_FINANCE)


@pytest.mark.parametrize("by", [roster.CLERK, roster.UNIT_HEAD, roster.FINANCE_PERFORMANCE, roster.OTHER_CLERK])
def test_only_the_desk_that_checks_gives_points(by):
    year = at_the_department()
    assert not decide(by, year.table, Action.RESCORE).allowed


def test_s5_who_filed_the_evaluation_does_not_give_points():
    both = Actor(
        roster.CLERK.id, roster.CLERK.name, (*roster.CLERK.posts, Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    )
    assert decide(both, at_the_department().table, Action.RESCORE).rule == "S5"


def test_a_row_that_does_not_apply_waits_for_the_departments_word():
    year = at_the_department(row0={"not_applicable": "是", "reason": "上级取消了该项工作"})
    first, *others = year.table.evaluation.scores
    assert (first["kind"], first["weight"], first["points"]) == ("not_applicable", "0", "0.00")
    assert sum(Decimal(row["weight"]) for row in others) == Decimal(90)
    assert rows_to_decide(year.table) == (first["row"],)
    assert decide(roster.DEPARTMENT_FINANCE, year.table, Action.ACCEPT_SELF_EVALUATION).rule == "G-ROWS"
    year.rescored(roster.DEPARTMENT_FINANCE, row0={"points": "0", "reason": "同意，该项工作确已取消"})
    assert year.table.rescores[0].rows[0]["decision"] == "consented"
    assert year.agreed(roster.DEPARTMENT_FINANCE).checked().nodes() == ["archiving"]


def test_a_target_far_too_low_waits_for_the_departments_word_and_both_stay():
    year = at_the_department()
    rows = year.journal.content(year.table.in_force)["indicators"]
    number = next(n for n, row in enumerate(rows) if kind_of(row, load_pack("ningxia-county")) == "forward")
    twice = {"actual": str(Decimal(rows[number]["target"]["value"]) * 2), "reason": "宣传力度大，完成较多"}
    year = at_the_department(**{f"row{number}": twice})
    row = year.table.evaluation.scores[number]
    weight = Decimal(row["weight"])
    assert (row["points"], row["over"]) == (str(weight), "100.00")
    assert Decimal(row["proposed"]) == (weight * Decimal("0.9")).quantize(Decimal("0.01"))
    with pytest.raises(NotAllowed) as refused:
        year.agreed(roster.DEPARTMENT_FINANCE)
    assert refused.value.rule == "G-ROWS"
    key = f"row{number}"
    kept = year.rescored(roster.DEPARTMENT_FINANCE, **{key: {"points": row["points"], "reason": "指标值经论证，予以认可"}})
    assert kept.table.rescores[0].rows[0]["decision"] == "kept"
    assert kept.agreed(roster.DEPARTMENT_FINANCE).nodes() == ["archiving"]


def test_a_fair_grade_is_not_closed_before_it_was_rectified():
    year = Year.evaluating().filed(share="0.5").agreed(*BOTH)
    assert year.table.result.grade in ("fair", "poor")
    with pytest.raises(NotOpenNow) as refused:
        year.closed()
    assert refused.value.rule == "G-USE"
    year.ordered(roster.FINANCE_PERFORMANCE, measures=("整改", "核减预算"), cut="3.5").checked()
    assert (year.table.rectifications[0].cut, year.table.rectifications[0].cause) == ("3.5", "selfeval")
    with pytest.raises(NotAllowed) as still:
        year.closed()
    assert still.value.rule == "G-RECTIFY"
    year.mended().checked().looked_at(PERFORMANCE_TWO).closed().checked()
    assert year.table.stage == Stage.CLOSED


def test_what_the_grade_asks_for_is_answered_before_anybody_tries():
    """N8: G-USE is an answer of `decide`, as every other reason why not."""
    year = Year.evaluating().filed(share="0.5").agreed(*BOTH)
    asked = demands_of(year.journal, year.table, year.journal.now())
    answer = decide(roster.FINANCE_PERFORMANCE, year.table, Action.CLOSE, demands=asked)
    assert (answer.allowed, answer.rule) == (False, "G-USE")
    assert decide(roster.FINANCE_PERFORMANCE, year.table, Action.CLOSE).allowed


def test_a_day_that_has_not_come_is_answered_before_anybody_tries():
    year = Year(memory()).in_monitoring()
    early = demands_of(year.journal, year.table, year.journal.now())
    late = demands_of(year.journal, year.table, datetime(2027, 3, 1, tzinfo=UTC))
    both = (Action.OPEN_MONITORING, Action.OPEN_SELF_EVALUATION)
    asked = [[decide(roster.FINANCE_PERFORMANCE, year.table, each, demands=when).rule for each in both] for when in (early, late)]
    assert asked == [["G-DATE", "G-DATE"], ["", "G-WINDOW"]]
    assert decide(SYSTEM, year.table, Action.OPEN_SELF_EVALUATION, demands=late).allowed


def test_a_rectification_sent_back_gets_another_day_and_its_task_a_due_moment():
    year = at_the_department().ordered(roster.DEPARTMENT_FINANCE, deadline="2027-03-27")
    desk = year.table.desk("rectification:r1")
    assert (desk.person, desk.role, desk.due_at[:10]) == (roster.CLERK.id, "clerk", "2027-03-29")
    year.mended()
    with pytest.raises(FieldsInvalid):
        year.looked_at(roster.DEPARTMENT_FINANCE, passed=False, opinion="台账仍不完整")
    year.looked_at(roster.DEPARTMENT_FINANCE, passed=False, opinion="台账仍不完整", deadline=date(2027, 4, 30)).checked()
    found = year.table.rectification("r1")
    assert (found.state, found.deadline, found.open) == ("ordered", "2027-04-30", True)
    year.mended().looked_at(roster.DEPARTMENT_FINANCE).checked()
    assert year.table.open_rectifications == ()


def test_a_rectification_of_the_monitoring_goes_on_in_the_self_evaluation():
    year = Year(memory()).in_monitoring().window_opened().ordered(roster.DEPARTMENT_FINANCE, window="w1")
    assert (year.table.rectifications[0].cause, year.table.rectifications[0].window) == ("monitoring", "w1")
    year.evaluation_opened().checked()
    assert year.nodes() == ["evaluation_filing", "rectification:r1"]
    year.filed().agreed(*BOTH)
    assert decide(roster.FINANCE_PERFORMANCE, year.table, Action.CLOSE).rule == "G-RECTIFY"
    year.mended().looked_at(roster.DEPARTMENT_FINANCE).closed().checked()


@pytest.mark.parametrize("by", [roster.CLERK, roster.UNIT_HEAD, roster.FINANCE_BUDGET, roster.OBSERVER])
def test_who_orders_no_rectifications(by):
    assert not decide(by, at_the_department().table, Action.ORDER_RECTIFICATION).allowed


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": "2026-01-01"}, {"deadline": "2029-01-01"}, {"measures": ()}, {"measures": ("罚款",)},
        {"cut": "3"}, {"cut": "-3", "measures": ("核减预算",)}, {"window": "w99"},
    ],
)  # fmt: skip
def test_an_order_that_will_not_do(wrong):
    with pytest.raises(FieldsInvalid):
        at_the_department().ordered(roster.DEPARTMENT_FINANCE, **wrong)


def test_who_reported_the_rectification_does_not_look_at_it():
    year = at_the_department().ordered(roster.DEPARTMENT_FINANCE).mended()
    both = Actor(
        roster.CLERK.id, roster.CLERK.name, (*roster.CLERK.posts, Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    )
    assert decide(both, year.table, Action.VERIFY_RECTIFICATION).rule in ("S5", "S6")


def test_the_bureaus_check_has_a_desk_of_its_own_and_then_the_table_is_closed():
    year = Year.evaluating().filed().agreed(*BOTH).drawn().checked()
    assert year.nodes() == ["evaluation_sampling"]
    assert not decide(roster.FINANCE_PERFORMANCE, year.table, Action.CLOSE).allowed
    year.rescored(PERFORMANCE_TWO, row0={"points": "1", "reason": WHY}).checked()
    year.agreed(PERFORMANCE_TWO)
    assert year.nodes() == ["archiving"]
    year.closed(PERFORMANCE_TWO).checked()


def test_s5_who_gave_points_in_the_department_does_not_check_for_the_bureau():
    year = at_the_department().rescored(roster.DEPARTMENT_FINANCE, row0={"points": "1", "reason": WHY})
    year.agreed(roster.DEPARTMENT_FINANCE).drawn()
    planner = roster.DEPARTMENT_FINANCE
    both = Actor(planner.id, planner.name, (*planner.posts, Post(Role.FINANCE_PERFORMANCE, roster.BUREAU)))
    assert decide(both, year.table, Action.RESCORE).rule == "S5"
    assert decide(PERFORMANCE_TWO, year.table, Action.RESCORE).allowed


def test_a_check_that_sends_the_evaluation_back_is_taken_up_again():
    year = Year.evaluating().filed().agreed(*BOTH).drawn()
    year.table = evaluating.return_self_evaluation(
        year.journal, year.table.id, seen=year.seen(), by=PERFORMANCE_TWO, command_id=uuid4(), reason="佐证材料与完成值不符"
    )
    assert year.nodes() == ["evaluation_filing"]
    year.filed().agreed(*BOTH).checked()
    assert year.nodes() == ["evaluation_sampling"]
    assert year.table.rescores == ()


def test_a_draw_is_recorded_with_seed_list_and_result_and_repeats_itself():
    year = Year.evaluating().filed().agreed(*BOTH)
    journal, sampling, command = year.journal, uuid4(), uuid4()
    words = {
        "bureau": roster.BUREAU, "year": year.table.year, "candidates": [candidate(year.table)], "seed": " 7 ",
        "rules": load_pack("national-2021").sampling, "by": roster.FINANCE_PERFORMANCE, "command_id": command,
    }  # fmt: skip
    (first,) = draw_sample(journal, sampling, **words)
    (again,) = draw_sample(journal, sampling, **words)
    assert first == again
    (recorded,) = journal.history(sampling)
    assert (recorded.fact.seed, recorded.fact.percent) == ("7", "20")
    assert [each["table"] for each in recorded.fact.drawn] == [str(year.table.id)]
    assert first.drawn.sampling == str(sampling)


def test_only_the_performance_section_draws_and_only_what_waits():
    year = Year.evaluating().filed().agreed(roster.UNIT_HEAD)
    words = {
        "bureau": roster.BUREAU, "year": 2026, "candidates": [candidate(year.table)], "seed": "7",
        "rules": load_pack("national-2021").sampling, "command_id": uuid4(),
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        draw_sample(year.journal, uuid4(), by=roster.FINANCE_BUSINESS, **words)
    with pytest.raises(FieldsInvalid):
        draw_sample(year.journal, uuid4(), by=roster.FINANCE_PERFORMANCE, **words)
    with pytest.raises(FieldsInvalid):
        draw_sample(year.journal, uuid4(), by=roster.FINANCE_PERFORMANCE, **{**words, "seed": " "})


def candidates(count, total="85", grade=Grade.GOOD, start=0, last=None):
    return [Candidate(UUID(int=n), Decimal(total), grade, last) for n in range(start, start + count)]


def test_the_lot_takes_a_fifth_rounded_up_beside_all_that_stand_out():
    rules = load_pack("national-2021").sampling
    plain = candidates(11)
    poor, full = candidates(2, "50", Grade.POOR, 100), candidates(1, "100", Grade.EXCELLENT, 200)
    jumped = candidates(1, "85", Grade.GOOD, 300, Decimal("54.99"))
    near = candidates(1, "85", Grade.GOOD, 400, Decimal(55))
    found = draw([*plain, *poor, *full, *jumped, *near], "种子", rules)
    assert [why for _, why in found] == ["grade", "grade", "total", "jump", "lot", "lot", "lot"]
    assert found == draw([*reversed([*plain, *poor, *full, *jumped, *near])], "种子", rules)


def test_another_seed_draws_others_and_nothing_is_drawn_of_nothing():
    rules = load_pack("national-2021").sampling
    drawn = {tuple(draw(candidates(50), str(seed), rules)) for seed in range(20)}
    assert len(drawn) == 20
    assert draw([], "1", rules) == ()


def test_the_lot_is_the_hash_of_seed_and_table():
    """Worked out by hand: sha256 of the seed, a line feed and the table's ID decides."""
    rules, tables = load_pack("national-2021").sampling, candidates(10)
    by_hand = sorted(tables, key=lambda each: hashlib.sha256(b"abc\n" + str(each.table).encode()).digest())[:2]
    assert [table for table, _ in draw(tables, "abc", rules)] == [each.table for each in by_hand]
