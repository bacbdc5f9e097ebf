"""Which of the reasons why two may be one person speak for it, and which against?"""

from __future__ import annotations

from collections.abc import Sequence

from django import template

register = template.Library()


@register.filter
def speaking_for(why: Sequence[str]) -> str:
    """Of weights in words, each with its number behind it, the heaviest first."""
    return ", ".join(one for one in why if "(+" in one)


@register.filter
def speaking_against(why: Sequence[str]) -> str:
    return ", ".join(one for one in why if "(+" not in one)
