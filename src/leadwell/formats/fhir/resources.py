"""Which resource does a reference mean? Contained, by urn:uuid, by an address, by an identifier; or none that came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from leadwell.formats.fhir.leniently import Resource, each, kind, named, one, text


class Resources:
    """All that came in one message. `touched`: those that were looked at, whose meaning thus counts."""

    def __init__(self, entries: Sequence[tuple[str, Resource]]) -> None:
        self._within: dict[int, Resource] = {}
        self._by_url: dict[str, Resource] = {}
        self._by_name: dict[str, Resource] = {}
        self._all: list[Resource] = []
        self.touched: dict[int, Resource] = {}
        for url, resource in entries:
            self._add(url, resource)

    def _add(self, url: str, resource: Resource) -> None:
        self._all.append(resource)
        if url:
            self._by_url.setdefault(url, resource)
            self._by_name.setdefault(_last(url), resource)
        if number := text(resource, "id"):
            self._by_name.setdefault(f"{kind(resource)}/{number}", resource)
        for held in _contained(resource):
            self._within[id(held)] = resource
            self._all.append(held)

    def of_kind(self, name: str) -> list[Resource]:
        return [resource for resource in self._all if kind(resource) == name]

    def touch(self, resource: Resource) -> Resource:
        if resource:
            self.touched[id(resource)] = resource
        return resource

    def follow(self, reference: Resource, holder: Resource) -> Resource:
        """What a reference in `holder` means; empty where it did not come along."""
        return self.touch(self.means(reference, holder))

    def means(self, reference: Resource, holder: Resource) -> Resource:
        """The same, where only whether it is somebody counts, and nothing of them is read."""
        return self._found(reference, self.holder_of(holder))

    def holder_of(self, resource: Resource) -> Resource:
        """Which one contains it; itself where none does."""
        return self._within.get(id(resource), resource)

    def _found(self, reference: Resource, container: Resource) -> Resource:
        address = text(reference, "reference")
        if address.startswith("#"):
            held = (r for r in _contained(container) if text(r, "id").lstrip("#") == address[1:])
            return next(held, {})
        address = address.partition("/_history/")[0]
        found = self._by_url.get(address) or self._by_name.get(_last(address)) if address else None
        return found or self._by_identifier(named(one(reference, "identifier")), address, text(reference, "type"))

    def _by_identifier(self, name: str, address: str, type_: str) -> Resource:
        """A logical reference; also a conditional one (`Patient?identifier=…`)."""
        asked, _, query = address.partition("?identifier=")
        name, type_ = (query.replace("%7C", "|"), asked) if query else (name, type_)
        ours = self._all if name else []
        return next((r for r in ours if (not type_ or kind(r) == type_) and name in _names(r)), {})

    @cached_property
    def _speaking_of(self) -> dict[int, list[Resource]]:
        """What came along, by what it names."""
        found: dict[int, list[Resource]] = {}
        for resource in self._all:
            places = (reference for name in resource for reference in each(resource, name))
            meant = (self.means(reference, resource) for reference in places if text(reference, "reference"))
            for number in dict.fromkeys(id(one_) for one_ in meant if one_):
                found.setdefault(number, []).append(resource)
        return found

    def speaking_of(self, resource: Resource) -> list[Resource]:
        """What came along and names it: of an order the messages about it, of a patient all that is known of them."""
        return self._speaking_of.get(id(resource), []) if resource else []

    def all_of(self, holder: Resource, name: str) -> Iterator[tuple[Resource, str]]:
        """Each reference at that name: what it means, and how it is displayed."""
        for reference in each(holder, name):
            yield self.follow(reference, holder), text(reference, "display")


def _contained(resource: Resource) -> Iterator[Resource]:
    """All that it contains, and what these contain, though R4 forbids it."""
    for held in each(resource, "contained"):
        yield held
        yield from each(held, "contained")


def _names(resource: Resource) -> list[str]:
    return [named(identifier) for identifier in each(resource, "identifier")]


def _last(url: str) -> str:
    """`Patient/1` of any address that ends so."""
    return "/".join(url.rstrip("/").rsplit("/", 2)[-2:])
