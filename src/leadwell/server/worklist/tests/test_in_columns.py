"""A clinic that is made in columns, to be measured, is one as the product itself would have written it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from benchmarks.worklist import comparing, stories
from benchmarks.worklist.clinic import clinic
from benchmarks.worklist.retelling import Told
from benchmarks.worklist.stories import Asker, Plot
from benchmarks.worklist.working import really
from benchmarks.worklist.working import stories as taken_apart

from leadwell.server.conftest import Clinic, member
from leadwell.server.leads.models import Lead, LeadTally
from leadwell.server.leads.queries import columns_of, counts, current_assessments
from leadwell.server.people.models import Doubt
from leadwell.server.worklist.models import Waiting
from leadwell.server.worklist.queries import LANES

pytestmark = pytest.mark.django_db(databases="__all__")

SAM = Asker("Nobegiru", "Takomesi", "3124017702", "qqqq00000001@example.com", "1971-03-05")
KIM = Asker("Kim", "Lee", "3127349127", "asks00000002@example.com", "1971-04-17")
KNEE = Plot(stories.MESSAGES[0], "60614", ("take", "reach"))


def test_a_lead_that_is_told_again_is_compared_row_by_row(lakeside: Clinic) -> None:
    dana = member(lakeside.organization, "coordinator")
    told = [(KNEE, SAM)]
    sams = taken_apart(lakeside.number, dana, told, really(lakeside.number, lakeside.source, dana, told))
    kims = really(lakeside.number, lakeside.source, dana, [(KNEE, KIM)])
    again = Told(0, 1, KIM, datetime(2026, 3, 2, 9, tzinfo=UTC), dana.user_id)
    comparing.compare(lakeside.number, sams, [again], kims.numbers)
    for wrong in (
        replace(KIM, phone="3127349128"),
        replace(KIM, last_name="Ley"),
        replace(KIM, birth_date="1971-04-18"),
    ):
        with pytest.raises(AssertionError, match="told otherwise"):
            comparing.compare(lakeside.number, sams, [replace(again, asker=wrong)], kims.numbers)


@pytest.mark.slow
def test_all_of_it_opens_and_is_counted() -> None:
    ours, members = clinic(200, 60)
    leads = list(Lead.objects.of(ours))
    assert len(members) == 50
    assert len(leads) >= 200 + len(LANES)
    assert all(columns_of(lead)["message"] for lead in leads)
    assert len(current_assessments(ours, leads)) == len(leads)
    assert Waiting.objects.of(ours).filter(lane__in=LANES).count() >= 60
    assert counts(ours).tabs[""] == len(leads) == sum(LeadTally.objects.of(ours).values_list("number", flat=True))
    assert Doubt.objects.of(ours).exists()
