"""What does a lead say, all that joined it taken together? Its own words first; what it left open is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadwell import contract
from leadwell.contact import phone_text
from leadwell.reading import own_words
from leadwell.server.leads.thanking import asks

_OF_ARRIVING = frozenset({"id", "received_at", "source", "campaign", "page", "form"})  # how it came, not what it says
_FREE = 3  # words
_BESIDE = {"phone": "phone_2"}  # where another of the same is kept


def together(own: Mapping[str, str], joined: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The columns of a lead with those of later submissions. Words are appended where they are not there already; a
    field that is filled keeps its value, and another telephone stands beside the first."""
    found = dict(own)
    for later in joined:
        for name, said in later.items():
            if name in _OF_ARRIVING or not said.strip():
                continue
            if name in contract.WORDS or _answers_freely(name, said):
                _append(found, name, said)
            else:
                _fill(found, name, said)
    return found


def gives(columns: Mapping[str, str], number: str) -> bool:
    """Whether a submission gives this telephone number, however it is written."""
    told = {_number(columns.get(name, "")) for name in ("phone", "phone_2")}
    return bool(number) and _number(number) in told


def _number(text: str) -> str:
    return phone_text.read(text).e164 or _bare(text)


def says_more(own: Mapping[str, str], later: Mapping[str, str]) -> bool:
    """Thanks are nothing more."""
    said = {name: text for name, text in later.items() if name not in contract.WORDS or asks(text)}
    return together(own, [said]) != dict(own)


def _answers_freely(name: str, said: str) -> bool:
    """Whether it answers a question that nobody here understands in words of their own, which may tell of danger."""
    ours = name.startswith(contract.EXTRA_PREFIX) and own_words.columns([name])
    return bool(ours) and len(said.split()) >= _FREE


def with_words(known: str, said: str) -> str:
    """What was said before with what is said now, an empty line between: no sentence reaches over it. What stands there
    already is not said twice; words out of the middle of others are new, as "chest pain" behind "no chest pain"."""
    if f"\n{_lines(said)}\n" in f"\n{_lines(known)}\n":
        return known
    return f"{known}\n\n{said}" if known else said


def _lines(text: str) -> str:
    return "\n".join(bare for line in text.splitlines() if (bare := _bare(line)))


def _append(found: dict[str, str], name: str, said: str) -> None:
    found[name] = with_words(found.get(name, ""), said)


def _fill(found: dict[str, str], name: str, said: str) -> None:
    if not found.get(name):
        found[name] = said
    elif name in _BESIDE and _bare(found[name]) != _bare(said):
        found.setdefault(_BESIDE[name], said)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
