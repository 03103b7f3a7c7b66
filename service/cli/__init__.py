"""The verbs of `python3 -m service VERB`: which module answers, and how a refusal is told."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from workflows.errors import GoaltrailError


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line: the module whose `main(arguments) -> int` answers it, and what it does."""

    module: str
    purpose: str


VERBS = {
    "up": Verb("service.cli.up", "启动全部服务，首次启动时建立数据目录和演示数据"),
    "test": Verb("service.cli.test", "准备测试环境并运行测试（--all 含耗时较长的）"),
    "year": Verb("service.cli.year", "用虚拟时钟走完一个预算年度"),
    "parse": Verb("service.cli.parse", "读取一份绩效目标文件，输出 JSON"),
    "import": Verb("service.cli.importing", "把一份绩效目标文件存入台账"),
    "create": Verb("service.cli.creating", "以本人账号新建绩效目标表：空白表式，或以上年的表为底稿（--on）"),
    "executions": Verb("service.cli.executions", "以本人账号按文件导入执行数（CSV、XLSX），可先核对（--dry-run）"),
    "rules": Verb("service.cli.rules", "列出机审的全部规则、阈值和词表（docs/rules.md 由此生成）"),
    "print": Verb("service.cli.printing", "打印一张表的官方表格（审批单等）：PDF、Word、Excel"),
    "worklist": Verb("service.cli.worklist", "列出本人的待办，可输出 CSV"),
    "preview": Verb("service.cli.preview", "预览一张表之后的环节：由谁办理、何时到期、为何不经过"),
    "act": Verb("service.cli.acting", "以本人账号办理一张表：接口的每一种操作，可先预演（--dry-run）"),
    "bulk": Verb("service.cli.acting", "以本人账号按清单批量办理（--file），逐张列出结果"),
    "sample": Verb("service.cli.sampling", "绩效科按种子抽取自评抽查对象，可先预演（--dry-run）"),
    "disclose": Verb("service.cli.disclosing", "公开绩效目标或自评结果（--dry-run），登记决算批复"),
    "replies": Verb("service.cli.replies", "批复、下达、公开的期限；登记人大批准日期，按清单下达批复（--dry-run）"),
    "refer": Verb("service.cli.referring", "移送：列出可以查看的移送，移送一张表的问题，登记结果"),
    "campaign": Verb("service.cli.campaign", "任务布置：列出、布置、延期、结束、催办、申报完毕，可先预演（--dry-run）"),
    "document": Verb("service.cli.document", "申报文本的部门部分：查看、修改、对应绩效目标表、审阅、退回"),
    "backup": Verb("service.cli.backup", "把正在运行的实例备份到一个文件"),
    "restore": Verb("service.cli.restore", "把备份恢复到新的数据目录，并与外部检查点核对"),
    "export-log": Verb("service.cli.export_log", "导出可离线核对的审计包（全部、一张表或一个年度）"),
    "rebuild": Verb("service.cli.rebuild", "由台账重新生成全部读表，或只逐行核对（--dry-run）"),
    "bench": Verb("service.bench.run", "测量本机性能：与原始循环、ping 页等同时测得的尺度相比"),
    "account": Verb("service.cli.account", "列出、新建账号，重置密码，停用、恢复（每次变动记入台账）"),
    "token": Verb("service.cli.token", "列出、建立、吊销本人的访问令牌"),
    "definition": Verb("service.cli.definition", "提出、发布、比较、检查审批链，画出流程图（发布须两名流程管理员）"),
    "calendar": Verb("service.cli.calendar", "工作日历：查看、导入放假通知、比较、提出、发布（须两名流程管理员）"),
    "notice": Verb("service.cli.notice", "通知：发送失败的清单、重发；本单位的通知用语（发布须两名流程管理员）"),
    "pack": Verb("service.cli.pack", "列出、查看、检查、比较、提出、发布规则包（发布须两名流程管理员）"),
    "grant": Verb("service.cli.granting", "授予、收回岗位（安全管理员）"),
    "organ": Verb("service.cli.organ", "机构：列出（可按日期）、设立、更名、划转、撤并、撤销，可先预演（--dry-run）"),
    "cover": Verb("service.cli.cover", "代理授权：列出、授权、结束；离岗人员的在手事项移交"),
    "access": Verb("service.cli.access", "某一时点谁持有什么岗位、何时起、由谁授予"),
    "clock": Verb("service.cli.clock", "台账时钟：显示；在演示或模拟环境向前拨动（--to），拨动记入台账"),
    "migrate": Verb("service.cli.migrate", "在外部数据库上建立角色并升级表结构"),
    "release": Verb("service.cli.release", "升级表结构并收回属主的登录权（由 up 调用）"),
    "plant-demo": Verb("service.cli.demo", "建立演示城市的机构、账号和文件（由 up 调用）"),
}


def run(arguments: Sequence[str]) -> int:
    """Answer one command line and return its exit code; a refusal is one Chinese sentence on standard error."""
    name = arguments[0] if arguments else "--help"
    if name in ("--help", "-h", "help"):
        print(overview())
        return 0
    if name not in VERBS:
        print(f"没有“{name}”这个命令。\n\n{overview()}", file=sys.stderr)
        return 2
    try:
        return int(importlib.import_module(VERBS[name].module).main(list(arguments[1:])) or 0)
    except GoaltrailError as refused:
        print(refused.sentence, file=sys.stderr)
        return 1


def overview() -> str:
    """All verbs with what they do."""
    rows = (f"  {name:<12}{verb.purpose}" for name, verb in VERBS.items())
    return "\n".join(["用法：python3 -m service 命令 [选项]", "", *rows])
