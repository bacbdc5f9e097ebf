"""How were the tables in src/leadwell/contact/data made? From the public files and the phone library's own data; run
again to renew.

    python benchmarks/build_contact_data.py ../shared/data

`places.parquet`: a row per ZIP. `area_codes.parquet`: a row per area code of North America, with the states and zones
its numbers may stand in, and the state that it was given to: the one with most of its ZIPs. A code's zones are those of
the ZIPs of its own state that use it, those of the library's prefixes under it, and `KNOWN_TO_SPAN`, which names zones
that neither of these knows.
"""

from __future__ import annotations

import shutil
import sys
from itertools import groupby
from pathlib import Path

import phonenumbers
import polars as pl
import rphonenumbers as rp
from phonenumbers.geocoder import description_for_number
from phonenumbers.timezone import time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA

from leadwell.contact.states import state_of

DATA = Path(__file__).parents[1] / "src/leadwell/contact/data"

# A neighbour's ZIP lists our code as well; below this share of a code's ZIPs a state is only that.
LEAST_SHARE = 0.02

KNOWN_TO_SPAN = {
    "364": ("America/Chicago", "America/New_York"),  # overlay of 270
    "448": ("America/Chicago", "America/New_York"),  # overlay of 850
    "458": ("America/Boise", "America/Los_Angeles"),  # overlay of 541
    "775": ("America/Boise", "America/Denver", "America/Los_Angeles"),  # West Wendover keeps Mountain time
    "930": ("America/Chicago", "America/Indiana/Indianapolis", "America/New_York"),  # overlay of 812
}

KINDS = {
    rp.PhoneNumberType.FIXED_LINE: "fixed",
    rp.PhoneNumberType.MOBILE: "mobile",
    rp.PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed or mobile",
    rp.PhoneNumberType.TOLL_FREE: "toll-free",
    rp.PhoneNumberType.VOIP: "voip",
}
GEOGRAPHIC = ("fixed", "mobile", "fixed or mobile")


def places(source: Path) -> pl.DataFrame:
    zips = pl.read_csv(source / "us_zips.csv", infer_schema=False)
    lat, lon = pl.col("lat").cast(pl.Float32), pl.col("lon").cast(pl.Float32)
    nowhere = (lat == 0) & (lon == 0)
    return zips.sort("zip").select(
        "zip",
        "city",
        "state",
        pl.col("timezone").alias("time_zone"),
        lat=pl.when(~nowhere).then(lat),
        lon=pl.when(~nowhere).then(lon),
    )


def by_zip(source: Path) -> pl.DataFrame:
    """Each area code's states, with their share of its ZIPs, and the zones there."""
    zips = pl.read_csv(source / "us_zips.csv", infer_schema=False)
    pairs = zips.select("state", "timezone", code=pl.col("area_codes").str.split(" ")).explode("code")
    pairs = pairs.filter(pl.col("code").str.len_chars() == 3)
    return (
        pairs.group_by("code", "state")
        .agg(pl.len().alias("zips"), pl.col("timezone").drop_nulls().alias("zones"))
        .with_columns(share=pl.col("zips") / pl.col("zips").sum().over("code"))
        .sort("code", "zips", "state", descending=[False, True, False])
    )


def numbering(code: str) -> tuple[str | None, str | None, bool]:
    """Country and kind of a code's numbers, and whether all 800 exchanges are valid and alike, so that no library is
    needed."""
    found = {answer(f"+1{code}{exchange}{line}") for exchange in range(200, 1000) for line in ("0123", "5678", "9999")}
    valid = sorted(found - {None}, key=str)
    if not valid:
        return None, None, False
    return valid[0][0], valid[0][1], len(found) == 1


def answer(number: str) -> tuple[str | None, str] | None:
    parsed = rp.parse(number, None)
    if not rp.is_valid_number(parsed):
        return None
    return rp.region_code_for_number(parsed), KINDS.get(rp.number_type(parsed), "other")


def library_state(code: str) -> list[str]:
    """Of a new overlay, which no ZIP lists yet: 'Illinois', 'Palm Beach, FL'."""
    place = description_for_number(phonenumbers.parse(f"+1{code}2345678"), "en")
    state = state_of(place.rpartition(", ")[2])
    return [state] if state else []


def library_zones(code: str) -> list[str]:
    under = [zone for prefix, zones in sorted(TIMEZONE_DATA.items()) if prefix.startswith(f"1{code}") for zone in zones]
    if under:
        return under
    zones = time_zones_for_number(phonenumbers.parse(f"+1{code}2345678"))
    return [z for z in zones if "/" in z and len(zones) < 4 and z != "Etc/Unknown"]


def area_code(code: str, states: list[dict[str, object]]) -> dict[str, object] | None:
    country, kind, plain = numbering(code)
    if kind is None:
        return None
    american = country in ("US", "PR", "VI", "GU", "AS", "MP") and kind in GEOGRAPHIC
    own = states if american else []
    used = {str(s["state"]) for i, s in enumerate(own) if i == 0 or s["share"] >= LEAST_SHARE}  # type: ignore[operator]
    zones = sorted(own[0]["zones"]) if own else []  # type: ignore[call-overload]
    more = library_zones(code) if kind in GEOGRAPHIC else []
    most = max((len(list(same)), zone) for zone, same in groupby(zones))[1] if zones else (more[0] if more else None)
    library = library_state(code) if american else []
    return {
        "code": code, "country": country, "kind": kind, "plain": plain,
        "states": sorted(used) or library, "state": str(own[0]["state"]) if own else next(iter(library), None),
        "zones": sorted({*zones, *more, *KNOWN_TO_SPAN.get(code, ())}), "zone": most,
    }  # fmt: skip


def calling_code(code: int) -> dict[str, object] | None:
    """Another country's numbers, under 1000 and its code: every zone that any of them may stand in."""
    zones = [z for prefix, under in sorted(TIMEZONE_DATA.items()) if prefix.startswith(str(code)) for z in under]
    known = [z for z in zones if "/" in z and z != "Etc/Unknown"]
    if code == 1 or not known:
        return None
    most = max(sorted(set(known)), key=known.count)
    return {
        "code": str(1000 + code),
        "country": None,
        "kind": None,
        "plain": False,
        "states": [],
        "state": None,
        "zones": sorted(set(known)),
        "zone": most,
    }


def area_codes(source: Path) -> pl.DataFrame:
    states: dict[str, list[dict[str, object]]] = {}
    for row in by_zip(source).to_dicts():
        states.setdefault(row["code"], []).append(row)
    rows = [area_code(str(n), states.get(str(n), [])) for n in range(200, 1000)]
    rows += [calling_code(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)]
    schema = {"code": pl.String, "country": pl.String, "kind": pl.String, "plain": pl.Boolean,
              "states": pl.List(pl.String),
              "state": pl.String, "zones": pl.List(pl.String), "zone": pl.String}  # fmt: skip
    return pl.DataFrame([row for row in rows if row], schema=schema)


def main(source: Path) -> None:
    DATA.mkdir(exist_ok=True)
    places(source).write_parquet(DATA / "places.parquet", compression="zstd", compression_level=19)
    area_codes(source).write_parquet(DATA / "area_codes.parquet", compression="zstd", compression_level=19)
    shutil.copyfile(source / "disposable_domains.txt", DATA / "disposable_domains.txt")
    (DATA / "disposable_domains.txt").chmod(0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
