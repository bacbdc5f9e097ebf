"""Whom does the asker ask for, who speaks for whom, and who decides? (promise 15)

A person named by a relation is the patient where the words say so: asked *for*, in need, of some age or trouble; not
where the person drives, insures or lives with the asker. `beside.toml` holds these words. A professional asks for a
patient, an organisation for itself; who asks without naming anybody asks for themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.facts import NO_YES, Facts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.heard import Heard
from leadwell.reading.patterns import holds
from leadwell.reading.picked import KEPT, Codes
from leadwell.reading.readiness import Readiness

KINDS: Final = (
    "relation", "relation.third", "relation.self", "relation.is", "relation.patient", "relation.organization",
    "authority", "decides", "role", "decision", "sex",
)  # fmt: skip
BESIDE: Final = ("relation", "relation.is", "relation.organization", "decides", "role", "decision")
# What speaks for a value, the strongest first; the asker's own body outweighs a relation that is merely there.
_ONLY, _IS, _SURE_ORGANIZATION, _PATIENT, _FOR, _ORGANIZATION, _HAS, _SELF, _THERE, _WISH, _NOBODY = range(11)
_WRITER: Final = (_ONLY, _SELF, _WISH)
_LETTERS: Final = "fm"
_SEXES: Final = pl.Series(["female", "male", None])
_ONE_PATIENT: Final = "patient"
_ACQUAINTANCE: Final = "relative/x"
_AGED: Final = "child/aged"
_SPEAKS: Final = {"guardian": 0, "authorized": 1, "parent": 2, "provider": 3}
_FIRST_PERSON: Final = (
    r"(?:^|[^a-z0-9'])(?:i|i'm|im|i've|ive|i'd|i'll|my|mine|myself|necesito|quiero|quisiera|busco|tengo|estoy|soy|mi|mis|ocupo|"
    r"puedo|sufro|padezco|vivo|pago|me)(?:[^a-z0-9']|$)"
)
# After "my sister did IVF with you", who writes wants it too: "Me, I only want to freeze my eggs".
_OWN_WISH: Final = (
    r"(?:^|[^a-z0-9' ] *)(?:(?:me|and|so|but|now|today|y|yo|ahora|pero)[^a-z0-9'] *){0,3}"
    r"(?:i|i'd)(?: just| only| also| really| now)? (?:want|need|like|would like|wanna|am looking)(?-u:\b)"
    r"|(?:^|[^a-z0-9'])(?:i,? on the other hand|i've got|ive got|i have an? (?:bad|spot|mole|rash|lump|torn))(?-u:\b)"
    r"|(?:^|[^a-z0-9'])(?:quiero|quisiera|necesito|busco|ocupo|me gustaria)(?: [^q]|$)"
)
# What somebody of theirs has, the writer has or fears too: "my brother has it, so I suppose that's what I've got".
_OWN_MATTER: Final = (
    r"(?:^|[^a-z0-9'])(?:(?:think|suppose|guess|believe|assume|figure|suspect|afraid|worried|wonder if|wondering if)"
    r"(?: that| maybe)? (?:(?:that|it|this)'?s what )?i(?:'ve| have| might have| may have| could have| do| need)? ?"
    r"(?:it|this|that|them|one|too|got|the same)"
    r"|(?:that|it|this)'?s what i(?:'ve got| have| got)"
    r"|i (?:have|got|do|need) (?:it|that|this|them|the same(?: thing)?) (?:too|as well|also)"
    r"|same (?:thing|problem|issue) here|my turn|i,? on the other hand"
    r"|so i(?:'d)? (?:want|like|need) to (?:be|get) checked"
    r"|(?:says|said|swears|complains|claims|tells me|told me)(?: that)? i (?:snore|stop breathing)"
    r"|(?:i'm|im|i am) [0-9]{2}(?: and| so)?[^a-z0-9']+(?:i'd like|i want|i need|i would like|due|overdue)"
    r"|(?:creo|pienso|supongo|sospecho) que (?:yo )?(?:tambien|tengo)|yo tambien (?:tengo|quiero|necesito|creo)"
    r"|(?:dice|dicen) que (?:yo )?ronco|me toca a mi|ahora (?:yo|me toca)|a lo mejor yo)(?:[^a-z0-9']|$)"
)


class Whom(NamedTuple):
    """Who is asked for, one a lead: the mention that says so and its key; one more than all where it is the writer."""

    found: Ints
    key: Ints


class People(NamedTuple):
    """What the keys of a search say of a person; at the end, of the writer."""

    whom: pl.Series  # what `asks_for` says
    sex: Ints  # an index into _SEXES
    named: Flags  # by a relation
    sexed: Flags  # by a relation that only a woman, or only a man, has
    sure: Flags  # an organisation for itself
    acquaintance: Flags


@lru_cache(maxsize=KEPT)
def _people(codes: Codes) -> People:
    keys = [*codes.keys, "self"]
    whom = [re.match("[a-z]+", key) for key in keys]
    sex = [re.search("([fm])[a-z]*$", key) for key in keys]
    return People(
        pl.Series([match and match[0] for match in whom], dtype=pl.String),
        np.array([_LETTERS.index(match[1]) if match else len(_LETTERS) for match in sex]),
        np.array(["/" in key for key in keys]),
        np.array([re.search("/[fm]$", key) is not None for key in keys]),
        np.array([key.endswith(" sure") for key in keys]),
        np.array([key == _ACQUAINTANCE for key in keys]),
    )


def relations(heard: Heard, ready: Readiness, facts: Facts) -> None:
    """Who wants something (`ready.wanting`) without naming anybody wants it for themselves."""
    whom = _whom(heard, ready.wanting)
    facts.add("asks_for", heard.said, whom.found, _people(heard.said.codes).whom, whom.key)
    facts.fill("asks_for", _first_person(heard, whom, ready), "self")
    facts.add("authority", heard.said, _authority(heard))
    _decides(heard, facts)
    _says_who_decides(heard, facts)
    _sex(heard, whom, facts)


def _whom(heard: Heard, wanting: Ints) -> Whom:
    said, own = heard.said, heard.asserted("relation.self")
    named = heard.all("relation")
    named = named[said.last[named] > said.first[named]]
    own = own[~np.isin(said.last[own], said.first[named])]  # "para mi hijo" is not "para mi"
    organizations = _organizations(heard)
    sure = _people(said.codes).sure[said.key[organizations]]
    parts: list[tuple[Ints, Ints | int]] = [
        _persons(heard),
        (own, np.where(heard.keyed(own, "only"), _ONLY, _SELF)),
        (_speaking(heard), _IS),
        (_spoken(heard, "relation.patient"), _PATIENT),
        (organizations, np.where(sure, _SURE_ORGANIZATION, _ORGANIZATION)),
        (wanting, _WISH),
    ]
    found = np.concatenate([part for part, _ in parts])
    rank = np.concatenate([np.broadcast_to(rank, len(part)) for part, rank in parts])
    order = np.lexsort((said.first[found], rank))
    one = order[np.unique(said.row[found[order]], return_index=True)[1]]
    return Whom(found[one], np.where(np.isin(rank[one], _WRITER), len(said.codes.keys), said.key[found[one]]))


def _first_person(heard: Heard, whom: Whom, ready: Readiness) -> Flags:
    """Who names nobody, does not only ask for information and writes of themselves means themselves."""
    said, texts = heard.said, heard.mentions.texts.frame
    row = texts["row"].to_numpy()
    open_ = ~(said.leads(whom.found) | said.leads(ready.asking))
    at = np.flatnonzero(open_[row])
    writes = at[holds(texts["folded"][pl.Series(at.astype(np.uint32))], _FIRST_PERSON)] if len(at) else at
    first_person = np.zeros(len(open_), dtype=np.bool_)
    first_person[row[writes]] = True
    return first_person


def _spoken(heard: Heard, kind: str) -> Ints:
    found = heard.all(kind)
    return found[~heard.said.negated[found]]


def _speaking(heard: Heard) -> Ints:
    """Who says who they are: "her aunt" signs, but in "her aunt all say so" somebody is told of, and "a mother of
    three" tells of herself."""
    found = heard.asserted("relation.is")
    return found[~(heard.fits(found, "relation-does") | heard.fits(found, "relation-count"))]


