"""Whoever keeps patterns compiled finds what they find elsewhere: however many there are."""

import subprocess
import sys

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


ENDS = """
import threading, time, polars as pl
from leadwell.reading.keeping import searched
def found(): return searched(pl.Series(["knee"]), "kn", lambda texts, pattern: texts.str.contains(pattern)).to_list()
def later(): time.sleep(0.5); print(found())
found()
threading.Thread(target=later).start()
"""


def test_a_batch_that_is_judged_while_the_program_ends_is_judged_to_its_end():
    ended = subprocess.run([sys.executable, "-c", ENDS], check=True, timeout=60, capture_output=True, text=True)
    assert ended.stdout == "[True]\n"
