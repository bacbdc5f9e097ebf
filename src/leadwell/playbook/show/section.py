"""What is a policy read aloud made of? Sections; in each, parts with a heading of their own and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences about one thing; `name` is its heading, None where it needs none."""

    name: str | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    parts: tuple[Part, ...]


def part(name: str | None, *says: str | None) -> Part:
    return Part(name, tuple(sentence for sentence in says if sentence))


def section(title: str, parts: Iterable[Part]) -> Section:
    return Section(title, tuple(one for one in parts if one.says))


def quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def joined(words: Iterable[str], joint: str = "and") -> str:
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
