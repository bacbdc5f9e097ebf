"""Which of several patients does a mail name, and what is said of each of them alone? (promises A3, B8)

A mail is first cut into the items that it lists (`patients_listed`); where it lists nobody, its sentences are looked
through for whoever is called a patient, or needs something of their own. What stands outside of all items is said of
each. Where it is open who of several is the patient, nobody is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from leadwell.reading.patient_named import Found, Named, found_in, told_in
from leadwell.reading.patient_signs import BORN, BORN_BEHIND, TELEPHONE, tells_need
from leadwell.reading.patients_listed import Item, patients_listed
from leadwell.reading.person_names import name_at, one_of_each

_LISTING: Final = ("message", "referral_reason")
_EACH: Final = ("patient", "born", "referred", "before", "needs")  # of which several in one mail are several patients
_MOST: Final = 200  # patients of one mail
_FEWEST: Final = 2
_BOTH: Final = re.compile(
    r"\b(?:both|each|the two|two|all (?:of them|three|four|five)|they|them|same|ditto|idem|likewise|"
    r"consult(?:ation)?s|evaluations|evals|appointments|referrals|patients|"
    r"ambos|ambas|los dos|las dos|lo mismo|igual(?:mente)?|pacientes)\b",
    re.I,
)
_SAME: Final = re.compile(r"\b(?:same|ditto|idem|likewise|lo mismo|igual(?:mente)?)\b", re.I)
_AND: Final = re.compile(r"\s{0,3}(?:and|&|y|e)\s{1,3}(?=\w)")
_CALLED: Final = re.compile(r"\b(?:call|contact|reach|llam\w+)\b", re.I)
_CANCELS: Final = re.compile(
    r"\b(?:cancel\w*|withdr[ae]w\w*|disregard|elsewhere|no longer|passed away|falleci[oó])\b", re.I
)
_ASKED_FOR: Final = re.compile(
    r"\b(?:call|reach|ask|fax|email|e-mail|thank|to|per|under|via|through|llam\w+)\s{1,3}$", re.I
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])(?<!\b(?:[MDS]r|Ms|Jr|St|Dr)\.)(?<!\bMrs\.)(?<!\bSra\.)(?<!\bpt\.)\s+|\n\s*")
_ALSO: Final = re.compile(
    r"[\s,;&]{0,3}(?:(?:and|y|e|also|but|too|tambi[eé]n|then)\b[\s,]{0,2}){0,2}(?:(?:a|for|para)\s)?"
    r"(?:(?:for |to )?(?:his|her|their|the|su|la|el)\s\w{3,12}\s{0,2},?)?(?:\s?(?:Mrs?|Ms|Sra?)\.)?\s*$",
    re.I,
)


@dataclass(frozen=True)
class OfOne:
    """One of several patients: `texts`, the words of the mail without what is said of another alone; `own`: what is
    said of them alone, '' where the words are not told apart."""

    patient: Named
    texts: Mapping[str, str]
    own: str = ""


@dataclass(frozen=True)
class Several:
    """`each`: two or more, or none. `unsure`: it is open who of several is the patient."""

    each: tuple[OfOne, ...] = ()
    unsure: bool = False


def patients_named(texts: Mapping[str, str]) -> Several:
    """Of the words of a mail (column -> text) the several patients whom they name, each with what is said of them."""
    told, unsure = told_in(texts), False
    others: dict[str, Sequence[Item]] = {}
    for field in filter(told.__contains__, _LISTING):
        listed = patients_listed(told[field])
        unsure |= listed.unsure
        others[field] = listed.others
        if _FEWEST <= len(listed.items) <= _MOST:
            return Several(tuple(_of_items(texts, field, listed.items)))
    in_prose = _in_prose(texts, told, others)
    return in_prose if in_prose.each else Several(unsure=unsure or in_prose.unsure)


def _of_items(texts: Mapping[str, str], field: str, items: Sequence[Item]) -> Iterator[OfOne]:
    text = texts[field]
    alike = _SAME.search(text[items[0].start : items[-1].end])
    for one in items:
        own = text[one.start : one.end].strip()
        named = _named(field, text, one, "listed")
        yield OfOne(named, texts if alike else {**texts, field: _without_others(text, items, one)}, own)


def _without_others(text: str, items: Sequence[Item], one: Item) -> str:
    """A text with one of its items, and what stands outside of all of them."""
    behind = text[items[-1].end :]
    return text[: items[0].start] + text[one.start : one.end].strip(" ,;\n") + ("\n" + behind if behind.strip() else "")


def _in_prose(texts: Mapping[str, str], told: Mapping[str, str], others: Mapping[str, Sequence[Item]]) -> Several:
    found = [one for one in _found(told) if not any(no.start <= one.start < no.end for no in others.get(one.field, ()))]
    each = one_of_each(found, attrgetter("name"))
    if not _FEWEST <= len(each) <= _MOST:
        return Several()
    if any(_is_open(one, told) for one in each):
        return Several(unsure=True)
    named = [_named(one.field, told[one.field], _until_next(one, found, told), "named") for one in each]
    items = _sentences(each, told)
    if not items:
        return Several(tuple(OfOne(one, texts) for one in named))
    field = each[0].field
    return Several(
        tuple(
            OfOne(
                one, {**texts, field: _without_others(texts[field], items, item)}, texts[field][item.start : item.end]
            )
            for one, item in zip(named, items, strict=True)
        )
    )


def _found(told: Mapping[str, str]) -> list[Found]:
    """Those of the first group that names anybody, and whoever else needs something of their own."""
    columns = list(told)
    for group in _EACH:
        found = [one for field, text in told.items() for one in found_in(group, field, text)]
        if found:
            further = [one for field, text in told.items() for one in found_in("needs", field, text)]
            further = [one for one in further if not _ASKED_FOR.search(told[one.field][: one.start][-20:])]
            return sorted([*found, *further], key=lambda one: (columns.index(one.field), one.start))
    return []


def _until_next(one: Found, found: Sequence[Found], told: Mapping[str, str]) -> Item:
    """The words from a name to the next, or to the end of the paragraph."""
    text = told[one.field]
    later = (o.start for o in found if o.field == one.field and o.start > one.start and not (o.shared and one.shared))
    until = min(later, default=len(text))
    ends = text.find("\n\n", one.end, until)
    return Item(one.start, until if ends < 0 else ends, one.name, one.start, one.end)


def _is_open(one: Found, told: Mapping[str, str]) -> bool:
    """Whether of two with one family name it is not said that both are patients: "please call Bob or Sue Smith"."""
    called = _CALLED.search(told[one.field], one.start, one.end)
    return one.shared and called is not None and not _BOTH.search(told[one.field])


def _named(field: str, text: str, item: Item, group: str) -> Named:
    behind, said = text[item.named_until : item.end], text[item.named_at : item.named_until]
    alone = name_at(behind, and_.end()) is None if (and_ := _AND.match(behind)) else True
    born = (BORN_BEHIND.match(behind) or BORN.search(behind)) if alone else None
    phone = TELEPHONE.search(behind)
    return Named(field, item.name, said, item.named_at, born[1] if born else "", group, phone[0] if phone else "")


def _sentences(each: Sequence[Found], told: Mapping[str, str]) -> list[Item]:
    """Of each what is said of them alone; none where something is said of several at once."""
    if len({one.field for one in each}) > 1 or any(one.shared for one in each):
        return []
    text = told[each[0].field]
    if _BOTH.search(text[each[0].start :]):
        return []
    starts = [0, *(sign.end() for sign in _SENTENCE.finditer(text))]
    begins = [max(start for start in starts if start <= one.start) for one in each]
    for at in range(1, len(each)):
        if begins[at] <= begins[at - 1]:  # in the sentence of another
            before = text[each[at - 1].end : each[at].start]
            also = _ALSO.search(before)
            begins[at] = each[at].start - (len(before) - also.start() if also else 0)
    last = text.find("\n\n", each[-1].end)
    ends = [*begins[1:], len(text) if last < 0 else last]
    items = [Item(start, end, one.name, one.start, one.end) for one, start, end in zip(each, begins, ends, strict=True)]
    return items if all(_is_whole(text[one.start : one.end]) for one in items) else []


def _is_whole(words: str) -> bool:
    """Whether they say what is wanted for somebody, or that nothing is any longer."""
    return tells_need(words) or _CANCELS.search(words) is not None
