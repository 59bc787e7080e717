"""Requests for one tile that come together: one rendering, whoever goes away meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gis.accounts.model import Scope
from gis.catalog.layers import layers
from gis.errors import Unavailable
from gis.tiles.render import TileServer
from gis.tiles.versions import Versions
from tests.apart import run_apart

GRIDS, PLACE, EVERYWHERE = layers()["grids"], (16, 5, 6), Scope(("",))
NOWHERE = "postgresql+psycopg://nobody@/nothing?host=/nonexistent"


class Slow(TileServer):
    """Answers from no database: a tile is drawn when `go` is set, or fails with `error`."""

    def __init__(self) -> None:
        super().__init__(NOWHERE)
        self.go, self.drawn, self.error = asyncio.Event(), 0, False
        self.versions.for_tile = self._known  # type: ignore[assignment, method-assign]

    async def _known(self, *_: object) -> Versions:
        return Versions(dict.fromkeys(GRIDS.version_keys, 1))

    async def _raw(self, *_: object) -> bytes:
        self.drawn += 1
        await self.go.wait()
        if self.error:
            raise Unavailable("away")
        return b"tile"

    def ask(self) -> asyncio.Task[object]:
        return asyncio.create_task(self.tile(GRIDS, *PLACE, scope=EVERYWHERE))


def played(scene: Callable[[Slow], Awaitable[None]]) -> None:
    async def play() -> None:
        await scene(Slow())

    run_apart(play())


async def begun(server: Slow, count: int) -> list[asyncio.Task[object]]:
    """So many who ask, each as far as it comes."""
    asking = [server.ask() for _ in range(count)]
    for _ in range(5):
        await asyncio.sleep(0)
    return asking


def test_those_who_come_together_wait_for_one_rendering() -> None:
    async def scene(server: Slow) -> None:
        asking = await begun(server, 3)
        server.go.set()
        first, *others = await asyncio.gather(*asking)
        assert all(other is first for other in others)
        assert server.drawn == 1

    played(scene)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_one_who_goes_away_takes_the_tile_from_nobody(gone: int) -> None:
    async def scene(server: Slow) -> None:
        asking = await begun(server, 3)
        asking[gone].cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking[gone]
        server.go.set()
        left = await asyncio.gather(*(task for task in asking if task is not asking[gone]))
        assert left[0] is left[1]
        assert server.drawn == (2 if gone == 0 else 1)

    played(scene)


def test_all_are_told_of_a_failure_and_the_next_to_ask_tries_again() -> None:
    async def scene(server: Slow) -> None:
        server.error = True
        asking = await begun(server, 2)
        server.go.set()
        told = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(one) for one in told] == [Unavailable, Unavailable]
        server.error = False
        assert await server.ask() is not None
        assert server.drawn == 2

    played(scene)
