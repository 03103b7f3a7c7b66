"""A bundle of very many events: one table's whole life, walked through the verbs once and repeated under other names."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from tests.support import roster
from tests.support.life import Life
from tests.support.sealed_log import LOG_ID, LOG_KEY, ORIGIN, WITNESS_KEY, SealedLog, appointed
from workflows.commands import evaluating, monitoring
from workflows.events import NodeEntered
from workflows.folds.replay import to_json
from workflows.ledger.bundle import EVERYTHING, Bundle
from workflows.ledger.canonical import canonical
from workflows.ledger.hashes import NO_PREVIOUS, commitment, leaf
from workflows.ledger.notes import Checkpoint, Note
from workflows.ledger.tree import Frontier

TOKEN = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLAIN_TITLE, TITLE = "农村道路维护经费", "农村道路{:06d}费"


def whole_life() -> Life:
    """One table from its import to its end, with a return on the way."""
    life = Life(appointed()).in_unit_review().returned(roster.UNIT_HEAD, "draft").submitted()
    for person in (roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE):
        life.approved(person)
    life.replied().window_opened()
    rows = life.journal.content(life.table.in_force)["indicators"]
    figures = {row["id"]: {"actual": row["target"]["value"], "possibility": "确定能", "explanation": "按计划"} for row in rows}
    filed = {"executed": "40", "rows": figures, "cause": "", "measure": "", "person": "", "deadline": ""}
    life.table = monitoring.file_monitoring(
        life.journal, life.table.id, seen=life.seen(), window="w1", figures=filed, by=roster.CLERK, command_id=uuid4()
    )
    life.table = monitoring.accept_monitoring(
        life.journal, life.table.id, seen=life.seen(), window="w1", by=roster.DEPARTMENT_FINANCE, command_id=uuid4()
    )
    life.evaluation_opened()
    proven = {key: {**row, "reason": "按计划完成", "evidence": "验收报告"} for key, row in figures.items()}
    filed = {"executed": "64", "adjusted_budget": "66", "rows": proven, "reason": "均按计划完成，数据已核对"}
    life.table = evaluating.file_self_evaluation(
        life.journal, life.table.id, seen=life.seen(), figures=filed, by=roster.CLERK, command_id=uuid4()
    )
    for person in (roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE):
        life.table = evaluating.accept_self_evaluation(
            life.journal, life.table.id, seen=life.seen(), by=person, command_id=uuid4(), opinion="同意"
        )
    life.table = evaluating.close_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_PERFORMANCE, command_id=uuid4()
    )
    life.journal.at += timedelta(days=1)
    return life


@dataclass
class Copies:
    """Writes the life's events again and again, step by step over all copies, so that all tables live at once."""

    life: Life
    tables: int
    log: SealedLog = field(init=False)
    kept: dict[str, str] = field(default_factory=dict)
    heads: dict[tuple[int, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.log = self.life.journal
        first = self.log.streams[self.life.table.id][0].fact
        self.document, self.table = first.document, str(self.life.table.id)
        self.reply = next(each.fact.reply for each in self.log.streams[self.life.table.id] if each.kind == "table.replied")
        self.tasks = {
            each.fact.task: (each.fact.node, str(each.command_id))
            for each in self.log.streams[self.life.table.id] if isinstance(each.fact, NodeEntered)
        }  # fmt: skip
        self.commands = {
            str(each.command_id) for stream in (self.document, self.table, self.reply) for each in self.log.streams[UUID(stream)]
        }
        own = (self.document, self.table, self.reply)
        bodies = [(json.loads(body), body.decode()) for body in self.log.bodies]
        self.shared = [text.encode() for body, text in bodies if body["stream"] not in own]
        self.mine = [(body["stream"], self._segments(text)) for body, text in bodies if body["stream"] in own]
        self.groups = self._grouped([body["command_id"] for body, _ in bodies if body["stream"] in own])
        self.varied = {
            key: body for key, body in self.log.contents.items() if PLAIN_TITLE.encode() in body and key in self._texts()
        }
        self.state = self._segments(canonical(to_json(self.life.table)).decode())

    def _texts(self) -> str:
        return "".join(text for _, segments in self.mine for text in segments)

    @staticmethod
    def _segments(text: str) -> list[str]:
        """Text and token by turns."""
        found, last = [], 0
        for match in TOKEN.finditer(text):
            found += [text[last : match.start()], match[0]]
            last = match.end()
        return [*found, text[last:]]

    @staticmethod
    def _grouped(commands: list[str]) -> list[range]:
        starts = [n for n, command in enumerate(commands) if n == 0 or commands[n - 1] != command]
        return [range(start, end) for start, end in zip(starts, [*starts[1:], len(commands)], strict=True)]

    def names(self, number: int) -> dict[str, str]:
        """What every token of the life is called in this copy."""
        space = uuid5(LOG_ID, str(number))
        document = uuid5(space, "document")
        table = uuid5(document, "0")
        named = {command: str(uuid5(space, command)) for command in self.commands}
        first = str(self.log.streams[self.life.table.id][0].command_id)
        entered = str(self.log.streams[self.life.table.id][1].command_id)
        named[entered] = str(uuid5(UUID(named[first]), "enter"))
        named |= {task: str(uuid5(table, f"{node}#{named[command]}")) for task, (node, command) in self.tasks.items()}
        named |= {self.document: str(document), self.table: str(table), self.reply: str(uuid5(space, "reply"))}
        for key in self.varied:
            named[key] = sha256(self.content(key, number)).hexdigest()
        for key, (_, payload) in self.log.payloads.items():
            named[key] = commitment(self.salt(payload.salt, number), payload.body).hex()
        return named

    @staticmethod
    def salt(salt: bytes, number: int) -> bytes:
        return sha256(salt + number.to_bytes(8, "big")).digest()

    def content(self, key: str, number: int) -> bytes:
        return self.varied[key].replace(PLAIN_TITLE.encode(), TITLE.format(number).encode())

    def written(self, segments: list[str], named: dict[str, str], number: int) -> str:
        pieces = [named.get(piece, piece) if odd % 2 else piece for odd, piece in enumerate(segments)]
        return "".join(pieces).replace(PLAIN_TITLE, TITLE.format(number))

    def bodies(self) -> Iterator[bytes]:
        """The events in the sealed order: what all share, then each step of the life for every copy."""
        yield from self.shared
        for group in self.groups:
            for number in range(self.tables):
                named = self.names(number)
                for each in group:
                    yield self._body(each, named, number)

    def _body(self, each: int, named: dict[str, str], number: int) -> bytes:
        stream, segments = self.mine[each]
        at = next(n for n, piece in enumerate(segments) if piece.endswith('"prev":"')) + 1
        link = {**named, segments[at]: self.heads.get((number, stream), NO_PREVIOUS.hex())}
        body = self.written(segments, link, number).encode()
        self.heads[number, stream] = leaf(body).hex()
        return body

    def payload_lines(self) -> Iterator[bytes]:
        """The payloads in the order of their events."""
        ordered = sorted(self.log.payloads.items(), key=lambda item: item[1][0])
        owners = [json.loads(body)["command_id"] for body in self.log.bodies]
        own = [json.loads(body)["command_id"] for body in self.log.bodies if json.loads(body)["stream"] in (self.document, self.table, self.reply)]
        for group in self.groups:
            command = own[group[0]]
            here = [(key, payload) for key, (index, payload) in ordered if owners[index] == command]
            for number in range(self.tables) if here else ():
                named = self.names(number)
                for key, payload in here:
                    row = {"commitment": named[key], "salt": self.salt(payload.salt, number).hex(), "kind": "text", "text": payload.body.decode()}
                    yield canonical(row)

    def state_lines(self) -> Iterator[bytes]:
        for number in range(self.tables):
            named = {**self.names(number), self.life.table.head: self.heads[number, self.table]}
            yield self.written(self.state, named, number).encode()


def write_many(path: Path, tables: int) -> int:
    """Write a bundle of so many tables' whole lives and return how many events it holds."""
    copies, tree = Copies(whole_life(), tables), Frontier()
    joined = b"\n".join(copies.log.bodies)
    named = {key: body for key, body in copies.log.contents.items() if key.encode() in joined}
    files = {key: body for key, body in named.items() if b'"bytes_sha256":"' + key.encode() in joined}

    def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            tree.append(leaf(line))
            yield line

    def contents() -> Iterator[bytes]:
        yield from (body for key, body in named.items() if key not in files and key not in copies.varied)
        for number in range(tables):
            yield from (copies.content(key, number) for key in copies.varied)

    with path.open("wb") as out, Bundle(out) as bundle:
        counts = {
            "events": bundle.put_lines("events.jsonl", counted(copies.bodies())), "contents": bundle.put_lines("contents.jsonl", contents()),
            "payloads": bundle.put_lines("payloads.jsonl", copies.payload_lines()), "files": len(files),
            "tables": bundle.put_lines("state.jsonl", copies.state_lines()),
        }  # fmt: skip
        for key, body in files.items():
            bundle.put(f"files/{key}", body)
        body = Checkpoint(ORIGIN, tree.size, tree.root()).body()
        bundle.put(f"notes/{tree.size:020d}", Note(body).with_signature(LOG_KEY.sign(body)).text().encode())
        bundle.put("vkeys", f"{LOG_KEY.vkey}\n{WITNESS_KEY.vkey}\n".encode())
        bundle.seal(
            {
                "origin": ORIGIN, "log_id": str(LOG_ID), "mode": "simulation", "made_at": "2027-06-01T00:00:00.000000Z",
                "size": tree.size, "root": tree.root().hex(), "scope": EVERYTHING.as_json(), "counts": counts,
            }
        )  # fmt: skip
    return tree.size
