"""Are phone numbers and e-mail addresses judged as those who know them judge them? (promise 6)

`python -m benchmarks.right contact [--misses]`. Example domains and 555-01xx numbers count as good, as in
the sample playbooks. Left out of the e-mail verdicts, and counted: single characters that are no addresses, and
verdicts that hold
only with a setting of the library that we have chosen otherwise (a display name beside the address is welcome to us,
and
so is any alphabet).
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from leadwell.contact.emails import read_emails
from leadwell.contact.phones import read_phones

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
KINDS = {
    "FIXED_LINE": "fixed",
    "MOBILE": "mobile",
    "FIXED_LINE_OR_MOBILE": "fixed or mobile",
    "TOLL_FREE": "toll-free",
    "VOIP": "voip",
}
OTHER_SETTINGS = {
    "test_email_unsafe_character": "a character, no address",
    "test_email_invalid_character_smtputf8_off": "with other alphabets refused",
}
_SHOWN = 20


def measure(file: str, name: str, right: pl.Series, shown: pl.Series) -> None:
    print(f"{file}: {name} {right.mean():.4f} of {len(right)} (aim >= 0.99)")
    misses = shown.filter(~right)
    for text in misses if "--misses" in sys.argv else misses.head(_SHOWN):
        print(f"    missed {text!r}")


def phones(file: str = "phone_examples.csv") -> None:
    truth = pl.read_csv(DATA / file, infer_schema=False)
    american = pl.col("e164").str.starts_with("+1")
    for column, rows in (("e164", truth), ("international", truth), ("national", truth.filter(american))):
        read = read_phones(rows[column], fictional="accept")
        valid = rows["valid"] == "true"
        measure(file, f"valid or not, as written {column}", read["ok"] == valid, rows[column])
        same = read["e164"].eq_missing(rows.select(pl.when(valid).then("e164"))["e164"])
        measure(file, f"E.164 of {column}", same, rows[column])
        kind = rows["detected"].replace_strict(KINDS, default="other", return_dtype=pl.String)
        measure(file, f"type of {column}", (read["kind"] == kind).filter(valid), rows[column].filter(valid))


def emails(file: str = "email_validator_tests.csv") -> None:
    truth = pl.read_csv(DATA / file, infer_schema=False)
    named = (truth["expect"] == "invalid") & truth["message"].fill_null("").str.starts_with(
        "A display name and angle brackets around"
    )
    left_out = truth["test"].is_in(list(OTHER_SETTINGS)) | named
    read = read_emails(truth["address"], fictional="accept")
    right = read["ok"].fill_null(False) == (truth["expect"] == "valid")
    measure(file, "valid or not", right.filter(~left_out), truth["address"].filter(~left_out))
    print(f"{file}: {left_out.sum()} left out (see above); with them {right.mean():.4f}")


def typos(file: str = "email_typos_mailcheck.csv") -> None:
    truth = pl.read_csv(DATA / file, infer_schema=False)
    read = read_emails(truth["address"], fictional="accept")
    suggested = read["suggestion"].str.extract(r"@([^@]+)$")
    measure(file, "suggested domain, or none", suggested.eq_missing(truth["suggested_domain"]), truth["address"])


def main() -> None:
    if not DATA.is_dir():
        print("skipped: ../shared/data is absent")
        return
    phones()
    emails()
    typos()


if __name__ == "__main__":
    main()
