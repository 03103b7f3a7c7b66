"""The table of pre-review rules (domain.md 13): ID, severity and the function that looks."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.findings import (
    appraisal,
    classes,
    completeness,
    goals_and_rows,
    last_year,
    money,
    plans_and_dates,
    target_values,
    target_wording,
    texts,
)
from workflows.findings.finding import Case, Hits


@dataclass(frozen=True)
class Rule:
    """One rule; severity B blocks submitting, W asks for a reason, I informs the reviewer.

    A rule `by_words` stands on the pack's section `prereview` and keeps silent where a pack pinned before has none.
    """

    id: str
    severity: str
    looks: Callable[[Case], Hits]
    by_words: bool = False

    @property
    def text(self) -> str:
        """What the rule finds, in Chinese: its function's docstring behind the ID."""
        return (self.looks.__doc__ or "").strip().partition(": ")[2]

    def hits(self, case: Case) -> Hits:
        """Look at a table, unless its pack does not know the rule."""
        if not self.by_words or case.pack.prereview is not None:
            yield from self.looks(case)


RULES = (
    Rule("V-C1", "B", completeness.required_cells_filled),
    Rule("V-C2", "B", completeness.required_classes_present),
    Rule("V-C3", "B", completeness.quantity_and_quality_present),
    Rule("V-C4", "B", completeness.benefit_present),
    Rule("V-C5", "W", completeness.satisfaction_present),
    Rule("V-C6", "I", texts.classes_left_blank, by_words=True),
    Rule("V-C7", "W", texts.texts_whole, by_words=True),
    Rule("V-M1", "B", money.parts_make_the_total),
    Rule("V-M2", "W", money.cost_rows_make_the_budget),
    Rule("V-M3", "W", money.goal_amounts_make_the_budget),
    Rule("V-M4", "I", money.purpose_amounts_make_the_budget, by_words=True),
    Rule("V-M5", "I", money.shares_are_right),
    Rule("V-M6", "B", money.amount_cells_hold_amounts),
    Rule("V-M7", "W", money.split_given),
    Rule("V-M8", "W", money.one_money_unit),
    Rule("V-P1", "B", plans_and_dates.plan_rises_to_one_hundred),
    Rule("V-P2", "W", plans_and_dates.plan_has_more_than_its_end),
    Rule("V-P3", "I", plans_and_dates.plan_of_its_own, by_words=True),
    Rule("V-K1", "W", classes.execution_not_under_quality),
    Rule("V-K2", "W", classes.paying_not_under_timeliness),
    Rule("V-K3", "W", classes.effects_in_their_class),
    Rule("V-K4", "W", classes.satisfaction_measures_satisfaction),
    Rule("V-K5", "W", classes.cost_names_an_amount),
    Rule("V-K6", "W", classes.result_instead_of_action, by_words=True),
    Rule("V-K7", "W", classes.target_answers_its_name, by_words=True),
    Rule("V-T0", "W", target_values.target_not_zero),
    Rule("V-T1", "W", target_values.targets_differ),
    Rule("V-T2", "W", target_values.mostly_measurable),
    Rule("V-T3", "W", target_values.target_says_something),
    Rule("V-T4", "W", target_wording.percentage_has_a_base, by_words=True),
    Rule("V-T5", "W", target_values.target_high_enough),
    Rule("V-T6", "B", target_values.target_possible),
    Rule("V-T7", "W", target_values.target_fits_its_formula),
    Rule("V-T8", "I", target_values.target_readable),
    Rule("V-T9", "W", target_wording.target_of_this_year, by_words=True),
    Rule("V-T10", "W", target_wording.bound_says_enough, by_words=True),
    Rule("V-R2", "W", goals_and_rows.department_lists_its_rows, by_words=True),
    Rule("V-R3", "W", goals_and_rows.counts_agree, by_words=True),
    Rule("V-R4", "W", goals_and_rows.measurable_goals_have_rows, by_words=True),
    Rule("V-R5", "W", goals_and_rows.dated_goals_have_dates, by_words=True),
    Rule("V-R6", "I", goals_and_rows.rows_come_from_goals, by_words=True),
    Rule("V-D1", "B", plans_and_dates.dates_inside_the_year),
    Rule("V-D2", "W", classes.basis_names_its_figures),
    Rule("V-D3", "I", classes.basis_adds_something),
    Rule("V-S1", "I", classes.classes_in_order),
    Rule("V-S2", "I", texts.one_name_for_one_thing, by_words=True),
    Rule("V-S3", "W", classes.names_differ),
    Rule("V-S4", "I", classes.text_without_markup),
    Rule("V-W1", "B", completeness.weights_make_one_hundred),
    Rule("V-W2", "W", completeness.any_weight_given),
    Rule("V-X1", "W", completeness.sensitive_words),
    Rule("V-X2", "B", completeness.disclosure_marked),
    Rule("V-H1", "I", last_year.something_changed, by_words=True),
    Rule("V-H2", "W", last_year.not_below_last_year, by_words=True),
    Rule("V-H3", "B", last_year.no_poor_grade_unmended),
    Rule("V-H4", "I", last_year.no_poor_grade_under_another_name, by_words=True),
    Rule("V-A1", "B", appraisal.new_project_appraised),
    Rule("V-U1", "B", target_wording.unit_fits_the_name, by_words=True),
)
