"""Values that the map joins to its features."""

from gis.catalog.palettes import ramps
from gis.tiles.values import joined


def test_values_keep_their_ids_beside_their_classes() -> None:
    found = joined({"a": 1.0, "b": 2.0, "c": 3.0}, ramp="bugn", k=3)
    assert found.values == {"a": 1.0, "b": 2.0, "c": 3.0}
    assert (found.stops, found.counts) == ((2.0, 3.0), (1, 1, 1))
    assert len(found.colours) == 3


def test_no_value_gives_one_empty_class() -> None:
    found = joined({}, ramp="bugn")
    assert (found.stops, found.counts) == ((), (0,))
    assert found.colours == ramps()["bugn"].of(1)
