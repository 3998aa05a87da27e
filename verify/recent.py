"""What was worked out last, so that it need not be worked out again; a bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Recent(Generic[Found]):
    """The results for the ``most`` keys that were asked for last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: dict[Hashable, Found] = {}

    def peek(self, key: Hashable) -> Found | None:
        """The result for ``key`` where it is remembered."""
        return self._found.get(key)

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """The result for ``key``, by ``find`` where it is not remembered; what it raises is not."""
        found = self._found.pop(key) if key in self._found else find()
        self._found[key] = found  # now the newest
        while len(self._found) > self.most:
            del self._found[next(iter(self._found))]
        return found
