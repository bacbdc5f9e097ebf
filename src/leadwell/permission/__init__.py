"""May we contact them, for what, by which channel, and when? One gate, pure. (promises B13, D23, D24)"""

from leadwell.permission.columns import may_contact_columns
from leadwell.permission.gate import may_contact
from leadwell.permission.own import longest_cap
from leadwell.permission.rules import Rules, law, unchecked
from leadwell.permission.values import (
    Consent,
    Contact,
    DoNotCall,
    Known,
    Place,
    Stop,
    Verdict,
)

__all__ = [
    "Consent",
    "Contact",
    "DoNotCall",
    "Known",
    "Place",
    "Rules",
    "Stop",
    "Verdict",
    "law",
    "longest_cap",
    "may_contact",
    "may_contact_columns",
    "unchecked",
]
