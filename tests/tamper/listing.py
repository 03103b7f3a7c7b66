"""The list of attacks as the page docs/tamper.md shows it; run as a program it writes the page anew."""

from pathlib import Path

from tests.tamper.attacks import ATTACKS, Attack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tamper.md"
HEAD = """# 篡改对照表 · The table of tamperings

每一行是一个自动测试（`tests/tamper`）：在随机生成的真实台账上（真实 PostgreSQL，以超级用户身份、所有触发器和约束都已拆除、日志密钥已被偷走），
审计员手里只有事先抄走的两份检查点；伪造者改动之后照常导出，再由 `verify.py` 单独核对。没有改动的台账（对照组）不得有任何告警。
Each row is a test on random real logs: a superuser with every guard removed and the log's key stolen, an auditor with two notes copied out beforehand.
"""
PLACES = {
    "index": "指出第几条事件 · the event",
    "table": "指出哪张表 · the table",
    "range": "指出在哪两个检查点之间（或更准） · between two notes, or closer",
    "named": "指出哪个检查点或文件 · the note or file",
    "nothing": "—",
}
CODES = {0: "0 发现不了 · cannot be found", 1: "1 被改动 · tampered", 2: "2 不完整 · incomplete"}
HARMLESS = "0 无害：导出的是字节，列只是索引 · harmless: bytes leave, columns are an index"
FOOT = """
**发现不了的两行说明什么。** 最后一份留在外面的检查点之后的事件，掌握数据库的人可以截去，也可以照规则改写；任何散列结构都无法阻止。
对策只有一个：让检查点尽快、尽多地离开本机（检查点目录、见证人、每日摘要邮件、办理人的回执）。
The rows that cannot be found are the tail younger than the newest outside note: let notes leave early and often.
"""


def row(number: int, attack: Attack) -> str:
    """Return one row of the page."""
    code = HARMLESS if attack.name == "column_only" else CODES[attack.exit]
    return f"| {number} | `{attack.name}` | {attack.chinese} | {attack.mends} | {code} | {PLACES[attack.place]} |"


def page() -> str:
    """Return the whole page."""
    rows = [row(number, attack) for number, attack in enumerate(ATTACKS, 1)]
    head = [
        "| # | 测试 · test | 改动 · what is changed | 伪造者修复了什么 · what he mends | 退出码 · exit | 定位 · place |",
        "|--:|---|---|---|---|---|",
    ]
    return "\n".join([HEAD, *head, *rows, FOOT])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
