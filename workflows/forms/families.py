"""The five document families: each known by its printed form labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workflows.content.goal_table import FilingDocument
from workflows.forms import (
    reading_hebei_project,
    reading_hebei_special_fund,
    reading_henan_unit,
    reading_ningxia_county,
    reading_ningxia_region,
)
from workflows.forms.notebook import Notebook
from workflows.forms.refusals import FamilyUnknown
from workflows.forms.source_text import Line, folded


@dataclass(frozen=True)
class Family:
    """A family: its stored name, the labels that all must be printed, and its reader."""

    name: str
    labels: tuple[str, ...]
    read: Callable[[Sequence[Line], str, Notebook], FilingDocument]


FAMILIES = tuple(
    Family(reader.FAMILY, reader.LABELS, reader.read)
    for reader in (
        reading_hebei_special_fund,
        reading_hebei_project,
        reading_ningxia_county,
        reading_henan_unit,
        reading_ningxia_region,
    )
)


def family_of(text: str) -> Family:
    """Find the family all of whose labels are printed; raises FamilyUnknown naming what the nearest one misses."""
    printed = folded(text)
    missing = {family: [label for label in family.labels if folded(label) not in printed] for family in FAMILIES}
    nearest = min(missing, key=lambda family: len(missing[family]) / len(family.labels))
    if not missing[nearest]:
        return nearest
    if len(missing[nearest]) == len(nearest.labels):
        names = "、".join(family.name for family in FAMILIES)
        raise FamilyUnknown(f"不认识的表格格式：没有找到任何一种表样（{names}）的栏目名称，例如“{nearest.labels[0]}”。")
    absent = "、".join(f"“{label}”" for label in missing[nearest])
    raise FamilyUnknown(
        f"不认识的表格格式：最接近的表样是{nearest.name}，但缺少栏目{absent}。", missing=missing[nearest]
    )
