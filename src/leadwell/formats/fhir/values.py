"""What does a FHIR message say? One frozen value for each ServiceRequest in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class NotRead(ValueError):  # noqa: N818  its message says what is wrong, and quotes nothing
    """`code`: of FHIR's issue types; `kept`: whether somebody can mend it."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """`columns`: of the lead. `names`: by what it is known again (`system|value`, the sender's placer identifiers, and
    those of its Task). `withdrawn`: the sender takes it back. `not_asked`: why it asks for nothing. `idle`: why nothing
    is to be done about it for now."""

    columns: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    withdrawn: bool = False
    not_asked: str = ""
    idle: str = ""
