"""Are a few people judged by the very same rules as a long list? Each by Python and by Polars, on the same texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from benchmarks.people import people as invented
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell import identity
from leadwell.assessing import linking, stated
from leadwell.identity import candidates, contacts, keys, lists, names, naming, places, records, rules, sides, twins
from leadwell.identity.compare import compare
from leadwell.identity.few import Few
from leadwell.identity.linking import link
from leadwell.identity.pairs import weigh, why
from leadwell.identity.rows import few_rows, stacked, taken, without
from leadwell.identity.weights import shipped

FOLDS: dict[str, Callable[..., Any]] = {
    "folded": names.folded,
    "folded name": names.folded_name,
    "suffix": names.suffix,
    "without suffix": names.without_suffix,
    "first word": names.first_word,
    "solid": names.solid,
    "several words": names.several_words,
    "sound": names.sound,
    "middle": records._middle,
    "initial": records._initial,
    "ZIP": records.zip_code,
    "suffix code": records._suffix_code,
    "folded address": places.folded_address,
    "house": places.house,
    "street": places.street,
    "beginning of a family name": candidates._beginning_of_family,
    "beginning of a street": candidates._beginning_of_street,
    "mark of a street": keys._begins_street,
    "local part": contacts.local_part,
    "number kept for fiction": contacts._of_fiction,
    "figures": sides.figures,
    "length": sides._length,
    "extension": lists._may_be_extended,
    "without extension": lists._without_extension,
    "digits": lists._digits,
    "national number": lists._national,
    "number of anyone": lists._of_anyone,
    "given name of a full one": lambda text: lists.split_name(text)[0],
    "family name of a full one": lambda text: lists.split_name(text)[1],
    "folded answer": stated.fold,
    "sex": lambda text: stated.means(text, "sex"),
    "number": stated.number_in,
}
OF_TWO: dict[str, Callable[..., Any]] = {
    "given forms": names._given_forms,
    "given flags": lambda a, b: names._given_flags(a, b, **names._given_forms(a, b)),
    "family forms": names._family_forms,
    "family flags": lambda a, b: names._family_flags(a=a, b=b, x=names.solid(a), y=names.solid(b)),
    "middle names": naming._initial,
    "same figures": sides._same_figures,
    "another": lambda a, b: records._another(person=a, asker=b),
    "brother and sister": twins._of_both_sexes,
    "second names": twins._second_names,
    "first told": lambda a, b: {"one": rules.first_told(a, b)},
    "any told": lambda a, b: {"one": rules.any_told(a, b)},
    "lines": lambda a, b: {"one": rules.lines("a", [a, b])},
    "names crossed": lambda a, b: keys._parts(given=a, family=b),
}
OF_MORE: dict[str, Callable[..., Any]] = {
    "name borne by a mailbox": lambda a, b, c, _: twins._borne(local=a, given=b, family=c),
    "exchanged names": naming._crossed,
    "names": records._named,
    "mailbox named alike": contacts._named_alike,
}
# Words that the rules know, and letters of which Python and Polars might think differently.
_WORDS = """
Jr. III 2nd Mr. Dra. don Ana María O'Neil O`Neil van-der Berg, Baby n/a # Apt 4B st. Ave 12a N. (312) 555-0147 x9 +1
ext. 12 .0 60601 60601-1234 606011234 1234 a@example.com Straße ŁUKASZ İpek ΣΑΣ ﬁne １２ male F. hombre 1,200 -3 65.0
ph cece vv yy
"""
_KNOWN = st.sampled_from([*_WORDS.split(), "60601 1234", "", "\u034f", "\u200b", "\x1c", "\x85", "\xa0"])
_TEXT = st.lists(_KNOWN | st.text(max_size=6), max_size=5).flatmap(
    lambda words: st.sampled_from([" ", "", "  ", ", "]).map(lambda between: between.join(words))
)
_TEXTS = st.lists(st.none() | _TEXT, min_size=1, max_size=4)


def both(rule: Callable[..., Any], *texts: list[str | None]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a rule makes of texts by Python and by Polars."""
    columns = {f"c{at}": pl.Series(one, dtype=pl.String) for at, one in enumerate(texts)}
    told = pl.DataFrame(columns).select(**rule(*(pl.col(name) for name in columns)))
    return {name: one.values for name, one in rule(*map(Few, texts)).items()}, told.to_dict(as_series=False)


@pytest.mark.parametrize("name", FOLDS)
@settings(max_examples=50, deadline=None)
@given(texts=_TEXTS)
def test_a_rule_says_the_same_of_a_few_texts_and_of_a_column(name: str, texts: list[str | None]) -> None:
    few_told, told = both(lambda text: {"made": FOLDS[name](text)}, texts)
    assert few_told == told


@pytest.mark.parametrize("name", OF_TWO)
@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(*[st.none() | _TEXT] * 2), min_size=1, max_size=4))
def test_a_rule_of_two_says_the_same(name: str, rows: list[tuple[str | None, ...]]) -> None:
    few_told, told = both(OF_TWO[name], *map(list, zip(*rows, strict=True)))
    assert few_told == told


@pytest.mark.parametrize("name", OF_MORE)
@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(*[st.none() | _TEXT] * 4), min_size=1, max_size=4))
def test_a_rule_of_more_says_the_same(name: str, rows: list[tuple[str | None, ...]]) -> None:
    few_told, told = both(OF_MORE[name], *map(list, zip(*rows, strict=True)))
    assert few_told == told


