"""What number was meant by a text that is not plainly ten digits? Words around it, extensions, foreign numbers, two
numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

import rphonenumbers as rp

KINDS: Final = {
    rp.PhoneNumberType.FIXED_LINE: "fixed",
    rp.PhoneNumberType.MOBILE: "mobile",
    rp.PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed or mobile",
    rp.PhoneNumberType.TOLL_FREE: "toll-free",
    rp.PhoneNumberType.VOIP: "voip",
}
NOT_IN_USE: Final = "The area code of the phone number is not in use."

_NO_DIGITS: Final = re.compile(r"[^0-9]+")
_EXTENSION: Final = re.compile(
    r"(?i)[\s,;(]*(?:\b(?:extensi[oó]n|extn?|int(?:erno)?|anexo)\b[\s.:]*|\bx[\s.:]*|#[\s.:]*)[0-9]{1,7}[\s.)]*$"
)
# Letters are digits to the library ("cell" is 2355), so words go before it looks.
_WORDS: Final = re.compile(r"[^\W\d_][^\W\d_'’]*[.:]?")
_AMERICAN: Final = re.compile(
    r"(?<![0-9+])(?:\+?1[\s.-]{0,3})?\(?[2-9][0-9]{2}\)?[\s./-]{0,3}[2-9][0-9]{2}[\s./-]{0,3}[0-9]{4}(?![0-9])"
)
_FOREIGN: Final = re.compile(r"\+[\s(]*[1-9][0-9\s().\-/]{4,}")
# 1-800-FLOWERS; one letter alone is a slip.
_BY_LETTERS: Final = re.compile(
    r"^(?:\+?1[\s.-]?)?\(?([2-9][0-9]{2})\)?[\s.-]?((?=(?:[^A-Za-z]*[A-Za-z]){3})(?:[A-Za-z0-9][\s.-]?){7})$"
)
_LETTER_O: Final = re.compile(r"(?<=[0-9])[oO](?=[\s.\-0-9]|$)|(?<![^\s.\-])[oO](?=[0-9])")
_FROM_ABROAD: Final = re.compile(r"^(?:00|011)(?=[1-9])")
_INNER_EXTENSION: Final = re.compile(
    r"(?i)(?:\b(?:extensi[oó]n|extn?|int(?:erno)?|anexo)\b[\s.:=]*|\bx[\s.:]*|#[\s.:]*)[0-9]{1,7}\b"
)
_BREAK: Final = re.compile(r"[\s/-]")
_LONGEST_ONE: Final = 40  # with its signs
_AS_FLOAT: Final = re.compile(r"^\+?([0-9]{7,15})[.,]0+$|^([0-9])[.,]([0-9]+)[eE]\+?([0-9]{1,2})$")


# 555-0100 to 555-0199 are kept for fiction (ATIS-0300115); 555-1212 is directory assistance.
_FICTIONAL: Final = range(5_550_100, 5_550_200)
_DIRECTORY: Final = 5_551_212
SAME_DIGITS: Final = 1_111_111
IN_ORDER: Final = (2345678901, 3456789012, 5678901234, 6789012345, 8765432109, 7654321098)
_NOTES: Final = {
    "toll-free": "A toll-free number: likely an office's.",
    "other": "A special number (such as premium rate), not a person's line.",
}
_LONGEST: Final = 200


class Judged(NamedTuple):
    """In the order of `phones.PHONE`."""

    e164: str | None
    ok: bool | None
    kind: str | None
    says: str | None
    code: int | None


class Number(NamedTuple):
    """`e164` only where the number is valid. `code` is its area code, or 1000 and the calling code of another
    country."""

    e164: str | None
    kind: str | None = None
    says: str | None = None
    code: int | None = None


def judge(text: str, *, accept: bool) -> Judged:
    """A phone field. `accept`: a fictional number is as good as any."""
    text = text[:_LONGEST].removesuffix(".0")
    if not text.strip():
        return Judged(None, None, None, None, None)
    number = read(text)
    wrong = _wrong(number, accept=accept)
    says = wrong or number.says or _NOTES.get(number.kind or "")
    return Judged(number.e164, number.e164 is not None and wrong is None, number.kind, says, number.code)


def _wrong(number: Number, *, accept: bool) -> str | None:
    """Why a valid number is nobody's."""
    if number.e164 is None or number.code is None or number.code >= 1000:
        return None
    national = int(number.e164[2:])
    line = national % 10_000_000
    if line % SAME_DIGITS == 0 or national in IN_ORDER:
        return "The phone number looks made up."
    if line == _DIRECTORY:
        return "This number is directory assistance."
    if line in _FICTIONAL and not accept:
        return "A fictional phone number, which belongs to nobody."
    return None


