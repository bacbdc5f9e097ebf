"""Are Parquet files joined as if one had been written from the start?"""

from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadwell.formats.row_groups import MARK, apart, end_of

BATCHES = [
    pl.DataFrame({"row": [1, 2], "who": ["Ana Ruiz", None], "day": [date(2026, 11, 18), None], "new": [True, None]}),
    pl.DataFrame({"row": [3], "who": ["Ben Cole"], "day": [date(1961, 3, 4)], "new": [False]}),
    pl.DataFrame(
        {"row": range(4, 400), "who": "x" * 300, "day": None, "new": None}, schema_overrides={"who": pl.String}
    ),
]
BATCHES = [batch.cast({"row": pl.UInt32, "day": pl.Date, "new": pl.Boolean}) for batch in BATCHES]
FORMS: list[dict[str, Any]] = [
    {"compression": "snappy", "store_schema": False},
    {"compression": "zstd", "write_page_index": True},  # which also says where its indexes stand
    {"compression": "none", "use_dictionary": False, "sorting_columns": [pq.SortingColumn(0)]},
]


def packed(batches: list[pl.DataFrame], form: dict[str, Any]) -> bytes:
    file = pa.BufferOutputStream()
    with pq.ParquetWriter(file, batches[0].to_arrow().schema, **form) as writer:
        for batch in batches:
            writer.write_table(batch.to_arrow())
    return file.getvalue().to_pybytes()


def joined(files: list[bytes]) -> bytes:
    made, contents, starts = MARK, [], []
    for file in files:
        groups, about = apart(file)
        starts.append(len(made))
        contents.append(about)
        made += groups
    return made + end_of(contents, starts)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form["compression"]))
def test_joined_files_hold_what_each_held(form: dict[str, Any]) -> None:
    whole = joined([packed([batch], form) for batch in BATCHES])
    assert pl.read_parquet(whole).equals(pl.concat(BATCHES))
    assert pl.scan_parquet(whole).filter(pl.col("row") == 3).collect()["who"].to_list() == ["Ben Cole"]
    file = pq.ParquetFile(pa.BufferReader(whole), page_checksum_verification=True)
    for number, batch in enumerate(BATCHES):
        assert pl.from_arrow(file.read_row_group(number)).equals(batch)


def test_one_writer_would_have_written_the_same_bytes() -> None:
    """Where nothing stands behind the row groups but their contents."""
    for form in (FORMS[0], FORMS[2]):
        assert joined([packed([batch], form) for batch in BATCHES]) == packed(BATCHES, form)
        assert joined([packed(BATCHES[:2], form), packed(BATCHES[2:], form)]) == packed(BATCHES, form)


def test_one_file_stays_as_it_is() -> None:
    for form in FORMS:
        assert joined([file := packed(BATCHES, form)]) == file


def test_a_file_without_rows_gives_its_columns_and_no_more() -> None:
    whole = joined([packed([BATCHES[0].clear()], FORMS[0]), packed(BATCHES[1:2], FORMS[0])])
    assert pl.read_parquet(whole).equals(BATCHES[1])
    assert pl.read_parquet(joined([packed([BATCHES[0].clear()], FORMS[0])])).equals(BATCHES[0].clear())


def test_files_of_other_columns_are_not_joined() -> None:
    with pytest.raises(ValueError, match="other columns"):
        joined([packed(BATCHES[:1], FORMS[0]), packed([BATCHES[1].rename({"who": "name"})], FORMS[0])])
