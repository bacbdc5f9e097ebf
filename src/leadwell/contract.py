"""What does a lead look like coming in, between the parts of the engine, and going out?

Constants only: column names and their Polars types. Everything else imports them; this module imports nothing of ours.
A missing value is NULL everywhere, never NaN and never ''. Offsets count Unicode code points of the field as received,
so `field[start:end] == text`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

# --- coming in (all optional, all text as read; see docs/lead.md) --------------------------------------------

INCOMING: Final[tuple[str, ...]] = (
    "id", "received_at", "type",
    "first_name", "last_name", "full_name", "birth_date", "age", "sex",
    "email", "phone", "phone_2", "address", "city", "state", "zip", "language",
    "subject", "message", "service", "visit_mode", "appointment_type", "preferred_location",
    "preferred_channel", "best_time", "timeline", "payer", "plan", "payment",
    "asks_for", "relationship",
    "patient_first_name", "patient_last_name", "patient_full_name", "patient_birth_date",
    "organization", "contact_role", "contact_decides",
    "npi", "referrer_name", "referrer_organization", "referrer_npi", "referrer_phone", "referrer_email",
    "referral_service", "referral_reason", "has_order", "has_referral", "interpreter_needed",
    "source", "campaign", "page", "form", "verified",
)  # fmt: skip

ANSWER_PREFIX: Final = "answer."
EXTRA_PREFIX: Final = "extra."

# Fields in which people write freely; reading searches these, in this order.
WORDS: Final[tuple[str, ...]] = ("message", "subject", "referral_reason", "timeline", "best_time")

# --- evidence ------------------------------------------------------------------------------------------------

EVIDENCE: Final = pl.Struct({"field": pl.String, "text": pl.String, "start": pl.UInt32, "end": pl.UInt32})
# One thing named in words. `context` says how it was named; only `asserted` counts as asked for.
CONTEXTS: Final = ("asserted", "negated", "hypothetical", "past", "other person")
MENTION: Final = pl.Struct(
    {
        "key": pl.String,
        "field": pl.String,
        "text": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "context": pl.String,
    }
)

# --- what `reading.read` adds: one column a fact, `read.<name>`, with its evidence beside it in `read.<name>@`

READ_VALUES: Final[dict[str, pl.DataType]] = {
    "language": pl.String(),            # en | es | other; NULL where there are too few words to say
    "type": pl.String(),                # referral | business: only where the words say so
    "other": pl.String(),               # existing-patient | job | vendor | complaint
    "location": pl.String(),            # key of a playbook location named in words as wanted
    "visit_mode": pl.String(),          # 'video' | 'in person', where said
    "timeline_start": pl.Date(),        # first day of the period in which care is wanted; evidence for both in it
    "timeline_end": pl.Date(),          # last day of it; NULL with a start means "from then on"
    "deadline": pl.Date(),              # a fixed day: a procedure, a court date, "before the end of December"
    "urgent": pl.Boolean(),             # "as soon as possible", "today", "urgent"
    "wish": pl.Boolean(),               # a plain wish to book or be seen
    "considering": pl.Boolean(),        # weighing it: "thinking about", "considering", "not sure yet"
    "information": pl.Boolean(),        # asks for prices or general information
    "only_asks": pl.Boolean(),          # says that they only ask, and nothing more
    "not_yet": pl.Boolean(),            # says that it is not for now
    "condition": pl.String(),           # the words that name it, as the lexicon or playbook has them
    "procedure": pl.String(),
    "asks_for": pl.String(),            # self|spouse|child|parent|relative|patient|organization
    "authority": pl.String(),           # self|parent|guardian|authorized|relative|provider|organization, where said
    "decides": pl.String(),             # the role that decides, where named ("practice manager")
    "contact_decides": pl.Boolean(),    # "I decide on this"; false where they say that somebody else does
    "sex": pl.String(),                 # female | male, of the patient
    "age": pl.Int32(),                  # of the patient, in whole years
    "own_age": pl.Int32(),              # theirs who writes, or of a patient whom no relation names
    "birth_date": pl.Date(),            # of the patient
    "payer": pl.String(),               # canonical payer key: 'aetna', 'bcbs', 'medicare', 'kaiser' ...
    "plan_kind": pl.String(),           # hmo|ppo|pos|medicare|medicare-advantage|medicaid|other|none
    "payment": pl.String(),             # 'self' where said; 'plan' where a plan is said without naming it
    "has_referral": pl.Boolean(),       # false only where said so
    "has_order": pl.Boolean(),
    "interpreter_needed": pl.Boolean(),
    "preferred_channel": pl.String(),   # call | text | email
    "best_time": pl.String(),           # the words
    "zip": pl.String(),                 # five digits said in words
    "state": pl.String(),               # two letters, where said in words
    "safety": pl.String(),              # emergency | crisis | doubt (a human looks, without alarm)
    "spam": pl.Boolean(),
    "test": pl.Boolean(),
    "gibberish": pl.Boolean(),
}  # fmt: skip
# Facts whose evidence column has another name than their own.
READ_EVIDENCE: Final[tuple[str, ...]] = (
    *(name for name in READ_VALUES if name not in ("timeline_start", "timeline_end", "language")),
    "timeline",
)
# Lists of mentions, wanted and unwanted alike: look at `context`. `specifics` keys: condition | procedure | reason |
# provider | clinic | imaging.
READ_MENTIONS: Final[tuple[str, ...]] = ("services", "elsewhere", "offers", "specifics")
# Besides these, for each `[facts.*]` of the playbook: `read.answer.<fact>` in its declared type, and its `@`.

# --- what `reading.reaching` adds: the words as they stand there, not yet checked ------------------------------

REACHED: Final[dict[str, pl.DataType]] = {
    "read.phone": pl.String(),           # theirs; in a referral the patient's
    "read.phone@": EVIDENCE,
    "read.email": pl.String(),
    "read.email@": EVIDENCE,
    "read.referrer_phone": pl.String(),  # the writer's own, in a referral
    "read.referrer_phone@": EVIDENCE,
    "read.referrer_email": pl.String(),
    "read.referrer_email@": EVIDENCE,
    "read.npi": pl.String(),             # a clinician's, where it is called one
    "read.npi@": EVIDENCE,
}  # fmt: skip

# --- what `contact.check` adds -------------------------------------------------------------------------------

CONTACT: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "contact.phone": pl.String(),             # E.164 of the best usable number (phone, else phone_2, else words)
    "phone_ok": pl.Boolean(),                 # NULL: none given
    "contact.phone_type": pl.String(),        # mobile | fixed | fixed or mobile | toll-free | voip | other
    "contact.phone_says": pl.String(),        # what is wrong or worth knowing, as a sentence; NULL: nothing
    "contact.phone_field": pl.String(),       # phone | phone_2 | words: where it came from
    "contact.phone_besides": pl.Boolean(),    # TRUE: a valid number stands in the words, and it is none of the fields'
    "contact.email_field": pl.String(),       # email | words
    "contact.email_besides": pl.Boolean(),
    "contact.phone_2": pl.String(),           # E.164 of the other number, where valid
    "contact.email": pl.String(),             # normalised
    "email_ok": pl.Boolean(),
    "contact.email_suggestion": pl.String(),  # the likely address where a typing error is likely
    "contact.email_kind": pl.String(),        # personal | organization | role | disposable
    "contact.email_says": pl.String(),
    "contact.zip": pl.String(),               # five digits, only where the ZIP exists
    "zip_state": pl.String(),
    "contact.state": pl.String(),             # two letters, from the state column
    "area_code_states": pl.List(pl.String()), # sorted
    "contact.time_zone": pl.String(),         # best single guess: ZIP, else area code, else state
    "contact.zones": pl.List(pl.String()),    # every plausible zone
    "contact.good_hours": pl.String(),        # when a call is welcome, in the zone above, e.g. '08:00-21:00'
    "npi_ok": pl.Boolean(),                   # NULL: none given; of npi, else referrer_npi, else the words
    "contact.postal_says": pl.String(),       # ZIP unknown, ZIP against state, area code against state: a sentence
}  # fmt: skip

# --- what `link` adds ----------------------------------------------------------------------------------------

LINK: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "duplicate_of": pl.String(),
    "possible_duplicate_of": pl.String(),
    "same_person_as": pl.String(),
    "link_weight": pl.Float64(),
    "link.nothing_new": pl.Boolean(),  # a sure duplicate with the same folded message: may be discarded
}

DIMENSIONS: Final = ("fit", "intent", "eligibility", "reachability", "consistency", "decision_maker", "integrity")
FINDINGS: Final = ("met", "not met", "unknown")
DISPOSITIONS: Final = ("schedule", "verify", "review", "nurture", "redirect", "decline", "discard")
PROVENANCES: Final = ("stated", "extracted", "derived", "verified")
