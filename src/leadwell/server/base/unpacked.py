"""How large does a list become once it is unpacked? Measured before a reader takes it whole into memory.

A workbook is an archive and Parquet is packed: a few kilobytes can claim gigabytes. What the archive says of its own
sizes is not believed; it is unpacked, kept nowhere, and left as soon as it is too large.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Final

MOST_BYTES: Final = 250_000_000
_STEP: Final = 1 << 20
_LOCAL: Final = struct.Struct("<26xHH")  # of an entry's own header: the lengths of its name and of its extra field
_ARCHIVE: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"


def too_large(body: bytes, *, most_rows: int) -> bool:
    """Whether it would take more memory than a list may, or is packed in a way that cannot be measured."""
    try:
        if body.startswith(_ARCHIVE):
            return _unpacks_to(body, MOST_BYTES) > MOST_BYTES
        if body.startswith(_PARQUET):
            return _parquet_too_large(body, most_rows)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError, OSError):
        return False  # damaged: its reader says so, and takes nothing into memory
    return False


def _unpacks_to(body: bytes, most: int) -> int:
    """The bytes of all entries of an archive, or more than `most`."""
    found = 0
    with zipfile.ZipFile(BytesIO(body)) as archive:
        for entry in archive.infolist():
            name, extra = _LOCAL.unpack_from(body, entry.header_offset)
            start = entry.header_offset + _LOCAL.size + name + extra
            found += _inflated(body[start : start + entry.compress_size], entry.compress_type, most - found)
            if found > most:
                break
    return found


def _inflated(packed: bytes, how: int, most: int) -> int:
    if how == zipfile.ZIP_STORED:
        return len(packed)
    if how != zipfile.ZIP_DEFLATED:
        return most + 1  # no program that makes lists packs them otherwise
    unpacking, found = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while packed and found <= most and not unpacking.eof:
        found += len(unpacking.decompress(packed, _STEP))
        packed = unpacking.unconsumed_tail
    return found


def _parquet_too_large(body: bytes, most_rows: int) -> bool:
    from pyarrow import ArrowException, parquet  # noqa: PLC0415  only where a list is Parquet

    try:
        said = parquet.ParquetFile(BytesIO(body)).metadata
    except ArrowException:
        return False
    groups = (said.row_group(number) for number in range(said.num_row_groups))
    return bool(said.num_rows > most_rows or sum(group.total_byte_size for group in groups) > MOST_BYTES)
