"""By which weights are people recognised? By the organisation's own where it has trained some, else the shipped."""

from __future__ import annotations

from itertools import islice

from django.utils import timezone

from leadwell.identity import Weights, retrain, shipped
from leadwell.identity.rows import FewRows
from leadwell.identity.weights import plain, taught
from leadwell.server.base import bulk
from leadwell.server.people.comparable import comparable
from leadwell.server.people.models import LearnedWeights, Person
from leadwell.server.privacy.sealing import if_opens, unseal_json

FEWEST = 1_000  # of fewer people little is to be learned
MOST = 200_000  # the newest so many are learned from


class TooFew(ValueError):  # noqa: N818  its message is for the person who tried
    pass


def weights_of(organization: int) -> Weights:
    found = bulk.select(LearnedWeights, ("told",), organization, ("organization",), [organization])
    return taught(found[0][0], shipped()) if found else shipped()


def train_weights(organization: int, *, most: int = MOST) -> LearnedWeights:
    """Learns from the organisation's own people how often the records of one agree, and keeps it. Links that stand are
    left as they are. Raises TooFew."""
    known, days = [], []
    newest = Person.objects.of(organization).order_by("-pk")
    for one in islice(newest.iterator(), most):
        opened = if_opens(unseal_json, organization, one.sealed, place=f"people.person/{one.pk}")
        if opened is not None:
            known.append(opened)
            days.append(one.created_at.date())
    if len(known) < FEWEST:
        raise TooFew(f"There are {len(known):,} people; {FEWEST:,} are needed to learn from.")
    people = comparable(known, days)
    weights = retrain(people.frame() if isinstance(people, FewRows) else people)
    kept, _ = LearnedWeights.objects.update_or_create(
        organization_id=organization,
        defaults={"at": timezone.now(), "people": len(known), "told": plain(weights)},
    )
    return kept


def forget_weights(organization: int) -> bool:
    """The shipped ones again; False where there were no others."""
    return bool(LearnedWeights.objects.of(organization).delete()[0])
