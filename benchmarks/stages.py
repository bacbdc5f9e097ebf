"""Where does the time go? CPU seconds of a million leads by part of the pipeline, from one batch of 50,000."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks import leads
from leadwell import contact, contract, playbook, reading
from leadwell.assessing import link, pipeline
from leadwell.assessing.assessment import assessments
from leadwell.assessing.because import gather
from leadwell.assessing.facts import add_facts
from leadwell.assessing.prepare import prepare
from leadwell.assessing.resolve import resolve
from leadwell.formats.flat import flat
from leadwell.playbook import Playbook

ROWS: Final = 50_000


def main() -> None:
    policy = playbook.load(playbook.find("lakeside-orthopedics"))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "leads.csv"
        leads.write(source, 2 * ROWS)
        listed = pl.read_csv(source, infer_schema=False)
    _parts(listed[:ROWS], policy)  # everything is compiled and warm after the first
    spent = _parts(listed[ROWS:], policy)
    for name, seconds in spent.items():
        print(f"{name:32s} {seconds * 1_000_000 / ROWS:6.1f} CPU s a million leads")
    print(f"{'together':32s} {sum(spent.values()) * 1_000_000 / ROWS:6.1f} CPU s a million leads")


def _parts(batch: pl.DataFrame, policy: Playbook) -> dict[str, float]:
    spent: dict[str, float] = {}

    def timed(name: str, step: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        start = time.process_time()
        made = step()
        spent[name] = spent.get(name, 0.0) + time.process_time() - start
        return made

    frame = timed("who is who", lambda: link(batch, policy))
    frame = timed("dates and blanks", lambda: prepare(frame, policy))
    absent = [pl.lit(None, dtype=t).alias(n) for n, t in contract.LINK.items() if n not in frame.columns]
    frame = timed("contact", lambda: contact.check(frame.with_columns(absent), policy))
    frame = timed("reading words", lambda: reading.read(frame, policy))
    frame = timed("facts", lambda: add_facts(resolve(frame, policy), policy))
    frame = timed("criteria, dimensions, score", partial(pipeline.add, frame, pipeline.STAGES, policy))
    reasons = [because for module in pipeline.DIMENSIONS for because in module.because(policy)]
    long = timed("reasons", lambda: gather(frame, reasons))
    judged = timed("assessments", lambda: assessments(frame, long, policy))
    timed("flat columns", lambda: flat(judged))
    return spent


if __name__ == "__main__":
    main()
