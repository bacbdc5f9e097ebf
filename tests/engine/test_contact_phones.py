"""Can the number be called? Every notation, and what is said of those that cannot."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.contact import phone_text
from leadwell.contact.phones import PHONE, read_phones
from leadwell.contact.places import package_table
from leadwell.contact.texts import FEW

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "phone_examples.csv"

# A sentence -> what stands in the field, and the number that is meant; None: there is none that can be called.
WRITTEN: dict[str, tuple[str, str | None]] = {
    "brackets and a hyphen": ("(312) 555-0147", "+13125550147"),
    "dots": ("312.555.0147", "+13125550147"),
    "nothing between": ("3125550147", "+13125550147"),
    "slashes": ("312/555/0147", "+13125550147"),
    "a leading one": ("1-312-555-0147", "+13125550147"),
    "a plus": ("+1 312 555 0147", "+13125550147"),
    "two pluses": ("++13125550147", "+13125550147"),
    "a link": ("tel:+13125550147", "+13125550147"),
    "European grouping": ("31 25 55 01 47", "+13125550147"),
    "a spreadsheet's float": ("3125550147.0", "+13125550147"),
    "a spreadsheet's power of ten, whole": ("3.125550147E+09", "+13125550147"),
    "a spreadsheet's power of ten, digits lost": ("3.13E+09", None),
    "a word after": ("(773) 555.0176 cell", "+17735550176"),
    "a word before": ("cell: 312-555-0147", "+13125550147"),
    "words around and a digit": ("call after 5: 312-555-0147", "+13125550147"),
    "Spanish words": ("celular 312-555-0147 por la tarde", "+13125550147"),
    "an extension": ("312-555-0147 ext. 12", "+13125550147"),
    "a short extension": ("312-555-0147x12", "+13125550147"),
    "a Spanish extension": ("312-555-0147 extensión 12", "+13125550147"),
    "an extension by number sign": ("312-555-0147 #4", "+13125550147"),
    "two numbers: the first": ("312-555-0147 or 773-555-0148", "+13125550147"),
    "direction marks": ("\u202a312-555-0147\u202c", "+13125550147"),
    "a NUL byte": ("312\x00-555-0147", "+13125550147"),
    "an emoji": ("📞 312-555-0147", "+13125550147"),
    "full-width digits": ("３１２５５５０１４７", "+13125550147"),
    "Arabic digits": ("٣١٢٥٥٥٠١٤٧", "+13125550147"),
    "the letter O for a zero": ("312-555-O147", "+13125550147"),
    "letters for digits": ("1-800-FLOWERS", "+18003569377"),
    "foreign with a plus": ("+44 20 7946 0958", "+442079460958"),
    "foreign with zeros": ("0044 20 7946 0958", "+442079460958"),
    "foreign as dialled from here": ("011 44 20 7946 0958", "+442079460958"),
    "foreign without a plus, too long to be ours": ("525512345678", "+525512345678"),
    "foreign, short": ("+247 62889", "+24762889"),
    "a valid number of few area codes": ("305-209-1234", "+13052091234"),
    "too short": ("312-555-01", None),
    "no area code": ("555-0147", None),
    "area code 123": ("123-456-7890", None),
    "area code 999": ("999-555-0147", None),
    "exchange 055": ("312-055-0147", None),
    "foreign, impossible": ("+971 2234567", None),
    "one digit repeated": ("222-222-2222", None),
    "one digit repeated in a code that exists": ("888-888-8888", None),
    "seven same digits": ("312-777-7777", None),
    "digits in order": ("234-567-8901", None),
    "directory assistance": ("312-555-1212", None),
    "300 digits": ("5" * 300, None),
    "words only": ("please e-mail me", None),
    "a plus only": ("+", None),
    "a float that lost a digit": ("1312555014.0", None),
}


def usable(texts: list[str], fictional: str = "accept") -> list[str | None]:
    read = read_phones(pl.Series(texts, dtype=pl.String), fictional=fictional)
    return read.select(pl.when("ok").then("e164")).to_series().to_list()


@pytest.mark.parametrize(("text", "number"), WRITTEN.values(), ids=WRITTEN)
def test_a_number_is_understood_in_any_notation(text: str, number: str | None) -> None:
    assert usable([text]) == [number]


def test_a_long_list_gets_the_same_answers_as_each_text_alone() -> None:
    texts: list[str | None] = [text for text, _ in WRITTEN.values()] + [None, "", "  "]
    for fictional in ("accept", "flag"):
        alone = pl.concat([read_phones(pl.Series([t], dtype=pl.String), fictional=fictional) for t in texts])
        together = read_phones(pl.Series(texts * 2, dtype=pl.String), fictional=fictional)
        assert len(texts) > FEW
        assert together.equals(pl.concat([alone, alone]))


@pytest.mark.parametrize("written", ["312-555-0100", "(312) 555-0147", "+1 800 555 0199", "3125550147 cell"])
def test_a_fictional_number_is_refused_and_said_so_unless_accepted(written: str) -> None:
    assert usable([written], "flag") == [None]
    assert usable([written], "accept") != [None]
    assert "fictional" in read_phones(pl.Series([written]), fictional="flag")["says"][0].lower()


@pytest.mark.parametrize("written", ["312-555-0099", "312-555-0200"])
def test_numbers_beside_the_fictional_ones_are_ordinary(written: str) -> None:
    assert usable([written], "flag") != [None]


def test_every_refusal_says_why() -> None:
    texts = [text for text, number in WRITTEN.values() if number is None]
    read = read_phones(pl.Series(texts), fictional="accept")
    assert read["ok"].to_list() == [False] * len(texts)
    assert read["says"].null_count() == 0


def test_an_empty_field_is_unknown_and_not_wrong() -> None:
    read = read_phones(pl.Series([None, "", " \n"], dtype=pl.String), fictional="flag")
    assert read.null_count().row(0) == (3,) * len(PHONE)


def test_a_toll_free_number_is_said_to_be_one() -> None:
    read = read_phones(pl.Series(["800-555-0147"]), fictional="accept")
    assert read.row(0) == ("+18005550147", True, "toll-free", "A toll-free number: likely an office's.", 800)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=60))
def test_nothing_in_a_field_makes_it_fail(texts: list[str]) -> None:
    assert read_phones(pl.Series(texts, dtype=pl.String), fictional="flag").height == len(texts)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.from_regex(r"(\+?1[ -]?)?\(?[2-9][0-9]{2}\)?[ .-]?[2-9][0-9]{2}[ .-]?[0-9]{4}( ?(x|ext|cell|#)\.?[0-9]{0,3})?", fullmatch=True), min_size=FEW + 1, max_size=FEW + 20))  # fmt: skip  # noqa: E501
def test_expressions_and_library_agree_on_numbers_of_any_area_code(texts: list[str]) -> None:
    alone = pl.concat([read_phones(pl.Series([t]), fictional="flag") for t in texts])
    assert read_phones(pl.Series(texts), fictional="flag").equals(alone)


def test_fifty_megabytes_in_a_phone_field_are_no_number() -> None:
    assert usable(["9" * 50_000_000]) == [None]


def test_the_area_code_table_agrees_with_the_library_on_every_exchange() -> None:
    """An upgrade of the library that changes this calls for benchmarks/build_contact_data.py."""
    table = package_table("area_codes.parquet").filter("plain")
    known = dict(table.select("code", "kind").iter_rows())
    for code in range(200, 1000):
        expected = known.get(str(code))
        if expected is None and str(code) in package_table("area_codes.parquet")["code"].to_list():
            continue  # left to the library
        for exchange in range(200, 1000, 37):
            assert phone_text.read(f"+1{code}{exchange}4321").kind == expected, code


@pytest.mark.data
def test_both_phone_libraries_say_the_same_of_every_example() -> None:
    if not DATA.exists():
        pytest.skip("../shared/data is absent")
    import phonenumbers

    examples = pl.read_csv(DATA, infer_schema=False)
    differing = []
    for text in [*examples["e164"], *examples["international"], *examples["national"]]:
        ours = phone_text._valid(text)
        try:
            parsed = phonenumbers.parse(text, "US")
            valid = phonenumbers.is_valid_number(parsed)
        except phonenumbers.NumberParseException:
            valid = False
        theirs = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if valid else None
        if (ours.e164 if ours else None) != theirs:
            differing.append(text)
    assert differing == []


@pytest.mark.data
def test_every_example_of_the_numbering_plans_is_judged_rightly() -> None:
    if not DATA.exists():
        pytest.skip("../shared/data is absent")
    examples = pl.read_csv(DATA, infer_schema=False)
    for column in ("e164", "international"):
        read = read_phones(examples[column], fictional="accept")
        assert (read["ok"] == (examples["valid"] == "true")).mean() >= 0.99


@pytest.mark.parametrize(
    ("text", "numbers", "left"),
    [
        ("312-555-0171 312-555-0172 x13", ["+13125550171", "+13125550172"], ""),
        ("+49 30 1234567 312 555 0171", ["+49301234567", "+13125550171"], ""),
        ("+1-312-555-0171-312-555-0172", ["+13125550171", "+13125550172"], "-"),
        ("312-555-0171 / 0172", ["+13125550171"], "/ 0172"),
        ("1-800-FLOWERS", ["+18003569377"], ""), ("nobody", [], "nobody"), ("", [], ""),
        ("+1" + " 1" * 5_000 + " 312-555-0171", ["+13125550171"], None),
    ],
)  # fmt: skip
def test_every_number_of_a_text_is_found_and_the_rest_is_left(text: str, numbers: list[str], left: str | None) -> None:
    found, rest = phone_text.every(text)
    assert (found, left is None or rest == left) == (numbers, True)
