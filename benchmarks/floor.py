"""What is the least that any honest program must do?

Read the CSV, parse each distinct phone, write the rows as flat Parquet.
"""

from __future__ import annotations

import sys

import polars as pl
import rphonenumbers


def main(source: str, target: str) -> None:
    frame = pl.read_csv(source, infer_schema=False)
    phones = frame["phone"].unique().drop_nulls()
    parsed = [_parse(text) for text in phones]
    table = pl.DataFrame({"phone": phones, "e164": parsed})
    frame.join(table, on="phone", how="left").write_parquet(target)


def _parse(text: str) -> str | None:
    try:
        number = rphonenumbers.parse(text, "US")
    except rphonenumbers.NumberParseException:
        return None
    return rphonenumbers.format_number(number, rphonenumbers.PhoneNumberFormat.E164)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
