"""How do several Parquet files become one? Their row groups as they are, and one table of contents behind them all.

So whoever judges a batch packs it too, and whoever writes the file only joins: packing is a fifteenth of all work, and
a table costs more to hand over than its row group.

A file is MARK, row groups, contents, the size of these and MARK again. Contents are a struct in Thrift's compact
protocol, by parquet.thrift of the format's specification (https://github.com/apache/parquet-format); of its fields
only those are known here that count rows or say where something stands. Others are carried through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

MARK: Final = b"PAR1"
_SIZE: Final = 4  # bytes that say how long the contents are

# Thrift's numbers for the types of fields.
_TRUE, _FALSE, _BYTE, _SHORT, _INT, _LONG, _DOUBLE, _BYTES, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_NUMBERS: Final = frozenset({_SHORT, _INT, _LONG})

# FileMetaData, RowGroup, ColumnChunk and ColumnMetaData: number of a field.
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_COLUMNS, _GROUP_AT, _ORDINAL = 1, 5, 7
_CHUNK_PLACES, _ABOUT = (2, 4, 6), 3
_PLACES: Final = (9, 10, 11, 14)

Struct = dict[int, tuple[int, Any]]  # number of a field -> its type and value


def apart(file: bytes) -> tuple[memoryview, bytes]:
    """The row groups of a whole file, and its contents."""
    end = len(file) - len(MARK) - _SIZE
    begin = end - int.from_bytes(file[end : end + _SIZE], "little")
    return memoryview(file)[len(MARK) : begin], file[begin:end]


def end_of(contents: Sequence[bytes], starts: Sequence[int]) -> bytes:
    """What stands behind the row groups of several files. `starts`: where those of each begin in the joint file.

    Raises ValueError where the files have not the same columns.
    """
    joint = contents[0] if len(contents) == 1 and starts[0] == len(MARK) else _joint(contents, starts)
    return joint + len(joint).to_bytes(_SIZE, "little") + MARK


def _joint(contents: Sequence[bytes], starts: Sequence[int]) -> bytes:
    files = [_Reader(one).struct() for one in contents]
    if any(file[_SCHEMA] != files[0][_SCHEMA] for file in files):
        raise ValueError("Parquet files of other columns cannot be joined")
    groups: list[Struct] = []
    for file, start in zip(files, starts, strict=True):
        for group in file[_GROUPS][1][1]:
            _move(group, start - len(MARK))
            if _ORDINAL in group:
                group[_ORDINAL] = _SHORT, len(groups)
            groups.append(group)
    rows = sum(file[_ROWS][1] for file in files)
    made = bytearray()
    _write_struct(made, files[0] | {_ROWS: (_LONG, rows), _GROUPS: (_LIST, (_STRUCT, groups))})
    return bytes(made)


def _move(group: Struct, by: int) -> None:
    """Says of everything in a row group that it stands further on; what stands nowhere is 0."""
    _move_fields(group, (_GROUP_AT,), by)
    for chunk in group[_COLUMNS][1][1]:
        _move_fields(chunk, _CHUNK_PLACES, by)
        _move_fields(chunk[_ABOUT][1], _PLACES, by)


def _move_fields(struct: Struct, fields: Sequence[int], by: int) -> None:
    for field in fields:
        if field in struct and struct[field][1]:
            struct[field] = struct[field][0], struct[field][1] + by


class _Reader:
    """Reads values one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self) -> Struct:
        read: Struct = {}
        field = 0
        while head := self._byte():
            kind = head & 0x0F
            field = field + (head >> 4) if head >> 4 else self._number()
            read[field] = kind, None if kind in {_TRUE, _FALSE} else self._value(kind)
        return read

    def _value(self, kind: int) -> Any:
        if kind in _NUMBERS:
            return self._number()
        if kind == _BYTES:
            return self._bytes(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in {_LIST, _SET}:
            head = self._byte()
            size = self._varint() if head >> 4 == 0x0F else head >> 4
            return head & 0x0F, [self._value(head & 0x0F) for _ in range(size)]
        if kind == _DOUBLE:
            return self._bytes(8)
        if kind in {_BYTE, _TRUE, _FALSE}:  # a yes or no in a list takes a byte
            return self._bytes(1)
        raise ValueError(f"Parquet has no field of type {kind}")

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def _number(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)


def _write_struct(to: bytearray, struct: Struct) -> None:
    before = 0
    for field, (kind, value) in struct.items():
        if 0 < field - before <= 0x0F:
            to.append(field - before << 4 | kind)
        else:
            to.append(kind)
            _write_number(to, field)
        before = field
        if value is not None:
            _write(to, kind, value)
    to.append(0)


def _write(to: bytearray, kind: int, value: Any) -> None:
    if kind in _NUMBERS:
        _write_number(to, value)
    elif kind == _STRUCT:
        _write_struct(to, value)
    elif kind in {_LIST, _SET}:
        inner, values = value
        to.append(min(len(values), 0x0F) << 4 | inner)
        if len(values) >= 0x0F:
            _write_varint(to, len(values))
        for one in values:
            _write(to, inner, one)
    else:
        if kind == _BYTES:
            _write_varint(to, len(value))
        to += value


def _write_number(to: bytearray, value: int) -> None:
    _write_varint(to, value << 1 if value >= 0 else ~(value << 1))


def _write_varint(to: bytearray, value: int) -> None:
    while value >= 0x80:
        to.append(value & 0x7F | 0x80)
        value >>= 7
    to.append(value)
