"""Taking a filing document in: its bytes, its department part and its tables, each table a draft with its desk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.administering import publish
from workflows.commands.publishing_packs import pack_for_new_tables
from workflows.commands.recipe import Work
from workflows.content.targets import reckonable
from workflows.definitions import shipped
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.forms.refusals import DocumentClassified
from workflows.journal import Command, Content, Journal
from workflows.state.disclosures import mark_of_classification, texts_in
from workflows.vocabulary import Actor, Post, Stage

WEIGHT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
ROW_ID = re.compile("r[1-9][0-9]{0,4}")


@dataclass(frozen=True)
class Filing:
    """A document as read: its name and bytes, the JSON of the reader, what the reader found on the way."""

    name: str
    data: bytes
    document: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Home:
    """Whose table it is: bureau, department and unit by ID, and the clerk in charge."""

    bureau: str
    department: str
    unit: str
    owner: str


def import_document(
    journal: Journal, document_id: UUID, *, filing: Filing, homes: Sequence[Home], year: int, by: Actor, post: Post,
    command_id: UUID, definition: Mapping[str, Any] | None = None,
) -> tuple[Table, ...]:  # fmt: skip
    """File a document and make its tables drafts. `homes` names one home per table, `year` the fiscal year.

    The tables are pinned to the `definition` given (JSON content of a chain), by default to the shipped standard one,
    and to the rule pack in force for the document's family.

    Importing never blocks (domain.md 13): what was printed is kept as printed. Repeating the command changes nothing.
    """
    _refuse_classified(filing)
    tables = filing.document["tables"]
    if len(homes) != len(tables):
        raise FieldsInvalid("请为文件中的每张表指定填报单位。", expected=len(tables))
    ids = [uuid5(document_id, str(number)) for number in range(len(tables))]
    if journal.recorded(document_id, command_id):
        return tuple(journal.lock_table(table_id) for table_id in ids)
    command = Command(by, post, command_id)
    journal.append(document_id, "document", (_filed(journal, filing, homes, year, ids),), command)
    definition = dict(definition or shipped())
    pack = pack_for_new_tables(journal, filing.document["family"], year)
    for subject, content in (("definition", definition), ("rule_pack", pack)):
        publish(journal, subject=subject, content=content, by=by, command_id=uuid5(command_id, subject))
    pinned = _Pinned(str(document_id), filing, year, definition, pack)
    return tuple(
        _draft(journal, table_id, command, _born(journal, pinned, number, home))
        for number, (table_id, home) in enumerate(zip(ids, homes, strict=True))
    )


def _refuse_classified(filing: Filing) -> None:
    """Raise DocumentClassified for a file that bears the mark of a state secret: not even its bytes are kept."""
    mark = mark_of_classification((filing.name, *texts_in(filing.document), *texts_in(filing.findings)))
    if mark:
        raise DocumentClassified(
            f"文件中有密级标志“{mark}”，文件没有保存：本系统不得存储涉密内容，涉密项目请只登记张数。"
            "并不涉密、只是普通用词的（如“机密文件柜”），请在原文件中换一种说法后重新导入。", mark=mark,
        )


def _filed(
    journal: Journal, filing: Filing, homes: Sequence[Home], year: int, ids: Sequence[UUID]
) -> e.DocumentFiled:
    part, first = filing.document["department"], homes[0]
    return e.DocumentFiled(
        name=filing.name, bytes_sha256=journal.put_bytes(filing.data), size=len(filing.data),
        family=filing.document["family"], bureau=first.bureau, department=first.department, unit=first.unit, year=year,
        department_part=journal.put_content(dict(part)) if part else None, tables=tuple(map(str, ids)),
        undisclosed_tables=filing.document["undisclosed_tables"],
        findings=journal.put_content({"findings": list(filing.findings)}),
    )  # fmt: skip


def content_of(table: Mapping[str, Any], family: str) -> Content:
    """Return a read table as content: rows get stable IDs, weights, mark and explanations wait for a person.

    What one of our own forms prints of them is kept.
    """
    own = [str(row.get("id") or "") for row in table["indicators"]]
    kept_ids = len(set(own)) == len(own) and all(map(ROW_ID.fullmatch, own))
    rows = [
        {**row, "id": own[number - 1] if kept_ids else f"r{number}", "weight": _weight(row),
         "target": _target(row)}
        for number, row in enumerate(table["indicators"], 1)
    ]  # fmt: skip
    kept = {key: value for key, value in table.items() if key != "notes"}
    return {"disclosure": None, "explanations": {}, **kept, "indicators": rows, "family": family}


def _weight(row: Mapping[str, Any]) -> str | None:
    """Return the weight printed with a row where it is a number."""
    printed = str(row.get("weight") or "")
    return printed if WEIGHT.fullmatch(printed) else None


def _target(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row's target; a reading that nobody can reckon with (a forged supplement) is none."""
    target: Mapping[str, Any] = row["target"]
    kept = reckonable(target["op"], target["value"], target["unit"])
    return target if kept else {**target, "op": None, "value": None, "unit": None}


@dataclass(frozen=True)
class _Pinned:
    """What all tables of one document share: where they came from, and the definition and pack they are pinned to."""

    document: str
    filing: Filing
    year: int
    definition: Content
    pack: Content


def _born(journal: Journal, pinned: _Pinned, number: int, home: Home) -> e.TableImported:
    read = pinned.filing.document
    table, family = read["tables"][number], read["family"]
    return e.TableImported(
        document=pinned.document, ordinal=number + 1, bureau=home.bureau, department=home.department, unit=home.unit,
        owner=home.owner, year=pinned.year, title=table["title"] or "", family=family, scope=table["scope"],
        definition=pinned.definition["name"], definition_hash=journal.put_content(pinned.definition),
        pack=pinned.pack["name"], pack_hash=journal.put_content(pinned.pack),
        content_hash=journal.put_content(content_of(table, family)),
    )  # fmt: skip


def _draft(journal: Journal, table_id: UUID, command: Command, born: e.TableImported) -> Table:
    table = journal.append_to_table(Table(table_id), (born,), command)
    work = Work(journal, table, command.by, uuid5(command.id, "enter"), done=False)
    (drafting,) = work.chain.first_of(Stage.DRAFT)
    return work.record((work.entering(drafting, round=0),), command.post)
