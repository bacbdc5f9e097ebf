"""Where does what was made with much work stand for another run? A home of its own, and on PostgreSQL a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.intake.databases import named, own


@contextmanager
def kept(folder: Path, name: str, url: str, *, database: bool) -> Iterator[dict[str, str]]:
    """The settings of an installation. SQLite's files are kept in the folder; a database beside that of `url` only
    where that is asked for, else it is gone afterwards."""
    if not url:
        yield _settings(folder / name, "")
    elif database:
        home = folder / f"{name}-postgresql"
        yield _settings(home, named(url, name.replace("-", "_"), new=not home.exists()))
    else:
        with TemporaryDirectory() as home, own(url) as beside:
            yield _settings(Path(home), beside)


def _settings(home: Path, database: str) -> dict[str, str]:
    return {"LEADWELL_HOME": str(home), "LEADWELL_DATABASE_URL": database}
