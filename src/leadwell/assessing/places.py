"""Which clinic is it? The preferred one where it offers the service, else the nearest that does.

Needs: the facts zip, service and preferred_location, and what `contact.check` adds. Adds: zip_state, state,
miles_to_clinic (as the crow flies, to the nearest that offers the service), location, visit_mode, kind,
preferred_location_offers_service; and, as facts, area_code_states, phone_ok, email_ok and npi_ok.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from leadwell import contact
from leadwell.assessing import stated as fields
from leadwell.assessing.findings import look_up
from leadwell.assessing.sources import IN, derived, in_a_field, said, settle, stated
from leadwell.playbook.model import Playbook, Service

_MILES: Final = "miles:"


def add_places(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with the facts that stand on where the lead and our clinics are."""
    frame = _with_miles(frame, playbook)
    services = playbook.services.values()
    offers = {s.key: _offering(playbook, s.key) for s in services}
    only_clinic = {service: clinics[0] for service, clinics in offers.items() if len(clinics) == 1}
    preferred = pl.col("preferred_location")
    facts = {
        "kind": [derived("service", look_up("service", {s.key: s.kind for s in services}))],
        "zip_state": [derived("zip", pl.col("zip.state"))],
        "state": [
            stated("state", pl.col("contact.state")),
            derived("zip", pl.when(in_a_field("zip")).then(pl.col("zip.state"))),
            said("state"),
            derived("zip", pl.col("zip.state")),
        ],
        "miles_to_clinic": [derived("zip", _nearest(playbook, offers))],
        "preferred_location_offers_service": [derived("preferred_location", _offers_it(offers), "preferred_location")],
        "location": [
            derived("preferred_location", pl.when(_offers_it(offers).fill_null(True)).then(preferred)),
            derived("zip", _nearest_key(playbook, offers)),
            derived("service", look_up("service", only_clinic)),
        ],
        "visit_mode": [
            stated("visit_mode", fields.meaning(IN + "visit_mode", "visit_mode")),
            said("visit_mode"),
            derived("service", pl.when(pl.col("service").is_in(_video_only(playbook))).then(pl.lit("video"))),
            derived("service", pl.lit("in person")),
        ],
        "area_code_states": [derived("phone", pl.col("area_code_states"))],
        "phone_ok": [derived("phone", pl.col("phone_ok"))],
        "email_ok": [derived("email", pl.col("email_ok"))],
        "npi_ok": [derived("referrer_npi", pl.col("npi_ok"))],
    }
    frame = settle(frame, facts, {k: _TYPES.get(k, pl.String()) for k in facts})
    return frame.drop([c for c in frame.columns if c.startswith(_MILES)] + ["zip.state"])


_TYPES: Final = {  # those that are not text
    "miles_to_clinic": pl.Float64(),
    "preferred_location_offers_service": pl.Boolean(),
    "area_code_states": pl.List(pl.String()),
    "phone_ok": pl.Boolean(),
    "email_ok": pl.Boolean(),
    "npi_ok": pl.Boolean(),
}


def _with_miles(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The lead's distance to each clinic, and its ZIP's state."""
    clinics = list(playbook.locations)
    if frame["zip"].null_count() == frame.height:
        nothing = [pl.lit(None, dtype=pl.Float32).alias(_MILES + key) for key in clinics]
        return frame.with_columns(*nothing, pl.lit(None, dtype=pl.String).alias("zip.state"))
    return frame.join(_zips(playbook), on="zip", how="left", maintain_order="left")


@lru_cache(maxsize=64)
def _zips(playbook: Playbook) -> pl.DataFrame:
    """Each ZIP with its state and its distance to each clinic."""
    states = contact.places().select("zip", pl.col("state").alias("zip.state"))
    miles = contact.miles(playbook).rename({key: _MILES + key for key in playbook.locations})
    return miles.join(states, on="zip", how="inner").rechunk()


def _offering(playbook: Playbook, service: str) -> list[str]:
    return [c.key for c in playbook.locations.values() if c.services is None or service in c.services]


def _offers_it(offers: dict[str, list[str]]) -> pl.Expr:
    """Whether the preferred clinic offers the service; NULL where either is unknown."""
    pairs = [f"{service}|{clinic}" for service, clinics in offers.items() for clinic in clinics]
    return (pl.col("service") + "|" + pl.col("preferred_location")).is_in(pairs)


def _groups(playbook: Playbook, offers: dict[str, list[str]]) -> list[tuple[pl.Expr, list[str]]]:
    """Services that share the same clinics, as a condition and those clinics; first those without a known service."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for service, clinics in offers.items():
        shared.setdefault(tuple(clinics), []).append(service)
    known = [(pl.col("service").is_in(services), list(clinics)) for clinics, services in shared.items() if clinics]
    return [(pl.col("service").is_null(), list(playbook.locations)), *known]


def _nearest(playbook: Playbook, offers: dict[str, list[str]]) -> pl.Expr:
    miles = pl.lit(None, dtype=pl.Float64)
    for holds, clinics in _groups(playbook, offers):
        if clinics:
            least = pl.min_horizontal(_MILES + c for c in clinics).cast(pl.Float64).round(1)
            miles = pl.when(holds).then(least).otherwise(miles)
    return miles


def _nearest_key(playbook: Playbook, offers: dict[str, list[str]]) -> pl.Expr:
    key = pl.lit(None, dtype=pl.String)
    for holds, clinics in _groups(playbook, offers):
        least = pl.min_horizontal(_MILES + c for c in clinics) if clinics else None
        for clinic in reversed(clinics):
            key = pl.when(holds & (pl.col(_MILES + clinic) == least)).then(pl.lit(clinic)).otherwise(key)
    return key


def _video_only(playbook: Playbook) -> list[str]:
    return [s.key for s in playbook.services.values() if _modes(s) == {"video"}]


def _modes(service: Service) -> set[str]:
    return {visit.mode for visit in service.visits}
