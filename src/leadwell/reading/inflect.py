"""Which other forms may a word of a phrase take? Plural and verb endings, English and Spanish.

`forms` goes one way: from the word of a phrase to what people write ("refer" finds "referred"). A word that already
carries a verb ending only takes a plural, so that "hearing" never finds "hear". Irregular families are data
(`lexicon/families.toml`): every member finds every other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

VOWELS: Final = frozenset("aeiou")
# Words that carry grammar, not meaning: never inflected, never misspelt into, the last to be searched for.
_ENGLISH: Final = """
    a about after all also am an and any are as at be because been before between but by can can't cannot could
    did didn't do does doesn't doing don't done down for from had has hasn't have haven't having he her here
    hers him his how i i'd i'll i'm i've if in into is isn't it it's its just last like may me might more most
    my need needs never next no nor not now of off on once one only or our ours out over own please she should
    since so some soon such than that the their them then there these they this those through to too two under
    until up us very want was wasn't we were what when where which while who why will with within without won't
    would yet you your
"""
_SPANISH: Final = """
    al algo ante aqui asi aun como con contra cual cuando de del desde donde dos el ella ellas ellos en entre
    era es esa ese eso esta estan estas este esto estoy fue ha han hasta hay he la las le les lo los mas me mi
    mis muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o para pero por porque que quien se ser si
    sin sobre solo son soy su sus tambien te tiene tienen tengo tu tus un una uno unos y ya yo
"""
GRAMMAR: Final = frozenset(_ENGLISH.split() + _SPANISH.split())


def _english_plural(word: str) -> list[str]:
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return [word[:-1] + "ies", word + "s"]
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return [word + "es"]
    if word.endswith("sis"):
        return [word[:-2] + "es"]
    return [word + "s"]


def _english_verb(word: str) -> list[str]:
    if word.endswith("e"):
        return [word + "d", word[:-1] + "ing"]
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return [word[:-1] + "ied", word + "ing"]
    regular = [word + "ed", word + "ing"]
    if word[-1] not in VOWELS | set("wxy") and word[-2:-1] in VOWELS and word[-3:-2] not in VOWELS:
        regular += [word + word[-1] + "ed", word + word[-1] + "ing"]
    return regular


def _spanish_noun(word: str) -> list[str]:
    """Number and gender: cansado, cansada, cansados, cansadas; doctor, doctora, doctores; vez, veces."""
    if word.endswith(("o", "a")):
        other = word[:-1] + ("a" if word[-1] == "o" else "o")
        return [word + "s", *([other, other + "s"] if word.endswith(_ADJECTIVE) else [])]
    if word.endswith("z"):
        return [word[:-1] + "ces"]
    if word.endswith(("r", "n", "l", "d")):
        return [word + "es", *([word + "a", word + "as"] if word.endswith("or") else [])]
    return []


_ADJECTIVE: Final = ("ado", "ada", "ido", "ida", "ico", "ica", "ivo", "iva", "oso", "osa", "ario", "aria", "ogo", "oga",
                     "ero", "era", "tro", "tra", "ino", "ina", "ista")  # fmt: skip
_SPANISH_ENDINGS: Final = {
    "ar": "o as a amos an e es en aba aban ando ado e aste aron ara are aria emos",
    "er": "o es e emos en a as an ia ian iendo ido i io iste ieron era ere eria",
    "ir": "o es e imos en a as an ia ian iendo ido i io iste ieron ira ire iria",
}


def _spanish_verb(word: str) -> list[str]:
    endings = _SPANISH_ENDINGS.get(word[-2:])
    if endings is None or len(word) < 5:
        return []
    return [word[:-2] + ending for ending in endings.split()]


def _strip_plural(word: str) -> str | None:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return None


def _is_verb_form(word: str) -> bool:
    return len(word) > 5 and word.endswith(("ing", "ed")) and not word.endswith("eed")


@lru_cache(maxsize=65536)
def forms(word: str, *, spanish: bool = False) -> frozenset[str]:
    """All forms of one folded word, itself among them. Grammar words and words of one or two letters keep theirs."""
    if word in GRAMMAR or not word.isalpha():
        return frozenset((word,))
    if len(word) < 3:
        return frozenset(w for w in (word, word + "s") if w == word or w not in GRAMMAR)
    singular = _strip_plural(word)
    found = {word, *([singular] if singular else _english_plural(word)), *_spanish_noun(singular or word)}
    if not singular and not _is_verb_form(word):
        found.update(_english_verb(word))
    if spanish:
        found.update(_spanish_verb(word))
    found.update([f"{w}'s" for w in (word, singular) if w])
    return frozenset(w for w in found if w == word or w not in GRAMMAR)


@lru_cache(maxsize=65536)
def kin(word: str, *, spanish: bool = False) -> frozenset[str]:
    """Forms both ways, for words that stand beside others in a phrase: "adhd testing" may also be said "adhd test"."""
    found = set(forms(word, spanish=spanish))
    if _is_verb_form(word):
        stem = word[:-3] if word.endswith("ing") else word[:-2]
        bare = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "ls" else stem
        for base in {bare, stem + "e"} if stem[-1] not in VOWELS else {stem}:
            found |= forms(base)
    return frozenset(found)
