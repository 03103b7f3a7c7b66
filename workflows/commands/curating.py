"""The indicator library's verbs: the performance office recommends or retires an indicator, a clerk picks one (G11)."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.drafting import content_in_work, save_draft
from workflows.commands.recipe import Seen, reason_given
from workflows.commands.secrecy_marks import refuse_marked
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.folds.replay import Table
from workflows.journal import Command, Draft, Journal
from workflows.library import Entry, entry_id, library_of, row_from, with_picked
from workflows.packs import pack_from
from workflows.vocabulary import Actor, Post, Role

LIBRARY = "campaign"
"""The subject of what the bureau says to everybody at once."""
NEEDED = {"level1": "一级指标", "level2": "二级指标", "level3": "三级指标"}
TEXTS = (*NEEDED, "description", "target", "basis", "industry")
LONGEST = 500
MOST_ROWS = 200


def add_entry(journal: Journal, *, bureau: str, words: Mapping[str, str], by: Actor, command_id: UUID) -> str:
    """Recommend an indicator, or word a recommended one anew; returns its entry.

    `words` may hold level1, level2, level3 (needed), description, target, basis, industry. FieldsInvalid for a missing
    or overlong text, MarkedAsSecret for the mark of a state secret, NotAllowed for anybody but the performance office.
    """
    _refuse_others(bureau, by)
    said = {name: words.get(name, "").strip() for name in TEXTS}
    for name, label in NEEDED.items():
        if not said[name]:
            raise FieldsInvalid(f"请填写{label}。", field=name)
    if any(len(text) > LONGEST for text in said.values()):
        raise FieldsInvalid(f"每栏不超过{LONGEST}字。")
    refuse_marked(said.values(), field="level3")
    entry = entry_id(bureau, said["level1"], said["level2"], said["level3"])
    _say(journal, e.LibraryEntryAdded(entry=entry, bureau=bureau, **said), by, command_id)
    return entry


def retire_entry(journal: Journal, *, entry: Entry, bureau: str, reason: str, by: Actor, command_id: UUID) -> None:
    """Have an indicator no longer be picked; ReasonMissing below five characters."""
    _refuse_others(bureau, by)
    refuse_marked((reason,), field="reason")
    fact = e.LibraryEntryRetired(
        entry.entry, bureau, entry.level1, entry.level2, entry.level3, reason_given(reason)
    )  # fmt: skip
    _say(journal, fact, by, command_id)


def _refuse_others(bureau: str, by: Actor) -> None:
    if not by.holds(Role.FINANCE_PERFORMANCE, bureau):
        raise NotAllowed("指标库由财政绩效科维护。", rule="R-ROLE")


def _say(journal: Journal, fact: e.LibraryEntryAdded | e.LibraryEntryRetired, by: Actor, command_id: UUID) -> None:
    own = uuid5(command_id, f"{by.id}:{fact.kind}")
    journal.append(
        library_of(fact.bureau), LIBRARY, (fact,), Command(by, Post(Role.FINANCE_PERFORMANCE, fact.bureau), own)
    )


def pick_entry(
    journal: Journal, table: Table, *, entry: Entry, seen: Seen, draft_version: int, row_id: str, by: Actor,
    command_id: UUID,
) -> Draft:  # fmt: skip
    """Add an indicator of the library to a draft, in place of a blank row of its class or behind its class.

    `row_id` is the ID of a new row. NotFound for a retired entry; what `save_draft` raises.
    """
    if entry.retired:
        raise NotFound
    draft, pack = content_in_work(journal, table), pack_from(journal.content(table.pack_hash))
    levels = {second.name: level.name for level in pack.tree for second in level.level2}
    demands = {second.name: second.requirement for level in pack.tree for second in level.level2}
    rows = with_picked(
        draft.content["indicators"], row_from(entry, row_id, levels, demands.get(entry.level2))
    )
    if len(rows) > MOST_ROWS:
        raise FieldsInvalid(f"绩效指标最多{MOST_ROWS}行，请删去多余的行。")
    reason = f"从指标库选用“{entry.level3}”"
    places = {f"/indicators/{row['id']}": reason for row in rows if row not in draft.content["indicators"]}
    return save_draft(
        journal, table.id, seen=seen, draft_version=draft_version, content={**draft.content, "indicators": rows},
        reasons=places, by=by, command_id=command_id,
    )  # fmt: skip
