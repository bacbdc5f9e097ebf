"""Which words say who somebody is? A playbook's own fact that asks for it is protected, whatever its name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from leadwell.playbook.vocabulary import PROTECTED_WORDS

# In small letters without accents. Of several words, all in this order.
SAYINGS: Final = {
    "sex": (
        "woman", "women", "man", "men", "girl", "girls", "boy", "boys", "lady", "gentleman", "transgender", "nonbinary",
        "mujer", "mujeres", "hombre", "hombres", "varon", "varones", "femenino", "masculino", "transgenero",
    ),
    "age": (
        "how old", "year old", "years old", "or older", "or younger", "elderly", "senior citizen", "anciano", "anciana",
        "adulto mayor", "mayor de edad", "menor de edad", "que edad", "anos de edad",
    ),
    "race": (
        "hispanic", "latino", "latina", "latinx", "caucasian", "african american", "asian", "native american", "arab",
        "hispano", "hispana", "afroamericano", "afroamericana", "asiatico", "asiatica", "indigena",
    ),
    "religion": (
        "muslim", "islam", "jewish", "judaism", "christian", "catholic", "protestant", "mormon", "hindu", "buddhist",
        "atheist", "musulman", "musulmana", "judio", "judia", "cristiano", "cristiana", "catolico", "catolica",
    ),
    "national_origin": (
        "immigrant", "immigration", "undocumented", "refugee", "citizenship", "green card", "country of birth",
        "born in", "inmigrante", "indocumentado", "indocumentada", "ciudadania", "refugiado", "refugiada",
    ),
    "disability": ("handicapped", "wheelchair", "discapacitado", "discapacitada", "silla de ruedas"),
    "language": (
        "language", "languages", "idioma", "idiomas", "interpreter", "interprete", "speak spanish", "speaks spanish",
        "spanish speaking", "speak english", "speaks english", "english speaking", "hablo espanol", "habla espanol",
        "hablo ingles", "habla ingles",
    ),
}  # fmt: skip
# They say it where nothing else stands beside them: a black eye, white blood cells.
ALONE: Final = {"race": ("black", "white", "blanco", "blanca", "negro", "negra"), "sex": ("m", "f")}
# They hold such a word and name a condition, or a treatment.
HARMLESS: Final = ("age related", "speech and language", "speech language")


def says_who(text: str) -> tuple[str, str] | None:
    """The protected attribute that a text names, and the words that do; None where none."""
    folded = _folded(text)
    for attribute, words in ALONE.items():
        if folded in words:
            return attribute, folded
    for harmless in HARMLESS:
        folded = re.sub(rf"\b{harmless}\b", " ", folded)
    found = _pattern().search(folded)
    return (_attributes()[found[0]], found[0]) if found else None


@cache
def _attributes() -> dict[str, str]:
    others = {_folded(word): "who they are" for word in PROTECTED_WORDS}
    return others | {words: attribute for attribute, all_ in SAYINGS.items() for words in all_}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_attributes(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))
