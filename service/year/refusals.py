"""Why a simulated year cannot go on or does not add up: one class each, the docstring is the sentence."""

from workflows.errors import GoaltrailError


class YearStuck(GoaltrailError):
    """年度模拟无法继续。"""


class NotDelivered(GoaltrailError):
    """后台任务没有在规定时间内完成。"""


class NoDocuments(GoaltrailError):
    """所给目录中没有可读取的绩效目标文件。"""
