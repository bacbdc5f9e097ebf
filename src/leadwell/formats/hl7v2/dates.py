"""Which day does a time of HL7 name?"""

from __future__ import annotations


def day(said: str) -> str:
    """As `2009-03-14`, or as much of it as is said: `20090000` names a year. What is no time of HL7 stays as it is."""
    digits = said[:8]
    if not digits.isdigit() or len(digits) not in (4, 6, 8):
        return said
    parts = [digits[:4], digits[4:6], digits[6:8]]
    known = next((n for n, part in enumerate(parts) if not part.strip("0")), len(parts))
    return "-".join(parts[:known])
