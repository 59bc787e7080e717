"""Tiles kept in memory: least recently used go first, counted in bytes."""

from collections import OrderedDict
from collections.abc import Hashable, Sized
from dataclasses import dataclass
from typing import Generic, TypeVar

OVERHEAD_BYTES = 600
"""What an entry costs beside its bytes, key and tags included: an empty tile is not free."""

Body = TypeVar("Body", bound=Sized)


@dataclass(slots=True)
class _Entry(Generic[Body]):
    body: Body
    until: float


class TileCache(Generic[Body]):
    """A map from key to bodies that never holds more than `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self._entries: OrderedDict[Hashable, _Entry[Body]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, now: float) -> Body | None:
        """The body under `key`, if it is there and still good at `now` (seconds)."""
        entry = self._entries.get(key)
        if entry is None or entry.until < now:
            return None
        self._entries.move_to_end(key)
        return entry.body

    def put(self, key: Hashable, body: Body, until: float) -> None:
        """Keep `body` until the moment `until`; what is larger than the cache is not kept."""
        self._drop(key)
        size = len(body) + OVERHEAD_BYTES
        if size > self.max_bytes:
            return
        self._entries[key] = _Entry(body, until)
        self.held_bytes += size
        while self.held_bytes > self.max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.held_bytes -= len(entry.body) + OVERHEAD_BYTES
