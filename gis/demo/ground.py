"""The unit grids of the plan and what stands on them: parcels, buildings, water, green."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import WORK_SRID
from gis.demo.copying import to_master
from gis.demo.sizes import Size, area_rows, chance, read_rows
from gis.demo.town import TURN_DEGREES, Town
from gis.grids.build import build_grids
from gis.grids.model import BuildSettings, GridBuild
from gis.grids.splitting import equal_area_split

_KERB_M = 7.0
"""A parcel begins this far inside the line of its cell, which usually runs along a road."""

_SMALLEST_PARCEL_M2 = 600.0
_PEOPLE_PER_M2 = 0.019
"""About 19,000 persons per square kilometre: invented, near what such a district has."""


@dataclass(frozen=True)
class Ground:
    """A finished grid with what is needed to find cells for points."""

    town: Town
    build: GridBuild
    codes: NDArray[np.object_] = field(repr=False)
    work: NDArray[np.object_] = field(repr=False)
    tree: shapely.STRtree = field(repr=False)

    def cell_of(self, points: NDArray[np.object_]) -> NDArray[np.object_]:
        """
        The grid code of each point (EPSG:4490), None outside.

        A point on an edge belongs to the lower code, as everywhere in the product.
        """
        asked, found = self.tree.query(points, predicate="intersects")
        best = np.full(len(points), len(self.codes), dtype=np.int64)
        np.minimum.at(best, asked, found)
        padded = np.full(len(self.codes) + 1, None, dtype=object)
        padded[:-1] = self.codes
        return np.asarray(padded[best], dtype=object)


def make_ground(town: Town, size: Size) -> Ground:
    """Unit grids of the plan, by the product's own builder."""
    communities = pd.DataFrame(
        [
            {"community_code": r["code"], "name": r["name_zh"], "street_code": r["parent_code"]}
            for r in area_rows("dongcheng_communities")
            if r["parent_code"] in size.streets
        ]
    )
    build = build_grids(
        town.streets,
        communities,
        town.roads[["highway", "geometry"]],
        BuildSettings(target_area_m2=size.cell_area_m2),
    )
    return Ground(
        town=town,
        build=build,
        codes=build.cells["grid_code"].to_numpy(dtype=object),
        work=build.cells.to_crs(WORK_SRID).geometry.to_numpy(),
        tree=shapely.STRtree(build.cells.geometry.to_numpy()),
    )


def make_parcels(ground: Ground, size: Size, seed: int) -> pd.DataFrame:
    """
    Parcels inside the cells: code (19 characters), land_use_code, area_m2, grid_code, shape.

    `shape` is in the working CRS. Land use: what lies there (water, park), else by the shares
    of data/demo/land_use.csv.
    """
    rng = chance(seed, "parcels")
    inner = shapely.buffer(ground.work, -_KERB_M, join_style="mitre")
    shapes: list[shapely.Polygon] = []
    cell: list[str] = []
    for code, block in zip(ground.codes, inner, strict=True):
        for part in shapely.get_parts(block):
            pieces = equal_area_split(part, size.parcel_area_m2).pieces
            kept = [p for p in pieces if p.area > _SMALLEST_PARCEL_M2]
            shapes += kept
            cell += [code] * len(kept)
    frame = pd.DataFrame({"grid_code": cell, "shape": shapes})
    frame["area_m2"] = shapely.area(frame["shape"].to_numpy())
    frame["land_use_code"] = _land_use(frame["shape"].to_numpy(), ground.town, rng)
    serial = frame.groupby(frame["grid_code"].str[:12]).cumcount() + 1
    frame["code"] = frame["grid_code"].str[:12] + "GB" + serial.astype(str).str.zfill(5)
    return frame


