"""Which keys does a playbook have, what does each mean, and what is assumed where one is left out?

The one source for reading, for JSON Schema and for the documentation's playbook reference.
"""

from __future__ import annotations

from typing import Any, Final

from leadwell.playbook import capacity
from leadwell.playbook.conditions.types import Place
from leadwell.playbook.kinds import (
    Either,
    Flag,
    Hours,
    Key,
    Kind,
    Named,
    OneOf,
    Rows,
    Share,
    Span,
    Sql,
    Table,
    Text,
    Texts,
    Whole,
)
from leadwell.playbook.options import Options
from leadwell.playbook.vocabulary import CRITERIA, SCORE, TEAMS, WAITING

ENGINE_REASONS: Final = ("service-mismatch", "spam", "test", "duplicate", "not-an-enquiry", "criteria-not-met")
OTHER_KINDS: Final = ("existing-patient", "job", "vendor", "complaint")
FACT_TYPES: Final = ("yes-no", "number", "date", "text", "one-of")
STAGE_ORDER: Final = ("received", "qualified", "contacted", "booked", "attended", "completed")
BUSINESS_ORDER: Final = ("received", "contacted", "decision-maker", "meeting", "held", "agreed")
QUALIFIED: Final = "fit = 'met' AND reachability = 'met' AND eligibility = 'met'"

IN_CRITERIA: Final = Place(CRITERIA, missing=False, called="in a criterion")
IN_CONFLICTS: Final = Place(CRITERIA, called="in a conflict")
IN_STAGES: Final = Place(SCORE, called="in a stage")
IN_OFFERS: Final = Place(SCORE, banned=(("fit", "an offer is what fit is judged by"),), called="in an offer")
IN_SCORE: Final = Place(SCORE, protected=(), called="in the score")
IN_TEAMS: Final = Place(TEAMS, protected=("language", "interpreter_needed"), called="in a team")
IN_LEVELS: Final = Place(WAITING, called="in a service level")
IN_NURTURE: Final = Place(WAITING, called="in nurture")

LANGUAGE: Final = Text(r"[a-z]{2,3}(-[A-Z]{2})?", 'a language is a code like "en" or "es"')
SLUG: Final = Text(r"[a-z0-9][a-z0-9_-]*", "use small letters, digits and hyphens")
FACT_NAME: Final = r"[a-z][a-z0-9_]*"
OPENINGS: Final = Text(capacity.WRITTEN, capacity.WANTS)
SECONDS: Final = Whole(1, 600)
# Searched for in Latin letters and digits: a word in another script would never be found, and nobody would know.
WORD: Final = Text(r"[\s\S]*[A-Za-z0-9À-ɏ][\s\S]*", "words are searched for in Latin letters and digits")
WORDS: Final = Texts(WORD)
PHRASES: Final = Texts(WORD, least=1)


def _key(name: str, kind: Kind, means: str, default: Any = None) -> Key:
    return Key(name, kind, means, default=default)


def _need(name: str, kind: Kind, means: str) -> Key:
    return Key(name, kind, means, needed=True)


ORGANIZATION: Final = Table((
    _need("name", Text(), "the organisation's name"),
    _key("phone", Text(), "the number people call"),
    _key("website", Text(r"https?://\S+", "a web address starts with https://"), "its web address"),
    _key("postal_address", Text(), "required before any business e-mail can go out"),
    _need("time_zone", Text(), 'where its clocks stand, like "America/Chicago"'),
    _key("languages", Texts(LANGUAGE, least=1), "languages it answers in", ("en",)),
    _key("holidays", Text(), 'whose public holidays it keeps, like "US-IL"'),
))  # fmt: skip

LOCATION: Final = Table((
    _need("name", Text(), "what people call this clinic"),
    _need("zip", Text(r"\d{5}", "a ZIP code has five digits"), "its ZIP code"),
    _key("hours", Hours(), "when it is open"),
    _key("languages", Texts(LANGUAGE, least=1), "languages spoken here (the organisation's first where not said)"),
    _key("services", Texts(Text()), "what is offered here (everything where not said)"),
))  # fmt: skip

VISIT: Final = Table((
    _need("key", SLUG, "a short name of the visit"),
    _need("name", Text(), "what people call it"),
    _key("minutes", Whole(1, 1_440), "how long it takes", 30),
    _key("mode", OneOf(("in person", "video")), "how the patient is seen", "in person"),
))  # fmt: skip

