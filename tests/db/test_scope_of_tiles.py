"""Tiles, their clusters and labels hold nothing of another street or department."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Scope
from gis.catalog.layers import Condition, Layer, layers
from tests import factories as make
from tests.db.other_street import (
    NOW,
    OWN_STREET,
    WEEKLONG,
    Other,
    World,
    draw,
    shapes,
    with_and_without,
)
from tests.db.tiles_of_streets import tiles_of

PUBLIC_TABLES = {"road", "building", "water_green"}
"""What everybody sees who stands in the street."""

EVERY_TILE = [
    pytest.param(layer, zoom, id=f"{layer.id}-{zoom}")
    for layer in layers().values()
    if layer.is_scoped
    for zoom in sorted({source.minzoom for source in layer.sources})
]
"""Every protected layer at every zoom from which its tiles are made of something else."""


def test_every_table_of_the_map_is_public_or_protected() -> None:
    for layer in layers().values():
        for source in layer.sources:
            assert (source.table in PUBLIC_TABLES) == (source.scope is None), source


@pytest.mark.parametrize(("layer", "zoom"), EVERY_TILE)
def test_tiles_of_a_protected_layer_hold_nothing_of_another_street(
    world: World, layer: Layer, zoom: int
) -> None:
    def tiles(c: Connection, who: Actor, o: Other) -> Any:
        c.execute(text("UPDATE cases SET reported_at = now()"))
        return tiles_of(c, layer, zoom, who.scope)

    filled, empty = with_and_without(world, tiles, world.local)
    assert filled == empty
    if _shows_streets(layer, zoom):
        filled, empty = with_and_without(world, tiles, world.central)
        assert filled != empty, "the tiles do not show the other street to anybody"


def _shows_streets(layer: Layer, zoom: int) -> bool:
    """Whether the tiles hold more than districts, of which both streets have the same."""
    return any(Condition("level", "=", 2) not in s.where for s in layer.sources_at(zoom))


@pytest.mark.parametrize(("layer", "zoom"), [p for p in EVERY_TILE if "case" in str(p.id)])
def test_tiles_of_cases_hold_only_those_of_a_handlers_department(
    world: World, layer: Layer, zoom: int
) -> None:
    """Counts of clusters too: one case of two in the same cell belongs to the department."""
    own, foreign = make.make_department(world.conn), make.make_department(world.conn)
    filed = {"state": "HANDLING", "due_at": NOW, "reported_at": datetime.now(UTC)}
    make.make_case(world.conn, department_id=own, **filed)
    scope = Scope((OWN_STREET,), own)
    draw(world.conn, make.DISTRICT, shapes(0, 0)[2])
    before = tiles_of(world.conn, layer, zoom, scope)
    make.make_case(world.conn, department_id=foreign, **filed | {"due_at": NOW - WEEKLONG})
    assert tiles_of(world.conn, layer, zoom, scope) == before
    if any(source.narrowed_by for source in layer.sources_at(zoom)):
        assert tiles_of(world.conn, layer, zoom, Scope((OWN_STREET,))) != before
