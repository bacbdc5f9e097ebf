"""What may a condition name? The facts of a lead, with their types, closed values and where each may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

CRITERIA: Final = "criteria and conflicts"
SCORE: Final = "score, stages and offers"
TEAMS: Final = "teams"
WAITING: Final = "service levels and nurture"
PLACES: Final = (CRITERIA, SCORE, TEAMS, WAITING)  # each may name what the one before may


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a condition may use. `options` empty: any value. `since`: the first of PLACES that may use it."""

    name: str
    type: str  # text | number | date | yes-no | list
    means: str
    options: tuple[str, ...] = ()
    since: str = CRITERIA
    protected: bool = False  # never in score or teams (a team may match a language)
    says_who: tuple[str, str] | None = None  # the protected attribute that an own fact's words name, and those words
    asked_as: str | None = None  # the incoming column whose answer settles it, where that is another


TYPES: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "number": pl.Float64(),
    "date": pl.Date(),
    "yes-no": pl.Boolean(),
    "list": pl.List(pl.String()),
    "one-of": pl.String(),
}

_FOUND = ("met", "not met")

BUILT_IN: Final[dict[str, Name]] = {
    n.name: n
    for n in (
        Name("type", "text", "kind of lead", ("patient", "referral", "business", "other")),
        Name("service", "text", "the service asked for (the first, where several)"),
        Name("services", "list", "all services asked for"),
        Name("kind", "text", "kind of that service", ("therapy", "specialty", "diagnostic", "program")),
        Name("location", "text", "the clinic: the preferred one if it offers the service, else the nearest that does"),
        Name("preferred_location", "text", "the clinic they named"),
        Name("preferred_location_offers_service", "yes-no", "whether the clinic they named offers the service"),
        Name("condition", "text", "the condition named"),
        Name("procedure", "text", "the procedure named"),
        Name("appointment_type", "text", "the appointment type asked for"),
        Name("specificity", "number",
             "how many specifics are named: condition, procedure, reason, outside provider, clinic, imaging"),
        Name("visit_mode", "text", "how they would be seen", ("in person", "video")),
        Name("readiness", "text", "how ready they are", ("ready", "considering", "information", "other")),
        Name("urgency", "text", "how soon it is needed", ("urgent", "soon", "routine", "none")),
        Name("timeline_days", "number", "days from receipt to when care is wanted", asked_as="timeline"),
        Name("deadline", "date", "a fixed day by which it is needed", asked_as="timeline"),
        Name("received_hour", "number", "hour of receipt in the organisation's zone, 0-23"),
        Name("received_weekday", "text", "weekday of receipt there", ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
        Name("asks_for", "text", "whom the asker asks for",
             ("self", "spouse", "child", "parent", "relative", "patient", "organization")),
        Name("authority", "text", "who speaks",
             ("self", "parent", "guardian", "authorized", "relative", "provider", "organization")),
        Name("contact_role", "text", "the role of whoever writes for an organisation, there"),
        Name("contact_decides", "yes-no", "whether whoever writes for an organisation decides there"),
        Name("language", "text", "language they write in", protected=True),
        Name("age", "number", "the patient's age in years", protected=True),
        Name("sex", "text", "the patient's sex", ("female", "male"), protected=True),
        Name("birth_date", "date", "the patient's date of birth", protected=True),
        Name("zip", "text", "five-digit ZIP code"),
        Name("state", "text", "state where they are, two letters"),
        Name("zip_state", "text", "state of the ZIP code", asked_as="zip"),
        Name("area_code_states", "list", "states of the phone's area code", asked_as="phone"),
        Name("miles_to_clinic", "number", "miles to the nearest clinic that offers the service", asked_as="zip"),
        Name("payer", "text", "who pays"),
        Name("payer_accepted", "yes-no", "whether that payer is accepted", asked_as="payer"),
        Name("plan_kind", "text", "kind of plan",
             ("hmo", "ppo", "pos", "medicare", "medicare-advantage", "medicaid", "other", "none")),
        Name("payment", "text", "by a plan or themselves", ("plan", "self"), asked_as="payer"),
        Name("has_referral", "yes-no", "whether a referral exists"),
        Name("has_order", "yes-no", "whether a clinician's order exists"),
        Name("npi_ok", "yes-no", "whether the NPI's check digit is right", asked_as="referrer_npi"),
        Name("referral_service", "text", "the service the referral names"),
        Name("referrer", "text", "who refers"),
        Name("interpreter_needed", "yes-no", "whether an interpreter is needed", protected=True),
        Name("phone_ok", "yes-no", "whether a usable phone number is there", asked_as="phone"),
        Name("email_ok", "yes-no", "whether a usable e-mail address is there", asked_as="email"),
        Name("preferred_channel", "text", "how they want to hear back", ("call", "text", "email")),
        Name("best_time", "text", "when they want to hear back"),
        Name("source", "text", "where the lead came from"),
        Name("campaign", "text", "its campaign"),
        Name("form", "text", "its form"),
        Name("page", "text", "its page"),
        *(Name(d, "text", f"finding of the dimension {d.replace('_', ' ')}", _FOUND, since=SCORE)
          for d in ("fit", "intent", "eligibility", "reachability", "consistency", "decision_maker", "integrity")),
        Name("grade", "text", "the grade", ("A", "B", "C", "D"), since=TEAMS),
        Name("disposition", "text", "what should happen next",
             ("schedule", "verify", "review", "nurture", "redirect", "decline", "discard"), since=TEAMS),
        Name("attempts", "number", "tries to reach them so far", since=WAITING),
        Name("waited_hours", "number", "hours since receipt", since=WAITING),
        Name("first_contact_hours", "number", "hours from receipt to the first contact", since=WAITING),
    )
}  # fmt: skip

# Never a fact, and never allowed to become one under a playbook's own name.
PROTECTED: Final = (
    "age", "birth_date", "sex", "gender", "language", "race", "ethnicity", "religion", "disability", "national_origin",
)  # fmt: skip
# A name with one of these in it says one of them in other words.
PROTECTED_WORDS: Final = frozenset(PROTECTED) | {
    "ages",
    "dob",
    "birthdate",
    "birthday",
    "born",
    "female",
    "male",
    "sexes",
    "languages",
    "racial",
    "ethnic",
    "religious",
    "disabled",
    "disabilities",
    "nationality",
    "edad",
    "sexo",
    "genero",
    "género",
    "idioma",
    "idiomas",
    "raza",
    "etnia",
    "religión",
    "discapacidad",
    "nacionalidad",
    "nacimiento",
}
