"""Would an e-mail arrive, and which address was likely meant?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.contact.emails import EMAIL, read_emails
from leadwell.contact.texts import FEW

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"

# A sentence -> the field, the address that can be written to, and the one suggested.
WRITTEN: dict[str, tuple[str, str | None, str | None]] = {
    "plain": ("ana.ruiz@example.com", "ana.ruiz@example.com", None),
    "capitals": ("Ana.Ruiz@Example.COM", "ana.ruiz@example.com", None),
    "an apostrophe": ("o'neil@example.org", "o'neil@example.org", None),
    "a tag": ("ana+clinic@example.com", "ana+clinic@example.com", None),
    "blanks around": ("  ana@example.com\u00a0", "ana@example.com", None),
    "a name and angle brackets": ("Ana Ruiz <ana@example.com>", "ana@example.com", None),
    "a link": ("mailto:ana@example.com", "ana@example.com", None),
    "two addresses: the first": ("ana@example.com; bo@example.com", "ana@example.com", None),
    "a zero-width space": ("ana\u200b@example.com", "ana@example.com", None),
    "another alphabet": ("юзер@екзампл.ком", "юзер@екзампл.ком", None),
    "gmial.com": ("ana@gmial.com", None, "ana@gmail.com"),
    "gmail.con": ("ana@gmail.con", None, "ana@gmail.com"),
    "gmail.co": ("ana@gmail.co", None, "ana@gmail.com"),
    "gmail.cm": ("ana@gmail.cm", None, "ana@gmail.com"),
    "gnail.con": ("ana@gnail.con", None, "ana@gmail.com"),
    "yahooo.com": ("ana@yahooo.com", None, "ana@yahoo.com"),
    "hotmial.com": ("ana@hotmial.com", None, "ana@hotmail.com"),
    "outlok.com": ("ana@outlok.com", None, "ana@outlook.com"),
    "icould.com": ("ana@icould.com", None, "ana@icloud.com"),
    "comcast.ner": ("ana@comcast.ner", None, "ana@comcast.net"),
    "aol.con": ("ana@aol.con", None, "ana@aol.com"),
    "yahoo.con.mx": ("ana@yahoo.con.mx", None, "ana@yahoo.com.mx"),
    "an organisation's ending mistyped": ("ana@lakeclinic.cmo", None, "ana@lakeclinic.com"),
    "an ending that exists is only a question": ("ana@lakeclinic.co", "ana@lakeclinic.co", "ana@lakeclinic.com"),
    "a comma for the dot": ("ana@gmail,com", None, "ana@gmail.com"),
    "the dot left out": ("ana@gmailcom", None, "ana@gmail.com"),
    "the ending left out": ("ana@gmail", None, "ana@gmail.com"),
    "the at left out": ("anagmail.com", None, "ana@gmail.com"),
    "two ats": ("ana@@gmail.com", None, "ana@gmail.com"),
    "at in words": ("ana at gmail dot com", None, "ana@gmail.com"),
    "at in Spanish": ("ana arroba gmail punto com", None, "ana@gmail.com"),
    "at in brackets": ("ana(at)gmail.com", None, "ana@gmail.com"),
    "a dot at the end": ("ana@example.com.", None, "ana@example.com"),
    "a blank inside": ("ana ruiz@", None, None),
    "nothing after the at": ("ana@", None, None),
    "nothing before the at": ("@example.com", None, None),
    "no ending, unknown": ("ana@gm", None, None),
    "no at at all": ("garth(at)nowhere", None, None),
    "two dots": ("ana..ruiz@example.com", None, "ana.ruiz@example.com"),
    "a domain of the standards": ("ana@fake.test", None, None),
    "a throw-away": ("ana@mailinator.com", None, None),
    "a throw-away under it": ("ana@x.mailinator.com", None, None),
    "nobody reads": ("no-reply@lakeclinic.com", None, None),
    "a thousand letters": ("a" * 1000, None, None),
    "local part of 64": ("a" * 64 + "@example.com", "a" * 64 + "@example.com", None),
    "local part of 65": ("a" * 65 + "@example.com", None, None),
}
REAL = (
    "ymail.com", "mail.com", "email.com", "gmx.com", "gmx.net", "cloud.com", "yahoo.es", "yahoo.com.mx", "yahoo.co.uk",
    "yahoo.ca", "hotmail.fr", "hotmail.es", "outlook.es", "live.com.mx", "live.nl", "me.com", "mac.com",
    "msn.com", "cox.net", "att.net", "proton.me", "pm.me", "aim.com", "rocketmail.com", "comcast.com",
    "verizon.com", "googlemail.com",
    "lakeclinic.vet", "northwestern.edu", "frontier.com",
)  # fmt: skip


def read(text: str | None, fictional: str = "accept") -> dict[str, object]:
    return read_emails(pl.Series([text], dtype=pl.String), fictional=fictional).row(0, named=True)


@pytest.mark.parametrize(("text", "address", "suggestion"), WRITTEN.values(), ids=WRITTEN)
def test_an_address_is_understood_or_the_likely_one_suggested(
    text: str, address: str | None, suggestion: str | None
) -> None:
    found = read(text)
    assert (found["email"] if found["ok"] else None, found["suggestion"]) == (address, suggestion)
    assert found["says"] is not None or address is not None


@pytest.mark.parametrize("domain", REAL)
def test_a_real_domain_is_never_corrected(domain: str) -> None:
    found = read(f"ana@{domain}")
    assert (found["ok"], found["suggestion"]) == (True, None)


@pytest.mark.parametrize("domain", ["example.com", "example.org", "example.net", "post.example", "mail.example.com"])
def test_an_example_address_is_refused_unless_accepted(domain: str) -> None:
    assert read(f"ana@{domain}", "accept")["ok"] is True
    assert read(f"ana@{domain}", "flag")["ok"] is False


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("ana@gmail.com", "personal"), ("ana@yahoo.es", "personal"), ("ana@lakeclinic.com", "organization"),
        ("referrals@lakeclinic.com", "role"), ("office+new@lakeclinic.com", "role"), ("citas@lakeclinic.com", "role"),
        ("x@mailinator.com", "disposable"), ("ana@gmial.com", None),
    ],
)  # fmt: skip
def test_it_says_whose_mailbox_it_is(address: str, kind: str | None) -> None:
    assert read(address)["kind"] == kind


def test_an_empty_field_is_unknown_and_not_wrong() -> None:
    assert set(read(None).values()) == set(read("").values()) == set(read("  ").values()) == {None}


def test_a_long_list_gets_the_same_answers_as_each_text_alone() -> None:
    texts: list[str | None] = [*(text for text, _, _ in WRITTEN.values()), *(f"ana@{d}" for d in REAL), None, ""]
    assert len(texts) > FEW
    for fictional in ("accept", "flag"):
        alone = pl.concat([read_emails(pl.Series([t], dtype=pl.String), fictional=fictional) for t in texts])
        assert read_emails(pl.Series(texts, dtype=pl.String), fictional=fictional).equals(alone)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=40), st.emails()), min_size=FEW + 1, max_size=FEW + 20))
def test_nothing_in_a_field_makes_it_fail_and_one_is_read_as_many(texts: list[str]) -> None:
    alone = pl.concat([read_emails(pl.Series([t], dtype=pl.String), fictional="flag") for t in texts])
    together = read_emails(pl.Series(texts, dtype=pl.String), fictional="flag")
    assert together.equals(alone)
    assert together.columns == list(EMAIL)


def test_fifty_megabytes_are_no_address() -> None:
    assert read("a" * 50_000_000)["ok"] is False


@pytest.mark.data
def test_typing_errors_are_corrected_as_mailcheck_does() -> None:
    file = DATA / "email_typos_mailcheck.csv"
    if not file.exists():
        pytest.skip("../shared/data is absent")
    truth = pl.read_csv(file, infer_schema=False)
    found = read_emails(truth["address"], fictional="accept")["suggestion"].str.extract(r"@([^@]+)$")
    assert found.eq_missing(truth["suggested_domain"]).mean() >= 0.99
