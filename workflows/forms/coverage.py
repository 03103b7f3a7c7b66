"""The last look: every text of the source is a label, part of a value, a page number or a finding."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workflows.forms.labels import DUTIES, LEVEL1, LEVEL2
from workflows.forms.notebook import Notebook
from workflows.forms.source_text import Line, folded

FORM_WORDS = (
    "一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值说明", "指标值确定依据", "指标值", "绩效类型",
    "绩效指标", "绩效目标", "项目编码", "项目名称", "专项资金名称", "项目资金主要用途", "资金支出计划(累计进度%)",
    "资金支出计划(%)", "资金支出", "计划(%)", "预算规模及资金用途", "预算规模", "及资金用途", "及资金用", "预算数",
    "其中:", "财政资金", "其他资金", "单位:", "万元", "元", "部门总体绩效目标及保障措施", "部门总体绩效目标",
    "部门整体绩效目标", "总体绩效目标", "分项绩效目标", "工作保障措施", "目标规划及保障措施", "专项资金绩效目标",
    "绩效目标表", "第一部分", "第二部分", "职责描述", "职责目标", "职责", "名称", "活动描述", "活动",
    "不予公开涉密项目绩效目标表", "个", "主管部门及代码", "主管部门", "实施单位", "项目属性", "项目期",
    "项目年度资金", "项目资金", "年度资金总额:", "年度资金总额", "资金总额", "财政拨款", "结余结转", "结转结余",
    "年度总体绩效目标", "年度总体目标", "年度", "年", "部门项目支出预算绩效目标表", "自治区本级", "本级", "部门",
    "项目支出预算", "附件", "已分配资金", "项目", "部门(单位)整体绩效目标表", "部门(单位)名称", "年度履职目标",
    "年度主要任务", "任务名称", "主要内容", "预算情况", "部门预算总额", "资金来源:", "资金结构:", "政府预算资金",
    "财政专户管理资金", "单位资金", "基本支出", "项目支出", "目标", "第", "页", "自治区本级绩效指标",
    "年度绩效目标(本级已分配资金)",
)  # fmt: skip
LONGEST_REST = 6
_SIGNS = re.compile(r"[\d()（）、.．:：%#|\-一二三四五六七八九十,，;；。]+")


def note_unaccounted(
    lines: Sequence[Line],
    document: dict[str, Any],
    labels: Sequence[str],
    notebook: Notebook,
) -> None:
    """Note every piece of a line that stands neither in a value nor in a finding and is no form label."""
    noted = [finding.text for finding in notebook.findings]
    known = "\n".join(folded(text) for text in [*_strings(document), *noted])
    words = _alternatives([*FORM_WORDS, *labels, *LEVEL1, *LEVEL2, *DUTIES])
    for line in lines:
        for piece in re.split(r"[\s|\u2029\u3000]+", line.text):
            for rest in _unknown(folded(piece), known, words):
                notebook.unplaced(line.number, rest)


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted({re.escape(folded(word)) for word in words}, key=len, reverse=True)))


def _unknown(piece: str, known: str, words: re.Pattern[str]) -> Iterator[str]:
    if not piece or piece in known:
        return
    for part in words.split(piece):
        for rest in _SIGNS.split(part) if part not in known else ():
            if rest and rest not in known and not _only_label_rest(rest, words):
                yield rest


def _only_label_rest(text: str, words: re.Pattern[str]) -> bool:
    """A label that the line's end cut in two: up to six of its signs."""
    return len(text) <= LONGEST_REST and text in words.pattern


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)
