"""The lint of rule packs: sources, names and sets that the product reads by; every check by its rule."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workflows.packs.form import PackForm
from workflows.packs.lint_numbers import FULL, NUMBERS
from workflows.packs.shipped import FAMILY_NAMES, NATIONAL, PACK_NAMES, pack_content
from workflows.published.remarks import Remark, Severity, error, warning
from workflows.state.appraisals import Support
from workflows.state.criteria import Criterion
from workflows.vocabulary import Grade

Content = Mapping[str, Any]
SHORTEST_SOURCE = 5
NAMED = (("clocks", ""), ("words", ""), ("colours", "possibility"))
"""Sections (and the item in them) out of which the product reads by name: all names of the national pack are needed."""


def lint(content: Content) -> tuple[Remark, ...]:
    """Return everything wrong or odd about a pack whose form is right; errors first. `node` names the section."""
    remarks = [remark for check in CHECKS for remark in check(content)]
    return tuple(sorted(remarks, key=lambda remark: (remark.severity != Severity.ERROR, remark.rule)))


def sources(content: Content) -> Iterator[Remark]:
    """P-01: every section says where its numbers come from, in more than a word."""
    for name, section in content.items():
        if isinstance(section, Mapping) and len(str(section.get("source", "")).strip()) < SHORTEST_SOURCE:
            yield error("P-01", "缺少来源（source），或来源过于简略", name)


def names(content: Content) -> Iterator[Remark]:
    """P-02: the pack replaces one that the product knows, and serves families that it knows."""
    if content["name"] not in PACK_NAMES:
        yield error("P-02", f"规则包名称“{content['name']}”不在已有的规则包之中：{'、'.join(PACK_NAMES)}", "name")
    for family in content["families"]:
        if family not in FAMILY_NAMES:
            yield error("P-02", f"没有名为“{family}”的表式", "families")


def tree(content: Content) -> Iterator[Remark]:
    """P-04: no class twice; the classes that the review rules name are in the tree."""
    levels = content["tree"]["level1"]
    second = [item["name"] for level in levels for item in level["level2"]]
    for name, times in Counter([*(level["name"] for level in levels), *second]).items():
        if times > 1:
            yield error("P-04", f"指标体系中“{name}”出现{times}次", "tree")
    rules = content["review_rules"]
    for name in rules["quantity_and_quality"]:
        if name not in second:
            yield error("P-04", f"机审所指的“{name}”不在指标体系的二级指标中", "review_rules")
    satisfaction = rules["satisfaction_level"]
    if satisfaction is not None and satisfaction not in [level["name"] for level in levels]:
        yield error("P-04", f"机审所指的“{satisfaction}”不在指标体系的一级指标中", "review_rules")


def names_read(content: Content) -> Iterator[Remark]:
    """P-12: clocks, word lists and possibilities have all names that the product asks for."""
    national = pack_content(NATIONAL)
    for section, item in NAMED:
        wanted, there = (each[section][item] if item else each[section] for each in (national, content))
        missing = [name for name in wanted if name not in there]
        if missing:
            yield error("P-12", f"缺少：{'、'.join(missing)}", section)


def evidence(content: Content) -> Iterator[Remark]:
    """P-13: the survey is one of the methods."""
    rules = content.get("evidence")
    if rules and rules["survey"] not in rules["methods"]:
        yield error("P-13", f"问卷方式“{rules['survey']}”不在取值方式之中", "evidence")


def review_form(content: Content) -> Iterator[Remark]:
    """P-14: the review form asks each of the eight sub-items once, for 100 points, and every grade has its share."""
    form = content.get("review_form")
    if form is None:
        return
    items = [item for group in form["criteria"] for item in group["items"]]
    if sorted(item["code"] for item in items) != sorted(map(str, Criterion)):
        yield error("P-14", "审核表应有八项审核要点各一次", "review_form")
    total = sum((Decimal(item["points"]) for item in items), Decimal(0))
    if total != FULL:
        yield error("P-14", f"审核要点分值合计为{total}分，应为100分", "review_form")
    if set(form["shares"]) != set(map(str, Grade)):
        yield error("P-14", "优、良、中、差四等都要有折算比例", "review_form")


def result_use(content: Content) -> Iterator[Remark]:
    """P-15: every grade has a consequence."""
    if "result_use" in content and set(content["result_use"]["grades"]) != set(map(str, Grade)):
        yield error("P-15", "优、良、中、差四等都要写明结果应用", "result_use")


def appraisal(content: Content) -> Iterator[Remark]:
    """P-17: the appraisal sheet asks each item once, for 100 points; every grade has its share, the results descend."""
    sheet = content.get("appraisal")
    if sheet is None:
        return
    items = [item for aspect in sheet["aspects"] for item in aspect["items"]]
    if len({item["code"] for item in items}) < len(items):
        yield error("P-17", "事前绩效评估的要点编号重复", "appraisal")
    total = sum((Decimal(item["points"]) for item in items), Decimal(0))
    if total != FULL:
        yield error("P-17", f"事前绩效评估的要点分值合计为{total}分，应为100分", "appraisal")
    if set(sheet["shares"]) != set(map(str, Grade)):
        yield error("P-17", "优、良、中、差四等都要有折算比例", "appraisal")
    lowers = [Decimal(band["from"]) for band in sheet["bands"]]
    if [band["result"] for band in sheet["bands"]] != list(map(str, Support)) or lowers[-1] or lowers != sorted(
        set(lowers), reverse=True
    ):
        yield error("P-17", "结论应依次为予以支持、部分支持、不予支持，分数线由高到低，最低从0分起", "appraisal")


def unknown_sections(content: Content) -> Iterator[Remark]:
    """P-16: a section that the product does not read changes nothing; a misspelt name would go unnoticed."""
    for name in content:
        if name not in PackForm.model_fields:
            yield warning("P-16", f"“{name}”不是本软件读取的节，请核对名称", name)


CHECKS: Sequence[Callable[[Content], Iterator[Remark]]] = (
    sources, names, tree, names_read, evidence, review_form, result_use, appraisal, unknown_sections, *NUMBERS,
)  # fmt: skip
