"""How does a stretch of words look to the grammar? Words, numbers and written dates become tokens with a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from leadwell.reading.when.days import When, exact, make_day, month_day, month_span, whole
from leadwell.reading.when.vocabulary import UNSURE, vocabulary


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` as in words.toml, or D and a grain for days already understood. `role`: before, until, after, since ..."""

    kind: str
    start: int
    end: int
    when: When | None = None
    role: str = "on"


_ATOM: Final = re.compile(r"\d+(?::\d+)+|\d+(?:[/.-]\d+)*|[a-z'’]+(?:\.[a-z])*|[&,~–—/()ºª°-]|[.!?;:|\n\r]")
_DASHES: Final = frozenset("-–—~/")
_ORDINAL: Final = frozenset(("st", "nd", "rd", "th", "ro", "er", "ra", "do", "da", "to", "º", "ª", "°", "o"))
_CLOCK: Final = frozenset(("am", "pm", "a.m", "p.m", "a", "p", "h", "o'clock", "oclock"))


def tokenize(text: str, day_first: bool) -> list[Token]:
    """Tokens of folded `text`; what no rule can use is left as a stop, so that nothing joins across it."""
    atoms = [(match.group(), match.start(), match.end()) for match in _ATOM.finditer(text)]
    tokens: list[Token] = []
    at = 0
    while at < len(atoms):
        size, kind = _phrase(atoms, at)
        if size:
            _add(tokens, kind, atoms[at][1], atoms[at + size - 1][2])
            at += size
        else:
            at += _single(tokens, atoms, at, day_first)
    return [_settle(tokens, index) if token.kind[0] == UNSURE else token for index, token in enumerate(tokens)]


def _settle(tokens: list[Token], at: int) -> Token:
    """ "may", "sat" and "fall" name days beside a number or after the right word; else they part the rest."""
    token = tokens[at]
    before = [t.kind for t in tokens[max(0, at - 3) : at]][::-1]
    after = [t.kind for t in tokens[at + 1 : at + 3]]
    leads = vocabulary().leads[token.kind]
    led = bool(before) and (
        _lead(before[0]) in leads or (before[0] == "the" and len(before) > 1 and _lead(before[1]) in leads)
    )
    near = [kind for kind in after if kind != "the"][:1]
    back = [kind for kind in before if kind not in ("of", "-")][:1]
    if token.kind[1] == "W":
        dated = bool(near) and (
            near[0][0] == "O" or (near[0] == "or" and len(after) > 1 and after[1].lstrip(UNSURE)[0] == "W")
        )
    elif token.kind[1] == "M":
        dated = any(kind[0] in "NOY" and kind != "N1" for kind in near) or any(kind[0] in "NO" for kind in back)
    else:
        dated = bool(near) and near[0][0] == "Y"
    return Token(token.kind[1:] if led or dated else "|", token.start, token.end)


def _lead(kind: str) -> str:
    return "W" if kind.lstrip(UNSURE)[0] == "W" else kind


def _add(tokens: list[Token], kind: str, start: int, end: int) -> None:
    if kind in ("noise", "about"):
        return
    tokens.append(Token(kind, start, end))


Atoms = list[tuple[str, int, int]]


def _phrase(atoms: Atoms, at: int) -> tuple[int, str]:
    """How many atoms the longest known phrase here takes, and its token."""
    known = vocabulary()
    words: list[str] = []
    best = (0, "")
    for size, (atom, _, _) in enumerate(atoms[at : at + known.longest + 2], 1):
        if atom in _DASHES and words:
            continue
        words.append(atom.replace("'", "").replace("’", ""))
        token = known.tokens.get(tuple(words)) or (
            known.tokens.get((words[0][:-1],)) if len(words) == 1 and _owned(atom) else None
        )
        if token:
            best = (size, token)
    return best


def _owned(atom: str) -> bool:
    return atom.endswith(("'s", "’s"))


def _single(tokens: list[Token], atoms: Atoms, at: int, day_first: bool) -> int:
    """Reads one atom that is no phrase; how many atoms it took."""
    atom, start, end = atoms[at]
    following = atoms[at + 1] if at + 1 < len(atoms) else ("", end + 9, end + 9)
    if ":" in atom and atom[0].isdigit():
        return 2 if following[0] in _CLOCK else 1
    if atom[0].isdigit():
        if following[0] in _CLOCK and (following[0] not in ("a", "p", "h") or following[1] == end):
            return 2
        if following[1] == end and following[0] in _ORDINAL and atom.isdigit():
            tokens.append(Token(f"O{int(atom)}", start, following[2]))
            return 2
        cut = _after_month(tokens, atom)
        if cut:  # "Sep-23-2020"
            tokens += [
                Token(f"N{int(atom[:cut])}", start, start + cut),
                Token(f"Y{atom[cut + 1 :]}", start + cut + 1, end),
            ]
        else:
            tokens.append(_number(atom, start, end, day_first))
    elif atom in _DASHES:
        tokens.append(Token("-", start, end))
    elif atom != "." or not _shortened(tokens, start):
        tokens.append(Token("," if atom == "," else "|", start, end))
    return 1