SERVICE: Final = Table((
    _need("name", Text(), "what people call it"),
    _need("kind", OneOf(("therapy", "specialty", "diagnostic", "program")), "what kind of service it is"),
    _need("asks", PHRASES, "words with which people ask for it"),
    _key("specific", WORDS, "words that name a condition, procedure or reason for it", ()),
    _key("visits", Rows(VISIT), "visits it can begin with", ()),
    _key("openings", OPENINGS, "how many can begin, where nobody has said when the next opening is"),
    _key("expect", Text(), "what happens after somebody asks"),
    _key("prepare", Text(), "what to bring or prepare"),
    _key("sensitive", Flag(), "a minor's own request is looked at by a person", False),
    _key("part2", Flag(), "its records fall under 42 CFR Part 2", False),
))  # fmt: skip

ELSEWHERE: Final = Table((
    _need("asks", PHRASES, "words with which people ask for it"),
    _key("redirect", Text(), "who could help instead"),
    _key("say", Text(), "what is said to them"),
))  # fmt: skip

OFFER: Final = Table((
    _need("name", Text(), "what organisations call it"),
    _need("asks", PHRASES, "words with which they ask for it"),
    _key("decides", WORDS, "who on their side can say yes", ()),
    _key("when", Sql(IN_OFFERS), "when it holds"),
))  # fmt: skip

OTHER: Final = Table((
    _need("team", Text(), "which team gets it"),
    _key("say", Text(), "what is said to them"),
))  # fmt: skip

PAYERS: Final = Table((
    _key("accepted", Texts(SLUG), "payers that are accepted", ()),
    _key("self_pay", Flag(), "whether people may pay themselves", True),
))  # fmt: skip

CRITERION: Final = Table((
    _need("says", Text(), "the criterion as a sentence for people"),
    _need("when", Sql(IN_CRITERIA), "the condition under which it is met"),
    _key("applies", Sql(IN_CRITERIA), "whom it is for (everybody where not said)"),
    _key("ask", Either(Named(Text(), FACT_NAME, "a question stands under the name of its fact")),
         "the question that settles it, or one question for each fact", {}),
    _key("seconds", SECONDS, "what asking costs on a call", 10),
    _key("reason", Text(), "what is recorded where it is not met"),
    _key("redirect", Text(), "who could help where it is not met"),
    _key("obtainable", Flag(), "not met is a thing to get, no reason to decline", False),
    _key("review", Flag(), "not met means that a person looks", False),
    _key("decisive", Flag(), "false: its question can wait for the visit", True),
    _key("types", Texts(OneOf(("patient", "referral", "business", "other")), least=1),
         "kinds of lead it holds for", ("patient", "referral")),
))  # fmt: skip

FACT: Final = Table((
    _key("type", OneOf(FACT_TYPES), "what kind of answer it is; none for a fact that is built in"),
    _key("ask", Text(), "its question"),
    _key("field", Text(), "the column or form field that states it (its own name where not said)"),
    _key("words", WORDS, "words that say it", ()),
    _key("options", Options(), "the answers of a one-of, each with words that say it"),
    _key("seconds", SECONDS, "what asking costs on a call", 10),
))  # fmt: skip

DAYS: Final = Whole(0, 3_650)
READY: Final = Table((_key("within_days", DAYS, "wanted within so many days", 60),))
URGENT: Final = Table((_key("within_days", DAYS, "wanted within so many days", 7),))
NOT_YET: Final = Table((_key("beyond_days", DAYS, "wanted later than so many days", 60),))
INTENT: Final = Table((
    _key("ready", READY, "when somebody is ready"),
    _key("urgent", URGENT, "when it is urgent"),
    _key("not_yet", NOT_YET, "when it is too early"),
))  # fmt: skip

CHECKS: Final = Table((
    _key("fictional", OneOf(("flag", "accept")), "555-01xx numbers and example.com addresses", "flag"),
    _key("same_need_within", Span(), "the same request again within this time is a duplicate", "90 days"),
))  # fmt: skip

STAGES: Final = Table(
    (
        _key("order", Texts(SLUG, least=2), "the funnel, from first to last", STAGE_ORDER),
        _key("business", Texts(SLUG, least=2), "the same of business leads: from received to agreed", BUSINESS_ORDER),
        _key("acquisition_from", Text(), "before it lead generation, from it patient acquisition"),
    ),
    rest=Named(Sql(IN_STAGES)),
)

CONFLICT: Final = Table((
    _need("when", Sql(IN_CONFLICTS), "two facts that cannot both be right"),
    _need("says", Text(), "what is contradictory, as a sentence"),
))  # fmt: skip

POINTS: Final = Table((
    _need("add", Whole(-100, 100), "points to add"),
    _need("when", Sql(IN_SCORE), "when they are added"),
    _need("because", Text(), "why, as words for people"),
))  # fmt: skip

