"""The table of pre-review rules (domain.md 13): ID, severity and the function that looks."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.findings import classes, completeness, money, plans_and_dates, target_values
from workflows.findings.finding import Case, Hits


@dataclass(frozen=True)
class Rule:
    """One rule; severity B blocks submitting, W asks for a reason, I informs the reviewer."""

    id: str
    severity: str
    looks: Callable[[Case], Hits]


RULES = (
    Rule("V-C1", "B", completeness.required_cells_filled),
    Rule("V-C2", "B", completeness.required_classes_present),
    Rule("V-C3", "B", completeness.quantity_and_quality_present),
    Rule("V-C4", "B", completeness.benefit_present),
    Rule("V-C5", "W", completeness.satisfaction_present),
    Rule("V-M1", "B", money.parts_make_the_total),
    Rule("V-M2", "W", money.cost_rows_make_the_budget),
    Rule("V-M3", "W", money.goal_amounts_make_the_budget),
    Rule("V-M5", "I", money.shares_are_right),
    Rule("V-M6", "B", money.amount_cells_hold_amounts),
    Rule("V-M7", "W", money.split_given),
    Rule("V-M8", "W", money.one_money_unit),
    Rule("V-P1", "B", plans_and_dates.plan_rises_to_one_hundred),
    Rule("V-P2", "W", plans_and_dates.plan_has_more_than_its_end),
    Rule("V-K1", "W", classes.execution_not_under_quality),
    Rule("V-K2", "W", classes.paying_not_under_timeliness),
    Rule("V-K3", "W", classes.effects_in_their_class),
    Rule("V-K4", "W", classes.satisfaction_measures_satisfaction),
    Rule("V-K5", "W", classes.cost_names_an_amount),
    Rule("V-T0", "W", target_values.target_not_zero),
    Rule("V-T1", "W", target_values.targets_differ),
    Rule("V-T2", "W", target_values.mostly_measurable),
    Rule("V-T3", "W", target_values.target_says_something),
    Rule("V-T5", "W", target_values.target_high_enough),
    Rule("V-T6", "B", target_values.target_possible),
    Rule("V-T7", "W", target_values.target_fits_its_formula),
    Rule("V-T8", "I", target_values.target_readable),
    Rule("V-D1", "B", plans_and_dates.dates_inside_the_year),
    Rule("V-D2", "W", classes.basis_names_its_figures),
    Rule("V-D3", "I", classes.basis_adds_something),
    Rule("V-S1", "I", classes.classes_in_order),
    Rule("V-S3", "W", classes.names_differ),
    Rule("V-S4", "I", classes.text_without_markup),
    Rule("V-W1", "B", completeness.weights_make_one_hundred),
    Rule("V-W2", "W", completeness.any_weight_given),
    Rule("V-X1", "W", completeness.sensitive_words),
    Rule("V-X2", "B", completeness.disclosure_marked),
)
