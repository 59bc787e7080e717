"""What the grid builder is told and what it hands back."""

from dataclasses import dataclass, field
from enum import StrEnum

import geopandas as gpd
import pandas as pd


class EdgeOrigin(StrEnum):
    """Why a cell ends where it ends."""

    BOUNDARY = "boundary"
    """The line of a street (or of a community that came with a polygon)."""
    ROAD = "road"
    """A road that was there."""
    SPLIT = "split"
    """A free cut through a block too large for one cell."""


@dataclass(frozen=True)
class RoadClasses:
    """
    Which values of the OpenStreetMap key `highway` a cell may follow.

    Left out on purpose: link roads (they only cut slivers out of junctions), platforms, steps,
    cycleways and values that are no road class. Water is no road class, so it never counts.
    """

    main: frozenset[str] = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
    local: frozenset[str] = frozenset(
        {"residential", "unclassified", "living_street", "pedestrian", "road"}
    )
    minor: frozenset[str] = frozenset({"service", "footway", "path", "track"})


@dataclass(frozen=True)
class BuildSettings:
    """
    The measures of a build; lengths in metres, areas in square metres.

    The values were found by trying them on Dongcheng (docs/grids.md says what each one changes).
    """

    edition: str = "2013"
    target_area_m2: float = 10_000.0
    strip_width_m: float = 18.0
    """Road stretches nearer than this to a street line make strips and are dropped."""
    extend_m: float = 60.0
    """A road that ends in a block is drawn on by at most this, if it then meets something."""
    sliver_area_m2: float = 4_000.0
    sliver_width_m: float = 25.0
    """Faces smaller or narrower than these are merged; width = 2 area / perimeter."""
    minor_strip_width_m: float = 20.0
    minor_extend_m: float = 45.0
    big_block_m2: float = 25_000.0
    """Blocks above this are first cut by service roads and footways."""
    largest_merge_m2: float = 20_000.0
    """A small piece is not merged into a cell when the sum would be larger, if it can choose."""
    band_height_m: float = 100.0
    """Height of the bands in which serials run west to east."""
    anneal_steps_per_cell: int = 800
    """Steps of grouping cells into communities; 200 are worse by 5 % of border on roads."""
    road_classes: RoadClasses = field(default_factory=RoadClasses)


@dataclass(frozen=True)
class GridBuild:
    """
    One finished build; every frame in EPSG:4490, sorted by code.

    `streets`: street_code, name, geometry (rebuilt from the cells).
    `communities`: community_code, street_code, name, is_derived, geometry.
    `cells`: grid_code, community_code, street_code, serial, area_m2, geometry (Polygon).
    `edges`: left_code, right_code (None outside the district), origin, length_m, geometry
    (LineString); every shared edge once, left code smaller than right code.
    `report`: one row per step with counts and seconds.
    """

    streets: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    report: pd.DataFrame