def _after_month(tokens: list[Token], atom: str) -> int:
    """Where the day ends in "23-2020" right after a month; 0 where it is something else."""
    match = re.fullmatch(r"(\d\d?)[-/]((?:19|20)\d\d)", atom)
    led = len(tokens) > 1 and tokens[-1].kind == "-" and tokens[-2].kind[0] == "M"
    return len(match[1]) if match and led else 0


def _shortened(tokens: list[Token], end: int) -> bool:
    """ "dec. 2018", "vier. 3": a stop that ends no sentence."""
    last = tokens[-1] if tokens else None
    return last is not None and last.end == end and last.kind.lstrip(UNSURE)[0] in "MW" and last.end - last.start <= 5


def _number(atom: str, start: int, end: int, day_first: bool) -> Token:
    if atom.isdigit():
        if len(atom) == 4 and 1900 <= int(atom) <= 2099:
            return Token(f"Y{atom}", start, end)
        return Token(f"N{int(atom)}" if len(atom) < 4 else "|", start, end)
    parts = re.split(r"[/.-]", atom)
    if len({char for char in atom if not char.isdigit()}) > 1 and len(parts) != 6:
        return Token("|", start, end)
    return _written(parts, atom, start, end, day_first)


def _written(parts: list[str], atom: str, start: int, end: int, day_first: bool) -> Token:
    """A date in figures. "7-6" and "12/15" stay bare (B) until a word beside them says that they are days."""
    sizes = [len(part) for part in parts]
    numbers = [int(part[:9]) for part in parts]
    if len(parts) == 6:  # "10/1/2018-10/7/2018"
        first, last = _full(numbers[:3], sizes[:3], day_first), _full(numbers[3:], sizes[3:], day_first)
        return (
            Token("Dp", start, end, whole(first, last)) if first and last and first <= last else Token("|", start, end)
        )
    if len(parts) == 3:
        day = _full(numbers, sizes, day_first)
        return Token("Dd", start, end, exact(day)) if day else Token("|", start, end)
    if len(parts) == 2 and max(sizes) == 4 and "." not in atom:
        return _pair_with_year(numbers, sizes, start, end)
    if len(parts) == 2 and max(sizes) <= 2 and "." not in atom:
        when = _bare(numbers, day_first)
        span = f"_{numbers[0]}_{numbers[1]}" if "-" in atom else "/"
        return Token(f"B{span}", start, end, when)
    return Token("|", start, end)


def _pair_with_year(numbers: list[int], sizes: list[int], start: int, end: int) -> Token:
    year, month = numbers if sizes[0] == 4 else numbers[::-1]
    if 1900 <= year <= 2099 and 1 <= month <= 12 and min(sizes) <= 2:
        return Token("Dm", start, end, whole(*month_span(year, month)[:2]))  # type: ignore[arg-type]
    if min(sizes) == 4 and 1900 <= numbers[0] <= numbers[1] <= 2099:
        first, last = make_day(numbers[0], 1, 1), make_day(numbers[1], 12, 31)
        return Token("Dp", start, end, whole(first, last))  # type: ignore[arg-type]
    return Token("|", start, end)


def _full(numbers: list[int], sizes: list[int], day_first: bool):  # type: ignore[no-untyped-def]
    if sizes[0] == 4 and max(sizes[1:]) <= 2:
        return make_day(*numbers)
    if max(sizes[:2]) > 2 or sizes[2] not in (2, 4):
        return None
    year = numbers[2] if sizes[2] == 4 else _century(numbers[2])
    month, day = (numbers[1], numbers[0]) if day_first else (numbers[0], numbers[1])
    return make_day(year, month, day) or make_day(year, day, month)


def _century(year: int) -> int:
    """Two figures: a clinic writes of 1940 to 2039."""
    return year + (2000 if year < 40 else 1900)


def _bare(numbers: list[int], day_first: bool) -> When | None:
    month, day = numbers[::-1] if day_first else numbers
    for m, d in ((month, day), (day, month)):
        if make_day(2024, m, d):
            return month_day(m, d)
    return None
