"""When was that, as a program says it? ISO 8601 with its offset from UTC, and nothing that could be read as another
time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from leadwell.permission.asked import EARLIEST

_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)?")
_SAYS: Final = "It must be a time with its offset, as 2026-11-24T08:00:00-06:00."
_FIRST: Final = datetime.fromtimestamp(EARLIEST, UTC)  # the gate's first; ids cannot be made of times before 1970
_LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_FAR: Final = f"It must lie between {_FIRST.date()} and {_LAST.date()}."


def _written(value: Any) -> Any:
    """A number would be taken for seconds, or for thousandths of them."""
    if value is None or isinstance(value, datetime) or (isinstance(value, str) and _WRITTEN.fullmatch(value)):
        return value
    raise PydanticCustomError("moment", "{says}", {"says": _SAYS})


def _near(value: datetime | None) -> datetime | None:
    if value is None or _FIRST <= value < _LAST:
        return value
    raise PydanticCustomError("moment", "{says}", {"says": _FAR})


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]  # also of a clock that is wrong: a stop is no less one
MomentOrNow = Annotated[AwareDatetime | None, BeforeValidator(_written)]
NearOrNow = Annotated[AwareDatetime | None, BeforeValidator(_written), AfterValidator(_near)]
