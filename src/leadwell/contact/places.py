"""Where is a ZIP code, and how far is it from each clinic?"""

from __future__ import annotations

import math
from functools import lru_cache
from importlib import resources
from typing import Final

import polars as pl

from leadwell.playbook.model import Playbook

_EARTH_RADIUS_MILES: Final = 3958.7613


@lru_cache(maxsize=1)
def places() -> pl.DataFrame:
    """Every ZIP in use: zip, city, state (two letters), time_zone, lat, lon (Float32, degrees).

    Military and foreign addresses (AA, AE, AP) have neither zone nor position.
    """
    return package_table("places.parquet")


def package_table(name: str) -> pl.DataFrame:
    with resources.as_file(resources.files("leadwell.contact") / "data" / name) as path:
        return pl.read_parquet(path)


def miles(playbook: Playbook) -> pl.DataFrame:
    """zip, and for each location of the playbook the great-circle miles to it (Float32, to 0.1; NULL where unknown)."""
    return _miles(tuple((place.key, place.zip) for place in playbook.locations.values()))


@lru_cache(maxsize=16)
def _miles(locations: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    known = places()
    ours = known.filter(pl.col("zip").is_in([zip_ for _, zip_ in locations]) & pl.col("lat").is_not_null())
    at = {zip_: (lat, lon) for zip_, lat, lon in ours.select("zip", "lat", "lon").rows()}
    return known.select("zip", *(_miles_to(at.get(zip_)).alias(key) for key, zip_ in locations))


def _miles_to(place: tuple[float, float] | None) -> pl.Expr:
    """Haversine, which stays exact for the short ways that matter here."""
    if place is None:
        return pl.lit(None, dtype=pl.Float32)
    lat, lon = (math.radians(degrees) for degrees in place)
    their_lat, their_lon = (pl.col(c).cast(pl.Float64).radians() for c in ("lat", "lon"))
    half = ((their_lat - lat) / 2).sin().pow(2) + math.cos(lat) * their_lat.cos() * ((their_lon - lon) / 2).sin().pow(2)
    return (2 * _EARTH_RADIUS_MILES * half.clip(0, 1).sqrt().arcsin()).round(1).cast(pl.Float32)