def _land_use(
    shapes: NDArray[np.object_], town: Town, rng: np.random.Generator
) -> NDArray[np.object_]:
    shares = read_rows("land_use")
    weight = np.array([float(row["share"]) for row in shares])
    codes = np.array([row["land_use_code"] for row in shares], dtype=object)
    use = codes[rng.choice(len(codes), size=len(shapes), p=weight / weight.sum())]
    for areas, code in ((town.parks, "1401"), (town.water, "1701")):
        open_space = shapely.union_all(areas.geometry.to_numpy())
        shapely.prepare(open_space)
        covered = shapely.area(shapely.intersection(shapes, open_space)) / shapely.area(shapes)
        use[covered > 0.5] = code
    return np.asarray(use, dtype=object)


def make_buildings(ground: Ground, parcels: pd.DataFrame, size: Size, seed: int) -> pd.DataFrame:
    """Houses wholly inside parcels that are built on: kind, floors, grid_code, shape."""
    rng = chance(seed, "buildings")
    shapes = _footprints(ground, size.building_step_m, rng)
    uses = {row["land_use_code"]: row for row in read_rows("land_use") if row["building_kind"]}
    built = parcels[parcels["land_use_code"].isin(list(uses))].reset_index(drop=True)
    house, parcel = shapely.STRtree(built["shape"].to_numpy()).query(shapes, predicate="within")
    order = np.argsort(house, kind="stable")
    house, parcel = house[order], parcel[order]
    use = built["land_use_code"].to_numpy()[parcel]
    low = np.array([int(uses[u]["floors_low"]) for u in use])
    high = np.array([int(uses[u]["floors_high"]) for u in use])
    return pd.DataFrame(
        {
            "kind": [uses[u]["building_kind"] for u in use],
            "floors": np.floor(low + (high - low + 1) * rng.random(len(use)) ** 2).astype(int),
            "grid_code": built["grid_code"].to_numpy()[parcel],
            "shape": shapes[house],
        }
    )


def _footprints(ground: Ground, step_m: float, rng: np.random.Generator) -> NDArray[np.object_]:
    """Rectangles on a turned lattice, each smaller than its place in it, so none overlap."""
    west, south, east, north = shapely.total_bounds(ground.work)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    reach = np.hypot(east - west, north - south) / 2
    ticks = np.arange(-reach, reach, step_m)
    x, y = (a.ravel() for a in np.meshgrid(ticks, ticks))
    half = rng.uniform(0.24, 0.46, (2, len(x))) * step_m
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    local = np.stack([x, y], axis=1)[:, None, :] + corners[None] * half.T[:, None, :]
    turn = np.radians(TURN_DEGREES)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray(shapely.polygons(np.round(local @ spin.T + middle, 3)), dtype=object)


def make_open_space(ground: Ground) -> pd.DataFrame:
    """Water and green as rows: kind, name, grid_code of a point on the surface, shape."""
    frames = []
    for kind, areas in (("water", ground.town.water), ("green", ground.town.parks)):
        shapes = areas.geometry.to_numpy()
        cell = ground.cell_of(to_master(shapely.point_on_surface(shapes)))
        frames.append(
            pd.DataFrame({"kind": kind, "name": areas["name"], "grid_code": cell, "shape": shapes})
        )
    return pd.concat(frames, ignore_index=True)


def make_population(ground: Ground, seed: int) -> pd.DataFrame:
    """People per cell, and their sums per community and street: area_code, people."""
    cells = ground.build.cells
    spread = chance(seed, "population").lognormal(0, 0.35, len(cells))
    people = pd.Series((cells["area_m2"] * _PEOPLE_PER_M2 * spread).round().astype(int).to_numpy())
    parts = [pd.DataFrame({"area_code": cells["grid_code"], "people": people})]
    for length in (12, 9):
        key = cells["grid_code"].str[:length].to_numpy()
        total = people.groupby(key).sum()
        parts.append(pd.DataFrame({"area_code": total.index, "people": total.to_numpy()}))
    return pd.concat(parts, ignore_index=True)
