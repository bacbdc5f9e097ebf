"""Do the words beside a mention fit where they should, and does scope know health from the rest?"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leadwell.reading.beside import Neighbours, sides
from leadwell.reading.evidence import Spans
from leadwell.reading.finding import Texts
from leadwell.reading.insurance import family_of
from leadwell.reading.scope import medical

CASES = [(name, text, of, fits) for name, side in sides().items() for text, of, fits in side.examples]


def fit(name: str, text: str, start: int, end: int) -> bool:
    places = Spans(*(np.array([place]) for place in (0, start, end)))
    return bool(Neighbours.of(Texts.of(pl.DataFrame({"message": [text]})), places).fit(name, np.array([0])).item())


@pytest.mark.parametrize(("name", "text", "of", "fits"), CASES, ids=[f"{c[0]}:{i}" for i, c in enumerate(CASES)])
def test_words_beside_a_mention_fit_as_their_example_says(name: str, text: str, of: str, fits: bool) -> None:
    start = text.index(of)
    assert fit(name, text, start, start + len(of)) == fits


def test_words_beyond_the_sentence_do_not_count() -> None:
    text = "I live with. My mom needs therapy"
    assert not fit("relation-not", text, 13, 19)


def test_a_payers_family_is_known_however_it_is_spelled() -> None:
    names = {"Blue Cross Blue Shield of IL": "bcbs", "UHC": "united", "Anthem BCBS": "bcbs", "Medicare": "medicare"}
    assert {name: family_of(name) for name in names} == names
    assert family_of("Lakeshore Mutual") is None


def test_scope_tells_health_from_the_rest() -> None:
    ours = ["I need a dentist", "me duele la rodilla", "status post cholecystectomy", "an internist near us"]
    theirs = ["I need a haircut", "Play Doctor Strange", "book me a flight", "looking for interesting events"]
    assert medical(pl.Series([*ours, *theirs])).to_list() == [True] * 4 + [False] * 4
