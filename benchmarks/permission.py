"""How long does it take to ask of a million people and three channels whether they may be contacted?

    python -m benchmarks.permission [PEOPLE]

Each run is a process of its own that reads the people from Parquet and writes the answers. The floor reads the same
people, looks at every consent, stop and attempt once, and writes as many rows.
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks import measure
from benchmarks.measure import Cost

MILLION = 1_000_000
AT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # half past nine in New York, half past six in Los Angeles
PLACES = 30_000
CHANNELS = ("call", "text", "email")


def main(people: int = MILLION) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        measure.process([sys.executable, "-m", "benchmarks.permission", "people", str(here), str(people)])
        floor = measure.best([sys.executable, "-m", "benchmarks.permission", "floor", str(here)], times=2)
        asked = measure.best([sys.executable, "-m", "benchmarks.permission", "asked", str(here)], times=2)
        answers = pl.read_parquet(here / "answers.parquet")
    _show(f"floor, {people:,} people × {len(CHANNELS)} (read, look at each event, write)", floor, floor)
    _show(f"may_contact_columns, {people:,} people × {len(CHANNELS)}", asked, floor)
    print(f"   aim under 30 s for a million: {asked.seconds:.1f} s, {'met' if asked.seconds < 30 else 'NOT met'}")
    counted = answers.group_by("answer", "rule").len().sort("len", descending=True)
    print("   " + ", ".join(f"{rule} {answer} {count:,}" for answer, rule, count in counted.rows()))


def _show(what: str, cost: Cost, floor: Cost) -> None:
    ratio = cost.seconds / floor.seconds
    print(f"{what:72s} {cost.seconds:7.2f} s {ratio:5.1f}x {cost.cpu:7.2f} CPU s {cost.peak_gib:5.2f} GiB")


def people(here: Path, count: int) -> None:
    """Invented: nine in ten agreed to something, one in ten stopped, each tried up to four times lately."""
    draw = random.Random(7)
    where = _places(draw)
    frame = pl.DataFrame({"place": [draw.randrange(PLACES) for _ in range(count)]})
    pools = {
        "consents": _pool(draw, _consent, 0.9),
        "stops": _pool(draw, _stop, 0.1),
        "contacts": _pool(draw, _try, 0.6),
    }
    for name, pool in pools.items():
        frame = frame.with_columns(pool.gather([draw.randrange(len(pool)) for _ in range(count)]).alias(name))
    flags = pl.DataFrame({
        "automated": [draw.random() < 0.3 for _ in range(count)],
        "line_type": [draw.choice((None, "mobile", "mobile", "landline", "voip")) for _ in range(count)],
        "inquired_at": [_ago(draw, 200) for _ in range(count)],
        "dnc_listed": [draw.choice((None, False, False, True)) for _ in range(count)],
        "dnc_checked_at": [_ago(draw, 60) for _ in range(count)],
    })  # fmt: skip
    frame = frame.with_columns(where["zones"].gather(frame["place"]), where["states"].gather(frame["place"]))
    frame.drop("place").hstack(flags).write_parquet(here / "people.parquet")


def _places(draw: random.Random) -> pl.DataFrame:
    """A ZIP and an area code, mostly of one state."""
    from leadwell.contact import places, whereabouts
    from leadwell.contact.atlas import state_of_code

    zips = places().filter(pl.col("time_zone").is_not_null()).select("zip", "state").rows()
    codes = [(code, state) for code, state in enumerate(state_of_code()) if state]
    near = {state: [code for code, there in codes if there == state] for _, state in codes}
    rows = []
    for _ in range(PLACES):
        zip_, state = draw.choice(zips)
        code = draw.choice(near.get(state) or [212]) if draw.random() < 0.8 else draw.choice(codes)[0]
        found = whereabouts(zip=zip_, state=state, phone=f"{code}5550123")
        rows.append(([w.zone for w in found if w.zone], [w.state for w in found if w.state]))
    return pl.DataFrame(rows, schema={"zones": pl.List(pl.String), "states": pl.List(pl.String)}, orient="row")


def _pool(draw: random.Random, one, share: float) -> pl.Series:  # type: ignore[no-untyped-def]
    """Lists to choose from: of 50,000, so many in a hundred hold something."""
    return pl.Series(
        [[one(draw) for _ in range(draw.randint(1, 4))] if draw.random() < share else [] for _ in range(50_000)]
    )


def _ago(draw: random.Random, days: int) -> datetime:
    return AT - timedelta(seconds=draw.randrange(days * 86_400))


def _consent(draw: random.Random) -> dict[str, object]:
    return {"channel": draw.choice(CHANNELS), "purpose": draw.choice(("care-request", "marketing", "marketing")),
            "kind": draw.choice(("express", "written", "written")), "at": _ago(draw, 400)}  # fmt: skip


def _stop(draw: random.Random) -> dict[str, object]:
    return {
        "channel": draw.choice((*CHANNELS, "all")),
        "at": _ago(draw, 400),
        "purpose": draw.choice((None, "marketing")),
    }


def _try(draw: random.Random) -> dict[str, object]:
    return {"channel": draw.choice(CHANNELS), "at": _ago(draw, 3)}


def asked(here: Path) -> None:
    from leadwell.permission import may_contact_columns

    frame = pl.read_parquet(here / "people.parquet")
    answers = [may_contact_columns(frame, channel=channel, purpose="marketing", at=AT) for channel in CHANNELS]
    pl.concat(answers).write_parquet(here / "answers.parquet")


def floor(here: Path) -> None:
    frame = pl.read_parquet(here / "people.parquet")
    for _ in CHANNELS:
        for name in ("consents", "stops", "contacts"):
            frame.select(name).explode(name).select(pl.col(name).struct.field("at").max()).item()
    rows = frame.select("automated", "line_type", "inquired_at")
    pl.concat([rows] * len(CHANNELS)).write_parquet(here / "floor.parquet")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["people", folder, count]:
            people(Path(folder), int(count))
        case ["asked", folder]:
            asked(Path(folder))
        case ["floor", folder]:
            floor(Path(folder))
        case [count]:
            main(int(count.replace("_", "")))
        case _:
            main()
