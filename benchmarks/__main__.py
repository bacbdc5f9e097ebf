"""What does `make bench` run? Speed and memory of whole commands, as ratios to a floor in the same run."""

from __future__ import annotations

import sys

from benchmarks import stages
from benchmarks.speed import MILLION, main

main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else MILLION)
stages.main()
