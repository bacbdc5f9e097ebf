"""Do the examples on the pages do what the pages say? Finds them, runs them in a folder of their own, compares.

    python docs/examples.py            runs all; says what differs
    python docs/examples.py --renew    writes what was found into the pages

Of a page, in its order: a `{code-block}` with a caption is a file of that name; a `console` block is run line by
line where it starts with `$ `, and what stands below must come out; a `pycon` block is a doctest. `…` alone on a
line stands for any lines, within a line for any text; seconds and playbook versions are not compared. `[1]` is an
exit status other than 0.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
_BLOCK: Final = re.compile(
    r"^```(?P<kind>\{code-block\} \w+|console|pycon)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_CAPTION: Final = re.compile(r":caption: (\S+)\n\n?")
_VARIES: Final = ((re.compile(r"@[0-9a-f]{6}\b"), "@······"), (re.compile(r"\b\d+\.\d+ s\b"), "· s"))
_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Example:
    """One block: `kind` file | console | pycon; `at`: where its body starts in the page's text."""

    kind: str
    body: str
    at: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    typed: str
    expected: str


def examples(page: str) -> list[Example]:
    found = [Example(m["kind"], m["body"], m.start("body")) for m in _BLOCK.finditer(page)]
    return [file for one in found if (file := _as_file(one))]


def _as_file(example: Example) -> Example | None:
    if not example.kind.startswith("{"):
        return example
    caption = _CAPTION.match(example.body)
    return replace(example, kind="file", name=caption[1], body=example.body[caption.end() :]) if caption else None


def commands(body: str) -> list[Command]:
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    return [Command(*(part.split("\n", 1))) for part in parts]


def run(typed: str, folder: Path) -> str:
    """What a command puts on the screen, with its exit status where that is not 0."""
    paths = os.pathsep.join([str(_leadwell(folder)), str(Path(sys.executable).parent), os.environ["PATH"]])
    env = os.environ | {"PATH": paths, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", typed],  # noqa: S607
        cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=_SECONDS, check=False,
    )  # fmt: skip
    status = f"[{done.returncode}]\n" if done.returncode else ""
    return done.stdout.decode() + status


def _leadwell(folder: Path) -> Path:
    """A folder with `leadwell` as it is imported here, whatever else is installed."""
    place = folder / ".bin"
    place.mkdir(exist_ok=True)
    command = place / "leadwell"
    if not command.exists():
        command.write_text(f"#!{sys.executable}\nfrom leadwell.cli import main\nmain()\n", encoding="utf-8")
        command.chmod(0o755)
    return place


def same(expected: str, found: str) -> bool:
    pattern = re.escape(_settled(expected).rstrip("\n"))
    pattern = re.sub(r"(?m)^…\\?$", r"(?:.*?)", pattern)
    pattern = pattern.replace("…", r"[^\n]*?")
    return re.fullmatch(pattern, _settled(found).rstrip("\n"), re.DOTALL) is not None


def _settled(text: str) -> str:
    for varies, stands in _VARIES:
        text = varies.sub(stands, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def prepare(folder: Path) -> None:
    """What a reader has who stands in the folder of the source."""
    (folder / "src").symlink_to(HERE.parent / "src")


def check(page: Path, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Runs a page's examples in order. Yields what was typed, expected and found wherever they differ."""
    prepare(folder)
    names: dict[str, Any] = {}
    for example in examples(page.read_text(encoding="utf-8")):
        if example.kind == "file":
            (folder / example.name).write_text(example.body, encoding="utf-8")
        elif example.kind == "console":
            for command in commands(example.body):
                found = run(command.typed, folder)
                if not same(command.expected, found):
                    yield command.typed, command.expected, found
        else:
            yield from _doctest(example.body, page.name, folder, names)


def _doctest(body: str, name: str, folder: Path, names: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    told: list[str] = []
    test = doctest.DocTestParser().get_doctest(body, names, name, None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    before = Path.cwd()
    os.chdir(folder)
    try:
        failed = runner.run(test, out=told.append, clear_globs=False).failed
    finally:
        os.chdir(before)
    names.update(test.globs)
    if failed:
        yield name, "", "".join(told)


def renew(page: Path, folder: Path) -> bool:
    """Writes what commands say into the page, but where `…` leaves something out. Whether anything changed."""
    text = page.read_text(encoding="utf-8")
    for typed, expected, found in list(check(page, folder)):
        if typed not in (page.name, "") and "…" not in expected:
            text = text.replace(f"$ {typed}\n{expected}", f"$ {typed}\n{_trimmed(found)}")
    changed = text != page.read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    return changed


def _trimmed(found: str) -> str:
    return "".join(line.rstrip() + "\n" for line in found.rstrip("\n").splitlines())


def pages() -> list[Path]:
    """Pages with something to run."""
    every = [*sorted(HERE.glob("*.md")), *sorted(HERE.glob("sources/*.md"))]
    return [page for page in every if examples(page.read_text(encoding="utf-8"))]


def main(arguments: list[str]) -> int:
    differ = 0
    for page in pages():
        with tempfile.TemporaryDirectory() as folder:
            if "--renew" in arguments:
                print(page.name, "renewed" if renew(page, Path(folder)) else "as it was")  # noqa: T201
                continue
            for typed, expected, found in check(page, Path(folder)):
                differ += 1
                print(f"{page.name}: $ {typed}\n--- expected\n{expected}--- found\n{found}")  # noqa: T201
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
