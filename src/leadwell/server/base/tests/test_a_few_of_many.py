"""However much an organisation has, a few of its records are found by their ids, without a look at the others."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connections, models, router

from leadwell.server.base.scope import Scoped
from leadwell.server.conftest import Clinic

pytestmark = pytest.mark.django_db(databases="__all__")


def scoped() -> list[type[models.Model]]:
    return [one for one in apps.get_models() if isinstance(one._default_manager.all(), Scoped)]


@pytest.mark.parametrize("model", scoped(), ids=lambda model: model.__name__)
@pytest.mark.parametrize("count", [1, 4, 40])
def test_no_whole_organization_is_read_to_find_a_few(lakeside: Clinic, model: type[models.Model], count: int) -> None:
    if connections[router.db_for_read(model)].vendor != "sqlite":
        pytest.skip("PostgreSQL keeps statistics by itself")
    ours: Scoped[models.Model] = model._default_manager.all()  # type: ignore[assignment]
    plan = ours.of(lakeside.number).filter(pk__in=_ids(model, count)).explain()
    assert "(organization_id=?)" not in plan or "sqlite_autoindex" in plan  # one row an organisation


def _ids(model: type[models.Model], count: int) -> list[object]:
    """Of the kind by which its rows, or the rows that it belongs to, are named."""
    key = model._meta.pk
    while isinstance(key, models.ForeignKey):
        key = key.target_field
    return [uuid4() if isinstance(key, models.UUIDField) else number for number in range(1, count + 1)]
