"""What differs between two versions of a chain, node by node: added, removed, or a field that reads otherwise (E9)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.definitions.field_rights import FieldGroup, Right, rights_from

Content = Mapping[str, Any]
FIELD_NAMES = {
    "title": "名称", "stage": "阶段", "role": "岗位", "of": "机构", "level": "层级", "after": "前置环节",
    "working_days": "时限（工作日）", "when": "条件", "signers": "签署人", "rule": "签署规则", "ordered": "顺签",
    "review": "审核表", "calendar_days": "时限（自然日）", "fixed_date": "时限（固定日期）",
    "ladder": "到期前后的提醒和升级", "on_return": "退回期间的时限", "on_suspend": "挂起期间的时限",
    "copies_read_after": "抄送件视同已阅（工作日）",
    "name": "代码", "source": "来源", "format": "格式", "withdraw_until": "可撤回至",
}  # fmt: skip
ADDED, REMOVED, CHANGED = "新增", "删除", "改动"


@dataclass(frozen=True)
class Difference:
    """One difference: of a node (empty for the chain itself), what sort, which field, and how it read and reads."""

    node: str
    sort: str
    field: str = ""
    old: str = ""
    new: str = ""

    @property
    def said(self) -> str:
        """Return the difference in one line."""
        place = f"环节 {self.node}" if self.node else "审批链"
        if self.sort != CHANGED:
            return f"{self.sort}{place}：{self.new or self.old}"
        return f"{place} {FIELD_NAMES.get(self.field, self.field)}：{self.old or '（无）'} → {self.new or '（无）'}"


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Return every difference: of the chain's own fields, then of its nodes in the order of the new one."""
    before, after = (_nodes(content) for content in (old, new))
    found = [*_fields("", _without_nodes(old), _without_nodes(new)), *_rights(old, new)]
    if [name for name in before if name in after] != [name for name in after if name in before]:
        found.append(Difference("", CHANGED, "顺序", "、".join(before), "、".join(after)))
    for name, node in after.items():
        if name in before:
            found += _fields(name, before[name], node)
        else:
            found.append(Difference(name, ADDED, new=str(node["title"])))
    found += [Difference(name, REMOVED, old=str(node["title"])) for name, node in before.items() if name not in after]
    return tuple(found)


def places_gone(old: Content, new: Content) -> tuple[str, ...]:
    """Return the nodes of the old version that the new one lacks, or has in another stage."""
    stages = {name: node["stage"] for name, node in _nodes(new).items()}
    return tuple(name for name, node in _nodes(old).items() if stages.get(name) != node["stage"])


def _nodes(content: Content) -> dict[str, Mapping[str, Any]]:
    return {node["node"]: node for node in content["nodes"]}


def _without_nodes(content: Content) -> Mapping[str, Any]:
    return {field: value for field, value in content.items() if field not in ("nodes", "fields")}


def _rights(old: Content, new: Content) -> Iterator[Difference]:
    """Yield every stage, role and situation in which other fields may be written than before."""
    before, after = (
        {(each.stage, each.role, each.once): each for each in rights_from(content.get("fields", ())).entries}
        for content in (old, new)
    )
    for stage, role, once in dict.fromkeys((*before, *after)):
        was, now = (_writable(entries.get((stage, role, once))) for entries in (before, after))
        if was != now:
            place = f"字段权限 {stage.chinese}{once.chinese if once else ''} · {role.chinese}"
            yield Difference("", CHANGED, place, was, now)


def _writable(right: Right | None) -> str:
    if right is None:
        return ""
    names = [group.chinese for group in FieldGroup if group in right.write]
    return "、".join([*names, *(["退回所列之处"] if right.listed else [])]) or "不得填写"


def _fields(node: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for field in dict.fromkeys((*old, *new)):
        was, now = old.get(field), new.get(field)
        if was != now:
            yield Difference(node, CHANGED, field, _text(was), _text(now))


def _text(value: Any) -> str:
    if value in (None, []):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
