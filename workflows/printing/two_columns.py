"""The region family's two columns of money and goals on the approval sheet, with what differs marked in 【】."""

from workflows.content.two_columns import TwoColumns, two_columns
from workflows.forms.form import Box, Boxes, Line, Part, Place, label, number
from workflows.printing.paper import Paper

HEADING = "项目总额与本级已分配资金对照"


def side_by_side(paper: Paper) -> tuple[Part, ...]:
    """Return both columns of a table that has two, nothing for any other."""
    both = two_columns(paper.content)
    if both is None:
        return ()
    heads = (label(f"资金（{both.unit}）"), label("项目年度资金"), label("本级已分配"), label("差额"))
    money = tuple(
        (
            label(each.name), number(each.whole or "—"), number(each.allocated or "—"),
            number("—" if each.difference is None else str(each.difference)),
        )
        for each in both.money
    )  # fmt: skip
    goals = (label("绩效目标"), Box(_said(both, allocated=False)), Box(_said(both, allocated=True), 2))
    return (Line(HEADING, Place.HEADING), Boxes((18, 41, 25, 16), (heads, *money, goals), 1), _remark(both))


def _said(both: TwoColumns, *, allocated: bool) -> str:
    texts = ((piece.same, piece.new if allocated else piece.old) for piece in both.goals)
    return "".join(text if same or not text else f"【{text}】" for same, text in texts) or "—"


def _remark(both: TwoColumns) -> Line:
    money = "资金两栏一致" if both.same_money else "资金两栏不一致"
    goals = f"绩效目标有{both.differences}处不同，以【】标出" if both.differences else "绩效目标两栏逐字相同"
    return Line(f"{money}；{goals}。", Place.NOTE)
