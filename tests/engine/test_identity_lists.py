"""From a table of texts to people: headers, names, dates, telephones, and who is the patient."""

from __future__ import annotations

import polars as pl
import pytest

from leadwell import identity


def test_headers_in_english_and_spanish_are_understood() -> None:
    headers = [
        "Record ID",
        "Nombre",
        "Apellidos",
        "Fecha de nacimiento",
        "Correo electrónico",
        "Teléfono",
        "Mobile",
        "Shoe size",
    ]
    assert identity.columns(headers) == {
        "Record ID": "id", "Nombre": "given", "Apellidos": "family", "Fecha de nacimiento": "birth_date",
        "Correo electrónico": "email", "Teléfono": "phone", "Mobile": "phone",
    }  # fmt: skip


def test_a_column_to_ignore_is_never_taken_whatever_its_case() -> None:
    assert identity.columns(["surname", "SURNAME_2", "City"], ignore=["Surname"]) == {"City": "city"}


def test_the_columns_of_febrl_are_understood() -> None:
    headers = (
        "rec_id given_name surname street_number address_1 address_2 suburb postcode state date_of_birth soc_sec_id"
    )
    meant = identity.columns(headers.split())
    assert meant["date_of_birth"] == "birth_date"
    assert "soc_sec_id" not in meant
    assert len(meant) == 10


def read(**columns: list[str | None]) -> pl.DataFrame:
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return identity.people(table, identity.columns(table.columns))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1980-04-05", 19800405), ("19800405", 19800405), ("4/5/1980", 19800405), ("04/05/80", 19800405),
        ("1980-13-05", 19801305), ("1980-04-05T00:00:00", 19800405), ("unknown", None), (None, None),
    ],
)  # fmt: skip
def test_birth_dates_are_read_in_many_styles_also_mistyped_ones(text: str | None, number: int | None) -> None:
    assert read(dob=[text])["birth_date"].item() == number


def test_the_day_stands_first_where_the_list_shows_it() -> None:
    assert read(dob=["04/05/1980", "25/12/1971"])["birth_date"].to_list() == [19800504, 19711225]


@pytest.mark.parametrize(
    ("age", "received", "year"),
    [("39", "2026-10-19T21:00:00-04:00", 1987), ("39 years", "10/19/2026", 1987), ("39", None, None),
     (None, "2026", None), ("200", "2026-10-19", None), ("unknown", "2026-10-19", None)],
)  # fmt: skip
def test_an_age_and_the_day_it_was_told_give_the_year_of_birth(
    age: str | None, received: str | None, year: int | None
) -> None:
    assert read(age=[age], received_at=[received])["born_year"].item() == year


@pytest.mark.parametrize(
    ("full", "given", "family"),
    [
        ("Ana María López", "Ana María", "López"), ("López, Ana María", "Ana María", "López"),
        ("Vincent Tedesco Jr.", "Vincent", "Tedesco Jr."), ("Cher", "Cher", None), (None, None, None),
    ],
)  # fmt: skip
def test_full_names_are_split(full: str | None, given: str | None, family: str | None) -> None:
    assert read(full_name=[full]).select("given", "family").row(0) == (given, family)


@pytest.mark.parametrize(
    "text", ["(312) 555-0147", "+1 312 555 0147", "312.555.0147 ext. 12", "13125550147", "3125550147.0"]
)
def test_notations_of_one_telephone_become_one(text: str) -> None:
    assert read(phone=[text])["phones"].to_list() == [["3125550147"]]


def test_a_row_that_names_a_patient_is_about_the_patient() -> None:
    people = read(first_name=["Anna"], last_name=["Brandt"], birth_date=["1980-01-01"], patient_first_name=["Mia"])
    row = people.row(0, named=True)
    assert (row["given"], row["family"], row["birth_date"]) == ("Mia", "Brandt", None)
    assert (row["given_2"], row["family_2"]) == ("Anna", "Brandt")


def test_who_asks_for_an_unnamed_child_is_not_the_patient() -> None:
    row = read(first_name=["Anna"], last_name=["Brandt"], asks_for=["child"]).row(0, named=True)
    assert (row["given"], row["family"], row["given_2"]) == (None, None, "Anna")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(312) 555-0147", "3125550147"), ("+1 312 555 0147", "3125550147"), ("0013125550147", "3125550147"),
        ("3125550147.0", "3125550147"), ("312-555-0147 ext. 12", "3125550147"), ("312 555 0147 X9", "3125550147"),
        ("+52 55 5555 0147", "525555550147"), ("555-0147", "5550147"), ("555-014", None), ("call me", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_telephone_number_is_its_digits_without_country_and_extension(text: str | None, number: str | None) -> None:
    alone = pl.DataFrame({"t": [text]}, schema={"t": pl.String}).select(identity.telephone(pl.col("t")))
    among = pl.DataFrame({"t": [text, "312-555-0100 x4", None]}).select(identity.telephone(pl.col("t")))
    assert alone.item() == among["t"][0] == number
