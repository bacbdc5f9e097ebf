"""Can everything be read, in light and dark, and does no page ask for anything elsewhere? (WCAG 2.2 AA; promise F33)"""

import re
from itertools import product
from pathlib import Path

import pytest
from django import forms

from leadwell.server.base.templatetags.look import problems

SERVER = Path(__file__).parents[2]
STYLES = SERVER / "base/static/base"
GROUNDS = ("canvas", "surface", "sunken", "tint", "hover")
TEXT = [
    *product(("ink", "ink-2"), GROUNDS),
    *product(("ink-3",), GROUNDS),
    *product(("accent-text", "stop"), ("canvas", "surface", "sunken", "hover")),
    ("on-accent", "accent"), ("accent-text", "accent-soft"), ("ok", "ok-soft"), ("warn", "warn-soft"),
    ("stop", "stop-soft"), ("ink", "ok-soft"), ("ink", "warn-soft"), ("ink", "stop-soft"), ("ink", "accent-soft"),
    ("ink", "mark"), ("on-inverse", "inverse"), ("ok", "surface"), ("warn", "surface"),
]  # fmt: skip
SHAPES = [*product(("control", "focus"), GROUNDS), ("mark-line", "surface"), ("accent", "surface")]


def tokens() -> dict[str, tuple[str, str]]:
    text = (STYLES / "tokens.css").read_text()
    return {m[1]: (m[2], m[3]) for m in re.finditer(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", text)}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_on_every_ground_it_may_stand_on(ink: str, ground: str, scheme: int) -> None:
    assert contrast(tokens()[ink][scheme], tokens()[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_and_focus_can_be_found(shape: str, ground: str, scheme: int) -> None:
    assert contrast(tokens()[shape][scheme], tokens()[ground][scheme]) >= 3


def test_the_contrast_of_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21


def inline(page: str) -> list[str]:
    """What a strict content policy refuses, or asks another host: styles, handlers, scripts, foreign addresses."""
    found = re.findall(r"""\sstyle\s*=|<style|\son[a-z]+\s*=\s*["']|javascript:""", page, re.I)
    found += [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "application/json" not in tag]
    found += re.findall(r"""(?:src|href|action|poster|data)\s*=\s*["']?(?:https?:)?//[^"'\s>]+""", page)
    found += re.findall(r"""(?:src|href)\s*=\s*["']?data:""", page)
    return found


@pytest.mark.parametrize("path", sorted(SERVER.rglob("templates/**/*.html")), ids=lambda p: "/".join(p.parts[-3:]))
def test_a_template_has_nothing_inline_and_nothing_foreign(path: Path) -> None:
    assert inline(path.read_text()) == []


@pytest.mark.parametrize(
    "page",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<a onclick="x()">',
        "<script>x()</script>",
        '<script src="https://elsewhere.example/x.js"></script>',
        '<img src="//elsewhere.example/x.png">',
        '<a href="javascript:x()">',
    ],
)
def test_what_is_inline_or_foreign_is_found(page: str) -> None:
    assert inline(page)


def test_no_style_names_a_raw_colour() -> None:
    """But for paper behind a code to be scanned, and for printing."""
    for path in STYLES.glob("*.css"):
        if path.name == "tokens.css":
            continue
        raw = [m for m in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text()) if m != "#fff"]
        assert raw == [], path.name


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'id="i-([a-z]+)"', (STYLES / "icons.svg").read_text()))
    named = {
        name
        for path in SERVER.rglob("templates/**/*.html")
        for name in re.findall(r"""{% (?:icon|badge "[a-z]*") "([a-z]+)" """, path.read_text())
    }
    assert named <= drawn


class Sample(forms.Form):
    name = forms.CharField(label="Name")
    role = forms.ChoiceField(label="Role", choices=[("a", "A")])
    file = forms.FileField(label="List")
    code = forms.CharField(label="Code", error_messages={"required": "Whoever invited you has it."})


def test_of_a_field_that_is_empty_it_is_said_what_to_do() -> None:
    assert [f"{label}: {error}" for _, label, error in problems(Sample({}))["wrong"]] == [
        "Name: Fill this in.", "Role: Choose one.", "List: Choose a file.", "Code: Whoever invited you has it.",
    ]  # fmt: skip
