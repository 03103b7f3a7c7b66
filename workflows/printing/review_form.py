"""审核表 (财预〔2015〕88号 annex 3): a reviewer's judgement by eight sub-items, blank where nobody has judged."""

from collections.abc import Iterator
from itertools import groupby

from workflows.forms.form import Box, Boxes, Form, Line, Part, Place, label, number
from workflows.packs.review_form import FormItem, ReviewForm
from workflows.printing.paper import BLANK, Paper, chinese_day
from workflows.state.criteria import ASPECTS, Aspect, Criterion
from workflows.state.reviews import Review, ReviewMode
from workflows.vocabulary import Grade

TITLE = "项目支出绩效目标审核表"
HEADS = ("审核内容", "具体内容", "分值", "审核要点", "等级或得分", "审核意见")
WIDTHS = (12, 15, 8, 42, 13, 20)
Row = tuple[Box, ...]


def review_form(paper: Paper) -> Form:
    """Return the review forms that count in this round, one a page; a blank one where there is none."""
    title = paper.review_form.title if paper.review_form else TITLE
    valid: list[Review | None] = [review for review in paper.table.reviews if not review.void] or [None]
    parts: list[Part] = []
    for review in valid:
        parts += [Line(title, Place.TITLE), Line(paper.year, Place.BESIDE_TITLE)]
        parts += [_head(paper, review), _body(paper.review_form, review), _foot(paper, review)]
        parts += _source(paper.review_form)
    return Form(f"{title}：{paper.table.title}", tuple(parts), foot=paper.foot)


def ticked(chosen: str, among: type[Grade] = Grade) -> str:
    """Return the grades as boxes to tick, the chosen one full: ■优　□良."""
    return "　".join(("■" if each.value == chosen else "□") + each.chinese for each in among)


def _head(paper: Paper, review: Review | None) -> Boxes:
    mode = ReviewMode(review.mode).chinese if review else "□一般性项目（定性）\n□重点项目（定量）"
    budget = paper.content["budget"]["total"] or "—"
    return Boxes(
        (16, 39, 15, 40),
        (
            (
                label("项目名称"), Box(paper.table.title),
                label("项目编码"), Box(paper.content.get("project_code") or "—"),
            ),
            (label("主管部门"), Box(paper.department), label("实施单位"), Box(paper.unit)),
            (label(f"资金总额（{paper.unit_of_money}）"), number(budget), label("审核方式"), Box(mode)),
        ),
    )  # fmt: skip


def _body(form: ReviewForm | None, review: Review | None) -> Boxes:
    items = form.items if form else ()
    rows = tuple(_items(items, review)) if items else tuple(_unnumbered())
    total = (label("合计", 2), number(str(sum(item.points for item in items)) if items else ""), Box(""))
    last = (*total, number(review.total if review else ""), Box(""))
    return Boxes(WIDTHS, (tuple(label(name) for name in HEADS), *rows, last), heads=1)


def _items(items: tuple[FormItem, ...], review: Review | None) -> Iterator[Row]:
    for aspect, group in groupby(items, lambda item: item.aspect):
        members = list(group)
        whole = sum(item.points for item in members)
        first: Row = (label(f"{aspect.chinese}\n（{whole}分）", 1, len(members)),)
        for item in members:
            said = dict(review.items.get(item.code, {})) if review else {}
            judged = said.get("points") or (Grade(said["grade"]).chinese if said.get("grade") else "")
            yield (
                *first, label(item.code.chinese), number(str(item.points)), Box(item.question), label(judged),
                Box(said.get("comment", "")),
            )  # fmt: skip
            first = ()


def _unnumbered() -> Iterator[Row]:
    """Yield the sub-items alone, for a rule pack of the time before packs held the form's points and questions."""
    for aspect in Aspect:
        members = [each for each in Criterion if ASPECTS[each] == aspect]
        first: Row = (label(aspect.chinese, 1, len(members)),)
        for each in members:
            yield (*first, label(each.chinese), *(Box("") for _ in range(4)))
            first = ()


def _foot(paper: Paper, review: Review | None) -> Boxes:
    titles = {node.node: node.title for node in paper.chain.nodes}
    by = f"{review.name}（{titles.get(review.node, review.node)}，第{review.round}轮）" if review else ""
    opinion = review.opinion if review else "\n\n"
    return Boxes(
        (16, 39, 15, 40),
        (
            (
                label("综合评定等级"), Box(ticked(review.grade if review else "")),
                label("总得分"), Box(review.total if review else ""),
            ),
            (label("总体意见"), Box(opinion, 3)),
            (label("审核人"), Box(by or BLANK), label("审核日期"), Box(chinese_day(review.at if review else None))),
        ),
    )  # fmt: skip


def _source(form: ReviewForm | None) -> Iterator[Line]:
    if form:
        bands = "，".join(f"{grade.chinese}：{lower}分及以上" for lower, grade in form.bands if lower)
        yield Line(f"等级：{bands}，其余为差。定性审核的得分按等级折算，仅供统计。依据：{form.source}", Place.NOTE)
