"""How a pack's JSON becomes a Pack: numbers as Decimal, every section with its source."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workflows.packs.pack import (
    Band,
    BlankForm,
    ColourRules,
    DateLadder,
    EvaluationWindow,
    EvidenceRules,
    Execution,
    GradeUse,
    Help,
    LevelOne,
    LevelTwo,
    Pack,
    Ratio,
    Redistribution,
    ReplyRules,
    ReviewRules,
    SamplingRules,
    ScoringRules,
    SuspiciousTarget,
    Template,
    UnitLoop,
    Window,
)
from workflows.packs.prereview import read_prereview
from workflows.vocabulary import Grade

Section = Mapping[str, Any]


def read_pack(resolved: Section, content_hash: str) -> Pack:
    """Build the pack from its resolved JSON (base and overrides already joined)."""
    return Pack(
        name=resolved["name"],
        version=resolved["version"],
        title=resolved["title"],
        hash=content_hash,
        families=tuple(resolved["families"]),
        sources={name: part["source"] for name, part in resolved.items() if isinstance(part, dict)},
        tree=tuple(_level_one(level) for level in resolved["tree"]["level1"]),
        execution=Execution(
            Decimal(resolved["execution"]["weight"]),
            tuple(resolved["execution"]["counted_rows"]),
        ),
        redistribution=tuple(_redistribution(rule) for rule in resolved["redistribution"]["absent"]),
        review=_review(resolved["review_rules"], resolved["required"]),
        words={name: tuple(words) for name, words in resolved["words"].items() if name != "source"},
        suspicious=tuple(_suspicious(rule) for rule in resolved["formulas"]["suspicious"]),
        grades=tuple((Decimal(band["from"]), Grade(band["grade"])) for band in resolved["bands"]["grades"]),
        qualitative=tuple(_band(band) for band in resolved["qualitative"]["bands"]),
        satisfaction=tuple(
            (Decimal(step["from"]), Decimal(step["share"])) for step in resolved["satisfaction"]["ladder"]
        ),
        scoring=_scoring(resolved["scoring"]),
        places=resolved["rounding"]["places"],
        window=Window(resolved["window"]["name"], resolved["window"]["months"], resolved["window"]["due"]),
        colours=_colours(resolved["colours"]),
        clocks={node: days for node, days in resolved["clocks"].items() if node != "source"},
        selfeval=EvaluationWindow(resolved["selfeval"]["opens"], resolved["selfeval"]["due"]),
        prereview=read_prereview(resolved.get("prereview")),
        template=_template(resolved.get("template")),
        blank_form=_blank_form(resolved.get("blank_form")),
        help=_help(resolved.get("help")),
        **_of_the_evaluation(resolved),
    )


def _of_the_evaluation(resolved: Section) -> dict[str, Any]:
    """Return what the sections say that came later: a pack pinned before has none of them, and the feature is off."""
    ladder, mark, evidence = resolved.get("date_ladder"), resolved.get("pass_mark"), resolved.get("evidence")
    sampling, use = resolved.get("sampling"), resolved.get("result_use")
    return {
        "date_ladder": DateLadder(ladder["days"], Decimal(ladder["percent"])) if ladder else None,
        "chosen_pass_mark": Decimal(mark["percent"]) if mark else None,
        "evidence": EvidenceRules(tuple(evidence["methods"]), evidence["survey"]) if evidence else None,
        "sampling": _sampling(sampling) if sampling else None,
        "disclosure_days": resolved["disclosure"]["days"] if "disclosure" in resolved else None,
        "reply": _reply(resolved["reply"]) if "reply" in resolved else None,
        "unit_loop": _unit_loop(resolved["unit_loop"]) if "unit_loop" in resolved else None,
        "adjustment_cut_off": resolved["adjustment"]["cut_off"] if "adjustment" in resolved else None,
        "result_use": {Grade(code): _use(each) for code, each in use["grades"].items()} if use else None,
    }


def _reply(rules: Section) -> ReplyRules:
    return ReplyRules(rules["finance_days"], rules["pass_on_days"], rules["rest_day"] == "next_workday")


def _sampling(rules: Section) -> SamplingRules:
    return SamplingRules(
        Decimal(rules["percent"]), tuple(map(Grade, rules["grades"])), tuple(map(Decimal, rules["totals"])),
        Decimal(rules["jump"]), rules["working_days"],
    )  # fmt: skip


def _unit_loop(rules: Section) -> UnitLoop:
    ratios = (Ratio(each["name"], each["numerator"], each["denominator"], each["change"]) for each in rules["imported"])
    return UnitLoop(rules["monitoring"], rules["selfeval"], tuple(ratios))


def _use(rules: Section) -> GradeUse:
    return GradeUse(rules["use"], rules["rectify"], rules["blocks"], rules["working_days"])


def _template(rules: Section | None) -> Template | None:
    return Template(rules["region"], rules["year"], rules["form"], rules["amount_unit"]) if rules else None


def _blank_form(rules: Section | None) -> BlankForm | None:
    if rules is None:
        return None
    return BlankForm(
        tuple(rules["checkpoints"]), {group: tuple(names) for group, names in rules["details"].items()}
    )


def _help(rules: Section | None) -> dict[str, Help] | None:
    if rules is None:
        return None
    return {
        each["name"]: Help(each["name"], each["text"], each["right"], each["wrong"]) for each in rules["fields"]
    }


def _level_one(level: Section) -> LevelOne:
    classes = tuple(LevelTwo(item["name"], item["requirement"]) for item in level["level2"])
    return LevelOne(level["name"], Decimal(level["weight"]), level["benefit"], classes)


def _redistribution(rule: Section) -> Redistribution:
    return Redistribution(rule["name"], tuple((name, _maybe(points)) for name, points in rule["to"]))


def _review(rules: Section, required: Section) -> ReviewRules:
    return ReviewRules(
        required_fields=tuple(required["fields"]),
        money_parts=tuple(required["money_parts"]),
        quantity_and_quality=tuple(rules["quantity_and_quality"]),
        benefit_needed=rules["benefit_needed"],
        satisfaction_level=rules["satisfaction_level"],
        fixed_level_sums=rules["fixed_level_sums"],
        money_tolerance=Decimal(rules["money_tolerance"]),
        same_target_share=Decimal(rules["same_target_share"]),
        qualitative_share=Decimal(rules["qualitative_share"]),
        low_target_below=Decimal(rules["low_target_below"]),
    )


def _suspicious(rule: Section) -> SuspiciousTarget:
    return SuspiciousTarget(rule["name"], rule["op"], Decimal(rule["below"]), rule["sentence"])


def _band(band: Section) -> Band:
    return Band(band["name"], Decimal(band["from"]), Decimal(band["to"]))


def _scoring(rules: Section) -> ScoringRules:
    return ScoringRules(
        over_fulfilment_reason=Decimal(rules["over_fulfilment_reason"]),
        over_fulfilment_flag=Decimal(rules["over_fulfilment_flag"]),
        execution_reason_below=Decimal(rules["execution_reason_below"]),
        evidence_cap=_maybe(rules["evidence_cap"]),
        pass_mark=_maybe(rules["pass_mark"]),
    )


def _colours(rules: Section) -> ColourRules:
    return ColourRules(
        yellow_below=Decimal(rules["yellow_below"]),
        red_below=Decimal(rules["red_below"]),
        yellow_forecast_below=Decimal(rules["yellow_forecast_below"]),
        red_forecast_below=Decimal(rules["red_forecast_below"]),
        purple_above=Decimal(rules["purple_above"]),
        large_amount_yuan=Decimal(rules["large_amount_yuan"]),
        large_month_day=rules["large_month_day"],
        large_rate_below=Decimal(rules["large_rate_below"]),
        cause_length=rules["cause_length"],
        possibility={name: Decimal(percent) for name, percent in rules["possibility"].items()},
        actual_needed=rules.get("actual_needed", False),
    )


def _maybe(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
