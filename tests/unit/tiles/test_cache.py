"""Tiles in memory are counted in bytes and never exceed their limit."""

from hypothesis import given
from hypothesis import strategies as st

from gis.tiles.cache import OVERHEAD_BYTES, TileCache


def test_the_least_recently_used_tile_goes_first() -> None:
    cache = TileCache(3 * (100 + OVERHEAD_BYTES))
    for key in "abc":
        cache.put(key, b"x" * 100, until=10)
    assert cache.get("a", now=1) is not None
    cache.put("d", b"x" * 100, until=10)
    assert cache.get("b", now=1) is None
    assert cache.get("a", now=1) is not None


def test_a_tile_past_its_time_is_not_served() -> None:
    cache = TileCache(10_000)
    cache.put("a", b"x", until=5)
    assert cache.get("a", now=5) == b"x"
    assert cache.get("a", now=5.1) is None


def test_a_tile_larger_than_the_cache_is_not_kept() -> None:
    cache = TileCache(1_000)
    cache.put("a", b"x" * 2_000, until=5)
    assert len(cache) == 0
    assert cache.held_bytes == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 900)), max_size=60))
def test_the_cache_never_holds_more_than_its_limit(puts: list[tuple[int, int]]) -> None:
    cache = TileCache(2_000)
    for key, size in puts:
        cache.put(key, b"x" * size, until=1)
        assert cache.held_bytes <= 2_000
        held = [cache.get(k, now=0) for k in range(6)]
        assert cache.held_bytes == sum(len(b) + OVERHEAD_BYTES for b in held if b is not None)
