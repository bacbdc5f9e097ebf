"""Which clinic is it? The preferred one where it offers the service, else the nearest that does.

Needs: the facts zip, service and preferred_location, and what `contact.check` adds. Adds: zip_state, state,
miles_to_clinic (as the crow flies, to the nearest that offers the service), location, visit_mode, kind,
preferred_location_offers_service; and, as facts, area_code_states, phone_ok, email_ok and npi_ok.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell import contact
from leadwell.assessing import stated as fields
from leadwell.assessing.findings import look_up
from leadwell.assessing.sources import IN, Source, derived, in_a_field, said, settle, stated
from leadwell.playbook.model import Playbook, Service

# What a ZIP tells: its state and, for services that share the same clinics, the nearest of these and the way there.
_STATE: Final = "zip.state"
_MILES: Final = "zip.miles:"
_NEAREST: Final = "zip.nearest:"
_NO_ZIP: Final = 100_000  # greater than any ZIP

_TYPES: Final = {  # those that are not text
    "miles_to_clinic": pl.Float64(),
    "preferred_location_offers_service": pl.Boolean(),
    "area_code_states": pl.List(pl.String()),
    "phone_ok": pl.Boolean(),
    "email_ok": pl.Boolean(),
    "npi_ok": pl.Boolean(),
}


def add_places(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with the facts that stand on where the lead and our clinics are."""
    facts = _facts(playbook)
    told = _told_by_zip(frame["zip"], playbook)
    frame = settle(frame.hstack(told.get_columns()), facts, {k: _TYPES.get(k, pl.String()) for k in facts})
    gone = set(told.columns)
    return frame[[c for c in frame.columns if c not in gone]]


@lru_cache(maxsize=64)
def _facts(playbook: Playbook) -> dict[str, list[Source]]:
    services = playbook.services.values()
    only_clinic = {s.key: clinics[0] for s in services if len(clinics := _offering(playbook, s.key)) == 1}
    preferred, by_video = pl.col("preferred_location"), pl.col("service").is_in(_video_only(playbook))
    return {
        "kind": [derived("service", look_up("service", {s.key: s.kind for s in services}), "service")],
        "zip_state": [derived("zip", pl.col(_STATE), "zip")],
        "state": [
            stated("state", pl.col("contact.state")),
            derived("zip", pl.when(in_a_field("zip")).then(pl.col(_STATE)), "zip"),
            said("state"),
            derived("zip", pl.col(_STATE), "zip"),
        ],
        "miles_to_clinic": [derived("zip", _by_service(playbook, _MILES).cast(pl.Float64).round(1), "zip")],
        "preferred_location_offers_service": [
            derived("preferred_location", _offers_it(playbook), "preferred_location")
        ],
        "location": [
            derived("preferred_location", pl.when(_offers_it(playbook).fill_null(True)).then(preferred),
                    "preferred_location"),
            derived("zip", _by_service(playbook, _NEAREST), "zip"),
            derived("service", look_up("service", only_clinic), "service"),
        ],
        "visit_mode": [
            stated("visit_mode", fields.meaning(IN + "visit_mode", "visit_mode")),
            said("visit_mode"),
            derived("service", pl.when(by_video).then(pl.lit("video")), "service"),
            derived("service", pl.lit("in person")),
        ],
        "area_code_states": [derived("phone", pl.col("area_code_states"), "area_code_states")],
        "phone_ok": [derived("phone", pl.col("phone_ok"), "phone_ok")],
        "email_ok": [derived("email", pl.col("email_ok"), "email_ok")],
        "npi_ok": [derived("referrer_npi", pl.col("npi_ok"), "npi_ok")],
    }  # fmt: skip


def _told_by_zip(zips: pl.Series, playbook: Playbook) -> pl.DataFrame:
    """What each ZIP tells; all NULL where it is none in use."""
    if zips.null_count() == len(zips):
        return _zips(playbook).clear(len(zips))
    numbers = zips.cast(pl.UInt32, strict=False)
    if numbers.null_count():
        numbers = numbers.fill_null(_NO_ZIP)
    told: pl.DataFrame = _zips(playbook)[_rows()[np.minimum(numbers.to_numpy(), _NO_ZIP)]]
    return told


@lru_cache(maxsize=1)
def _rows() -> npt.NDArray[np.uint32]:
    """The row of `_zips` of each ZIP, at its number; that after the last of them for what is none."""
    known = contact.places()["zip"].cast(pl.UInt32).to_numpy()
    rows = np.full(_NO_ZIP + 1, len(known), dtype=np.uint32)
    rows[known] = np.arange(len(known), dtype=np.uint32)
    return rows


@lru_cache(maxsize=64)
def _zips(playbook: Playbook) -> pl.DataFrame:
    """What the ZIPs of `contact.places` tell; after them, a row that tells nothing."""
    keys = pl.Enum(list(playbook.locations))
    told = [pl.col("state").alias(_STATE)]
    for group, (_, clinics) in enumerate(_groups(playbook)):
        least = pl.min_horizontal(clinics) if clinics else pl.lit(None, dtype=pl.Float32)
        nearest = pl.lit(None, dtype=keys)
        for clinic in reversed(clinics):
            nearest = pl.when(pl.col(clinic) == least).then(pl.lit(clinic, dtype=keys)).otherwise(nearest)
        told += [least.alias(f"{_MILES}{group}"), nearest.alias(f"{_NEAREST}{group}")]
    known = contact.miles(playbook).hstack([contact.places()["state"]]).select(told)
    return pl.concat([known, known.clear(1)]).rechunk()


def _by_service(playbook: Playbook, told: str) -> pl.Expr:
    """What the ZIP tells of the clinics that offer the service."""
    value = pl.lit(None)
    for group, (holds, _) in enumerate(_groups(playbook)):
        value = pl.when(holds).then(pl.col(f"{told}{group}")).otherwise(value)
    return value


def _offering(playbook: Playbook, service: str) -> list[str]:
    return [c.key for c in playbook.locations.values() if c.services is None or service in c.services]


def _offers_it(playbook: Playbook) -> pl.Expr:
    """Whether the preferred clinic offers the service; NULL where either is unknown."""
    pairs = [f"{service}|{clinic}" for service in playbook.services for clinic in _offering(playbook, service)]
    return (pl.col("service") + "|" + pl.col("preferred_location")).is_in(pairs)


def _groups(playbook: Playbook) -> list[tuple[pl.Expr, list[str]]]:
    """Services that share the same clinics, as a condition and those clinics; first those without a known service."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for service in playbook.services:
        shared.setdefault(tuple(_offering(playbook, service)), []).append(service)
    known = [(pl.col("service").is_in(services), list(clinics)) for clinics, services in shared.items() if clinics]
    return [(pl.col("service").is_null(), list(playbook.locations)), *known]


def _video_only(playbook: Playbook) -> list[str]:
    return [s.key for s in playbook.services.values() if _modes(s) == {"video"}]


def _modes(service: Service) -> set[str]:
    return {visit.mode for visit in service.visits}
