"""Which of the playbook's services, clinics and payers does a form field name?

Needs: `service`, `referral_service`, `preferred_location`, `payer`, `plan` as text. Adds one `named.<field>` struct a
field. Each distinct text is looked up once: by key or name, else by reading it as if it were a message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from leadwell import reading
from leadwell.assessing import stated
from leadwell.playbook.model import Playbook

_SERVICE: Final = {"key": pl.String, "elsewhere": pl.String, "offer": pl.String, "vague": pl.Boolean}
_LOCATION: Final = {"key": pl.String}
_PAYER: Final = {"payer": pl.String, "plan_kind": pl.String, "payment": pl.String}
_Meaning = dict[str, Any]

_READ_NEEDS: Final = ("subject", "referral_reason", "timeline", "best_time")
_MEMORY: Final[dict[tuple[str, str], dict[str, _Meaning]]] = {}
_MEMORY_LIMIT: Final = 50_000
_SHORTEST_NAME: Final = 3  # letters of a plan's name
_LONGEST_NAME: Final = 7  # words of one


def resolve(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with `named.<field>`, the playbook's keys; its parts are NULL where the field names nothing we know."""
    columns = [
        _named(frame, "preferred_location", _LOCATION, playbook, _locations),
        _named(frame, "payer", _PAYER, playbook, _payers),
        _named(frame, "plan", _PAYER, playbook, _payers),
    ]
    return resolve_services(frame, playbook).with_columns(columns)


