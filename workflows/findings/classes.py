"""Pre-review of where indicators stand and how they are named: class, order, doubles, basis (V-K, V-S, V-D2, V-D3)."""

import re

from workflows.content.quantities import unit_of
from workflows.findings.finding import Case, Hit, Hits, raw_of

EXECUTION = re.compile(r"(资金|预算|经费|支出).{0,4}执行(率|情况)|执行率")
PAYING = re.compile(r"支出进度|(资金|经费|预算).{0,10}(下达|拨付|支付|到位)")
PAST = re.compile(r"(过去|往年|历年|近[几两二三四五\d]+年|前[几两二三四五\d]+年|以往)")
SATISFACTION = re.compile(r"满意|投诉|好评|认可")
MISPLACED = (
    ("经济效益", re.compile(r"(设备|系统|设施)使用率")),
    ("生态效益", re.compile(r"安全(性|运行|保障|程度|事故)")),
)
MARKUP = re.compile(r"</?[a-zA-Z][^>]*>|\[bookmark:[^\]]*\]|&nbsp;")


def execution_not_under_quality(case: Case) -> Hits:
    """V-K1: 把预算执行作为质量指标。"""
    for at, row in case.rows_in("质量"):
        if EXECUTION.search(row["level3"]) or EXECUTION.search(row.get("description") or ""):
            yield Hit(at, f"“{row['level3']}”反映预算执行，不是质量。", "预算执行率另行计分，请改设质量指标。")


def paying_not_under_timeliness(case: Case) -> Hits:
    """V-K2: 把支出进度、资金下达或拨付作为时效指标。"""
    for at, row in case.rows_in("时效"):
        if PAYING.search(row["level3"]):
            yield Hit(at, f"“{row['level3']}”反映资金支付，不是工作完成时间。", "请改设反映工作完成时间的时效指标。")


def effects_in_their_class(case: Case) -> Hits:
    """V-K3: 把设备使用率作为经济效益，或把安全性作为生态效益。"""
    for level2, pattern in MISPLACED:
        for at, row in case.rows_in(level2):
            if pattern.search(row["level3"]):
                yield Hit(at, f"“{row['level3']}”不反映{level2}。", "请改放合适的二级指标，或改设反映该效益的指标。")


def satisfaction_measures_satisfaction(case: Case) -> Hits:
    """V-K4: 满意度指标衡量的不是满意度。"""
    for at, row in case.rows_in("满意度"):
        if not SATISFACTION.search(row["level3"]) and not SATISFACTION.search(row.get("description") or ""):
            yield Hit(at, f"“{row['level3']}”没有衡量满意度。", "请写明谁的满意度、如何调查。")


def cost_names_an_amount(case: Case) -> Hits:
    """V-K5: 成本指标没有金额或比率。"""
    for at, row in case.rows_in("成本"):
        if row["target"]["unit"] is None:
            yield Hit(f"{at}/target", f"成本指标“{row['level3']}”没有金额或比率。", "请填写成本控制数。")


def result_instead_of_action(case: Case) -> Hits:
    """V-K6: 以“组织”“开展”一类工作内容为指标，却以百分比为指标值。"""
    rules = case.prereview
    for at, row in case.rows:
        words = (row["level3"], row.get("description") or "")
        action = next((word for word in words if word.startswith(rules.actions)), None)
        if action and unit_of(row) == "%" and not row["level3"].endswith(rules.rate_words):
            sentence = f"“{action[:20]}”是工作内容，不是指标，却以百分比为指标值。"
            yield Hit(at, sentence, "请改为可计数的产出或有计算公式的比率。")


def target_answers_its_name(case: Case) -> Hits:
    """V-K7: 指标名称要求一个数，指标值只有文字。"""
    for at, row in case.rows:
        raw = raw_of(row)
        asks = row["level3"].rstrip("。；;").endswith(case.prereview.asks_for_number)
        if asks and raw.strip() and not re.search(r"[\d零一二三四五六七八九十百千万半]", raw):
            yield Hit(f"{at}/target", f"“{row['level3']}”要求一个数，指标值是“{raw}”。", "请填写数值。")


def basis_names_its_figures(case: Case) -> Hits:
    """V-D2: 确定依据只提往年情况，没有写明数值。"""
    for at, row in case.rows:
        basis = row.get("basis") or ""
        if PAST.search(basis) and not re.search(r"\d{2,}|\d+\s*[%％次个件人万元]", PAST.sub("", basis)):
            yield Hit(f"{at}/basis", f"依据“{basis[:20]}”没有写明以往的数值。", "请写明以往年度的实际数。")


def basis_adds_something(case: Case) -> Hits:
    """V-D3: 确定依据只是重复指标值。"""
    for at, row in case.rows:
        basis, value = re.sub(r"\s+", "", row.get("basis") or ""), row["target"]["value"]
        if value and re.search(rf"达到指标的{re.escape(value)}%", basis):
            yield Hit(f"{at}/basis", "确定依据只是重复指标值。", "请写明指标值从何而来。")


def classes_in_order(case: Case) -> Hits:
    """V-S1: 二级指标的次序与表式不同。"""
    order = [each.name for level in case.pack.tree for each in level.level2]
    furthest = -1
    for at, row in case.rows:
        if row["level2"] not in order:
            continue
        if order.index(row["level2"]) < furthest:
            yield Hit(at, f"“{row['level2']}”的次序与表式不同。", "请按表式次序排列。")
            return
        furthest = order.index(row["level2"])


def names_differ(case: Case) -> Hits:
    """V-S3: 同一类别中三级指标重名。"""
    seen: set[tuple[str, str]] = set()
    for at, row in case.rows:
        key = (row["level2"] or "", re.sub(r"\s+", "", row["level3"] or ""))
        if key in seen and key[1]:
            yield Hit(f"{at}/level3", f"三级指标“{row['level3']}”重复。", "请合并或改名。")
        seen.add(key)


def text_without_markup(case: Case) -> Hits:
    """V-S4: 文字中有排版标记残留。"""
    for name in ("title", "purpose"):
        if MARKUP.search(case.content[name] or ""):
            yield Hit(f"/{name}", "文字中有排版标记残留。", "请删去标记。")
    for at, row in case.rows:
        for name in ("level3", "description", "basis"):
            if MARKUP.search(row.get(name) or ""):
                yield Hit(f"{at}/{name}", "文字中有排版标记残留。", "请删去标记。")
