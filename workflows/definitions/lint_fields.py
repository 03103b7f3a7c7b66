"""Checks of a chain's field rights, D-60 to D-63: what nobody could write, or is promised to somebody who never can."""

from collections import Counter
from collections.abc import Iterator

from workflows.definitions.chain import Chain
from workflows.definitions.field_rights import CONTENT, FieldGroup, Once, Right, Rights
from workflows.definitions.usual_rights import usual_rights
from workflows.published.remarks import Remark, error
from workflows.vocabulary import Role, Stage

F = FieldGroup
NEEDED: tuple[tuple[Stage, Role, tuple[FieldGroup, ...]], ...] = (
    (Stage.DRAFT, Role.CLERK, CONTENT),
    (Stage.FINANCE_APPROVAL, Role.FINANCE_BUDGET, (F.DOC_NO,)),
    (Stage.MONITORING, Role.CLERK, (F.MONITORING, F.RECTIFICATION)),
    (Stage.SELF_EVALUATION, Role.CLERK, (F.SELF_EVALUATION, F.RECTIFICATION)),
    (Stage.SELF_EVALUATION, Role.DEPARTMENT_FINANCE, (F.RESCORING,)),
)
"""What has to be filled in before a table comes further, and who alone is ever asked for it."""
MONEY_COMES_FROM = (Stage.MONITORING, Stage.SELF_EVALUATION)


def nobody_writes(chain: Chain) -> Iterator[Remark]:
    """D-60: whatever a table needs on its way can be written by somebody."""
    if chain.rights is None:
        return
    for stage, role, groups in NEEDED:
        missing = [group for group in groups if group not in chain.rights.of(stage, role)]
        if missing:
            yield _nobody(stage, missing, role)
    for stage in MONEY_COMES_FROM:
        if not any(F.EXECUTED in chain.rights.of(stage, role) for role in Role):
            yield _nobody(stage, [F.EXECUTED], Role.CLERK)
    yield from _forms_that_nobody_fills(chain, chain.rights)
    yield from _comments_without_answer(chain.rights)


def beyond_the_steps(chain: Chain) -> Iterator[Remark]:
    """D-61: a right that no step of the chain gives is none: nobody finds a form for it."""
    if chain.rights is None:
        return
    usual = usual_rights(chain)
    for each in chain.rights.entries:
        beyond = sorted((each.write - usual.of(each.stage, each.role)), key=list(FieldGroup).index)
        if beyond:
            sentence = f"{_where(each)}没有办理“{_names(beyond)}”的入口，写在字段权限中也无法填写。"
            yield error("D-61", sentence)


def badly_narrowed(chain: Chain) -> Iterator[Remark]:
    """D-62: one entry for each stage, role and situation; what narrows has something to narrow."""
    if chain.rights is None:
        return
    counts = Counter((each.stage, each.role, each.once) for each in chain.rights.entries)
    for each in dict.fromkeys(chain.rights.entries):
        if counts[each.stage, each.role, each.once] > 1:
            yield error("D-62", f"{_where(each)}的字段权限写了不止一条，请合并。")
        elif each.once and each.stage != Stage.DRAFT:
            yield error("D-62", f"{_where(each)}：只有编制阶段的内容会因退回或直接完善而收窄。")
        elif each.once and not chain.rights.of(each.stage, each.role):
            yield error("D-62", f"{_where(each)}：收窄的条目之外，还须写明平时可以填写什么。")
        elif each.listed and each.once != Once.RETURNED:
            yield error("D-62", f"{_where(each)}：“退回所列之处”（returned）只能写在退回修改时（once：returned）。")


def nothing_left(chain: Chain) -> Iterator[Remark]:
    """D-63: a table that came back can be mended: some of its content may still be written."""
    for each in chain.rights.entries if chain.rights else ():
        if each.once and not each.listed and not each.write & {*CONTENT}:
            yield error("D-63", f"{_where(each)}什么内容都不能改，退回的表无法修改。")


def _nobody(stage: Stage, groups: list[FieldGroup], role: Role) -> Remark:
    names = _names(groups)
    return error("D-60", f"“{stage.chinese}”阶段没有人能填写“{names}”：请写入{role.chinese}可以填写的字段。")


def _forms_that_nobody_fills(chain: Chain, rights: Rights) -> Iterator[Remark]:
    for node in chain.review_nodes():
        signing = {each.role for each in node.signers}
        if node.review and not any(F.REVIEW_FORM in rights.of(node.stage, role) for role in signing):
            sentence = f"环节“{node.title}”须填写审核表，但没有一位签署人可以填写“{F.REVIEW_FORM.chinese}”。"
            yield error("D-60", sentence, node.node)


def _comments_without_answer(rights: Rights) -> Iterator[Remark]:
    commented = any(F.COMMENTS in each.write for each in rights.entries)
    answered = any(F.ANSWERS in each.write for each in rights.entries if each.stage == Stage.DRAFT and not each.once)
    if commented and not answered:
        yield _nobody(Stage.DRAFT, [F.ANSWERS], Role.CLERK)


def _where(each: Right) -> str:
    when = each.once.chinese if each.once else ""
    return f"“{each.stage.chinese}”阶段{when}，{each.role.chinese}"


def _names(groups: list[FieldGroup]) -> str:
    return "、".join(group.chinese for group in groups)


FIELDS = (nobody_writes, beyond_the_steps, badly_narrowed, nothing_left)
