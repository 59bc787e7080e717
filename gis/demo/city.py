"""Loading the city of the benchmarks: many rows, only the tables that benchmarks read."""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.accounts.model import SYSTEM, Role
from gis.crs import WEB_SRID
from gis.db.sqlfile import load_sql
from gis.demo.bulk import without_indexes
from gis.demo.city_base import CityBase, city_roads
from gis.demo.city_cases import CityCases, CityPeople
from gis.demo.city_ground import (
    CITY_CODE,
    SIZE_NAME,
    CityGround,
    CityPlan,
    city_components,
    city_pipes,
)
from gis.demo.copying import copy_rows, hex_of, points_hex, set_sequences, to_web
from gis.demo.dispatching import Chosen, make_rules
from gis.demo.people import People, make_people, shift_rows
from gis.demo.rows import DATASET, along_curve, shaped
from gis.demo.sizes import EDITION, Size, chance
from gis.pipelines.commands import merge_mains
from gis.places.commands import refill_places

Say = Callable[[str], None]
_OPEN_TRAIL = load_sql(__package__, "open_city_cases")


class CityLoad:
    """The steps of one load, inside a transaction of the owner."""

    def __init__(
        self, conn: Connection, plan: CityPlan, seed: int, now: datetime, zone: ZoneInfo, say: Say
    ) -> None:
        self.conn, self.plan, self.seed, self.now, self.zone = conn, plan, seed, now, zone
        self.say = say
        self.ground = CityGround(plan)
        self.rows: dict[str, int] = {}

    def run(self) -> dict[str, int]:
        """Everything; answers rows per table."""
        self._areas_and_cells()
        self._base()
        people, chosen = self._people()
        components = self._components(chosen)
        self._pipes()
        self._cases(components, people, chosen)
        set_sequences(
            self.conn,
            (
                *("department", "person", "post", "shift", "dispatch_rule", "grid_cell"),
                *("component", "pipe_segment", "pipe_point", "cases"),
                *("road", "building", "water_green", "parcel", "facility"),
            ),
        )
        return self.rows

    def _copy(self, table: str, frame: pd.DataFrame) -> None:
        since = perf_counter()
        self.rows[table] = self.rows.get(table, 0) + copy_rows(self.conn, table, frame)
        self.say(f"city: {table} {self.rows[table]:,} rows ({perf_counter() - since:.0f} s)")

    def _areas_and_cells(self) -> None:
        areas = self.ground.areas()
        names = [f"演示{code[4:]}" for code in areas["code"]]
        frame = pd.DataFrame(
            {
                "code": areas["code"],
                "level": areas["level"],
                "parent_code": [_parent(code) for code in areas["code"]],
                "name_zh": names,
                "name_en": [f"Bench {code[4:]}" for code in areas["code"]],
                "derived": True,
                "dataset_id": DATASET,
                "geom": hex_of(areas.geometry.to_numpy()),
                "label_3857": _labels(areas.geometry.to_numpy()),
            }
        )
        city = {"code": CITY_CODE, "level": 1, "name_zh": "演示市", "name_en": "Bench city"}
        self._copy("area", pd.DataFrame([city | {"derived": True, "dataset_id": DATASET}]))
        self._copy("area", frame)
        with without_indexes(self.conn, "grid_cell", self.say):
            self._copy("grid_cell", self._cell_rows())

    def _cell_rows(self) -> pd.DataFrame:
        cells = self.ground.cells()
        shapes = cells.geometry.to_numpy()
        order = along_curve(shapes)
        codes = cells["grid_code"].iloc[order].reset_index(drop=True)
        return pd.DataFrame(
            {
                "id": np.arange(1, len(order) + 1),
                "code": codes,
                "edition": EDITION,
                "district_code": codes.str[:6],
                "street_code": codes.str[:9],
                "community_code": codes.str[:12],
                "area_m2": cells["area_m2"].to_numpy()[order],
                "dataset_id": DATASET,
                "geom": hex_of(shapes[order]),
                "label_3857": _labels(shapes[order]),
            }
        )

    def _base(self) -> None:
        """What the base map draws; the streets' people for the choropleth."""
        base = CityBase(self.ground, chance(self.seed, "city base"))
        for table, frame in (
            ("road", city_roads(self.ground)),
            ("parcel", base.parcels()),
            ("building", base.buildings()),
            ("water_green", base.open_space()),
            ("facility", base.hospitals()),
        ):
            with without_indexes(self.conn, table, self.say):
                self._copy(table, shaped(frame))
        year = str(self.now.astimezone(self.zone).year - 1)
        self._copy("population", base.population().assign(as_of=year, dataset_id=DATASET))
        self.rows["place"] = refill_places(self.conn)

    def _people(self) -> tuple[People, Chosen]:
        """One supervisor per street, on duty round the clock, and the centres."""
        by_street: dict[str, list[str]] = {}
        for code in self.ground.codes.tolist():
            by_street.setdefault(code[:9], []).append(code)
        people = make_people(by_street, _size(), self.seed, self.now, self.zone, CITY_CODE)
        rules = make_rules(people, CITY_CODE)
        for table, frame in (
            ("department", people.departments),
            ("person", people.persons),
            ("post", people.posts),
            ("shift", shift_rows()),
            ("supervisor_cell", people.cells),
            ("duty", people.duty),
            ("dispatch_rule", rules),
        ):
            self._copy(table, frame)
        return people, Chosen(rules, self.zone)

    def _components(self, chosen: Chosen) -> pd.DataFrame:
        frame = city_components(self.ground, chance(self.seed, "city components"))
        first = str(self.ground.codes[0])
        owner = {c: chosen.rule("component", c, first)[1] for c in frame["class_code"].unique()}
        rows = frame.drop(columns=["lon", "lat", "cell"]).assign(
            id=np.arange(1, len(frame) + 1),
            edition=EDITION,
            department_id=frame["class_code"].map(owner),
            dataset_id=DATASET,
            geom=points_hex(frame[["lon", "lat"]].to_numpy()),
        )
        with without_indexes(self.conn, "component", self.say):
            self._copy("component", rows)
        return frame

    def _pipes(self) -> None:
        segments, valves = city_pipes(self.ground, chance(self.seed, "city pipes"))
        lines = shaped(segments)
        ids = dict(zip(lines["code"], lines["id"], strict=True))
        with without_indexes(self.conn, "pipe_point", self.say):
            with without_indexes(self.conn, "pipe_segment", self.say):
                self._copy("pipe_segment", lines)
            ends = shaped(valves.assign(segment_id=valves["segment_code"].map(ids)))
            self._copy("pipe_point", ends.drop(columns="segment_code"))
        self.rows["pipe_main"] = merge_mains(self.conn, actor=SYSTEM, now=self.now)

    def _cases(self, components: pd.DataFrame, people: People, chosen: Chosen) -> None:
        streets = np.unique(self.ground.codes.astype("U9"))
        walkers = np.array([people.zones[str(code)][0] for code in streets])
        guest = people.guests[Role.SUPERVISOR]
        who = CityPeople(walkers, people.handlers, guest)
        cases = CityCases(self.ground, components, who, chosen, self.seed, self.now, self.zone)
        self._copy("case_counter", cases.counters)
        since = perf_counter()
        with without_indexes(self.conn, "cases", self.say):
            done = 0
            for block in cases.blocks():
                done += copy_rows(self.conn, "cases", block)
                self.say(f"city: cases {done:,} ({perf_counter() - since:.0f} s)")
        self.rows["cases"] = done
        self.conn.execute(_OPEN_TRAIL)


def _labels(shapes: NDArray[np.object_]) -> NDArray[np.str_]:
    """Where names and counts stand: the middle, which lies inside of warped squares."""
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    return points_hex(to_web(middles), WEB_SRID)


def _parent(code: str) -> str:
    return code[: {6: 4, 9: 6, 12: 9}[len(code)]]


def _size() -> Size:
    """What `make_people` wants to know: the columns `city` of data/demo/posts.csv."""
    nothing: dict[str, Any] = dict.fromkeys(
        (
            *("columns", "rows", "block_width_m", "block_height_m", "components", "cases"),
            *("cell_area_m2", "pipes_km", "building_step_m", "parcel_area_m2", "days"),
        ),
        0,
    )
    return Size(name=SIZE_NAME, streets=(), crews=1, handlers=3, **nothing)
