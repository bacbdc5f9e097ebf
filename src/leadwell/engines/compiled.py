"""Where is a playbook's compiled search between two runs? In the user's cache folder, as arrays that cannot run.

Compiling takes half a second; an assessment of a hundred leads takes one. `LEADWELL_CACHE=off` does without. What
cannot be read, or was made of another playbook, lexicon or version, is made anew; what cannot be written is no error.
Nothing of a lead is ever in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from leadwell import __version__
from leadwell.playbook import Playbook
from leadwell.reading import packed, wanted

_PREFIX: Final = "search-"
_KEPT: Final = 8  # playbooks; each takes some two megabytes
# What makes a search of a playbook's text: a change to any of it makes another one.
_MAKERS: Final = {"playbook": (".py",), "reading": (".py",), "reading/lexicon": (".toml",), "reading/data": (".txt",)}


def ready(playbook: Playbook, source: bytes) -> None:
    """Has the search of a playbook at hand, `source` being its file: from an earlier run, else compiled and kept."""
    folder = _folder()
    if folder is None:
        return
    path = folder / f"{_PREFIX}{_key(source)}.npz"
    if not _taken(path, playbook):
        compiled = wanted.search(playbook)
        with contextlib.suppress(OSError):
            _keep(path, packed.pack(compiled))


def _folder() -> Path | None:
    if os.environ.get("LEADWELL_CACHE") == "off":
        return None
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        return (given if given.is_absolute() else Path.home() / ".cache") / "leadwell"
    except RuntimeError:  # nobody's home
        return None


def _key(source: bytes) -> str:
    made_by = f"{__version__} polars {pl.__version__} numpy {np.__version__} python {sys.version_info[:2]}"
    digest = hashlib.sha256(made_by.encode())
    for content in (source, *_makers()):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _makers() -> Iterator[bytes]:
    for folder, endings in _MAKERS.items():
        there: Traversable = files("leadwell").joinpath(folder)
        for entry in sorted(there.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(endings):
                yield entry.read_bytes()


def _taken(path: Path, playbook: Playbook) -> bool:
    """Whether a search that was kept could be handed in. Another user's is not taken: it decides what is found."""
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return False
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            wanted.hand_in(playbook, packed.unpack({name: kept[name] for name in kept.files}))
    except Exception:  # noqa: BLE001  whatever is wrong with it, it is made anew
        return False
    return True


def _keep(path: Path, arrays: packed.Arrays) -> None:
    """Written under another name and renamed, so that nobody reads half of it. The oldest go."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            np.savez(file, **arrays)
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    others = sorted(path.parent.glob(f"{_PREFIX}*.npz"), key=lambda kept: kept.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        old.unlink(missing_ok=True)
