"""What the codes of a table's log are called by people: nodes by their titles, indicator rows by what they measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.content.places import place_name


@dataclass(frozen=True)
class Called:
    """Names by code; a code that nobody named stands for itself."""

    nodes: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    def node(self, key: str) -> str:
        """Return a node's title in quotation marks: “业务科审核”."""
        code = key.partition(":")[0]
        return f"“{self.nodes.get(code, code)}”"

    def place(self, pointer: str) -> str:
        """Return a place of the content in the words of the form."""
        return place_name(pointer, self.rows)


BY_CODE = Called()
"""Nobody named anything."""
