"""Pre-review of the money: cells that hold amounts, parts and total, cost rows, amounts in the goals (V-M)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from workflows.content.quantities import MONEY, YEARLY, in_yuan
from workflows.findings.finding import Case, Hit, Hits, number_of

AMOUNT = re.compile(r"^-?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?$|^-?\d+(?:\.\d+)?$")
NAMED_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(亿元|万元|千元|元)")
SHARE = re.compile(
    r"(?P<whole>\d+(?:\.\d+)?)\s*万元[^。；;]*?按\s*(?P<percent>\d+(?:\.\d+)?)\s*[%％]\s*安排"
    r"[^。；;\d]*(?P<part>\d+(?:\.\d+)?)\s*万元",
)
ITEM = re.compile(r"(?:^|(?<=[。；;．\n：:]))\s*\d{1,2}[.．、](?!\d)")
SUM = re.compile(r"(?:合计|共计|总计|小计)[^\d。；;]{0,4}(\d+(?:\.\d+)?)\s*(亿元|万元|千元|元)")
PARTS = {"fiscal": "财政拨款", "other": "其他资金", "carryover": "结转结余"}
Money = Mapping[str, str | None]


def amount(text: str | None) -> Decimal | None:
    """Read an amount cell; None where it is empty or holds anything but an amount."""
    stripped = (text or "").strip()
    return Decimal(re.sub(r"[,，]", "", stripped)) if AMOUNT.match(stripped) else None


def _blocks(case: Case) -> list[tuple[str, Money]]:
    """Return every set of total and parts in the table: the budget and, where printed, what is allocated."""
    blocks = [("/budget", case.content["budget"])]
    if case.content.get("allocated"):
        blocks.append(("/allocated", case.content["allocated"]))
    return blocks


def _cells(case: Case) -> list[tuple[str, str | None]]:
    cells = [(f"{at}/{name}", block[name]) for at, block in _blocks(case) for name in ("total", *PARTS)]
    detail = case.content.get("budget_detail") or {}
    for group, values in detail.items():
        cells += [(f"/budget_detail/{group}/{name}", value) for name, value in values.items()]
    return cells


def amount_cells_hold_amounts(case: Case) -> Hits:
    """V-M6: 金额栏内填的是文字。"""
    for at, value in _cells(case):
        if (value or "").strip() and amount(value) is None:
            yield Hit(at, f"金额栏内不是金额：“{(value or '').strip()[:20]}”。", "请填写金额，或将此栏清空。")
        elif (amount(value) or 0) < 0:
            yield Hit(at, f"金额小于零：“{(value or '').strip()[:20]}”。", "请核对金额。")


def parts_make_the_total(case: Case) -> Hits:
    """V-M1: 各项资金来源之和与总额不符；空栏视为未知，不视为零。"""
    for at, block in _blocks(case):
        total, parts = amount(block["total"]), [amount(block[name]) for name in PARTS]
        if total is None:
            continue
        known = sum((part for part in parts if part is not None), Decimal(0))
        complete = all(block[name] is not None for name in case.pack.review.money_parts)
        off = abs(known - total) > case.pack.review.money_tolerance
        if off and (complete or known > total):
            yield Hit(f"{at}/total", f"资金来源合计{known}，与总额{total}不符。", "请核对总额与各项来源。")


def split_given(case: Case) -> Hits:
    """V-M7: 填了总额，资金来源没有填全。"""
    budget = case.content["budget"]
    total = amount(budget["total"])
    known = sum((amount(budget[name]) or Decimal(0) for name in PARTS), Decimal(0))
    empty = [PARTS[name] for name in case.pack.review.money_parts if not budget[name]]
    if total is not None and empty and known < total - case.pack.review.money_tolerance:
        yield Hit("/budget", f"已填总额{total}，资金来源未填全：{'、'.join(empty)}。", "请补充资金来源，或说明没有。")


def cost_rows_make_the_budget(case: Case) -> Hits:
    """V-M2: 以金额表示的成本指标合计与预算不符（统一换算金额单位）。"""
    cells = [(number_of(row), row["target"]["unit"]) for _, row in case.rows_in("成本")]
    amounts = [in_yuan(number, unit) for number, unit in cells if number is not None and unit]
    total = amount(case.content["budget"]["total"])
    budget = None if total is None else in_yuan(total, case.content["amount_unit"])
    if not amounts or None in amounts or budget is None:
        return
    cost = sum((each for each in amounts if each is not None), Decimal(0))
    if abs(cost - budget) > case.pack.review.money_tolerance * MONEY["万元"]:
        yield Hit("/indicators", f"成本指标合计{cost.normalize():f}元，与预算{budget.normalize():f}元不符。",
                  "请核对成本指标与预算总额。")  # fmt: skip


def goal_amounts_make_the_budget(case: Case) -> Hits:
    """V-M3: 绩效目标中写明的金额合计与预算不符。"""
    total = amount(case.content["budget"]["total"])
    budget = None if total is None else in_yuan(total, case.content["amount_unit"])
    named = NAMED_AMOUNT.findall("\n".join(case.content["goals"]))
    amounts = [Decimal(number) * MONEY[unit] for number, unit in named]
    if budget is None or len(amounts) < 2 or budget in amounts or sum(amounts) == budget:
        return
    total_named = sum(amounts, Decimal(0))
    yield Hit("/goals", f"目标中所列金额合计{total_named.normalize():f}元，与预算{budget.normalize():f}元不符。",
              "请核对目标中的金额。")  # fmt: skip


def purpose_amounts_make_the_budget(case: Case) -> Hits:
    """V-M4: 资金用途分项列明的金额合计与预算不符。"""
    total = amount(case.content["budget"]["total"])
    budget = None if total is None else in_yuan(total, case.content["amount_unit"])
    items = [_item_amount(item) for item in ITEM.split(case.content["purpose"] or "")[1:]]
    known = [each for each in items if each is not None]
    if budget is None or len(items) < 2 or known != items:
        return
    listed = sum(known, Decimal(0))
    if abs(listed - budget) > case.pack.review.money_tolerance * MONEY["万元"]:
        sentence = f"用途分项合计{listed.normalize():f}元，与预算{budget.normalize():f}元不符。"
        yield Hit("/purpose", sentence, "请核对用途中的金额。")


def _item_amount(item: str) -> Decimal | None:
    """Return what an item comes to in yuan: its last sum (`合计…`), else its largest amount; None for no amount."""
    sums, named = SUM.findall(item), NAMED_AMOUNT.findall(item)
    amounts = [Decimal(number) * MONEY[unit] for number, unit in sums[-1:] or named]
    return max(amounts, default=None)


def shares_are_right(case: Case) -> Hits:
    """V-M5: 文中“总额……按比例……安排”的比例与金额不符。"""
    for found in SHARE.finditer(case.content["purpose"] or ""):
        exact = Decimal(found["whole"]) * Decimal(found["percent"]) / 100
        if abs(exact - Decimal(found["part"])) > case.pack.review.money_tolerance:
            share = f"{found['whole']}万元的{found['percent']}%"
            sentence = f"{share}是{exact.normalize():f}万元，文中写{found['part']}万元。"
            yield Hit("/purpose", sentence, "请核对比例与金额。")


def one_money_unit(case: Case) -> Hits:
    """V-M8: 成本指标与本表所用的金额单位不同。"""
    for at, row in case.rows_in("成本"):
        unit = YEARLY.sub("", row["target"]["unit"] or "")
        if unit in MONEY and unit != case.content["amount_unit"]:
            sentence = f"此行以“{unit}”计，本表以“{case.content['amount_unit']}”计。"
            yield Hit(f"{at}/target", sentence, "请统一金额单位。")
