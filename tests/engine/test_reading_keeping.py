"""Whoever keeps patterns compiled finds what they find elsewhere: however many there are."""

import polars as pl
import pytest

from leadwell.reading.keeping import searched


def contains(texts, pattern):
    return texts.str.contains(pattern)


TEXTS = pl.Series(["knee pain", None, "a knee, 7 days", ""])


def test_patterns_find_the_same_however_many_there_are():
    for number in range(300):
        assert searched(TEXTS, f"knee|never{number}", contains).to_list() == [True, None, True, False]


def test_a_pattern_that_is_none_is_an_error_where_it_is_asked():
    with pytest.raises(pl.exceptions.ComputeError):
        searched(TEXTS, "(", contains)
