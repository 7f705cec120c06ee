"""Union-find: which things belong together because a chain of links joins them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable


class Joins:
    """Groups of things; each starts alone. The groups do not depend on the order of the joins."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, thing: Hashable) -> Hashable:
        """Return one thing that stands for the group of this one."""
        while (above := self._parent.setdefault(thing, thing)) != thing:
            self._parent[thing] = thing = self._parent[above]
        return thing

    def join(self, thing: Hashable, others: Iterable[Hashable]) -> None:
        """Put things into one group."""
        for other in others:
            self._parent[self.root(other)] = self.root(thing)
