"""The field rights of a chain that says nothing of them: what the steps let each role write, stage by stage (M3)."""

from collections.abc import Iterator

from workflows.definitions.chain import Chain
from workflows.definitions.field_rights import CONTENT, FieldGroup, Right, Rights
from workflows.state.executions import IMPORTING
from workflows.vocabulary import REVIEW_STAGES, UNIT_ROLES, Role, Stage

F = FieldGroup
CORRECTED_IN = (Stage.MONITORING, Stage.SELF_EVALUATION, Stage.CLOSED, Stage.TERMINATED)
"""Where the performance section corrects names and codes of a version in force, or that was (更正)."""
AFTER_THE_REPLY: tuple[tuple[Stage, Role, tuple[FieldGroup, ...]], ...] = (
    (Stage.MONITORING, Role.CLERK, (F.ATTACHMENTS, F.MONITORING, F.EXECUTED, F.RECTIFICATION)),
    (Stage.SELF_EVALUATION, Role.CLERK, (F.ATTACHMENTS, F.SELF_EVALUATION, F.EXECUTED, F.RECTIFICATION)),
    (Stage.SELF_EVALUATION, Role.DEPARTMENT_FINANCE, (F.RESCORING,)),
    (Stage.SELF_EVALUATION, Role.FINANCE_PERFORMANCE, (F.RESCORING,)),
    *(
        (stage, Role(role), (F.EXECUTED,))
        for stage in (Stage.MONITORING, Stage.SELF_EVALUATION) for role, _whose in IMPORTING
    ),
    *((stage, Role.FINANCE_PERFORMANCE, (F.BASICS,)) for stage in CORRECTED_IN),
)  # fmt: skip


def rights_in_force(chain: Chain) -> Rights:
    """Return a chain's matrix: its own, or the usual one."""
    return chain.rights or usual_rights(chain)


def usual_rights(chain: Chain) -> Rights:
    """Return what each role may write in each stage under a chain without a matrix of its own (domain.md 17.2)."""
    found: dict[tuple[Stage, Role], set[FieldGroup]] = {}
    for stage, role, groups in (*_until_the_reply(chain), *AFTER_THE_REPLY):
        found.setdefault((stage, role), set()).update(groups)
    order = [(stage, role) for stage in Stage for role in Role if (stage, role) in found]
    return Rights(tuple(Right(stage, role, frozenset(found[stage, role])) for stage, role in order))


def _until_the_reply(chain: Chain) -> Iterator[tuple[Stage, Role, tuple[FieldGroup, ...]]]:
    yield Stage.DRAFT, Role.CLERK, (*CONTENT, F.ATTACHMENTS)
    for stage in (Stage.DRAFT, *REVIEW_STAGES):
        yield from ((stage, role, (F.ANSWERS,)) for role in sorted(UNIT_ROLES))
    for node in chain.review_nodes():
        for role in sorted({each.role for each in node.signers}):
            if node.node == "reply":
                yield node.stage, role, (F.DOC_NO,)
            elif node.stage == Stage.UNIT_REVIEW:
                yield node.stage, role, (F.COMMENTS,)
            else:
                yield node.stage, role, (F.COMMENTS, F.REVIEW_FORM, F.GOALS, F.ROWS)
