"""
Numbers of the cells inside a community.

Rule. The cells of a community are read like a page. Bands 100 m high (the side of a cell of the
target area) are counted from the centre of its northernmost cell downwards; a cell belongs to the
band that holds its centre of area. Bands run north to south, inside a band cells run west to
east. Two centres at the same easting: the more northern first. Serials start at 1 and have no
gaps. docs/decisions/0004 explains how this reads the standard's sentence.
"""

import numpy as np
import shapely

from gis.errors import Invalid
from gis.grids.coding import compose_grid_code, edition_named
from gis.grids.communities import reading_order
from gis.grids.streets import Geometries
from gis.i18n import N_


def numbered(
    cells: Geometries, community: list[str], *, edition: str, band_height_m: float
) -> tuple[list[str], list[int]]:
    """
    Grid code and serial of each cell, by the rule of this module.

    Parameters
    ----------
    cells
        n Polygons in EPSG:4548.
    community
        n community codes.
    edition
        Key of `coding.EDITIONS`; sets how many serials a community can hold.
    band_height_m
        Height of a band in metres.

    Raises
    ------
    Invalid
        When a community has more cells than its edition has serials (99 in 2005, else 999).

    Notes
    -----
    Source: GB/T 30428.1-2013 (serial 001-999 inside one community).
    """
    centres = shapely.get_coordinates(shapely.centroid(cells))
    owners = np.array(community)
    codes, serials = [""] * len(owners), [0] * len(owners)
    for code in np.unique(owners).tolist():
        members = np.flatnonzero(owners == code)
        _check_room(code, len(members), edition)
        ranked = members[reading_order(centres[members], band_height_m)]
        for serial, cell in enumerate(ranked.tolist(), start=1):
            serials[cell] = serial
            codes[cell] = compose_grid_code(code, serial, edition)
    return codes, serials


def _check_room(community: str, cells: int, edition: str) -> None:
    rule = edition_named(edition)
    if cells > rule.highest_serial:
        raise Invalid(
            N_(
                "Community {community} would get {cells} cells; {standard} has serials up to "
                "{highest}. Divide the community or enlarge the target area."
            ),
            community=community,
            cells=cells,
            standard=rule.standard,
            highest=rule.highest_serial,
        )