SCORE_TABLE: Final = Table((
    _key("grades", Named(Whole(0, 100), r"[ABC]", "grades are A, B and C; below them is D"),
         "points from which a grade is given", {"A": 75, "B": 55, "C": 35}),
    _key("learned", OneOf(("off", "advise", "blend")), "what the learned probability may do", "advise"),
    _key("review_share", Share(), "share of low scores that is handled like high ones", 0.05),
    _key("points", Rows(POINTS), "what adds to the score", ()),
))  # fmt: skip

_SENTENCES: Final = Either(Named(Text(), LANGUAGE.pattern, LANGUAGE.wants))
SAFETY: Final = Table((
    _key("emergency", WORDS, "words that suggest an emergency, besides those that every playbook has", ()),
    _key("crisis", WORDS, "words that suggest a crisis, besides those that every playbook has", ()),
    _need("say_emergency", _SENTENCES, "what is answered to an emergency, in every language, naming 911"),
    _need("say_crisis", _SENTENCES, "what is answered to a crisis, in every language, naming 988"),
))  # fmt: skip

TEAM: Final = Table((
    _key("hours", Hours(), "when it works"),
    _key("handles", Sql(IN_TEAMS), "which leads are its own (chosen by name only where not said)"),
    _key("assign", OneOf(("capacity", "round-robin", "take-next")), "how a lead finds its person", "take-next"),
))  # fmt: skip

ROUTING: Final = Table((_need("fallback_team", Text(), "the team for whatever no other team handles"),))

SERVICE_LEVEL: Final = Table((
    _key("when", Sql(IN_LEVELS), "which leads it is for (all where not said)"),
    _need("first_response", Span(working=True), "how soon somebody answers"),
    _key("escalate_to", Text(), "who is told before it is late"),
    _key("tell_referrer", Span(working=True), "how soon the referrer hears"),
))  # fmt: skip

FOLLOW_UP: Final = Table((
    _key("attempts", Whole(1, 50), "how often we try", 6),
    _key("over", Span(), "in how long", "12 days"),
    _key("channels_when_unknown", OneOf(("test", "call", "text", "email")), "how, where they have not said", "test"),
    _key("quiet_hours", Text(), "when nobody is disturbed, in their own time zone; never looser than the law"),
    _key("stop_after", Texts(SLUG), "what ends it", ("booked", "declined", "opted-out")),
))  # fmt: skip

NURTURE: Final = Table((
    _need("when", Sql(IN_NURTURE), "which leads it is for"),
    _need("every", Span(), "how often something is sent"),
    _key("times", Whole(1, 100), "how many times (until they answer where not said)"),
    _key("content", Texts(SLUG), "what is sent", ()),
    _key("wake", Text(), 'when the lead returns to the worklist, like "21 days before timeline"'),
))  # fmt: skip

REASON: Final = Table((
    _need("kind", OneOf(("disqualified", "lost", "invalid")), "what sort of end it is"),
    _key("teaches", SLUG, "what could be mended"),
))  # fmt: skip

PRIVACY: Final = Table((_key("keep", Named(Span()), "how long each kind of lead is kept, at least 30 days", {}),))

PLAYBOOK: Final = Table((
    _need("playbook", SLUG, "its short name"),
    _key("title", Text(), "its name for people (the organisation's where not said)"),
    _need("organization", ORGANIZATION, "whose policy this is"),
    _key("locations", Named(LOCATION), "its clinics", {}),
    _key("services", Named(SERVICE), "what it offers to patients", {}),
    _key("elsewhere", Named(ELSEWHERE), "what is asked for often and not offered", {}),
    _key("offers", Named(OFFER), "what it offers to organisations", {}),
    _key("other", Named(OTHER, options=OTHER_KINDS), "what is no enquiry for care, and who gets it", {}),
    _key("payers", PAYERS, "who pays"),
    _key("criteria", Named(CRITERION), "whom it can help", {}),
    _key("facts", Named(FACT, FACT_NAME, "a fact is named by small letters, digits and _"),
         "facts of its own, and questions", {}),
    _key("intent", INTENT, "what is ready, urgent and too early"),
    _key("checks", CHECKS, "how contact details and repeats are treated"),
    _key("stages", STAGES, "the funnel, and what qualified means"),
    _key("conflicts", Rows(CONFLICT), "facts that contradict each other", ()),
    _key("score", SCORE_TABLE, "what a good lead is worth"),
    _need("safety", SAFETY, "emergencies and crises"),
    _need("teams", Named(TEAM), "who answers, tried in this order"),
    _need("routing", ROUTING, "who answers where no team does"),
    _key("service_levels", Rows(SERVICE_LEVEL), "how soon; the first that applies", ()),
    _key("follow_up", FOLLOW_UP, "how often and when we try again"),
    _key("nurture", Named(NURTURE), "those who are not ready", {}),
    _need("reasons", Named(REASON), "the only reasons a lead can end with"),
    _key("privacy", PRIVACY, "how long leads are kept"),
))  # fmt: skip
