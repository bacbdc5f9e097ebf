"""What does each header of a list mean? Their header -> our column, cautiously, with the reason for a person to check.

The words stand in `headers.toml`. A header wrongly understood is worse than one carried through, so: one header a
column (the surest), values that contradict the header win over it, and everything else becomes `extra.<header>`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, Final

from leadwell import contract
from leadwell.formats.problems import WrongMapping
from leadwell.formats.values import contradicts

OWN: Final = 0  # ranks: the smaller, the surer
QUESTION: Final = 1_000
_OVERFLOW: Final = {"phone": "phone_2", "message": "subject"}  # what they wrote is read in both
_PATIENT: Final = {
    "patient_first_name": "first_name",
    "patient_last_name": "last_name",
    "patient_full_name": "full_name",
    "patient_birth_date": "birth_date",
}
# A bare name beside a last name is the first one: which headers are bare, and which columns these are.
_NAMES: Final = (
    (("name", "nombre", "nombres"), "full_name", "first_name", "last_name"),
    (
        ("patient name", "patients name", "nombre del paciente", "nombres del paciente"),
        "patient_full_name", "patient_first_name", "patient_last_name",
    ),
)  # fmt: skip
_ASKER: Final = frozenset({"first_name", "last_name", "full_name", "organization"})
_REFERRER: Final = frozenset(c for c in contract.INCOMING if c.startswith("refer"))


@dataclass(frozen=True, slots=True)
class Meant:
    """What one header was taken for. `why` is None where it is plain, else a sentence's end for a person."""

    header: str
    column: str
    why: str | None = None

    @property
    def understood(self) -> bool:
        return not self.column.startswith(contract.EXTRA_PREFIX)


@dataclass(frozen=True, slots=True)
class Guess:
    column: str
    rank: int


@cache
def _words() -> dict[str, Any]:
    text = resources.files("leadwell.formats").joinpath("headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _known() -> dict[str, Guess]:
    """Folded header -> its column and how surely."""
    known = {fold(column): Guess(column, OWN) for column in contract.INCOMING}
    for column, headers in _words()["columns"].items():
        for rank, header in enumerate(headers, start=1):
            known.setdefault(header, Guess(column, rank))
    return known


def marks() -> dict[str, str]:
    """Column -> what an export puts at the head of its values."""
    return dict(_words()["marks"])


@cache
def fold(header: str) -> str:
    """ "Lead: FirstName*" -> "lead first name": lower case, single blanks, no accents or punctuation."""
    text = re.sub(r"\((?:required|optional|obligatorio|opcional)\)", " ", header, flags=re.I)
    text = re.sub(r"^\s*(?:question |q)?\d{1,2}\s*[.):]\s+", "", text, flags=re.I)
    text = re.sub(r"__[cr]\b", " ", text.replace("(s)", "s"))
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"['’‘]", "", text)
    return re.sub(r"[^\w]+|_+", " ", text).strip()


def known_header(header: str) -> bool:
    return meaning_of(header) is not None or header.lower().startswith((contract.ANSWER_PREFIX, contract.EXTRA_PREFIX))


def looks_like_data(cell: str) -> bool:
    """An address, number, date or long text stands in a row of data, never in a header."""
    text = cell.strip()
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+|[\d\W]*\d[\d\W]*", text)) or len(text) > 300


@cache
def meaning_of(header: str) -> Guess | None:
    """What a header means by itself."""
    words = fold(header)
    known = _known()
    if words in known:
        return known[words]
    for prefix in _words()["strip"]:
        rest = words.removeprefix(prefix + " ")
        if rest != words and rest in known and not known[rest].column.startswith("patient_"):
            return Guess(known[rest].column, known[rest].rank + 1)
    return _of_the_patient(words) or _as_question(words)


def _of_the_patient(words: str) -> Guess | None:
    """ "Patient phone": a column that has no patient's twin is the patient's, or theirs who ask."""
    found = re.match(r"patients? (.+)|(.+) (?:of (?:the )?patient|del paciente)$", words)
    if not found:
        return None
    guess = _known().get(found[1] or found[2])
    names = {*_PATIENT, *_PATIENT.values()}
    return Guess(guess.column, guess.rank + 1) if guess and guess.column not in names | _REFERRER else None


def _as_question(words: str) -> Guess | None:
    said = words.split()
    if len(said) < 4:
        return None
    for column, phrases in _words()["questions"].items():
        for rank, phrase in enumerate(phrases):
            if _in_order(phrase.split(), said):
                return Guess(column, QUESTION + rank)
    return None


def _in_order(phrase: Sequence[str], said: Sequence[str]) -> bool:
    rest = iter(said)
    return all(any(word == other for other in rest) for word in phrase)


