"""What a lint says of something to be published: a remark with its rule, its weight, a sentence and its place."""

from dataclasses import dataclass

from workflows.vocabulary import Word


class Severity(Word):
    """Whether a remark forbids to publish the definition."""

    ERROR = "error", "错误", "error"
    WARNING = "warning", "提醒", "warning"


@dataclass(frozen=True)
class Remark:
    """One finding of the lint; `node` is the node it is about, `organ` the unit or other organ, where there is one."""

    rule: str
    severity: Severity
    sentence: str
    node: str | None = None
    organ: str | None = None


def error(rule: str, sentence: str, node: str | None = None, organ: str | None = None) -> Remark:
    """Make a remark that forbids to publish."""
    return Remark(rule, Severity.ERROR, sentence, node, organ)


def warning(rule: str, sentence: str, node: str | None = None, organ: str | None = None) -> Remark:
    """Make a remark that a person has to weigh."""
    return Remark(rule, Severity.WARNING, sentence, node, organ)
