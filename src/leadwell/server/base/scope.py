"""Whose records may be seen? One way to reach a record: through its organisation. (promise F32)

A model of an organisation has `objects = Scoped.as_manager()`; only an app's `queries` and `actions` use it, and they
begin with `.of(organization)`. A test reads the code for any other use.
"""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Scoped(models.QuerySet[Row]):
    def of(self, organization: int | models.Model) -> Self:
        """The rows of one organisation, by itself or its number."""
        number = organization.pk if isinstance(organization, models.Model) else organization
        return self.filter(organization_id=number)
