"""What does it look like? Takes pictures of the real commands, light and dark, for the README and the first page.

    python docs/pictures.py        needs Chromium; says so and makes nothing where there is none

The commands run on the list that stands in `start.md`. A tool for maintainers: run it when what a terminal shows
has changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import examples
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE: Final = Path(__file__).parent
OPTIONS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=2",
)  # fmt: skip
COLUMNS: Final = 80
SIZE: Final = 14  # of a letter, in pixels
LINE: Final = 20
EDGE: Final = 26
BAR: Final = 34


@dataclass(frozen=True, slots=True)
class Picture:
    """What is typed, and what of its answer is shown: from the first line that begins with `start`, to before `end`."""

    name: str
    typed: str
    start: str
    end: str


PICTURES: Final = (
    Picture(
        "explained",
        "leadwell assess their-list.csv --playbook lakeside-orthopedics --explain 1",
        start="Lead 1",
        end="Criteria",
    ),
)


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    ink: str
    paper: str
    bar: str
    line: str
    ansi: tuple[tuple[int, int, int], ...]


LIGHT: Final = Look(
    "light", "#24292f", "#ffffff", "#f1efea", "#d3cfc6",
    ((36, 41, 47), (177, 38, 29), (26, 107, 69), (138, 74, 0), (39, 72, 182), (110, 60, 160), (0, 110, 125),
     (68, 64, 60)),
)  # fmt: skip
DARK: Final = Look(
    "dark", "#e6e4df", "#17181b", "#24262c", "#3c3f47",
    ((60, 63, 71), (255, 157, 147), (123, 208, 161), (240, 184, 101), (166, 185, 255), (201, 180, 255), (120, 205, 215),
     (230, 228, 223)),
)  # fmt: skip
PAGE: Final = """<!doctype html><meta charset="utf-8"><style> body{{margin:0;background:{paper};color:{ink}}}
.bar{{height:{bar_height}px;background:{bar};border-bottom:1px solid
{line};display:flex;align-items:center;gap:8px;padding-left:14px}} .bar
i{{width:11px;height:11px;border-radius:50%;background:{line}}}
pre{{margin:0;padding:{edge}px;font:{size}px/{height}px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}}
b{{font-weight:600}} </style><div class="bar"><i></i><i></i><i></i></div><pre>{text}</pre>"""


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("No Chromium here; the pictures stay as they are.")  # noqa: T201
        return 0
    (HERE / "images").mkdir(exist_ok=True)
    for picture in PICTURES:
        shown = said(picture)
        for look in (LIGHT, DARK):
            out = HERE / "images" / f"{picture.name}-{look.name}.png"
            take(page(shown, look), len(shown), out, chromium)
            print(f"took {out.relative_to(HERE.parent)}")  # noqa: T201
    return 0


def said(picture: Picture) -> list[str]:
    """The lines of the picture, the command first."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for one in examples.examples((HERE / "start.md").read_text(encoding="utf-8")):
            if one.kind == "file":
                (here / one.name).write_text(one.body, encoding="utf-8")
        answer = examples.run(picture.typed, here)
    lines = answer.rstrip().splitlines()
    ends = [
        next((i for i, line in enumerate(lines) if line.startswith(mark)), None)
        for mark in (picture.start, picture.end)
    ]
    if None in ends or "[1]" in lines:
        raise SystemExit(f"{picture.typed} did not say what the picture is to show:\n{answer}")
    return [f"$ {picture.typed}", "", *"\n".join(lines[slice(*ends)]).rstrip().splitlines()]


def page(lines: list[str], look: Look) -> str:
    theme = TerminalTheme((0, 0, 0), (0, 0, 0), list(look.ansi))
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, color_system="truecolor", force_terminal=True)
        console.print(Text.from_ansi("\n".join(lines)), soft_wrap=True)
        text = console.export_html(theme=theme, inline_styles=True, code_format="{code}")
    return PAGE.format(
        paper=look.paper, ink=look.ink, bar=look.bar, line=look.line, bar_height=BAR, edge=EDGE, size=SIZE, height=LINE,
        text=text.rstrip(),
    )  # fmt: skip


def take(html: str, lines: int, out: Path, chromium: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(html, encoding="utf-8")
        width, height = round(COLUMNS * SIZE * 0.602) + 2 * EDGE, lines * LINE + 2 * EDGE + BAR
        options = (
            *OPTIONS,
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{height}",
            f"--screenshot={out}",
        )
        subprocess.run([chromium, *options, file.as_uri()], check=True, capture_output=True, timeout=120)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
