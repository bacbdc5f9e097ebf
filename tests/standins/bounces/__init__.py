"""What comes back when mail fails, and what only looks like it: raw messages, each with what it should be read as.

Written for these tests after RFC 3464, 6522, 6533 (reports), 5965, 6591 (complaints), 8098 (receipts) and the published
formats of mail servers and providers. The people are invented, the domains end in `example`, the addresses are those
set aside for documentation. The names of the files tell the case. `expected.jsonl` has one line a file:

=============  ==================================================================================================
`class`        what it is, by the rule below
`recipient`    whom it tells of, as we had addressed them; for an automatic reply, who replied; null: not in there
`message_id`   of our message, wherever it can be found (returned headers, References, In-Reply-To); null: nowhere
`unseen`       half of them: not to be read while writing the code, so that they can say how it does with new ones
`arguable`     the rule does not decide it; `why` says what we took
=============  ==================================================================================================

**The rule** (RFC 3463). Only a failure is a bounce: a delay, a delivery, a receipt, an absence is `not-a-bounce`.
`Status:` is read first (x.0.0 says nothing), then an enhanced code in the diagnostic text, then three digits and words.

=============  =========================================
address-bad    5.1.0, 5.1.1, 5.1.3, 5.1.6, 5.1.10
no-domain      5.1.2, 5.4.4
disabled       5.2.1
mailbox-full   4.2.2, 5.2.2
ours           5.7.x, 5.3.4, 5.6.x: never blames the person
transient      any other 4.x, also where the queue gave up
complaint      an abuse report (ARF)
=============  =========================================
"""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
CLASSES = (
    "address-bad",
    "no-domain",
    "mailbox-full",
    "disabled",
    "transient",
    "ours",
    "complaint",
    "not-a-bounce",
)


@dataclass(frozen=True)
class Case:
    """One message and what it should be read as; `kind` is the file's `class`."""

    file: str
    kind: str
    recipient: str | None
    message_id: str | None
    unseen: bool
    arguable: bool
    why: str

    @property
    def raw(self) -> bytes:
        return (FOLDER / self.file).read_bytes()


def cases(*, unseen: bool | None = None) -> list[Case]:
    """All of them, or those of one half."""
    lines = (FOLDER / "expected.jsonl").read_text("utf-8").splitlines()
    found = [Case(kind=row.pop("class"), **row) for row in map(json.loads, lines)]
    return [case for case in found if unseen in (None, case.unseen)]