def resolve_services(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with `named.service` and `named.referral_service` alone."""
    return frame.with_columns(
        _named(frame, field, _SERVICE, playbook, _services) for field in ("service", "referral_service")
    )


def _named(
    frame: pl.DataFrame,
    column: str,
    schema: dict[str, Any],
    playbook: Playbook,
    look_up: Callable[[list[str], Playbook], dict[str, _Meaning]],
) -> pl.Series:
    name, dtype = f"named.{column}", pl.Struct(schema)
    if frame[column].null_count() == frame.height:
        return pl.Series(name, [None], dtype=dtype).new_from_index(0, frame.height)
    texts = frame.select(pl.col(column).drop_nulls().unique(maintain_order=True))[column].to_list()
    meanings = _remembered(texts, playbook, look_up)
    table = pl.DataFrame({column: texts, name: pl.Series([meanings[t] for t in texts], dtype=dtype)})
    return frame.select(column).join(table, on=column, how="left", maintain_order="left")[name]


def _remembered(
    texts: list[str], playbook: Playbook, look_up: Callable[[list[str], Playbook], dict[str, _Meaning]]
) -> dict[str, _Meaning]:
    """A text means the same each time, so it is read once a process and playbook. Batches judged side by side share the
    memory: what is needed here is taken out of it before another may clear it."""
    memory = _MEMORY.setdefault((playbook.version, look_up.__name__), {})
    found = {t: meaning for t in texts if (meaning := memory.get(t)) is not None}
    if new := [t for t in texts if t not in found]:
        looked_up = look_up(new, playbook)
        if len(memory) + len(new) > _MEMORY_LIMIT:
            memory.clear()
        memory.update(looked_up)
        found |= looked_up
    return found


def _folded(texts: list[str]) -> list[str]:
    return pl.DataFrame({"t": texts}, schema={"t": pl.String}).select(stated.fold(pl.col("t")))["t"].to_list()


def _services(texts: list[str], playbook: Playbook) -> dict[str, _Meaning]:
    exact = {_plain(s.key): s.key for s in playbook.services.values()}
    exact |= {_plain(s.name): s.key for s in playbook.services.values()}
    vague = stated.words("vague")
    meanings: dict[str, _Meaning] = {}
    unknown = []
    for text, folded in zip(texts, _folded(texts), strict=True):
        if key := exact.get(_plain(folded)):
            meanings[text] = {"key": key, "elsewhere": None, "offer": None, "vague": False}
        elif folded in vague:
            meanings[text] = {"key": None, "elsewhere": None, "offer": None, "vague": True}
        else:
            unknown.append(text)
    read = _read(unknown, playbook)
    ours = _words_of_services(playbook)
    for text, folded, row in zip(unknown, _folded(unknown), read, strict=True):
        meanings[text] = {
            "key": _first(row["read.services"]),
            "elsewhere": _first(row["read.elsewhere"]),
            "offer": _first(row["read.offers"]),
            "vague": _telling(folded) <= ours,
        }
    return meanings


def _words_of_services(playbook: Playbook) -> frozenset[str]:
    """Single words of what we offer: a field that says only “Knee” or “Terapia” is to be asked about, not declined."""
    phrases = [p for s in playbook.services.values() for p in (s.name, *s.asks, *s.specific)]
    return frozenset().union(*map(_telling, _folded(phrases))) | {"pain", "dolor", "problem", "problema", "injury"}


def _telling(folded: str) -> frozenset[str]:
    return frozenset(word for word in _plain(folded).split() if len(word) > 2 and word not in _SAY_LITTLE)


_SAY_LITTLE: Final = frozenset({
    "and", "the", "for", "with", "after", "care", "clinic", "program", "visit", "test", "testing", "service",
    "services", "eval",
    "help", "new", "patient", "consult", "consultation", "appointment", "evaluation", "referral",
    "con", "para", "del", "los", "las", "una", "cita", "consulta", "servicio",
})  # fmt: skip


def _locations(texts: list[str], playbook: Playbook) -> dict[str, _Meaning]:
    exact: dict[str, str] = {}
    for location in playbook.locations.values():
        exact |= {_plain(location.key): location.key, _plain(location.name): location.key, location.zip: location.key}
    meanings: dict[str, _Meaning] = {}
    for text, folded in zip(texts, _folded(texts), strict=True):
        plain = _plain(folded)
        inside = [key for name, key in exact.items() if f" {name} " in f" {plain} "]
        meanings[text] = {"key": exact.get(plain) or next(iter(inside), None)}
    return meanings


def _payers(texts: list[str], playbook: Playbook) -> dict[str, _Meaning]:
    accepted = {_plain(p): p for p in playbook.payers.accepted}
    kinds, ways = stated.words("plan_kind"), stated.words("payment")
    meanings: dict[str, _Meaning] = {}
    for text, folded, row in zip(texts, _folded(texts), _read(texts, playbook), strict=True):
        kind = kinds.get(folded) or row["read.plan_kind"]
        payment = ways.get(folded) or row["read.payment"]
        payer = accepted.get(_plain(folded)) or row["read.payer"]
        if payer is None and kind is None and payment is None and _names_something(folded):
            payer = _plain(folded).replace(" ", "-")  # a plan we do not know is still the plan they have
        meanings[text] = {"payer": payer, "plan_kind": kind, "payment": payment}
    return meanings


def _names_something(folded: str) -> bool:
    """Whether a field may hold a plan's name. "Not sure", "see message", "yes" or a sentence name none: what is not
    known must never become a no."""
    plain = _plain(folded)
    return (
        sum(c.isalpha() for c in plain) >= _SHORTEST_NAME
        and len(plain.split()) <= _LONGEST_NAME
        and plain not in stated.words("unsaid")
        and not any(f" {plain} ".startswith(f" {start} ") for start in stated.words("unsaid_start"))
    )


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _first(mentions: list[dict[str, Any]] | None) -> str | None:
    return next((m["key"] for m in mentions or [] if m["context"] == "asserted"), None)


def _read(texts: list[str], playbook: Playbook) -> list[dict[str, Any]]:
    if not texts:
        return []
    blank = {name: pl.Series(name, [None] * len(texts), dtype=pl.String) for name in _READ_NEEDS}
    frame = pl.DataFrame(blank | {"message": texts}).with_row_index("row", offset=1)
    wanted = ["read.services", "read.elsewhere", "read.offers", "read.payer", "read.plan_kind", "read.payment"]
    return reading.read(frame, playbook, reading.NAMED).select(wanted).to_dicts()