def _organizations(heard: Heard) -> Ints:
    """Without "referring our patient" (one patient is asked for, and only "our patients" are an organisation's) and an
    employer who pays for whoever writes, or sends them."""
    found, said = _spoken(heard, "relation.organization"), heard.said
    if not len(found):
        return found
    last = Spans(said.text[found], np.maximum(said.end[found] - len(_ONE_PATIENT), 0), said.end[found])
    several: Flags = (words(heard.mentions.texts.frame["folded"], last) != _ONE_PATIENT).to_numpy()
    employer = heard.fits(found, "organization-does") | heard.fits(found, "organization-employs")
    return found[several & ~employer]


def _persons(heard: Heard) -> tuple[Ints, Ints]:
    """Those named by a relation, and how much makes them the patient; helpers left out."""
    named, said = heard.all("relation"), heard.said
    if not len(named):
        return named, named
    sides = ("not", "does", "owns", "for", "of", "needs", "has")
    not_, does, owns, for_, of, needs, has = (heard.fits(named, f"relation-{side}") for side in sides)
    third = _spoken_of(heard, named)
    infant = heard.fits(named, "relation-infant")
    story = (_told_of(heard, named) | _theirs_too(heard, named, ~(not_ | does | owns | needs))) & ~third
    asked = ((for_ | (of & ~story)) & ~not_ & ~owns) | (needs & ~not_ & ~does & ~story)
    helper = not_ | does | owns | story
    aged = heard.keyed(named, _AGED) & ~(not_ | owns | infant | heard.fits(named, "relation-aids"))
    acquaintance = _people(said.codes).acquaintance[said.key[named]]
    rank = np.select(
        [asked, acquaintance, aged, helper & third, helper, third | (has & ~infant)],
        [_FOR, _NOBODY, _HAS, _HAS, _NOBODY, _HAS],
        _THERE,
    )
    return named[rank < _NOBODY], rank[rank < _NOBODY]


