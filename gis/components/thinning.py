"""From which zoom on a component is drawn: one number that thins at every scale."""

import numpy as np
from numpy.typing import NDArray

LOWEST_ZOOM, HIGHEST_ZOOM = 4, 16
"""Below the lowest every tile shows what it shows there; above the highest everything is drawn."""

SUBDIVISION = 256
"""A tile is divided into 256 x 256 squares; each shows its first component."""

_HALF_WORLD_M = 20037508.342789244


def minzooms(xy_3857: NDArray[np.float64]) -> NDArray[np.int16]:
    """
    The lowest zoom at which each point is the first of its square (1/256 of a tile's side).

    "First" goes by position in the array, which is the order of the ids. Nested: who stands for
    a square stands for all smaller ones, so one number serves every density. Points that are
    never first up to `HIGHEST_ZOOM` get `HIGHEST_ZOOM` + 1.

    Parameters
    ----------
    xy_3857
        (n, 2), EPSG:3857 metres, in the order of the ids.

    Notes
    -----
    The same labels as `sql/label_minzoom.sql`, which works on the table.
    """
    zoom = np.full(len(xy_3857), HIGHEST_ZOOM + 1, dtype=np.int16)
    for z in range(HIGHEST_ZOOM, LOWEST_ZOOM - 1, -1):
        side = 2 * _HALF_WORLD_M / (SUBDIVISION * 2**z)
        square = np.floor((xy_3857 + _HALF_WORLD_M) / side).astype(np.int64)
        key = square[:, 0] * (SUBDIVISION * 2**z) + square[:, 1]
        _, first = np.unique(key, return_index=True)
        zoom[first] = z
    return zoom
