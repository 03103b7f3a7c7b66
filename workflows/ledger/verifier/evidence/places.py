"""The inclusion proofs of a partial bundle, line by line beside the events."""

from __future__ import annotations

import binascii
from typing import Any, Dict, List

from workflows.ledger.verifier.evidence.bundle import Bundle
from workflows.ledger.verifier.evidence.findings import Flaw, Place, Report
from workflows.ledger.verifier.evidence.manifest import PLACES
from workflows.ledger.verifier.evidence.signed_notes import from_base64
from workflows.ledger.verifier.evidence.tree import included


class Places:
    """The inclusion proofs of a partial bundle, line by line beside the events."""

    def __init__(self, bundle: Bundle) -> None:
        self.rows = bundle.rows(PLACES)
        self.size, self.root = bundle.manifest["size"], bytes.fromhex(bundle.manifest["root"])
        self.last = -1

    def next(self, leaf: bytes, report: Report) -> int:
        """Return the log index of the next event; a proof that does not hold is a finding."""
        row = next(self.rows, None)
        if row is None:
            raise Flaw("places", "missing", seen=PLACES)
        index = row.get("index")
        if type(index) is not int or index <= self.last:
            raise Flaw("places", "place", Place(self.last), "index", index)
        self.last = index
        if included(leaf, index, self.size, proof_from(row)) != self.root:
            report.add("places", "place", Place(index), "proof", index)
        return index

    def end(self) -> None:
        """Read the rest, of which there must be none."""
        if next(self.rows, None) is not None:
            raise Flaw("places", "count", field=PLACES, seen="+", wanted="=")


def proof_from(row: Dict[str, Any]) -> List[bytes]:
    """Read the hashes of a proof; Flaw where they are none."""
    try:
        return [from_base64(text, 32) for text in row["proof"]]
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise Flaw("places", "malformed", seen="proof") from None
