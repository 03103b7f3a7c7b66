"""Checks of the conditions, D-30 to D-34: nodes that nobody or everybody visits, stages that a table slips through."""

from collections.abc import Iterator

from workflows.definitions.chain import Chain
from workflows.definitions.conditions import Inputs
from workflows.definitions.samples import KNOWN_WORDS, asked_words
from workflows.definitions.survey import Answers, Survey
from workflows.published.remarks import Remark, error, warning
from workflows.vocabulary import REVIEW_STAGES

ONLY_NO, ONLY_YES = Answers(frozenset({False}), whole=True), Answers(frozenset({True}), whole=True)


def never_holds(chain: Chain, survey: Survey) -> Iterator[Remark]:
    """D-30: some table visits every node."""
    for node in chain.nodes:
        if node.when and survey.answers(node.when) == ONLY_NO:
            yield error("D-30", f"环节“{node.title}”的条件“{node.when}”永远不会成立。", node.node)


def always_holds(chain: Chain, survey: Survey) -> Iterator[Remark]:
    """D-31: a condition tells tables apart."""
    for node in chain.nodes:
        if node.when and survey.answers(node.when) == ONLY_YES:
            yield warning("D-31", f"环节“{node.title}”的条件“{node.when}”总是成立，可以删去。", node.node)


def empty_stage(chain: Chain, survey: Survey) -> Iterator[Remark]:
    """D-32: whatever a table's values, each stage of review has a node that it visits, for certain."""
    for stage in REVIEW_STAGES:
        nodes = chain.of_stage(stage)
        if not nodes or any(node.when is None for node in nodes):
            continue
        inputs, whole = survey.slipping(chain, stage)
        if inputs is not None:
            yield error("D-32", f"“{stage.chinese}”的环节都附条件，{_words(inputs)}的表会无人审核地通过这一阶段。")
        elif not whole:
            unsure = "组合太多，未能逐一检查是否总有人审核。请让其中一个环节不附条件。"
            yield error("D-32", f"“{stage.chinese}”的环节都附条件，{unsure}")


def cut_short(chain: Chain, survey: Survey) -> Iterator[Remark]:
    """D-34: every condition is simple enough to be tried with tables of every kind."""
    for node in chain.nodes:
        if node.when and not survey.answers(node.when).whole:
            unsure = "的组合太多，未能逐一检查它是否永远不成立或总是成立。"
            yield warning("D-34", f"环节“{node.title}”的条件“{node.when}”{unsure}", node.node)


def unknown_word(chain: Chain, _survey: Survey) -> Iterator[Remark]:
    """D-33: a condition asks for words that tables bear."""
    for node in chain.nodes:
        for name, word in dict.fromkeys(asked_words(node.when)) if node.when else ():
            if name in KNOWN_WORDS and word not in KNOWN_WORDS[name]:
                known = f"{name}只有：{'、'.join(KNOWN_WORDS[name])}"
                yield warning("D-33", f"环节“{node.title}”的条件问{name}是否“{word}”，但{known}。", node.node)


CONDITIONS = (never_holds, always_holds, empty_stage, unknown_word, cut_short)


def _words(inputs: Inputs) -> str:
    said = {None: "未知", True: "是", False: "否"}
    return "、".join(f"{name}为{said.get(value, value)}" for name, value in inputs.items()) or "任何"
