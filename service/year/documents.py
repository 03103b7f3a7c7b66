"""Which documents a year is made of: read, dated and given to units of the city; their tables' ids are known before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid5

from service.demo.city import City, Sample, sample_bytes
from service.demo.planting import filing_of
from service.year.refusals import NoDocuments
from workflows.commands.importing import Filing, Home
from workflows.content.targets import guess_fiscal_year
from workflows.errors import DocumentUnreadable
from workflows.forms.reading import read_document
from workflows.forms.source_text import text_of

DOCUMENTS = UUID("9a4f0c6e-53c6-5f1e-8f3e-2b7d6a1c0e44")


@dataclass(frozen=True)
class Planned:
    """A document of the year: its stream, what is filed, its fiscal year and one home per table."""

    id: UUID
    filing: Filing
    year: int
    homes: tuple[Home, ...]

    @property
    def tables(self) -> tuple[UUID, ...]:
        """Return the ids that its tables will have."""
        return tuple(uuid5(self.id, str(number)) for number in range(len(self.homes)))


def sample_documents(city: City) -> tuple[Planned, ...]:
    """Return the documents that ship with the demonstration, with the units and years that the city's data names."""
    return tuple(_sample(city, sample) for sample in city.samples)


def _sample(city: City, sample: Sample) -> Planned:
    data = sample_bytes(sample)
    filing = filing_of(read_document(data, sample.file), sample.file, data)
    return _planned(filing, sample.year, city.homes_of(sample, tuple(filing.document["tables"])))


def documents_in(folder: Path, city: City) -> tuple[Planned, ...]:
    """Return the documents of a folder, given to the city's units in turn; NoDocuments where none is there.

    A table's year is the printed one; a document without any takes the year guessed from its words, then the latest
    year of the batch. Raises DocumentUnreadable for a file of no known family.
    """
    here = folder.iterdir() if folder.is_dir() else ()
    files = sorted(path for path in here if path.is_file() and path.suffix == ".txt")
    units = city.units()
    found = []
    for number, path in enumerate(files):
        filing = _read(path)
        home = Sample(path.name, 0, units[number % len(units)].id, {}, ())
        year = _printed(filing.document["tables"]) or guess_fiscal_year(text_of(filing.data)) or 0
        found.append(_planned(filing, year, city.homes_of(home, tuple(filing.document["tables"]))))
    if not any(document.homes for document in found):
        raise NoDocuments(f"{folder} 中没有可读取的绩效目标文件（.txt）。")
    latest = max((document.year for document in found), default=0) or NO_YEAR_ANYWHERE
    return tuple(document if document.year else replace(document, year=latest) for document in found if document.homes)


def _read(path: Path) -> Filing:
    data = path.read_bytes()
    try:
        return filing_of(read_document(data, path.name), path.name, data)
    except DocumentUnreadable as refused:
        raise DocumentUnreadable(f"{path.name}：{refused.sentence}") from refused


NO_YEAR_ANYWHERE = 2025
"""A batch that names no year at all is taken for the last year whose calendar is wholly official."""


def _printed(tables: Iterable[Mapping[str, object]]) -> int | None:
    return max((year for table in tables if isinstance(year := table["fiscal_year"], int)), default=None)


def _planned(filing: Filing, year: int, homes: tuple[Home, ...]) -> Planned:
    key = f"{filing.name}:{sha256(filing.data).hexdigest()}:{year}"
    return Planned(uuid5(DOCUMENTS, key), filing, year, homes)