PEOPLE = invented(600)
LEADS = pl.DataFrame(
    {
        "full_name": ["Ana Ruiz", None, "Núñez, José Jr", "", None],
        "first_name": [None, "bob", None, "Zoë", None],
        "last_name": [None, "O'Neil", None, "Straße", None],
        "patient_full_name": [None, "Tim O'Neil", None, None, None],
        "patient_first_name": [None, None, None, None, "Li"],
        "birth_date": ["1980-02-03", "2008-02-29", None, "13/14/1990", "3 May 1999"],
        "patient_birth_date": [None, "2015-06-07", None, None, None],
        "age": ["45", None, "forty", "67.0", "200"],
        "sex": ["F", "hombre", None, "Female.", "x"],
        "phone": ["+1 (312) 555-0147 ext. 9", "3125550147.0", None, "011 44 20 7946 0000", "12"],
        "phone_2": [None, "312-555-0148", None, None, "1 312 555 0149"],
        "email": ["A@Example.com", None, "İ@example.org", "x", ""],
        "zip": ["60601-1234", "6060", None, " 60601", "60601"],
        "address": ["12 Oak St. #4", None, "Calle 5", "12A n maple ave apt 3", ""],
    },
).with_columns(
    pl.lit(None, dtype=pl.String).alias("patient_last_name"),
    pl.lit("Chicago").alias("city"),
    pl.lit("IL").alias("state"),
    pl.lit(date(2026, 2, 28)).alias("received_date"),
    pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
)


def in_both_ways(does: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    monkeypatch.setattr(rules, "MOST", 10_000)
    by_python = does()
    monkeypatch.setattr(rules, "MOST", -1)
    return by_python, does()


@pytest.mark.parametrize("start", range(0, 600, 150))
def test_pairs_of_people_weigh_the_same_by_both_ways_and_for_the_same_reasons(
    start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = pl.concat(
        [PEOPLE[start : start + 150], PEOPLE[start : start + 150].with_columns(given="family", family="given")]
    )

    def judged() -> list[dict[str, Any]]:
        told = records.records(some.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")))
        one, other = (told.record_of[side] for side in np.triu_indices(len(some), 1))
        compared = compare(told, one, other, listed=False).levels
        found = weigh(told, one, other, people=10_000, weights=shipped())
        likely = np.flatnonzero(found.weight > -5)
        reasons = why(found, likely, people=10_000, weights=shipped())
        levels = {name: level.tolist() for name, level in compared.items()}
        sides = {
            "weight": found.weight.tolist(),
            "against": found.against.tolist(),
            "unproven": found.unproven.tolist(),
        }
        return [levels, sides, {"why": reasons}]

    by_python, by_polars = in_both_ways(judged, monkeypatch)
    assert by_python == by_polars
    assert len(by_python[2]["why"]) > 100


def test_people_make_the_same_records_as_lists_and_as_a_frame() -> None:
    for people in (PEOPLE, linking.people(LEADS), PEOPLE.with_columns(pl.col("birth_date").dt.year())):
        of_lists, of_frame = records.records(few_rows(people)), records.records(people)
        assert_same(of_lists, of_frame)


def assert_same(one: records.Records, other: records.Records) -> None:
    for name in ("phones", "emails", "rows", "record_of", "seen"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    assert {name: codes.tolist() for name, codes in one.codes.items()} == {
        name: codes.tolist() for name, codes in other.codes.items()
    }
    assert {name: texts.to_list() for name, texts in one.texts.items()} == {
        name: texts.to_list() for name, texts in other.texts.items()
    }


def test_people_held_either_way_are_taken_stacked_and_silenced_alike() -> None:
    some, others = PEOPLE[:4], linking.people(LEADS)
    names = [name for name in PEOPLE.columns if name in identity.PEOPLE]
    for one, other in ((some, others), (few_rows(some), few_rows(others)), (few_rows(some), others)):
        both = stacked(without(taken(one, [2, 0, 3]), "phones", [True, False, False]), other)
        assert [both[name].to_list() for name in names] == [
            [None if name == "phones" else some[name].to_list()[2], *(some[name].to_list()[at] for at in (0, 3)),
             *(others[name].to_list() if name in others.columns else [None] * len(others))]
            for name in names
        ]  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.none() | st.lists(st.none() | st.sampled_from("abc"), max_size=6), min_size=1, max_size=6))
def test_contacts_are_the_same_of_lists_and_of_a_frame(rows: list[list[str | None] | None]) -> None:
    many = pl.Series(rows, dtype=pl.List(pl.String))
    (few_codes, few_texts), (codes, texts) = records._contacts(Few(rows)), records._contacts(many)
    assert few_codes.tolist() == codes.tolist()
    assert few_texts.to_list() == texts.to_list()


def test_people_of_leads_and_their_marks_are_the_same_by_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    by_python, by_polars = in_both_ways(lambda: linking.people(LEADS), monkeypatch)
    assert by_python.equals(by_polars)
    for people in (by_python, PEOPLE):
        marked, again = in_both_ways(lambda people=people: [one.to_list() for one in keys.marks(people)], monkeypatch)
        assert marked == again
        assert [one.to_list() for one in keys.marks(few_rows(people))] == marked


def test_a_list_is_linked_the_same_by_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    by_python, by_polars = in_both_ways(lambda: link(PEOPLE), monkeypatch)
    assert by_python.pairs.equals(by_polars.pairs)
    assert by_python.clusters.equals(by_polars.clusters)
    assert by_python.pairs.height > 10
