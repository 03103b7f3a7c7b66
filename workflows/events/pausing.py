"""Facts of a project's pause (暂停项目, 停止拨付): the bureau stops payment and lets the project go on."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ProjectPaused(Event):
    """The bureau paused the project: nothing is paid, no new monitoring figures are demanded until it goes on.

    On the department's request it follows the second person's `confirmation.given` in the same command.
    """

    kind = "project.paused"
    erasable = ("reason",)
    reason: str


@dataclass(frozen=True)
class ProjectResumed(Event):
    """The bureau let the paused project go on; every open filing's clock is set anew in the same command."""

    kind = "project.resumed"
    erasable = ("reason",)
    reason: str
