"""Whoever may be the one who arrives is opened by id, however many people an organization has. (promise A8)"""

import pytest
from django.db import connection

from leadwell.server.base.ids import new_id
from leadwell.server.conftest import Clinic
from leadwell.server.people.models import Person

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("count", [1, 4, 40])
def test_no_whole_organization_is_read_to_open_a_few(lakeside: Clinic, count: int) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps statistics by itself")
    plan = Person.objects.of(lakeside.number).filter(pk__in=[new_id() for _ in range(count)]).explain()
    assert "id=?)" in plan
    assert "(organization_id=?)" not in plan
