"""Which answers must `leadwell may-contact` give? Writes the cases of RULES 1 and 2, in two halves drawn alike.

Nothing here decides anything: each line states a case, the answer and, where it is certain, the first allowed
instant as a wall clock that `zoneinfo` turns into UTC. Where RULES leaves two readings, see README.md.

    python make_may_contact.py      writes may-contact-seen.jsonl and may-contact-unseen.jsonl beside this file
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import of_hours
import of_words
import of_zones
from telling import FAMILIES


def halves() -> dict[str, list[dict[str, Any]]]:
    """Within each family every second case, in an order that only the names decide."""
    told: dict[str, list[dict[str, Any]]] = {"seen": [], "unseen": []}
    turn = 0
    for cases in FAMILIES.values():
        for case in sorted(cases, key=lambda one: hashlib.sha256(one["name"].encode()).hexdigest()):
            told["unseen" if turn % 2 else "seen"].append(case)
            turn += 1
    return told


def main() -> None:
    of_hours.tell_all()
    of_zones.tell_all()
    of_words.tell_all()
    names = [case["name"] for cases in FAMILIES.values() for case in cases]
    if len(set(names)) != len(names):
        raise SystemExit(f"a name told twice: {sorted(name for name in names if names.count(name) > 1)}")
    for half, cases in halves().items():
        lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
        Path(__file__).with_name(f"may-contact-{half}.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
