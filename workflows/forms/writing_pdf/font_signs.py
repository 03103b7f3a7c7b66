"""Which signs a font can print, read from its own table of signs (OpenType `cmap`, format 12)."""

from collections.abc import Iterator
from struct import error, unpack_from

TABLE_RECORDS, TABLE_RECORD, ENCODING_RECORDS, ENCODING_RECORD, GROUPS, GROUP = 12, 16, 4, 8, 16, 12
UNICODE_IN_FULL = {(3, 10), (0, 4), (0, 6)}


class FontUnreadable(ValueError):
    """The file is no OpenType font with a full table of signs."""


def signs_of(font: bytes) -> frozenset[int]:
    """Return the code points for which an OpenType font has a glyph; raises FontUnreadable."""
    try:
        table = _table(font, b"cmap")
        return frozenset(point for start, end in _groups(font, table) for point in range(start, end + 1))
    except (error, StopIteration) as wrong:
        raise FontUnreadable from wrong


def _table(font: bytes, name: bytes) -> int:
    """Return where a table of the font begins."""
    (count,) = unpack_from(">H", font, 4)
    places = (TABLE_RECORDS + TABLE_RECORD * at for at in range(count))
    found: int = next(unpack_from(">I", font, at + 8)[0] for at in places if font[at : at + 4] == name)
    return found


def _groups(font: bytes, table: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of code points of the sub-table that covers all of Unicode."""
    (count,) = unpack_from(">H", font, table + 2)
    records = [unpack_from(">HHI", font, table + ENCODING_RECORDS + ENCODING_RECORD * at) for at in range(count)]
    begin = table + next(offset for platform, encoding, offset in records if (platform, encoding) in UNICODE_IN_FULL)
    kind, _reserved, _length, _language, groups = unpack_from(">HHIII", font, begin)
    if kind != 12:
        raise FontUnreadable
    for at in range(groups):
        start, end, _glyph = unpack_from(">III", font, begin + GROUPS + GROUP * at)
        yield start, end
