"""In what order is a lead judged, and what does each stage need of those before it? As a table and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib import import_module
from types import ModuleType
from typing import Final

from generating.markdown import codes, page, table
from leadwell.assessing import assessment, facts, linking, prepare, questions, resolve
from leadwell.assessing.pipeline import STAGES

OPENING: Final = """
# Stages of judging

In this order. Each stage is a function of a frame of leads and a playbook, opens with the question it answers, and
names the columns it needs and adds; a test holds it to that. How they work together is told in [How it
judges](../how-it-judges.md).
"""
BEFORE: Final = (linking, prepare, import_module("leadwell.reading"), import_module("leadwell.contact"), resolve, facts)
AFTER: Final = (questions, assessment)


@dataclass(frozen=True, slots=True)
class Stage:
    """`needs` are those of its columns that another stage adds, and `facts` the rest."""

    name: str
    asks: str
    needs: tuple[str, ...]
    facts: tuple[str, ...]
    adds: tuple[str, ...]


def stages() -> list[Stage]:
    """The judging stages, in order."""
    added = {column for module in STAGES for column in module.ADDS}
    return [_stage(module, added) for module in STAGES]


def _stage(module: ModuleType, added: set[str]) -> Stage:
    needs = dict.fromkeys(module.NEEDS)
    judged, known = tuple(n for n in needs if n in added), tuple(n for n in needs if n not in added)
    return Stage(_name(module), _question(module), judged, known, tuple(module.ADDS))


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2].replace("_", " ")


def _question(module: ModuleType) -> str:
    """What a module's docstring opens with, without the promise it serves."""
    first = (module.__doc__ or "").splitlines()[0]
    return first.partition("?")[0] + "?"


def page_text() -> str:
    judged = [(s.name, s.asks, codes((*s.needs, *s.facts)), codes(s.adds)) for s in stages()]
    return page(
        OPENING,
        "## Before judging\n\n" + table(["stage", "asks"], [(_name(m), _question(m)) for m in BEFORE]),
        "## Judging\n\n" + table(["stage", "asks", "needs", "adds"], judged),
        "## After judging\n\n" + table(["stage", "asks"], [(_name(m), _question(m)) for m in AFTER]),
    )


# --- the picture ------------------------------------------------------------------------------------------------

_LEFT: Final = 118
_WIDTH: Final = 760
_ROW: Final = 50
_BOX: Final = 40
_STYLE: Final = """
.lw{font-family:var(--font-stack,system-ui,sans-serif);fill:var(--color-foreground-primary,#1c1b19)}
.lw rect{fill:var(--color-background-secondary,#f7f6f3);stroke:var(--color-background-border,#d3cfc6)}
.lw .judge rect{fill:var(--color-background-primary,#fff);stroke:var(--color-brand-content,#2748b6);stroke-opacity:.55}
.lw .n{font-size:14px;font-weight:650}.lw .q{font-size:12px;fill:var(--color-foreground-secondary,#4d4a44)}
.lw .a{font-size:11.5px;font-family:var(--font-stack--monospace,monospace);fill:var(--color-foreground-muted,#68645c)}
.lw .g{font-size:11px;letter-spacing:.06em;fill:var(--color-foreground-muted,#68645c)}
.lw path{fill:none;stroke:var(--color-brand-content,#2748b6);stroke-opacity:.45;stroke-width:1.4}
.lw path.down{stroke:var(--color-foreground-muted,#68645c);stroke-opacity:.8}
"""


def picture() -> str:
    """The pipeline as SVG: boxes from top to bottom, an arc from each stage to those that need what it adds."""
    found = stages()
    first = len(BEFORE)
    boxes = [
        *(_box(i, _name(m), _question(m), (), "") for i, m in enumerate(BEFORE)),
        *(_box(first + i, s.name, s.asks, s.adds, "judge") for i, s in enumerate(found)),
        *(_box(first + len(found) + i, _name(m), _question(m), (), "") for i, m in enumerate(AFTER)),
    ]
    height = len(boxes) * _ROW + 8
    arcs = [_arc(first + a, first + b) for a, b in _arcs(found)]
    downs = [_down(i) for i in range(len(boxes) - 1)]
    return "\n".join([
        f'<svg class="lw" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-label="The stages of judging a lead, from top to bottom" width="{_WIDTH}">',
        f"<style>{_STYLE}</style>", *downs, *arcs, *boxes, "</svg>", "",
    ])  # fmt: skip


def _arcs(found: list[Stage]) -> Iterator[tuple[int, int]]:
    """Which stage needs what which other adds, by their places; neighbours are joined already."""
    for place, stage in enumerate(found):
        for before, other in enumerate(found[:place]):
            if set(other.adds) & set(stage.needs):
                yield before, place


def _box(place: int, name: str, asks: str, adds: tuple[str, ...], kind: str) -> str:
    top = place * _ROW + 4
    shown = ", ".join(adds)
    return (
        f'<g class="{kind}"><rect x="{_LEFT}" y="{top}" width="{_WIDTH - _LEFT - 4}" height="{_BOX}" rx="7"/>'
        f'<text class="n" x="{_LEFT + 14}" y="{top + 17}">{escape(name)}</text>'
        f'<text class="q" x="{_LEFT + 14}" y="{top + 32}">{escape(_short(asks))}</text>'
        f'<text class="a" x="{_WIDTH - 16}" y="{top + 17}" text-anchor="end">{escape(shown)}</text></g>'
    )


def _short(asks: str) -> str:
    return asks if len(asks) <= 100 else asks[:97].rpartition(" ")[0] + " …"


def _down(place: int) -> str:
    x, top = _LEFT + 26, place * _ROW + 4 + _BOX
    return f'<path class="down" d="M{x} {top}v{_ROW - _BOX}"/>'


def _arc(before: int, after: int) -> str:
    start, end = before * _ROW + 4 + _BOX / 2 + 4, after * _ROW + 4 + _BOX / 2 - 4
    reach = _LEFT - min(16 + 9 * (after - before), _LEFT - 6)
    return f'<path d="M{_LEFT} {start:g}C{reach} {start:g} {reach} {end:g} {_LEFT} {end:g}"/>'
