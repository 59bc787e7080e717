"""Loading a generated district into an empty database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import SYSTEM
from gis.cases.callers.keeping import ring_of
from gis.cases.clusters.following import restore_merges
from gis.cases.clusters.repeats import refresh_repeat_places
from gis.catalog.commands import DataSet, bump_layers, record_dataset
from gis.catalog.layers import layers
from gis.db.engine import transaction
from gis.db.settings import read_setting, write_setting
from gis.db.sqlfile import load_sql
from gis.demo.calling import Calling
from gis.demo.cast import Cast
from gis.demo.city import CityLoad
from gis.demo.city_ground import CITY_SIZES, CityPlan, city_plan
from gis.demo.copying import copy_rows, set_sequences
from gis.demo.dispatching import Chosen, make_rules, with_special_rules
from gis.demo.fixtures import make_components
from gis.demo.ground import (
    Ground,
    make_buildings,
    make_ground,
    make_open_space,
    make_parcels,
    make_population,
)
from gis.demo.histories import Scene, live_cases, write_lives
from gis.demo.network import make_pipes
from gis.demo.people import People, make_people, shift_rows
from gis.demo.rows import (
    DATASET,
    area_frame,
    component_rows,
    copy_pipes,
    facility_frame,
    responsibility_frames,
    road_frame,
    shaped,
)
from gis.demo.scenes import Scenes
from gis.demo.sizes import DEFAULT_SEED, DISTRICT, EDITION, Size, chance, size_named
from gis.demo.town import plan_town
from gis.errors import Refused
from gis.grids.commands import store_build
from gis.i18n import N_
from gis.pipelines.commands import merge_mains
from gis.places.commands import refill_places
from gis.standards.commands import seed_standards
from gis.tiles.settle import settle
from gis.worktime.commands import published_years, seed_calendar

Say = Callable[[str], None]

TIME_ZONE = "Asia/Shanghai"
_IDENTITIES = (
    *("department", "person", "post", "shift", "dispatch_rule", "responsibility_grid"),
    *("road", "building", "water_green", "parcel", "facility"),
    *("pipe_segment", "pipe_point", "component"),
)
_REPLIES = load_sql(__package__, "replies")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('demo'))")
_REAL = text(
    "SELECT (SELECT count(*) FROM person WHERE NOT demo) AS persons,"
    " (SELECT count(*) FROM cases) AS cases,"
    " (SELECT count(*) FROM grid_cell) AS cells"
)


@dataclass(frozen=True)
class Loaded:
    """What a load did; `fresh` is False when the same district was there already."""

    size: str
    seed: int
    fresh: bool
    rows: dict[str, int]
    seconds: float


def load_demo(
    owner_engine: Engine,
    *,
    size: str = "small",
    seed: int = DEFAULT_SEED,
    now: datetime,
    progress: Say,
    files: Path | None = None,
    home: Path | None = None,
    city: CityPlan | None = None,
) -> Loaded:
    """
    Generate a district and load it in one transaction: it is there whole or not at all.

    The same size, seed and `now` give the same rows. `now` is when the district is looked at
    first: cases end shortly before it, rosters reach past it. A second call with the same size
    and seed changes nothing.

    Parameters
    ----------
    owner_engine
        The role that owns the tables, without a statement time-out.
    size
        A name of data/demo/sizes.csv, or of `CITY_SIZES`: the tables that benchmarks read,
        filled with millions of rows and without histories.
    progress
        Told one line per step: what, how many rows, seconds.
    files
        The folder of attachments (`gis.files.store`) for the drawn photos of the histories;
        None leaves the pictures away, their rows stay.
    home
        The folder of this copy, whose keys seal the numbers of callers; None: nobody has rung.
    city
        Another measure for the size `city`, for tests.

    Raises
    ------
    Refused
        When the database holds real persons, cases or grids, or another demo.
    Invalid
        When there is no such size.
    """
    started = perf_counter()
    wanted = None if size in CITY_SIZES else size_named(size)
    with transaction(owner_engine) as conn:
        conn.execute(_LOCK)
        there = _already_there(conn, size, seed)
        if there is not None:
            return there
        prepare(conn, size, seed, now)
        if wanted is None:
            zone = ZoneInfo(TIME_ZONE)
            rows = CityLoad(conn, city or city_plan(size), seed, now, zone, progress).run()
        else:
            rows = _Load(conn, wanted, seed, now, progress, files, home).run()
        _mark(conn, size, seed, now, sum(rows.values()))
    settle(owner_engine, now=now, say=progress)
    seconds = perf_counter() - started
    progress(f"demo “{size}”: {sum(rows.values()):,} rows in {seconds:.1f} s")
    return Loaded(size, seed, fresh=True, rows=rows, seconds=seconds)


def _already_there(conn: Connection, size: str, seed: int) -> Loaded | None:
    mark = read_setting(conn, "demo")
    if mark:
        if (mark["size"], mark["seed"]) == (size, seed):
            return Loaded(size, seed, fresh=False, rows={}, seconds=0.0)
        raise Refused(
            N_(
                "This database holds the demo “{size}” (seed {seed}) already. Set WANMI_HOME to "
                "another folder for a second district, or remove this one with "
                "“script/gis cluster destroy”."
            ),
            size=mark["size"],
            seed=mark["seed"],
        )
    found = conn.execute(_REAL).one()
    if any(found):
        raise Refused(
            N_(
                "This database holds real data ({persons} persons, {cases} cases, {cells} grids); "
                "the demo goes into an empty one only. Set WANMI_HOME to another folder."
            ),
            persons=found.persons,
            cases=found.cases,
            cells=found.cells,
        )
    return None


class _Load:
    """The steps of one load, in the order of the foreign keys."""

    def __init__(
        self,
        conn: Connection,
        size: Size,
        seed: int,
        now: datetime,
        say: Say,
        files: Path | None,
        home: Path | None,
    ) -> None:
        self.conn, self.size, self.seed, self.now, self.say = conn, size, seed, now, say
        self.files, self.home = files, home
        self.zone = ZoneInfo(TIME_ZONE)
        self.rows: dict[str, int] = {}

    def run(self) -> dict[str, int]:
        """Everything; answers rows per table."""
        with self._step("streets, communities, unit grids"):
            ground = self._grids()
        with self._step("roads, buildings, water, green, parcels, population, places"):
            self._base(ground)
        with self._step("persons, posts, cells, duty roster, dispatch rules"):
            people, chosen = self._people(ground)
        with self._step("pipes, valves, manholes"):
            segments, points = make_pipes(ground, self.size, self.seed)
            copy_pipes(self.conn, segments, points)
            self.rows |= {"pipe_segment": len(segments), "pipe_point": len(points)}
            self.rows["pipe_main"] = merge_mains(self.conn, actor=SYSTEM, now=self.now)
        with self._step("components"):
            components = make_components(ground, self.size, self.seed)
            self._copy("component", component_rows(components, chosen, self.now))
        with self._step(f"cases of {self.size.days} days with their histories"):
            scene = Scene(
                ground, people, chosen, components, self.size, self.seed, self.now, self.files
            )
            lives, own_photos = live_cases(self.conn, scene)
            self.rows |= write_lives(self.conn, lives)
            self.rows["evidence_finding"] = own_photos.look(self.conn)
            restore_merges(self.conn)
            refresh_repeat_places(self.conn, now=self.now)
        set_sequences(self.conn, _IDENTITIES)
        cast = Cast(people)
        if self.home is not None:
            with self._step("callers of the citizen line"):
                self._calls(cast, self.home)
        self.conn.execute(_REPLIES)
        with self._step("desks: sub-tasks, supervision, replies, filters, substitutes"):
            today = self.now.astimezone(self.zone).date()
            Scenes(self.conn, cast, own_photos, self.now, today).play()
        return self.rows

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        before, since = dict(self.rows), perf_counter()
        yield
        new = {t: n for t, n in self.rows.items() if t not in before}
        counts = ", ".join(f"{t} {n:,}" for t, n in new.items())
        self.say(f"demo: {what} ({perf_counter() - since:.1f} s){': ' if counts else ''}{counts}")

    def _copy(self, table: str, frame: pd.DataFrame) -> None:
        self.rows[table] = copy_rows(self.conn, table, frame)

    def _grids(self) -> Ground:
        ground = make_ground(plan_town(self.size, self.seed), self.size)
        self._copy("area", area_frame(self.size))
        store_build(
            self.conn,
            ground.build,
            actor=SYSTEM,
            district_code=DISTRICT,
            edition=EDITION,
            valid_from=datetime(2024, 1, 1, tzinfo=self.zone).date(),
            now=self.now,
        )
        self.conn.execute(text("UPDATE area SET dataset_id = :id WHERE level = 3"), {"id": DATASET})
        self.rows |= {"grid_cell": len(ground.codes), "grid_edge": len(ground.build.edges)}
        return ground

    def _base(self, ground: Ground) -> None:
        parcels = make_parcels(ground, self.size, self.seed)
        buildings = make_buildings(ground, parcels, self.size, self.seed)
        self._copy("road", road_frame(ground))
        self._copy("building", shaped(buildings))
        self._copy("water_green", shaped(make_open_space(ground)))
        self._copy("parcel", shaped(parcels))
        self._copy("facility", facility_frame(ground, chance(self.seed, "facilities")))
        people = make_population(ground, self.seed)
        year = str(self.now.astimezone(self.zone).year - 1)
        self._copy("population", people.assign(as_of=year, dataset_id=DATASET))
        self.rows["place"] = refill_places(self.conn)

    def _calls(self, cast: Cast, home: Path) -> None:
        self.conn.execute(text("ANALYZE cases, case_event"))
        ring = ring_of(self.conn, home, now=self.now)
        calling = Calling(self.conn, cast, ring, chance(self.seed, "callers"), self.now)
        self.rows["caller_call"] = calling.ring_up()
        self.rows["call_back"] = calling.call_back()

    def _people(self, ground: Ground) -> tuple[People, Chosen]:
        by_community: dict[str, list[str]] = {}
        for code in ground.codes:
            by_community.setdefault(code[:12], []).append(code)
        people = make_people(by_community, self.size, self.seed, self.now, self.zone)
        today = self.now.astimezone(self.zone).date()
        rules, assistants = with_special_rules(make_rules(people), people, today)
        self._copy("department", people.departments)
        self._copy("person", people.persons)
        self._copy("post", people.posts)
        self._copy("shift", shift_rows())
        self._copy("supervisor_cell", people.cells)
        self._copy("duty", people.duty)
        self._copy("dispatch_rule", rules)
        self._copy("dispatch_rule_assistant", assistants)
        names = area_frame(self.size).set_index("code")[["name_zh", "name_en"]]
        groups, cells = responsibility_frames(
            ground, {str(c): (r.iloc[0], r.iloc[1]) for c, r in names.iterrows()}
        )
        self._copy("responsibility_grid", groups)
        self._copy("responsibility_grid_cell", cells)
        return people, Chosen(rules, self.zone)


def prepare(conn: Connection, size: str, seed: int, now: datetime) -> None:
    """Code tables, working calendar, settings, the catalogue entry."""
    seed_standards(conn)
    # their readers below plan with what is known of the tables; nothing yet without this
    conn.execute(text("ANALYZE case_class, handling_rule"))
    year = now.astimezone(ZoneInfo(TIME_ZONE)).year
    known = published_years()
    seed_calendar(conn, [y for y in range(year - 2, year + 3) if y in known])
    settings = {"district_code": DISTRICT, "edition": EDITION, "time_zone": TIME_ZONE}
    for key, value in settings.items():
        write_setting(conn, key, value, now, None)
    record_dataset(conn, _dataset(size, seed), row_count=0, now=now)


def _mark(conn: Connection, size: str, seed: int, now: datetime, rows: int) -> None:
    record_dataset(conn, _dataset(size, seed), row_count=rows, now=now)
    keys = {key for layer in layers().values() for key in layer.version_keys}
    bump_layers(conn, sorted(keys), now=now)
    mark = {"seed": seed, "size": size, "loaded_at": now.isoformat()}
    write_setting(conn, "demo", mark, now, None)


def _dataset(size: str, seed: int) -> DataSet:
    """The catalogue entry of everything generated."""
    return DataSet(
        id=DATASET,
        title_zh="演示城区（生成数据，非真实）",
        title_en="Demo district (generated, not real)",
        source=f"generated by Wanmi, size {size}, seed {seed}",
        note_zh="街道和社区的名称与代码为真实，其余位置、人员、案卷均由程序生成。",
        note_en="Names and codes of streets and communities are real; places, persons and cases"
        " are generated.",
        attribution="演示数据，非真实",
        generated=True,
    )
