"""The builder: street polygons, community codes and roads in, unit grids out."""

import logging
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import MASTER_SRID, WORK_SRID
from gis.errors import Invalid
from gis.grids.blocks import blocks_between, road_weights
from gis.grids.cells import Cells, cells_of
from gis.grids.communities import StreetCells, grouped, named_in_bands
from gis.grids.coverage import dissolve, segments_of, shared_lengths
from gis.grids.edges import edges_of
from gis.grids.model import BuildSettings, GridBuild
from gis.grids.roads import usable_roads
from gis.grids.serials import numbered
from gis.grids.streets import Geometries, zones_from
from gis.i18n import N_

log = logging.getLogger(__name__)

_ROAD_PULL = 1.5
"""Power of the road weights as cost of a community border: a main road costs a sixth."""

_TRIES = 20
"""Seeds tried until no community encloses another one."""


def build_grids(
    streets: gpd.GeoDataFrame,
    communities: pd.DataFrame,
    roads: gpd.GeoDataFrame,
    settings: BuildSettings | None = None,
) -> GridBuild:
    """
    Unit grids of a district, built bottom-up so that nesting and full cover hold by construction.

    Cells follow roads, slivers are merged, large blocks are divided by recursive equal-area
    bisection (`splitting`), no cell crosses a street or community. Communities without a polygon
    are grown from cells and marked `is_derived`. The same input gives the same geometry and the
    same codes; the order of the input rows does not matter.

    Parameters
    ----------
    streets
        n rows: `street_code` str of 9 digits, `name` str, `geometry` Polygon; any stated CRS.
        Neighbours must share exact edges.
    communities
        `community_code` str of 12 digits, `name`, `street_code`; optionally `geometry` for
        streets whose communities all have polygons.
    roads
        `highway` (OpenStreetMap value), `geometry`; optionally `suspect_shortcut`. May be empty:
        then every inner edge is a split.
    settings
        Measures of the build; the defaults are those tried on Dongcheng.

    Returns
    -------
    GridBuild
        Frames in EPSG:4490, sorted by code. Streets and communities are rebuilt from the cells,
        so the three levels share every vertex; against the delivered streets they differ by the
        rounding to a millimetre.

    Raises
    ------
    Invalid
        Wrong streets, communities or CRS (all faults named); fewer cells than communities in a
        street; more cells in a community than the edition has serials.

    Notes
    -----
    Source: GB/T 30428.1-2013 (cell of about 10,000 m², along streets, inside one community).
    Cost: Dongcheng (41.8 km², 17 streets, 169 communities, 2,260 road lines, 4,200 cells) takes
    about 20 s and 300 MiB on one core; see docs/grids.md.
    """
    settings = settings or BuildSettings()
    steps = _Steps()
    zones = zones_from(streets, communities)
    chosen = usable_roads(roads, settings.road_classes)
    steps.done("prepare", len(chosen))
    blocks = blocks_between(zones, chosen, settings)
    steps.done("blocks", len(blocks.shapes))
    cells = cells_of(zones, blocks, chosen, settings)
    steps.done("cells", len(cells.shapes))
    owner = _community_of(cells, zones, communities, chosen, settings)
    steps.done("communities", len(set(owner)))
    codes, serials = numbered(
        cells.shapes, owner, edition=settings.edition, band_height_m=settings.band_height_m
    )
    edges = edges_of(cells.shapes, codes, cells.zone, chosen)
    steps.done("edges", len(edges))
    return GridBuild(
        streets=_streets_frame(cells, owner, streets),
        communities=_communities_frame(cells, owner, communities, zones),
        cells=_cells_frame(cells, owner, codes, serials),
        edges=edges.to_crs(MASTER_SRID),
        report=steps.frame(),
    )


class _Steps:
    def __init__(self) -> None:
        self.rows: list[tuple[str, int, float]] = []
        self.since = perf_counter()

    def done(self, step: str, count: int) -> None:
        now = perf_counter()
        self.rows.append((step, count, round(now - self.since, 3)))
        log.info("grids build: %s, %d, %.1f s", step, count, now - self.since)
        self.since = now

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["step", "count", "seconds"])


