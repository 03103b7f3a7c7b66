"""The lifecycle as a picture in plain text, printed from STEPS: the README's first screen and the auditor's page."""

from workflows.rights import lifecycle
from workflows.rights.lifecycle import Step
from workflows.vocabulary import BESIDE_THE_STEPS, MAIN_LINE, Action, Stage


def picture() -> str:
    """Return the main line of stages from top to bottom, with the side steps of each stage beside it."""
    lines: list[str] = []
    for stage, following in zip(MAIN_LINE, (*MAIN_LINE[1:], None), strict=True):
        lines.append(f"{stage.value} {stage.chinese}{_beside(stage)}")
        forward = next((step for step in _from(stage) if step.to == following), None)
        if forward:
            lines += [f"  │ {_words(forward.action)} · {_who(forward)}", "  ▼"]
    return "\n".join(lines)


def _from(stage: Stage) -> list[Step]:
    return [step for step in lifecycle.STEPS if step.start == stage]


def _words(action: Action) -> str:
    return f"{action.value} {action.chinese}"


def _who(step: Step) -> str:
    return (step.who.__doc__ or "").strip()


def _beside(stage: Stage) -> str:
    """Return what else can happen in a stage: backwards, to an end, or within it (second persons left out)."""
    quiet = (*BESIDE_THE_STEPS, Action.SAVE, Action.ATTACH, Action.DETACH, Action.CONFIRM, Action.DECLINE,
             Action.MARK_OVERDUE, Action.COMMENT, Action.ANSWER_COMMENT, Action.RESOLVE_COMMENT, Action.CORRECT,
             Action.INTERVENE, Action.ENTER_PAPER)
    order = list(Stage)
    steps = [step for step in _from(stage) if step.action not in quiet]
    ahead = order.index(stage) + 1
    side = [step for step in steps if order.index(step.to) != ahead or stage == Stage.CLOSED]
    words = [f"{step.action.chinese}→{step.to.chinese}" for step in side if step.to != stage]
    words += [_within(step.action) for step in side if step.to == stage]
    return f"   （{'，'.join(words)}）" if words else ""


def _within(action: Action) -> str:
    return f"{action.chinese}→本阶段前一环节" if action == Action.RETURN else action.chinese
