"""A notice's words as the bureau writes them: text with placeholders from a closed list; read, checked, filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.errors import FieldsInvalid

LONGEST_SUBJECT, LONGEST_TEXT = 60, 600
FORMAT = 1
HOLE = re.compile(r"\{([^{}\s]{1,10})\}")
LINK = "\ufffc"
"""Where a letter gets its link: only who sends it knows the address under which people reach the web."""
PLACEHOLDERS: Mapping[str, str] = {
    "表名": "绩效目标表的名称（未公开的表只写编号）",
    "环节": "办理环节和岗位",
    "期限": "办理期限（年-月-日）",
    "理由": "办理人填写的理由、说明或要求",
    "办理人": "引起这条通知的人（代理人写作“乙 代 甲”）",
    "年度": "预算年度",
    "文号": "批复文号",
    "名称": "任务、文件或事项的名称",
    "事项": "申请、任务或答复的种类",
    "单位": "收到通知的单位",
    "要求": "接下来做什么",
    "结果": "办理结果",
    "说明": "连同“理由：”“意见：”的补充说明（可能为空）",
    "意见": "答复的意见",
    "限时": "连同逗号的期限，如“，期限2026-03-09”（无期限时为空）",
    "时限": "期限的说法：将到期或已经逾期",
    "剩余": "离截止还有几个工作日",
    "开始时间": "任务开始的时间",
    "截止时间": "任务截止的时间",
    "欠报": "还有几张表没有提交",
    "暂定": "工作日历未公布时的说明（其余为空）",
    "岗位": "无人担任的岗位",
    "认领期限": "认领到什么时候",
    "升级方式": "报告上级的方式",
    "规则": "按哪一条规则",
    "原环节": "退回前的环节",
    "天数": "顺延的工作日数",
    "处数": "直接完善的处数",
    "审查内容": "保密审查的对象（审查绩效目标表时为空）",
    "监控期": "监控的时段",
    "原因": "监控偏差的原因",
    "措施": "整改或改进措施",
    "得分": "得分",
    "等级": "评价等级",
    "批准日期": "人大或财政批准的日期",
    "批复期限": "向所属单位批复的期限",
    "张数": "还有几张表",
    "版次": "第几版",
    "状态": "待审阅、已退回或已审阅",
    "授权人": "请人代理的人",
    "代理人": "代为办理的人",
    "开始日期": "代理开始的日期",
    "截止日期": "代理终止的日期",
    "原题": "出厂的标题",
    "原文": "出厂的正文",
    "链接": "打开办理页面的链接",
}
"""Every placeholder there is, with what it stands for."""
NAMING = ("表名", "名称", "授权人", "原题", "原文")
"""One of these (that the notice knows) has to stand in the text, or its year: else nobody knows what it speaks of."""
YEAR = "年度"
Part = str | Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """Subject and text with placeholders in braces."""

    subject: str
    text: str

    def parts(self) -> dict[str, list[Part]]:
        """Return both as lists of plain texts and holes: what the database fills in one pass."""
        return {"subject": _parts(self.subject), "text": _parts(self.text)}

    def filled(self, values: Mapping[str, str]) -> "Words":
        """Return the words with the values put in; a value's own braces stay what they are."""
        return Words(_filled(self.subject, values), _filled(self.text, values))


def content_of(key: str, words: Words | None) -> dict[str, Any]:
    """Return what is kept under its hash: the words of a key, or that it goes back to the shipped ones."""
    if words is None:
        return {"format": FORMAT, "name": key, "shipped": True}
    return {"format": FORMAT, "name": key, "subject": words.subject, "text": words.text}


def words_of(content: Mapping[str, Any]) -> Words | None:
    """Return the words of a content, None where it goes back to the shipped ones; FieldsInvalid for another form."""
    if content.get("shipped") is True and set(content) == {"format", "name", "shipped"}:
        return None
    subject, text = content.get("subject"), content.get("text")
    whole = set(content) == {"format", "name", "subject", "text"}
    if not (whole and isinstance(subject, str) and isinstance(text, str)):
        raise FieldsInvalid("通知用语的内容须有 format、name、subject、text。", field="content")
    return Words(subject, text)


def faults_of(words: Words, known: frozenset[str]) -> tuple[str, ...]:
    """Return what is wrong with words for a notice that knows these placeholders; one sentence each."""
    return (
        *_faults_of(words.subject, known, "标题", LONGEST_SUBJECT),
        *_faults_of(words.text, known, "正文", LONGEST_TEXT),
        *(("标题须写在一行内。",) if len(words.subject.splitlines()) > 1 else ()),
        *_unnamed(words.text, known),
    )  # fmt: skip


def _unnamed(text: str, known: frozenset[str]) -> tuple[str, ...]:
    naming = [name for name in NAMING if name in known]
    enough = naming if "表名" in known else [*naming, YEAR]
    if any(f"{{{name}}}" in text for name in enough):
        return ()
    asked = "或".join(f"{{{name}}}" for name in naming if name != "原题")
    return (f"正文须含{asked}，否则收到的人不知道是哪一项。",)


def _faults_of(text: str, known: frozenset[str], where: str, longest: int) -> list[str]:
    found = [f"{where}不能为空。"] if not text.strip() else []
    if len(text) > longest:
        found.append(f"{where}超过{longest}字。")
    named = dict.fromkeys(HOLE.findall(text))
    found += [f"{where}的{{{name}}}不是可用的占位符。" for name in named if name not in PLACEHOLDERS]
    found += [f"这条通知没有{{{name}}}。" for name in named if name in PLACEHOLDERS and name not in known]
    left = HOLE.sub("", text)
    if "{" in left or "}" in left:
        found.append(f"{where}的花括号不成对。")
    if "<" in left or ">" in left or any(ord(sign) < 32 and sign not in "\r\n" for sign in left) or LINK in left:
        found.append(f"{where}不能含标记或控制字符。")
    if "://" in left or "www." in left:
        found.append(f"{where}不能写网址，请用{{链接}}。")
    return found


def _parts(text: str) -> list[Part]:
    pieces = HOLE.split(text)
    return [piece if number % 2 == 0 else {"value": piece} for number, piece in enumerate(pieces) if piece]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return "".join(part if isinstance(part, str) else values.get(part["value"], "") for part in _parts(text))
