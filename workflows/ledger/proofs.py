"""A proof that one event is in the log, as one text file to keep: C2SP tlog-proof, an inclusion proof and its note."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.errors import NotANote, NotAProof
from workflows.ledger.notes import Note, from_base64, from_utf8, parse_checkpoint, parse_note, to_base64, to_number
from workflows.ledger.tree import HASH, verify_inclusion

HEAD = "c2sp.org/tlog-proof@v1"
LONGEST = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """A place in the log, the hashes from its sibling up to the root, and the note that names the root."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note

    def proves(self, leaf: bytes) -> bool:
        """Return whether it leads from the leaf hash to the root of its note; whose note it is, only keys can say."""
        checkpoint = parse_checkpoint(self.note.body)
        return verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)


def proof_text(index: int, hashes: Sequence[bytes], note: Note | str) -> str:
    """Return the file's text; raises NotAProof where it could not be read back."""
    under = note.text() if isinstance(note, Note) else note
    written = "".join(f"{to_base64(one)}\n" for one in hashes)
    text = f"{HEAD}\nindex {index}\n{written}\n{under}"
    parse_proof(text)
    return text


def parse_proof(text: str | bytes) -> Proof:
    """Read a proof without extra data over a checkpoint of this log's form; NotAProof for anything else."""
    try:
        return _read(from_utf8(text))
    except NotANote as refused:
        raise NotAProof(reason=refused.facts.get("reason")) from refused


def _read(text: str) -> Proof:
    above, gap, under = text.partition("\n\n")
    lines = above.split("\n")
    if not gap or lines[0] != HEAD or not lines[1:] or not lines[1].startswith("index "):
        raise NotAProof(reason="head")
    hashes = tuple(from_base64(line) for line in lines[2:])
    if len(hashes) > LONGEST or {len(one) for one in hashes} - {HASH}:
        raise NotAProof(reason="hashes")
    note = parse_note(under)
    index = to_number(lines[1].removeprefix("index "))
    if index >= parse_checkpoint(note.body).size:
        raise NotAProof(reason="index beyond the size")
    return Proof(index, hashes, note)
