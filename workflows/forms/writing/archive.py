"""Packs an Office file anew so that the same form gives the same bytes: entries in order, one fixed day."""

import io
import re
import zipfile

FIXED_DAY = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def repacked(data: bytes) -> bytes:
    """Return the archive with fixed times in its entries and in its own description."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "docProps/core.xml":
                part = _MOMENT.sub(rb"\g<1>1980-01-01T00:00:00Z\2", part)
            info = zipfile.ZipInfo(entry.filename, FIXED_DAY)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(info, part)
    return out.getvalue()
