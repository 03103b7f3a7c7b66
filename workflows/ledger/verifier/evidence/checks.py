"""The checks that the program carries out, what a finding leads to, and what nobody checks."""

from __future__ import annotations

from typing import Tuple

TAMPERED, INCOMPLETE, USAGE = 1, 2, 3
Sentence = Tuple[int, str, str]
"""The exit code that a finding leads to, what is said in Chinese and in English."""
CHECKS = {
    "members": ("压缩包成员与清单", "members of the zip and the manifest"),
    "canonical": ("每条记录的规范字节", "canonical bytes of every event"),
    "columns": ("每条记录的字段与类型", "fields and types of every event"),
    "tree": ("全部记录的树根", "root of the tree over all events"),
    "places": ("部分包：每条记录的存在证明", "partial bundle: inclusion proof of every event"),
    "chains": ("每个对象的事件链", "chain of every stream"),
    "time": ("时间顺序（链内、与见证时间）", "order of time, in streams and against witnesses"),
    "commands": ("同一命令只记一次", "no command recorded twice"),
    "notes": ("检查点：签名、树根、前后一致", "notes: signatures, roots, consistency"),
    "anchors": ("外部检查点（--anchor）", "outside notes (--anchor)"),
    "contents": ("记录所引用的内容", "contents that events name"),
    "payloads": ("可删除的文字与附件的承诺", "commitments of erasable words and files"),
    "files": ("申报文件的字节", "bytes of filed documents"),
    "steps": ("每一步是否允许、是否完整", "every step allowed and complete"),
    "posts": ("办理人当时的岗位", "posts held at that moment"),
    "segregation": ("职责分离与双人办理", "segregation of duties, two persons"),
    "state": ("重放结果与系统所示状态", "replayed state equals the shown one"),
}
ORDER = {check: number for number, check in enumerate(CHECKS)}
NOT_CHECKED = (
    ("最后一个检查点之后的记录，以及是否还有没有导出的更晚记录", "events after the newest note, and whether later ones exist that were not exported"),
    ("实际坐在键盘前的人是谁", "who really sat at the keyboard"),
    ("填报的事实是否真实", "whether the facts that people typed are true"),
    ("运行方式（正式、演示、模拟）：清单自己写的，没有签名约束", "the mode (production, demo, simulation): the manifest's own word, bound by no signature"),
    ("没有见证签名的时间", "moments that no witness signed"),
    ("各指标得分和监控理由的计算（只核对合计、等级、执行率、偏差、目标实现程度、颜色；预计完成值写法特殊的行，该行可为任何颜色）",
     "how row points and the reasons of colours were computed (sums, grade, rate, deviation, realisation and colour are; a row "
     "whose forecast is written in an unusual way may have any colour)"),
    ("办理期限的工作日推算", "the counting of working days for due moments"),
    ("哪个单位属于哪个部门，显示的姓名是否本人（机构和账号不在台账内）", "which unit belongs to which department, names shown beside ids (organs and accounts are not in the log)"),
    ("认领时限和延期后期限的工作时间推算，任务是否确实无人可办，批注所指的位置是否存在",
     "the working hours of claims and of later due moments, whether truly nobody could take a task, whether the place of a comment exists"),
    ("抄送和征求意见的对象是否有权查看", "whether those who were sent copies or asked for opinions may read the table"),
    ("机审结果与修改理由", "the machine pre-review and the reasons given for changes"),
    ("谁有权安置附件保留、查看和导出", "who was entitled to place holds, to read and to export"),
)
MOST_FINDINGS = 20
MOST_KEPT = 2000