def _community_of(
    cells: Cells,
    zones: gpd.GeoDataFrame,
    communities: pd.DataFrame,
    roads: gpd.GeoDataFrame,
    settings: BuildSettings,
) -> list[str]:
    """The community code of each cell: its zone's, or one made inside the street."""
    segments = segments_of(cells.shapes)
    cost = shared_lengths(segments, road_weights(cells.shapes, roads) ** _ROAD_PULL)
    owner = np.empty(len(cells.shapes), dtype=object)
    for number, zone in enumerate(zones.itertuples()):
        members = np.flatnonzero(cells.zone == number)
        if zone.community_code is not None:
            owner[members] = zone.community_code
            continue
        codes = communities.loc[communities["street_code"] == zone.street_code, "community_code"]
        owner[members] = _made(cells, members, cost, zone.street_code, sorted(codes), settings)
    return [str(code) for code in owner]


def _made(
    cells: Cells,
    members: NDArray[np.int64],
    cost: dict[int, dict[int, float]],
    street_code: str,
    codes: list[str],
    settings: BuildSettings,
) -> list[str]:
    if len(members) < len(codes):
        raise Invalid(
            N_("Street {street} has {communities} communities but only {cells} cells."),
            street=street_code,
            communities=len(codes),
            cells=len(members),
        )
    street = _graph(cells, members, cost)
    for attempt in range(_TRIES):
        label = grouped(
            street,
            len(codes),
            seed=f"{street_code}/{attempt}",
            steps_per_cell=settings.anneal_steps_per_cell,
        )
        shapes = dissolve(cells.shapes[members], np.array(label))
        if not _one_inside_another(shapes):
            return named_in_bands(label, street, codes)
    raise Invalid(
        N_("Street {street} could not be divided into {communities} communities side by side."),
        street=street_code,
        communities=len(codes),
    )


def _one_inside_another(shapes: Geometries) -> bool:
    """Whether a community fills a hole of another; holes left by another street do not count."""
    filled = np.asarray(shapely.polygons(shapely.get_exterior_ring(shapes)), dtype=object)
    within, _ = shapely.STRtree(filled).query(shapely.point_on_surface(shapes), predicate="within")
    return len(within) > len(shapes)


def _graph(
    cells: Cells, members: NDArray[np.int64], cost: dict[int, dict[int, float]]
) -> StreetCells:
    local = {cell: i for i, cell in enumerate(members.tolist())}
    border = {
        i: {local[n]: c for n, c in cost.get(cell, {}).items() if n in local}
        for cell, i in local.items()
    }
    shapes = cells.shapes[members]
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    return StreetCells(shapely.area(shapes), centre, border)


def _cells_frame(
    cells: Cells, owner: list[str], codes: list[str], serials: list[int]
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {
            "grid_code": codes,
            "community_code": owner,
            "street_code": [code[:9] for code in owner],
            "serial": serials,
            "area_m2": shapely.area(cells.shapes),
        },
        geometry=cells.shapes,
        crs=WORK_SRID,
    )
    return frame.sort_values("grid_code").reset_index(drop=True).to_crs(MASTER_SRID)


def _communities_frame(
    cells: Cells, owner: list[str], communities: pd.DataFrame, zones: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    codes, label = np.unique(np.array(owner), return_inverse=True)
    known = communities.set_index("community_code")["name"]
    drawn = set(zones["community_code"].dropna())
    return gpd.GeoDataFrame(
        {
            "community_code": codes.astype(object),
            "street_code": [code[:9] for code in codes],
            "name": [known[code] for code in codes],
            "is_derived": [code not in drawn for code in codes],
        },
        geometry=dissolve(cells.shapes, label.astype(np.int64)),
        crs=WORK_SRID,
    ).to_crs(MASTER_SRID)


def _streets_frame(cells: Cells, owner: list[str], streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    codes, label = np.unique(np.array([code[:9] for code in owner]), return_inverse=True)
    names = streets.set_index("street_code")["name"]
    return gpd.GeoDataFrame(
        {"street_code": codes.astype(object), "name": [names[code] for code in codes]},
        geometry=dissolve(cells.shapes, label.astype(np.int64)),
        crs=WORK_SRID,
    ).to_crs(MASTER_SRID)
