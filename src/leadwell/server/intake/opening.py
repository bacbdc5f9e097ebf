"""What did a source send? A submission opened: its headers and its body, as they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from leadwell.server.intake.models import State, Submission
from leadwell.server.privacy.sealing import unseal


@dataclass(frozen=True)
class Sent:
    body: bytes
    media_type: str
    headers: Mapping[str, str]


def is_erased(submission: Submission) -> bool:
    """Whether what was sent is gone for good: emptied, and no repeat, of which nothing is kept from the start."""
    return not submission.sealed and submission.state != State.REPEAT


def opened(submission: Submission, *, as_mended: bool = True) -> Sent:
    """`as_mended`: with the body that somebody corrected, or that others gave when they were asked, where there is one.
    Raises Unopenable."""
    whole = unseal(submission.organization_id, submission.sealed, place=f"intake.submission/{submission.id}")
    headers, _, body = whole.partition(b"\n")
    if as_mended and submission.mended is not None:
        body = unseal(submission.organization_id, submission.mended, place=f"intake.mended/{submission.id}")
    elif as_mended and submission.fetched is not None:
        body = unseal(submission.organization_id, submission.fetched, place=f"intake.fetched/{submission.id}")
    return Sent(body, submission.media_type, orjson.loads(headers))
