"""How are keys changed while Leadwell runs? Data keys wrapped anew; what they seal sealed anew, if that is wanted.

Each step can be stopped anywhere and begun again: a data key is wrapped by one master key or by the other, a row is
sealed under one version or under another, and all of them open meanwhile. The key of blind tokens and of the trail is
wrapped anew but stays itself, so that people are still found and the trail still fits.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from django.db import models, router, transaction
from django.db.models import BinaryField, Count, F, Func, QuerySet, Value

from leadwell.server import environment
from leadwell.server.privacy.held import Sealed, holders
from leadwell.server.privacy.keyring import EARLIER, forget_keyrings, keyring, masters, new_data_key, rewrap
from leadwell.server.privacy.lines import replace
from leadwell.server.privacy.models import DataKey
from leadwell.server.privacy.sealing import HEAD_BYTES, Unopenable, head, seal, unseal, version_of
from leadwell.server.privacy.trail import record

BATCH: Final = 50  # rows in one transaction: nobody waits long


class CannotRotate(RuntimeError):  # noqa: N818  its message is for the person who asked
    pass


def make_master(*, also_waiting: int = 0) -> None:
    """Puts a new master key in the data folder; every one before stays beside it. `also_waiting`: other keys that
    the one before still wraps. Raises CannotRotate."""
    if environment.secret("LEADWELL_MASTER_KEY"):
        raise CannotRotate(
            "The master key is given by LEADWELL_MASTER_KEY. Put it into LEADWELL_MASTER_KEY_OLD, give a new one "
            "(openssl rand -base64 32), start web and worker again, then run this without --make."
        )
    keys = environment.home() / "keys"
    with _alone(keys):
        forget_keyrings()
        current = masters()[0].fingerprint
        if behind := DataKey.objects.exclude(master=current).count() + also_waiting:
            raise CannotRotate(f"{behind} keys still wait from the last time. Run this without --make first.")
        _kept(keys, keys / "master.key")
        replace(keys / "master.key", b64encode(secrets.token_bytes(32)))
    forget_keyrings()


@contextmanager
def _alone(keys: Path) -> Iterator[None]:
    """Two that change the master key at once would lose one: the second waits for the first."""
    with os.fdopen(os.open(keys / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _kept(keys: Path, current: Path) -> None:
    """Keeps the key under a name that no key has yet: none that a backup may need is ever written over."""
    text = current.read_bytes()
    if any(path.read_bytes().strip() == text.strip() for path in keys.glob(EARLIER)):
        return
    partly = keys / "master-old.part"
    replace(partly, text)
    for number in count(1):
        try:
            os.link(partly, keys / ("master-old.key" if number == 1 else f"master-old-{number}.key"))
            break
        except FileExistsError:
            continue
    partly.unlink()


def rewrap_all() -> int:
    """Wraps every data key by the current master key; returns how many were not. Raises LostKey."""
    waiting = list(DataKey.objects.exclude(master=masters()[0].fingerprint))
    for row in waiting:
        rewrap(row)
    forget_keyrings()
    return len(waiting)


def new_version(organization: int) -> int:
    """A new data key, which seals from now on; running processes take it within a minute. Returns its version."""
    version = keyring(organization, fresh=True).seal_version + 1
    with transaction.atomic():
        new_data_key(organization, "seal", version)
        record(organization, "command", "key.rotated", codes={"version": version})
    forget_keyrings()
    return version


@dataclass
class Resealed:
    """`unopenable`: rows that no key opens; they are left as they are."""

    rows: int = 0
    unopenable: int = 0


def reseal(organization: int, *, told: Callable[[int], None] = lambda rows: None) -> Resealed:
    """Seals under the newest key what stands under an older one, some rows at a time."""
    done, newest = Resealed(), keyring(organization, fresh=True).seal_version
    for column in columns():
        behind, last = _behind(organization, column, newest), None
        while page := list((behind.filter(pk__gt=last) if last is not None else behind)[:BATCH]):
            last = page[-1].pk
            _page(organization, column, page, done)
            told(done.rows)
    return done


def _page(organization: int, column: Sealed, page: list[Any], done: Resealed) -> None:
    anew = []
    for row in page:
        old, place = bytes(getattr(row, column.column)), column.place(row)
        try:
            anew.append((row.pk, old, seal(organization, unseal(organization, old, place=place), place=place)))
        except Unopenable:
            done.unopenable += 1
    with transaction.atomic(using=router.db_for_write(column.model)):
        for number, old, new in anew:
            # Only what still stands there: what was changed or erased meanwhile is never brought back.
            same = _ours(organization, column).filter(pk=number, **{column.column: old})
            done.rows += same.update(**{column.column: new})


def versions(organization: int) -> dict[int, int]:
    """Version of the data key -> how many sealed values stand under it."""
    found: dict[int, int] = {}
    for column in columns():
        heads = _filled(organization, column).order_by().values_list("head").annotate(Count("pk"))
        for start, rows in heads:
            version = version_of(bytes(start))
            found[version] = found.get(version, 0) + rows
    return dict(sorted(found.items()))


def columns() -> list[Sealed]:
    return [column for held in holders() for column in held.sealed]


def _ours(organization: int, column: Sealed) -> QuerySet[models.Model]:
    objects: Any = column.model._default_manager
    ours: QuerySet[models.Model] = objects.of(organization)
    return ours


def _filled(organization: int, column: Sealed) -> QuerySet[Any]:
    """The rows that hold something, with the head of it."""
    start = Func(F(column.column), Value(1), Value(HEAD_BYTES), function="SUBSTR", output_field=BinaryField())
    some = _ours(organization, column).exclude(**{column.column: None}).exclude(**{column.column: b""})
    filled: QuerySet[Any] = some.annotate(head=start)
    return filled


def _behind(organization: int, column: Sealed, newest: int) -> QuerySet[Any]:
    return _filled(organization, column).exclude(head=head(newest)).order_by("pk")
