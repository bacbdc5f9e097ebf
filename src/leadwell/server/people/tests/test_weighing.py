"""People are recognised by the weights that their organisation has trained, and by the shipped ones otherwise."""

import pytest
from benchmarks.identity.crowd import fill
from benchmarks.people import people as invented
from typer.testing import CliRunner

from leadwell.identity import shipped
from leadwell.server.commands import finding
from leadwell.server.conftest import Clinic
from leadwell.server.people import weighing
from leadwell.server.people.models import LearnedWeights
from leadwell.server.people.weighing import weights_of
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


def test_an_organisation_learns_from_its_own_people_and_goes_back(lakeside: Clinic, harbor: Clinic) -> None:
    fill(lakeside.number, invented(1_200, repeats=0.2))
    told = CliRunner().invoke(finding.app, ["train", "--organization", "lakeside"])
    assert told.output == "Learned from 1,200 people; whoever arrives from now on is weighed by it.\n"
    assert weights_of(lakeside.number).expected["same"] > 2 * shipped().expected["same"]
    assert weights_of(lakeside.number).link_at == shipped().link_at
    assert weights_of(harbor.number) == shipped()
    assert TrailEntry.objects.of(lakeside.number).get(action="weights.trained").codes == {"people": 1200}
    CliRunner().invoke(finding.app, ["train", "--organization", "lakeside", "--shipped"])
    assert weights_of(lakeside.number) == shipped()


def test_of_too_few_nothing_is_learned(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "FEWEST", 60)
    fill(lakeside.number, invented(50))
    told = CliRunner().invoke(finding.app, ["train"])
    assert (told.exit_code, "50 people; 60 are needed" in told.output) == (1, True)
    assert not LearnedWeights.objects.exists()


def test_a_comparison_that_has_other_levels_now_keeps_the_shipped_ones(lakeside: Clinic) -> None:
    fill(lakeside.number, invented(1_100))
    kept = weighing.train_weights(lakeside.number)
    kept.told["chances"]["phone"] = [[0.5, 0.5, 0.5, 0.5]]
    kept.told["chances"]["shoe size"] = [[0.5, 0.5, 0.5, 0.5]]
    kept.save()
    found = weights_of(lakeside.number)
    assert found.chances["phone"] == shipped().chances["phone"]
    assert found.chances.keys() == shipped().chances.keys()
