"""Where is it told how not to be reached? The look at words before it loses no place. (promise 18)"""

from __future__ import annotations

import numpy as np
import pytest

from leadwell import playbook
from leadwell.reading import uncalled, wanted
from leadwell.reading.fold import fold_texts
from leadwell.reading.tokens import Words, cut, words


def told(*texts: str) -> Words:
    vocabulary = wanted.search(playbook.load(playbook.find("lakeside-orthopedics"))).vocabulary
    return words(cut(fold_texts(texts)), vocabulary)


@pytest.mark.parametrize("contact", uncalled._CONTACTS.split("|"))
def test_whatever_is_refused_is_found(contact: str) -> None:
    said = told(f"Please don't {contact} me at work chest pain")
    last = 2 + len(contact.split())
    assert uncalled.behind(said, np.unique(said.sentence)).tolist() == [last]


def test_only_these_sentences_are_looked_at() -> None:
    said = told("Please don't call today. Chest pain.")
    assert not len(uncalled.behind(said, np.unique(said.sentence)[1:]))