def _spoken_of(heard: Heard, named: Ints) -> Flags:
    """Whether a "she needs" follows in the same text before anybody else is named."""
    said, third = heard.said, heard.all("relation.third")
    if not len(third):
        return np.zeros(len(named), dtype=np.bool_)
    at = np.searchsorted(said.first[third], said.last[named], "right")
    near = third[np.minimum(at, len(third) - 1)]
    follower = np.append(said.first[named][1:], np.iinfo(np.int64).max)
    followed: Flags = (at < len(third)) & (said.text[near] == said.text[named]) & (said.first[near] < follower)
    return followed


def _told_of(heard: Heard, named: Ints) -> Flags:
    """Whether only what is over is told of them, and who writes wants something: "my sister did IVF with you. I want".
    Of a child's past a parent tells who asks for the child again."""
    child = _people(heard.said.codes).whom[pl.Series(heard.said.key[named])].eq_missing("child").to_numpy()
    told: Flags = heard.fits(named, "relation-story") & ~child
    if told.any():
        folded = heard.mentions.texts.frame["folded"]
        told[told] = holds(folded[pl.Series(heard.said.text[named[told]].astype(np.uint32))], _OWN_WISH)
    return told


def _theirs_too(heard: Heard, named: Ints, likely: Flags) -> Flags:
    """Of whom it is only told what the writer has, too. A parent who has it asks for the child all the same."""
    child = _people(heard.said.codes).whom[pl.Series(heard.said.key[named])].eq_missing("child").to_numpy()
    too, at = np.zeros(len(named), dtype=np.bool_), np.flatnonzero(likely & ~child)
    if len(at):
        folded = heard.mentions.texts.frame["folded"]
        too[at] = holds(folded[pl.Series(heard.said.text[named[at]].astype(np.uint32))], _OWN_MATTER)
    return too


def _authority(heard: Heard) -> Ints:
    found, said = heard.asserted("authority"), heard.said
    return found[np.lexsort((said.first[found], said.codes.ranks(_SPEAKS)[said.key[found]]))]


def _decides(heard: Heard, facts: Facts) -> None:
    roles, said = np.concatenate([heard.asserted("decides"), heard.asserted("role")]), heard.said
    roles = roles[np.argsort(said.first[roles], kind="stable")]
    roles = roles[heard.fits(roles, "role-own") | ~heard.fits(roles, "role-not")]
    if len(roles):
        told = words(heard.mentions.texts.frame["received"], said.spans(roles)).str.to_lowercase()
        facts.add("decides", said, roles, told, np.arange(len(roles)))


def _says_who_decides(heard: Heard, facts: Facts) -> None:
    """Whether whoever writes does. A verb that says no more than "decides" counts where somebody of theirs is named who
    does it."""
    said, found = heard.said, heard.asserted("decision")
    found = found[~heard.keyed(found, "verb") | heard.fits(found, "decision-by")]
    facts.add("contact_decides", said, found, NO_YES, heard.keyed(found, "own").astype(np.int64))


def _sex(heard: Heard, whom: Whom, facts: Facts) -> None:
    """Of the patient: as the relation says, else as the words say of whoever is asked for."""
    people = _people(heard.said.codes)
    said = heard.of_others(heard.asserted("sex"), whom.found[people.named[whom.key]])
    found = np.concatenate([whom.found[people.sexed[whom.key]], said])
    facts.add("sex", heard.said, found, _SEXES, people.sex[heard.said.key[found]])
