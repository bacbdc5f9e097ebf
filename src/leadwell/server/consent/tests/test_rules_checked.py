"""`leadwell doctor` warns of rules of contacting that nobody has looked up for more than 180 days."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leadwell.permission import law
from leadwell.server import doctor


@pytest.mark.parametrize(("days", "well"), [(180, True), (181, None)])
def test_a_rule_is_looked_up_within_180_days(monkeypatch: pytest.MonkeyPatch, days: int, well: bool | None) -> None:
    oldest = min(one.checked for one in law().standings)
    now = datetime(oldest.year, oldest.month, oldest.day, 12, tzinfo=UTC) + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: now)
    found = doctor._rules()
    assert (found.well, bool(found.mend)) == (well, well is None)
