"""What does a lead say, all that joined it taken together? Its own words first; what it left open is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadwell import contract
from leadwell.server.leads.thanking import asks

_OF_ARRIVING = frozenset({"id", "received_at", "source", "campaign", "page", "form"})  # how it came, not what it says
_BESIDE = {"phone": "phone_2"}  # where another of the same is kept


def together(own: Mapping[str, str], joined: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The columns of a lead with those of later submissions. Words are appended where they are not there already; a
    field that is filled keeps its value, and another telephone stands beside the first."""
    found = dict(own)
    for later in joined:
        for name, said in later.items():
            if name in _OF_ARRIVING or not said.strip():
                continue
            if name in contract.WORDS:
                _append(found, name, said)
            else:
                _fill(found, name, said)
    return found


def says_more(own: Mapping[str, str], later: Mapping[str, str]) -> bool:
    """Thanks are nothing more."""
    said = {name: text for name, text in later.items() if name not in contract.WORDS or asks(text)}
    return together(own, [said]) != dict(own)


def _append(found: dict[str, str], name: str, said: str) -> None:
    known = found.get(name, "")
    if _bare(said) not in _bare(known):
        found[name] = f"{known}\n\n{said}" if known else said


def _fill(found: dict[str, str], name: str, said: str) -> None:
    if not found.get(name):
        found[name] = said
    elif name in _BESIDE and _bare(found[name]) != _bare(said):
        found.setdefault(_BESIDE[name], said)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