def map_headers(
    headers: Sequence[str],
    *,
    samples: Mapping[str, Sequence[str]] | None = None,
    own: Mapping[str, str] | None = None,
    corrections: Mapping[str, str] | None = None,
) -> tuple[Meant, ...]:
    """One `Meant` a header, in order. `samples`: some values of each header. `own`: folded header -> column, from the
    playbook. `corrections`: header -> column, as a person said. Raises WrongMapping."""
    headers = unique(headers)
    fixed = _corrected(headers, corrections or {}, own or {})
    guesses = {h: g for h in headers if h not in fixed and (g := _guess(h, headers, own or {}))}
    why: dict[str, str] = {}
    for header in list(guesses):
        doubt = guesses[header].rank > OWN and contradicts(guesses[header].column, (samples or {}).get(header, ()))
        if doubt:
            why[header] = f"{doubt}, so not {guesses.pop(header).column}"
    taken = _settled(headers, _whole_name_or_first(_for_whom(guesses)), set(fixed.values()), why)
    columns = {h: fixed.get(h) or taken.get(h) or contract.EXTRA_PREFIX + h for h in headers}
    return tuple(Meant(h, columns[h], "as you said" if h in fixed else why.get(h)) for h in headers)


def unique(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers as shown: without byte-order marks and zero-width characters, a repeated one numbered."""
    seen: dict[str, int] = {}
    shown = []
    for header in headers:
        name = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x1f]+", " ", header).strip() or "(no header)"
        seen[name] = seen.get(name, 0) + 1
        shown.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(shown)


def _guess(header: str, headers: Sequence[str], own: Mapping[str, str]) -> Guess | None:
    lower = header.lower()
    if lower.startswith(contract.ANSWER_PREFIX) and len(lower) > len(contract.ANSWER_PREFIX):
        return Guess(contract.ANSWER_PREFIX + header[len(contract.ANSWER_PREFIX) :], OWN)
    if lower.startswith(contract.EXTRA_PREFIX):
        return None
    words = fold(header)
    if words in own:
        return Guess(own[words], OWN + 1)
    beside = _words()["beside"].get(words)
    if beside and not any(fold(h) in beside for h in headers):
        return None
    return meaning_of(header)


def _for_whom(guesses: dict[str, Guess]) -> dict[str, Guess]:
    """In a list that names nobody but patients, "Patient name" is the name of the one who asks."""
    columns = {g.column for g in guesses.values()}
    if columns & (_ASKER | _REFERRER):
        return guesses
    return {h: Guess(_PATIENT.get(g.column, g.column), g.rank) for h, g in guesses.items()}


def _whole_name_or_first(guesses: dict[str, Guess]) -> dict[str, Guess]:
    """ "Name" beside "Last name" is the first name."""
    columns = {g.column for g in guesses.values()}
    firsts = {
        (bare, whole): first
        for headers, whole, first, last in _NAMES
        for bare in headers
        if last in columns and first not in columns
    }
    return {h: Guess(firsts.get((fold(h), g.column), g.column), g.rank) for h, g in guesses.items()}


def _settled(
    headers: Sequence[str], guesses: Mapping[str, Guess], taken: set[str], why: dict[str, str]
) -> dict[str, str]:
    """One header a column: the surest, then the first. Notes in `why` what became of the others."""
    settled: dict[str, str] = {}
    of: dict[str, str] = {}
    for header in sorted(guesses, key=lambda h: (guesses[h].rank, headers.index(h))):
        column = guesses[header].column
        for choice in (column, _OVERFLOW.get(column)):
            if choice and choice not in taken:
                settled[header], of[choice] = choice, header
                taken.add(choice)
                break
        else:
            why[header] = f"{column} is already {of.get(column, 'given by --map')}"
    return settled


def _corrected(headers: Sequence[str], corrections: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    fixed: dict[str, str] = {}
    for said, column in corrections.items():
        header = _the_header(said, headers)
        target = _the_column(column, header, own)
        if target in fixed.values():
            raise WrongMapping(f"--map gives two headers to {target}; only one can be it")
        fixed[header] = target
    return fixed


def _the_header(said: str, headers: Sequence[str]) -> str:
    if said in headers:
        return said
    alike = [h for h in headers if fold(h) == fold(said)]
    if len(alike) == 1:
        return alike[0]
    near = get_close_matches(said, headers, n=1, cutoff=0.4)
    hint = f'; did you mean "{near[0]}"?' if near else f"; it has {_listed(headers)}"
    raise WrongMapping(f'--map: the list has no header "{said}"{hint}')


def _the_column(column: str, header: str, own: Mapping[str, str]) -> str:
    if column in ("", "extra") or column.startswith(contract.EXTRA_PREFIX):
        return contract.EXTRA_PREFIX + header
    if column in contract.INCOMING or column.startswith(contract.ANSWER_PREFIX):
        return column
    if fold(column) in own:
        return own[fold(column)]
    near = get_close_matches(column, contract.INCOMING, n=1, cutoff=0.4)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise WrongMapping(f'--map: there is no column "{column}"{hint}')


def _listed(headers: Sequence[str], most: int = 8) -> str:
    named = ", ".join(f'"{h}"' for h in headers[:most])
    return named + (f" and {len(headers) - most:,} more" if len(headers) > most else "")