def read(text: str) -> Number:
    """The number that was meant."""
    text = _cleaned(text)
    for candidate in _candidates(text):
        if (number := _valid(candidate)) is not None:
            return number
    return Number(None, None, _why(text))


def every(text: str) -> tuple[list[str], str]:
    """Each of the numbers that are written there, and what is left of the text without them and their extensions."""
    text, found = _cleaned(text), list[str]()

    def take(match: re.Match[str]) -> str:
        for end in _ends(match[0]):
            if (number := _valid(match[0][:end])) is not None and number.e164 is not None:
                found.append(number.e164)
                return f" {match[0][end:]}"
        return match[0]

    begun = _FROM_ABROAD.sub("+", text) if _digits(text) > 11 else text
    left = _AMERICAN.sub(take, _FOREIGN.sub(take, begun))
    if found:
        return found, _INNER_EXTENSION.sub(" ", left).strip()
    number = read(text)
    return ([number.e164], "") if number.e164 is not None else ([], text)


def _ends(text: str) -> list[int]:
    """Where the number may end with which a text begins, the likeliest first: where all that follows is numbers."""
    breaks = [one.start() for one in _BREAK.finditer(text, 0, _LONGEST_ONE)]
    ends = [*([len(text)] if len(text) <= _LONGEST_ONE else []), *reversed(breaks)]
    return sorted(ends, key=lambda end: _digits(_AMERICAN.sub("", text[end:])) > 0)


def _cleaned(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", text)
        text = "".join(_plain(character) for character in text)
    return _EXTENSION.sub("", _LETTER_O.sub("0", _not_a_float(text.strip().removeprefix("tel:"))))


def _plain(character: str) -> str:
    """Other scripts' digits are digits; what cannot be seen is nothing."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character if character.isprintable() else " " * character.isspace()


def _not_a_float(text: str) -> str:
    """A spreadsheet's 3125550147.0 and 3.125550147E+09, where no digit was lost."""
    if (m := _AS_FLOAT.match(text)) is None:
        return text
    if m[1]:
        return m[1]
    power = int(m[4])
    return (m[2] + m[3]).ljust(power + 1, "0") if power in (9, 10) and len(m[3]) >= power - 2 else text


def _candidates(text: str) -> list[str]:
    """Ways to take the text as a number, the surest first."""
    foreign = _FOREIGN.findall(_FROM_ABROAD.sub("+", text) if _digits(text) > 11 else text)
    if foreign:
        return list(foreign)
    american = _AMERICAN.findall(text)
    if american:
        return list(american)
    if by_letters := _BY_LETTERS.search(text):
        return [f"{by_letters[1]}{rp.convert_alpha_characters_in_number(by_letters[2])}"]
    without = _WORDS.sub(" ", text).strip()
    return [without, *(["+" + without] if 12 <= _digits(without) <= 15 else [])]


def _digits(text: str) -> int:
    return len(_NO_DIGITS.sub("", text))


def _valid(text: str) -> Number | None:
    try:
        parsed = rp.parse(text, "US")
    except rp.NumberParseException:
        return None
    if not rp.is_valid_number(parsed):
        return None
    kind = KINDS.get(rp.number_type(parsed), "other")
    e164 = rp.format_number(parsed, rp.PhoneNumberFormat.E164)
    if parsed.country_code == 1:
        return Number(e164, kind, None, int(e164[2:5]))
    return Number(e164, kind, "A number outside North America.", 1000 + parsed.country_code)


def _why(text: str) -> str:
    digits = _digits(text)
    if not digits:
        return "There are no digits in the phone number."
    if "+" in text or digits > 11:
        return "No phone number has this form."
    if digits == 7:
        return "The phone number lacks its area code."
    if digits < 10:
        return "The phone number has too few digits; a US number has 10."
    return NOT_IN_USE if digits == 10 and text.lstrip(" (")[:1] not in ("0", "1") else "No such phone number is in use."
