"""How a definition's content becomes its nodes, ladders and rights."""

from __future__ import annotations

import re
from typing import Any, Dict

from workflows.ledger.verifier.events.roles import ROLES_AT_HOME
from workflows.ledger.verifier.law.conditions import Condition
from workflows.ledger.verifier.law.definitions import Definition, Group, Node, Rung
from workflows.ledger.verifier.law.powers import DESKS_NEEDED, FILING_DESKS, FINANCE_DESKS
from workflows.ledger.verifier.law.rights import rights_from
from workflows.ledger.verifier.law.stages import ALIVE, REVIEWS

COUNTED = ("any", "all", "count", "percent", "per_group")


def definition_from(content: Any) -> Definition:
    """Read a definition of format 1 or 2; ValueError where it would let a table pass without the desks the rules demand."""
    nodes = tuple(node_from(each) for each in content["nodes"])
    by_name = {node.name: node for node in nodes}
    wrong = [name for name, wanted in DESKS_NEEDED.items() if name not in by_name or by_name[name][1:4] != wanted]
    wrong += [node.name for node in nodes if node.stage not in ALIVE or node.role not in ROLES_AT_HOME.get(node.of, ())]
    wrong += [node.name for node in nodes if any(name not in by_name or by_name[name].stage != node.stage for name in node.after)]
    wrong += [stage for stage in ALIVE if not any(node.stage == stage and not node.after for node in nodes)]
    wrong += [node.name for node in nodes if node.stage in REVIEWS and node.name != "reply" and node.level == "filing"]
    wrong += [node.name for node in nodes for group in node.groups if group.role not in ROLES_AT_HOME.get(group.of, ())]
    wrong += [node.name for node in nodes if node.stage in REVIEWS and "clerk" in {node.role, *(group.role for group in node.groups)}]
    wrong += [node.name for node in nodes if (node.stage not in REVIEWS or node.name == "reply") and not is_plain(node)]
    wrong += [node.name for node in nodes if node.review and (node.stage not in REVIEWS[1:] or node.name == "reply")]
    finance = {node.name for node in nodes if node.stage == "finance_approval"} - {"reply"}
    wrong += sorted(finance - set(by_name["reply"].after)) if "reply" in by_name else []
    wrong += sorted(FINANCE_DESKS - {group.role for name in finance for group in by_name[name].groups})
    until = content.get("withdraw_until", "decided" if content["format"] == 1 else "opened")
    wrong += [node.name for node in nodes if {node.on_return, node.on_suspend} - {"restart", "continue", "pause"}]
    wrong += [node.name for node in nodes if len({(rung.at, rung.do) for rung in node.ladder}) != len(node.ladder)]
    wrong += [] if content["format"] in (1, 2) and until in ("opened", "decided", *(("never",) if content["format"] == 2 else ())) else ["format"]
    if wrong or len(by_name) != len(nodes):
        raise ValueError(f"definition: {', '.join(wrong[:3])}")
    return Definition(nodes, any(node.when is not None for node in nodes), until, content.get("copies_read_after", 0), rights_from(content.get("fields", [])))


def node_from(each: Dict[str, Any]) -> Node:
    """Read a node; without signers its own post signs, one for all."""
    named, rule = each.get("signers"), {"kind": "any", "need": 1, "against": "veto", **each.get("rule", {})}
    if rule["kind"] not in COUNTED or rule["against"] not in ("veto", "majority", "wait") or type(rule["need"]) is not int or rule["need"] < 1:
        raise ValueError(f"rule {rule!r:.60}")
    groups = [Group(each["role"], each["role"], each["of"], each=False)]
    if named:
        groups = [Group(group["group"], group["role"], group["of"], {"each": True, "pool": False}[group["take"]]) for group in named]
    return Node(
        each["node"], each["stage"], each["role"], each["of"], each["level"], tuple(each["after"]),
        Condition(each["when"]) if "when" in each else None, tuple(groups), (rule["kind"], rule["need"], rule["against"]),
        each.get("ordered", False) is True, each.get("review", "") == "form",
        next(((name, each[name]) for name in ("fixed_date", "calendar_days") if each.get(name)), ("working_days", each.get("working_days", 0))),
        tuple(rung_from(each, rung) for rung in each.get("ladder", []) if rung["do"] != "remind"),
        each.get("on_return", "restart"), each.get("on_suspend", "pause"),
    )  # fmt: skip


RUNG = re.compile(r"T([+-](?:[1-9]|[12][0-9]|30))?")
UPWARDS = ("unit", "department", "bureau")


def rung_from(node: Dict[str, Any], rung: Dict[str, Any]) -> Rung:
    """Read an escalation: it goes to another post than the node's own, there or above; filing and the reply are never handed over."""
    at, to, do = RUNG.fullmatch(rung["at"]), rung["to"], rung["do"]
    own = {(each["role"], each["of"]) for each in node.get("signers") or [node]}
    home = UPWARDS.index(to["of"]) >= UPWARDS.index(node["of"]) and to["role"] in ROLES_AT_HOME[to["of"]] - {"clerk"}
    home = home and (node["stage"] != "draft" or to["of"] == "unit")  # before it is submitted nobody else may read it
    handed = do == "hand" and (node["level"] == "filing" or node["node"] in (*FILING_DESKS, "reply"))
    if at is None or not home or handed or (to["role"], to["of"]) in own or do not in ("inform", "hand"):
        raise ValueError(f"rung {rung!r:.80}")
    return Rung(rung["at"], int(at[1] or 0), do, to["role"], to["of"])


def is_plain(node: Node) -> bool:
    """Whether anybody of the node's own post decides alone, whatever the table's values."""
    return node.when is None and not node.shared
