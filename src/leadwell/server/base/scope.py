"""Whose records may be seen? One way to reach a record: through its organisation. (promise F32)

A model of an organisation has `objects = Scoped.as_manager()`; only an app's `queries` and `actions` use it, and they
begin with `.of(organization)`. A test reads the code for any other use.
"""

from __future__ import annotations

from typing import Any, Final, Self, TypeVar

from django.db import models
from django.db.models import F
from django.db.models.lookups import Exact

Row = TypeVar("Row", bound=models.Model)
# SQLite takes an organisation for ten rows of any table, and would read the whole of one to find four by their ids: it
# is told that one may be all there is (sqlite.org/lang_corefunc.html#likelihood). PostgreSQL counts for itself.
OURS_ON_SQLITE: Final = "likelihood({column} = {mark}, 0.5)"


class _Ours(Exact):
    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, before = self.process_lhs(compiler, connection)
        mark, number = self.process_rhs(compiler, connection)
        return OURS_ON_SQLITE.format(column=column, mark=mark), (*before, *number)


class Scoped(models.QuerySet[Row]):
    def of(self, organization: int | models.Model) -> Self:
        """The rows of one organisation, by itself or its number."""
        number = organization.pk if isinstance(organization, models.Model) else organization
        return self.filter(_Ours(F("organization_id"), number))
