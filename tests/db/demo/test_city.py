"""The benchmark city, a hundredth of a hundredth of it: whole columns, counters, indexes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from gis.audit.trail import broken_links
from gis.cases.workflow import OPEN_STATES, STATES
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.demo.city_ground import CityPlan, city_plan
from gis.demo.load import load_demo
from gis.grids.coding import code_faults

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
PLAN = CityPlan(
    districts_a_side=1,
    streets_a_side=2,
    communities_a_side=2,
    cells_a_side=3,
    cell_m=100.0,
    components=1_000,
    pipe_segments=200,
    valves=30,
    cases=4_000,
    days=90,
    open_share=0.05,
    component_share=0.24,
)
_INDEXES = (
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " ORDER BY 1, 2"
)
_CONSTRAINTS = (
    "SELECT CAST(conrelid AS regclass)::text, conname, pg_get_constraintdef(oid), convalidated"
    " FROM pg_constraint WHERE connamespace = CAST('public' AS regnamespace) ORDER BY 1, 2"
)


def _rows(conn: Connection, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.exec_driver_sql(sql)]


@pytest.fixture
def city(fresh_database: ClusterUrls) -> Iterator[tuple[Connection, list[object]]]:
    """The loaded city, with the indexes and constraints there were before."""
    engine = make_engine(fresh_database.owner_url, pool_size=2, statement_timeout_ms=0)
    with engine.connect() as conn:
        before = [_rows(conn, _INDEXES), _rows(conn, _CONSTRAINTS)]
    load_demo(engine, size="city", now=NOW, progress=lambda _: None, city=PLAN)
    with engine.connect() as conn:
        yield conn, before
    engine.dispose()


def test_a_small_city_is_whole(city: tuple[Connection, list[object]]) -> None:
    conn, before = city
    assert [_rows(conn, _INDEXES), _rows(conn, _CONSTRAINTS)] == before
    _cells_cover_the_city_once(conn)
    _numbers_have_no_gaps(conn)
    _every_case_says_what_it_is_about(conn)
    _cases_lie_in_their_cells(conn)
    _times_and_states_fit(conn)
    _houses_stand_on_land(conn)
    assert broken_links(conn) == []
    counts = {
        table: conn.execute(text(f"SELECT count(*) FROM {table}")).scalar()
        for table in (
            "grid_cell",
            "component",
            "pipe_segment",
            "pipe_point",
            "cases",
            "area",
            "road",
        )
    }
    assert counts == {
        "grid_cell": 144,
        "component": 1_000,
        "pipe_segment": 200,
        "pipe_point": 30,
        "cases": 4_000,
        "area": 1 + 1 + 4 + 16,
        "road": 2 * 13 * 3,
    }


def _cells_cover_the_city_once(conn: Connection) -> None:
    codes = [str(code) for (code,) in _rows(conn, "SELECT code FROM grid_cell")]
    assert not [fault for code in codes for fault in code_faults(code)]
    whole, cells = _rows(
        conn,
        "SELECT (SELECT ST_Area(geom_work) FROM area WHERE level = 2), sum(ST_Area(geom_work))"
        " FROM grid_cell",
    )[0]
    assert float(str(cells)) == pytest.approx(float(str(whole)), rel=1e-6)
    assert _rows(conn, "SELECT code FROM grid_cell WHERE NOT ST_IsValid(geom)") == []


def _numbers_have_no_gaps(conn: Connection) -> None:
    wrong = _rows(
        conn,
        "SELECT street_code, day FROM (SELECT street_code, CAST(reported_at AT TIME ZONE"
        " 'Asia/Shanghai' AS date) AS day, count(*) AS n,"
        " max(CAST(split_part(number, '-', 3) AS int)) AS top FROM cases GROUP BY 1, 2) c"
        " FULL JOIN case_counter k USING (street_code, day)"
        " WHERE (k.last, c.n) IS DISTINCT FROM (c.top, c.top::bigint)",
    )
    assert wrong == []


def _every_case_says_what_it_is_about(conn: Connection) -> None:
    silent = (
        "SELECT c.id FROM cases c JOIN case_class k"
        " ON (k.kind, k.edition, k.code) = (c.kind, c.edition, c.class_code)"
        " WHERE strpos(c.description, k.name_zh) = 0"
    )
    assert _rows(conn, silent) == []


def _houses_stand_on_land(conn: Connection) -> None:
    """Parcels, houses, parks and the river lie in the cells they name and not on each other."""
    for table in ("parcel", "building", "water_green"):
        astray = _rows(
            conn,
            f"SELECT t.id FROM {table} t JOIN grid_cell g ON g.code = t.grid_code"
            " WHERE NOT ST_Covers(ST_Buffer(g.geom_work, 0.5), t.geom_work)",
        )
        assert astray == [], table
    wet = _rows(
        conn,
        "SELECT b.id FROM building b JOIN water_green w ON ST_Overlaps(b.geom_work, w.geom_work)"
        " OR ST_Contains(w.geom_work, b.geom_work)",
    )
    assert wet == []
    assert _rows(conn, "SELECT sum(people) > 0 FROM population WHERE length(area_code) = 9") == [
        (True,)
    ]


def _cases_lie_in_their_cells(conn: Connection) -> None:
    for table in ("cases", "component"):
        astray = _rows(
            conn,
            f"SELECT t.id FROM {table} t JOIN grid_cell g ON g.code = t.grid_code"
            " WHERE NOT ST_Covers(g.geom, t.geom)",
        )
        assert astray == []
    wrong_class = _rows(
        conn,
        "SELECT c.id FROM cases c JOIN component k ON k.id = c.component_id"
        " WHERE c.kind <> 'component' OR k.class_code <> c.class_code",
    )
    assert wrong_class == []


def _times_and_states_fit(conn: Connection) -> None:
    disorder = _rows(
        conn,
        "SELECT id FROM cases WHERE filed_at < reported_at OR dispatched_at < filed_at"
        " OR handled_at < dispatched_at OR closed_at < handled_at"
        " OR (state = 'CLOSED') <> (closed_at IS NOT NULL)",
    )
    assert disorder == []
    states = dict(_rows(conn, "SELECT DISTINCT state, open FROM cases"))
    assert set(states) >= {str(s) for s in OPEN_STATES}
    assert all(o != STATES[s].terminal for s, o in states.items())  # type: ignore[index]


def test_the_plan_of_the_benchmarks_has_the_promised_measures() -> None:
    plan = city_plan()
    assert plan.side**2 == 102_400
    assert (plan.components, plan.pipe_segments, plan.valves) == (1_000_000, 200_000, 30_000)
    assert plan.cases == 5_000_000
