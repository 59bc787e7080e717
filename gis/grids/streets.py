"""The parents of the cells in working coordinates: streets, or communities that have polygons."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import WORK_SRID
from gis.errors import Fault, Invalid, fault
from gis.grids.coding import check_area_code
from gis.i18n import N_

GRID_SIZE_M = 0.001
"""All linework is rounded to this. A centimetre made faces cross street lines; this does not."""

_NARROW_GAP_M = 1.0
"""Neighbours nearer than this were meant to touch."""

Geometries = NDArray[np.object_]


def to_work(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    The frame in EPSG:4548 with coordinates rounded to a millimetre.

    Vertices that were equal stay equal, so a coverage stays a coverage. Axis order is always
    easting, northing (geopandas transforms with `always_xy`).

    Raises
    ------
    Invalid
        When the frame carries no CRS: it is asked for, never guessed.
    """
    if frame.crs is None:
        raise Invalid(N_("The geometries carry no coordinate reference system; name it."))
    work = frame.to_crs(WORK_SRID)
    rounded = shapely.transform(work.geometry.to_numpy(), lambda xy: np.round(xy, 3))
    return work.set_geometry(gpd.GeoSeries(rounded, index=work.index, crs=WORK_SRID))


def zones_from(streets: gpd.GeoDataFrame, communities: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    The polygons no cell may cross.

    A street whose communities all come with polygons is divided along them; of any other street
    the communities are made later, by growing them from cells.

    Parameters
    ----------
    streets
        `street_code`, `name`, `geometry` Polygon, any CRS that is stated. They must share exact
        edges (a valid coverage).
    communities
        `community_code`, `name`, `street_code`; optionally `geometry` (None where unknown) in
        the CRS of `streets`.

    Returns
    -------
    GeoDataFrame
        `street_code`, `community_code` (None where the community is to be made), `geometry`
        Polygon in EPSG:4548, sorted by code.

    Raises
    ------
    Invalid
        Naming every street that is wrong: bad code, invalid or empty polygon, several parts, no
        community, polygons for some communities only; and any two streets whose edges differ.
    """
    _check_frames(streets, communities)
    work = to_work(streets[["street_code", "geometry"]]).sort_values("street_code")
    work["community_code"] = None
    drawn = _drawn_communities(communities, streets.crs)
    if len(drawn):
        open_streets = work[~work["street_code"].isin(drawn["street_code"])]
        work = pd.concat([open_streets, to_work(drawn)])
    work = work.sort_values(["street_code", "community_code"]).reset_index(drop=True)
    _check_coverage(work)
    return work


def _drawn_communities(communities: pd.DataFrame, crs: object) -> gpd.GeoDataFrame:
    columns = ["street_code", "community_code", "geometry"]
    if "geometry" not in communities:
        return gpd.GeoDataFrame({c: [] for c in columns}, geometry="geometry", crs=crs)
    drawn = communities[communities["geometry"].notna()][columns]
    return gpd.GeoDataFrame(drawn, geometry="geometry", crs=crs)


def _check_frames(streets: gpd.GeoDataFrame, communities: pd.DataFrame) -> None:
    faults = _geometry_faults(streets) + _community_faults(streets, communities)
    if faults:
        raise Invalid(
            N_("The streets or communities cannot be divided; faults: {count}."),
            count=len(faults),
            faults=faults,
        )


def _geometry_faults(streets: gpd.GeoDataFrame) -> list[Fault]:
    faults: list[Fault] = []
    if streets.empty:
        faults.append(fault("street_code", N_("There is no street polygon to divide.")))
    for code, shape in zip(streets["street_code"], streets.geometry, strict=True):
        try:
            check_area_code(code, 3)
        except Invalid as error:
            faults.append(fault("street_code", error.message, **error.params))
        if shape is None or shape.is_empty or shape.geom_type != "Polygon":
            faults.append(fault("geometry", N_("Street {code} is not one polygon."), code=code))
        elif not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            faults.append(
                fault("geometry", N_("Street {code}: {reason}."), code=code, reason=reason)
            )
    if streets["street_code"].duplicated().any():
        again = streets.loc[streets["street_code"].duplicated(), "street_code"].iloc[0]
        faults.append(fault("street_code", N_("Street {code} comes twice."), code=again))
    return faults


def _community_faults(streets: gpd.GeoDataFrame, communities: pd.DataFrame) -> list[Fault]:
    faults = [
        fault("community_code", N_("Community {code} comes twice."), code=code)
        for code in communities.loc[communities["community_code"].duplicated(), "community_code"]
    ]
    for street in streets["street_code"]:
        inside = communities[communities["street_code"] == street]
        if inside.empty:
            faults.append(
                fault("community_code", N_("Street {code} has no community."), code=street)
            )
        elif "geometry" in inside and 0 < inside["geometry"].notna().sum() < len(inside):
            faults.append(
                fault(
                    "geometry",
                    N_("Street {code} has polygons for some of its communities only."),
                    code=street,
                )
            )
    return faults


def _check_coverage(zones: gpd.GeoDataFrame) -> None:
    shapes = zones.geometry.to_numpy()
    edges = shapely.coverage_invalid_edges(shapes, gap_width=_NARROW_GAP_M)
    wrong = ~shapely.is_empty(edges)
    if wrong.any():
        raise Invalid(
            N_(
                "The edges of these areas do not match: {codes} ({length_m} m). "
                "Clean the coverage first; nothing is repaired silently."
            ),
            codes=", ".join(zones.loc[wrong, "street_code"].unique()[:5]),
            length_m=round(float(shapely.length(edges).sum()) / 2, 1),
        )
