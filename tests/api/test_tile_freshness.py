"""Tiles are never older than what a page was told: versions, steps of cases, two processes."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Actor, Role, Scope
from gis.catalog.commands import bump_layers
from gis.catalog.layers import layers
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.errors import Invalid
from gis.tiles import changes as feed
from gis.tiles import versions
from gis.tiles.changes import Changes, changes
from gis.tiles.pool import POOL_SIZE
from gis.tiles.render import TileServer
from gis.tiles.versions import is_newer
from tests import factories as make
from tests.apart import run_apart

EVERYWHERE = Scope(("",))
CASES, GRIDS = layers()["cases"], layers()["grids"]


def _address(zoom: int, lon: float, lat: float) -> tuple[int, int, int]:
    n = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, int((lon + 180) / 360 * n), int(y * n)


PLACE = _address(16, *make.middle())
"""The tile under the factories' first cell."""


@pytest.fixture
def site(module_database: ClusterUrls) -> Iterator[tuple[str, Engine]]:
    engine = make_engine(module_database.app_url, pool_size=3)
    with engine.begin() as conn:
        make.make_cell(conn)
        conn.execute(text("UPDATE grid_cell SET label_3857 = ST_PointOnSurface(geom_3857)"))
    yield module_database.app_url, engine
    engine.dispose()
    owner = make_engine(module_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        conn.execute(text("TRUNCATE cases, case_event, grid_cell, area, department CASCADE"))
    owner.dispose()


@asynccontextmanager
async def servers(url: str, count: int = 2) -> AsyncIterator[list[TileServer]]:
    """Tile servers as so many web processes have them."""
    made = [TileServer(url) for _ in range(count)]
    try:
        yield made
    finally:
        for server in made:
            await server.close()


def step(conn: Connection, case_id: int, department_id: int | None = None) -> None:
    """An event of a case, as every command writes it."""
    conn.execute(
        text(
            "INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role,"
            " department_id)"
            " SELECT :id, coalesce(max(seq), 0) + 1, 'check', 'X', 'Y', now(), 'acceptor', :owner"
            " FROM case_event WHERE case_id = :id"
        ),
        {"id": case_id, "owner": department_id},
    )


def new_case(engine: Engine, **row: Any) -> int:
    with engine.begin() as conn:
        case_id = make.make_case(conn, **row)
        step(conn, case_id)
    return case_id


def person(scope: Scope = EVERYWHERE, *roles: Role) -> Actor:
    return Actor(None, "x", "x", None, frozenset(roles or (Role.DISPATCHER,)), scope)


def ask(url: str, actor: Actor, since: str | None) -> Changes:
    """What a page is told that asks with `since`."""

    async def asked() -> Changes:
        async with servers(url, 1) as (server,):
            return await changes(server.pool, server.versions, actor=actor, since=since)

    return run_apart(asked())


def test_a_tile_asked_with_the_tag_of_a_change_is_fresh_in_a_process_that_has_not_looked(
    site: tuple[str, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, engine = site
    monkeypatch.setattr(versions, "VERSIONS_FRESH_S", 3_600.0)

    async def asked() -> None:
        async with servers(url) as (told, asleep):
            before = await asleep.tile(CASES, *PLACE, scope=EVERYWHERE)
            assert before.body == b""
            new_case(engine)
            now = await changes(told.pool, told.versions, actor=person(), since=None)
            old = await asleep.tile(CASES, *PLACE, scope=EVERYWHERE, asked=before.tag)
            assert old.tag == before.tag, "this process had looked anyway: nothing is shown"
            fresh = await asleep.tile(CASES, *PLACE, scope=EVERYWHERE, asked=now.layers["cases"])
            assert fresh.tag == now.layers["cases"]
            assert fresh.body != b""

    run_apart(asked())


def test_a_version_reaches_a_process_that_nobody_told_within_a_second(
    site: tuple[str, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, engine = site
    clock = [1000.0]
    monkeypatch.setattr(versions, "monotonic", lambda: clock[0])

    async def asked() -> None:
        async with servers(url) as both:
            before = [await server.versions.read() for server in both]
            with engine.begin() as conn:
                bump_layers(conn, ["grid_cell"], now=datetime.now(UTC))
            clock[0] += 1.0
            for server, old in zip(both, before, strict=True):
                found = await server.versions.read()
                assert is_newer(found.of(GRIDS), old.of(GRIDS))

    run_apart(asked())


def test_an_address_that_claims_a_version_to_come_gets_the_tile_of_now(
    site: tuple[str, Engine],
) -> None:
    async def asked() -> None:
        async with servers(site[0], 1) as (server,):
            for claimed in ("99999999.all", "9-9-9.x", "1e9", "-", "٣.all", "9" * 40, ""):
                found = await server.tile(GRIDS, *PLACE, scope=EVERYWHERE, asked=claimed)
                assert found.tag == (await server.versions.read()).tag_of(GRIDS, EVERYWHERE)
                assert found.body

    run_apart(asked())


def test_places_of_changed_cases_and_of_their_clusters_are_told(site: tuple[str, Engine]) -> None:
    url, engine = site
    since = ask(url, person(), None).tag
    assert ask(url, person(), since).places == ()
    new_case(engine)
    told = ask(url, person(), since)
    lon, lat = make.middle()
    assert not told.everywhere
    assert any((x, y) == pytest.approx((lon, lat)) for x, y in told.places)
    assert ask(url, person(), told.tag).places == ()


def test_nothing_is_told_of_another_street_or_department(site: tuple[str, Engine]) -> None:
    url, engine = site
    with engine.begin() as conn:
        own, foreign = make.make_department(conn), make.make_department(conn)
    since = ask(url, person(), None).tag
    new_case(engine, department_id=own)
    clerk = person(Scope((make.STREET,)))
    elsewhere = person(Scope(("110101002",)))
    assert ask(url, clerk, since).places
    assert ask(url, elsewhere, since).places == ()
    assert ask(url, person(Scope((make.STREET,), own)), since).places
    assert ask(url, person(Scope((make.STREET,), foreign)), since).places == ()
    told = ask(url, person(EVERYWHERE, Role.PLANNER), since)
    assert told.places == () and "cases" not in told.layers


def test_who_takes_a_number_first_and_ends_last_is_not_missed(site: tuple[str, Engine]) -> None:
    """Numbers of events are given before the commit: the higher one may be seen first."""
    url, engine = site
    with engine.begin() as conn:
        slow, quick = make.make_case(conn), make.make_case(conn, at=make.middle(3, 3))
    with engine.begin() as late:
        step(late, slow)
        with engine.begin() as conn:
            step(conn, quick)
        before = ask(url, person(), None)
    told = ask(url, person(), before.tag)
    assert told.tag != before.tag
    assert told.layers["cases"] != before.layers["cases"]
    lon, lat = make.middle()
    assert any((x, y) == pytest.approx((lon, lat)) for x, y in told.places)


def test_more_places_than_a_page_can_touch_are_told_as_everywhere(
    site: tuple[str, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, engine = site
    since = ask(url, person(), None).tag
    for n in range(3):
        new_case(engine, at=make.middle(n, n))
    monkeypatch.setattr(feed, "PLACES_MOST", 2)
    told = ask(url, person(), since)
    assert told.everywhere and told.places == ()


def test_many_cases_at_one_place_hide_none_of_the_others(
    site: tuple[str, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their places are few, but a list that was cut among them lacks those that came after."""
    url, engine = site
    since = ask(url, person(), None).tag
    for _ in range(7):
        new_case(engine)
    new_case(engine, at=make.middle(3, 3))
    monkeypatch.setattr(feed, "PLACES_MOST", 6)
    assert ask(url, person(), since).everywhere
    monkeypatch.setattr(feed, "PLACES_MOST", 8)
    told = ask(url, person(), since)
    assert not told.everywhere and len(told.places) < 7


def test_a_tag_of_another_database_reloads_everything(site: tuple[str, Engine]) -> None:
    assert ask(site[0], person(), "999999999-12").everywhere


@pytest.mark.parametrize("tag", ["", "1", "1-2-3", "a-b", "-1-2", "1e3-1", "٣-1", "1" * 40 + "-1"])
def test_a_tag_that_we_never_gave_is_refused(site: tuple[str, Engine], tag: str) -> None:
    with pytest.raises(Invalid):
        ask(site[0], person(), tag)


def test_tiles_go_on_after_the_database_ended_every_connection(site: tuple[str, Engine]) -> None:
    url, engine = site
    end_all = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'wanmi-tiles' AND datname = current_database()"
    )

    async def asked() -> None:
        async with servers(url, 1) as (server,):
            before = await server.tile(GRIDS, *PLACE, scope=EVERYWHERE)
            with engine.begin() as conn:
                assert conn.execute(end_all).scalar()
                bump_layers(conn, ["grid_cell"], now=datetime.now(UTC))
            claimed = "999999.all"  # makes the server look at once
            after = await server.tile(GRIDS, *PLACE, scope=EVERYWHERE, asked=claimed)
            assert after.tag != before.tag
            assert after.body == before.body

    run_apart(asked())


def test_questions_beyond_the_connections_wait_for_their_turn(site: tuple[str, Engine]) -> None:
    slow = "SELECT CAST($1 AS int) FROM pg_sleep(0.01)"
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'wanmi-tiles' AND datname = current_database()"
    )

    async def asked() -> None:
        async with servers(site[0], 1) as (server,):
            numbers = list(range(3 * POOL_SIZE))
            assert await asyncio.gather(*(server.pool.value(slow, n) for n in numbers)) == numbers
            assert await server.pool.value(count) <= POOL_SIZE

    run_apart(asked())
