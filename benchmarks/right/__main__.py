"""`make right`: how right the engine is, on public data nobody here wrote and on truth written apart.

python -m benchmarks.right [NAME ...] [--unseen]
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

names = [a for a in sys.argv[1:] if not a.startswith("-")]
here = Path(__file__).parent
for name in names or sorted(p.stem for p in here.glob("*.py") if not p.stem.startswith("_")):
    print(f"\n== {name}", flush=True)
    importlib.import_module(f"benchmarks.right.{name}").main()
