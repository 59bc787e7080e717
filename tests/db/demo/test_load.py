"""The tiny demo district in PostGIS: whole, legal, repeatable, and never over real data."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Actor, Role, scope_of
from gis.audit.trail import broken_links
from gis.cases.intake import report_case
from gis.cases.model import State
from gis.cases.places import supervisors_on_duty
from gis.cases.records import NewCase
from gis.cases.settings import CaseSettings
from gis.cases.workflow import MOVES, OPEN_STATES, STATES
from gis.components.thinning import minzooms
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.db.settings import read_setting
from gis.db.sqlfile import load_sql
from gis.demo.load import load_demo
from gis.dispatch.model import Flaw
from gis.dispatch.queries import rules_around
from gis.errors import Refused
from gis.standards.model import Kind

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def _quiet(_line: str) -> None:
    """Progress is for people."""


@pytest.fixture(scope="module")
def demo_engine(demo_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(demo_database.app_url, pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def demo(demo_engine: Engine) -> Iterator[Connection]:
    """The demo as the application sees it, rolled back."""
    with demo_engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


def _rows(conn: Connection, sql: str, **params: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(text(sql), params)]


def test_every_history_is_a_legal_path_by_the_table_with_legal_roles(demo: Connection) -> None:
    histories = defaultdict(list)
    for case, *event in _rows(
        demo,
        "SELECT case_id, seq, move, from_state, to_state, role, at, actor_id FROM case_event"
        " ORDER BY case_id, seq",
    ):
        histories[case].append(event)
    stored = {row[0]: row for row in _rows(demo, "SELECT id, state, version, open FROM cases")}
    assert set(histories) == set(stored)
    held = set(_rows(demo, "SELECT person_id, role FROM post"))
    for case, events in histories.items():
        state: State | None = None
        for n, (seq, move, before, after, role, at, actor) in enumerate(events, start=1):
            row = MOVES[move]
            assert seq == n
            assert state in row.sources and before == (state or "START")
            assert role in row.roles
            assert actor is None if role == "system" else (actor, role) in held
            assert n == 1 or at > events[n - 2][5]
            state = row.target(state)
            assert after == state
        assert stored[case][1:] == (state, len(events), not STATES[state].terminal)


def test_numbers_have_no_gaps_per_street_and_day_and_follow_the_time(demo: Connection) -> None:
    found = _rows(
        demo,
        "SELECT street_code, CAST(reported_at AT TIME ZONE 'Asia/Shanghai' AS date) AS day,"
        " array_agg(number ORDER BY reported_at, id), count(*) FROM cases GROUP BY 1, 2",
    )
    counters = {(s, d): n for s, d, n in _rows(demo, "SELECT * FROM case_counter")}
    assert len(counters) == len(found)
    for street, day, numbers, count in found:
        assert numbers == [f"{street}-{day:%y%m%d}-{n:04d}" for n in range(1, count + 1)]
        assert counters[street, day] == count


def test_the_audit_chains_are_unbroken_and_say_what_the_histories_say(demo: Connection) -> None:
    assert broken_links(demo) == []
    different = _rows(
        demo,
        "SELECT e.case_id, e.seq FROM case_event e FULL JOIN audit_event a"
        " ON a.subject_type = 'case' AND a.subject_id = e.case_id AND a.seq = e.seq"
        " WHERE coalesce(a.subject_type, 'case') = 'case'"
        " AND a.action IS DISTINCT FROM 'reply'"  # stands on the trail and is no move
        " AND (a.action, a.at, a.role) IS DISTINCT FROM (e.move, e.at, e.role)",
    )
    assert different == []


def test_a_changed_history_breaks_the_chain(fresh_demo_database: ClusterUrls) -> None:
    owner = make_engine(fresh_demo_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        conn.execute(text("UPDATE audit_event SET action = 'refuse' WHERE id = 5"))
        assert [link.event_id for link in broken_links(conn)] == [5]
    owner.dispose()


def test_every_queue_has_somebody_waiting_and_something_is_overdue(demo: Connection) -> None:
    waiting = {state for (state,) in _rows(demo, "SELECT DISTINCT state FROM cases WHERE open")}
    assert waiting == {str(state) for state in OPEN_STATES}
    loaded_at = datetime.fromisoformat(read_setting(demo, "demo")["loaded_at"])
    late = _rows(demo, "SELECT 1 FROM cases WHERE open AND due_at < :now", now=loaded_at)
    assert late
    assert not _rows(demo, "SELECT 1 FROM cases WHERE changed_at > :now", now=loaded_at)


def test_the_guests_have_work_in_their_own_queues(demo: Connection) -> None:
    for role, states in (
        ("supervisor", ("VERIFYING", "CHECKING")),
        ("handler", ("PENDING_HANDLE", "HANDLING")),
    ):
        found = _rows(
            demo,
            "SELECT DISTINCT c.state FROM cases c JOIN person p ON p.login = :login"
            " WHERE c.open AND (c.supervisor_id = p.id OR c.department_id = p.department_id)"
            " AND c.state = ANY(:states)",
            login=f"demo.{role}",
            states=list(states),
        )
        assert {state for (state,) in found} == set(states)


def test_whoever_was_sent_was_on_duty_for_the_cell_at_that_moment(demo: Connection) -> None:
    sent = _rows(
        demo,
        "SELECT c.grid_code, e.at, CAST(e.data ->> 'supervisor' AS bigint) FROM case_event e"
        " JOIN cases c ON c.id = e.case_id WHERE e.move IN ('order_check', 'order_verification')",
    )
    assert len(sent) > 10
    for grid, at, supervisor in sent:
        on_duty = supervisors_on_duty(demo, grid_code=grid, now=at, settings=CaseSettings())
        assert supervisor in {person.person_id for person in on_duty}


def test_somebody_is_on_duty_for_every_cell_at_any_hour_of_the_next_days(
    demo: Connection,
) -> None:
    nobody = _rows(
        demo,
        "SELECT g.code, t.at FROM grid_cell g CROSS JOIN (SELECT s.id AS shift_id, d.day AS at"
        " FROM shift s CROSS JOIN (SELECT DISTINCT day FROM duty) d) t"
        " WHERE NOT EXISTS (SELECT FROM supervisor_cell w JOIN duty d USING (person_id)"
        "  WHERE w.grid_code = g.code AND d.day = t.at AND d.shift_id = t.shift_id)",
    )
    assert nobody == []
    (days,) = _rows(demo, "SELECT max(day) - min(day) FROM duty")[0]
    assert days == 104


def test_every_class_has_a_department_in_every_cell(demo: Connection) -> None:
    without = _rows(
        demo,
        "SELECT k.kind, k.code FROM case_class k CROSS JOIN grid_cell g"
        " WHERE k.edition = '2013' AND NOT k.reserved AND NOT EXISTS (SELECT FROM dispatch_rule r"
        "  WHERE r.kind = k.kind AND r.edition = k.edition AND k.code ^@ r.class_code"
        "  AND g.code ^@ r.area_code)",
    )
    assert without == []


def test_there_are_doubtful_cells_answers_replies_and_places_that_come_back(
    demo: Connection,
) -> None:
    for wanted in (
        "SELECT 1 FROM case_cell_edge WHERE chosen_by IS NULL",
        "SELECT 1 FROM case_cell_edge WHERE chosen_by IS NOT NULL",
        "SELECT 1 FROM case_event WHERE data ? 'answers'",
        "SELECT 1 FROM case_reply r JOIN case_merge m ON m.case_id = r.case_id",
        "SELECT 1 FROM repeat_place WHERE rank = 1 AND reports >= 3",
    ):
        assert _rows(demo, wanted), wanted


def test_the_rules_show_hours_conditions_assistants_and_faults(demo: Connection) -> None:
    now = datetime.now(UTC)
    known = [rule for rule, _ in rules_around(demo, "2013", day=now.date())]
    assert {flaw for rule in known for flaw in rule.flaws} == {
        Flaw.DEPARTMENT_ENDED,
        Flaw.AREA_GONE,
    }
    assert any(rule.assistants for rule in known)
    assert any(rule.condition_no for rule in known)
    assert any(not rule.window.is_always for rule in known)
    assert any(rule.valid_to is not None for rule in known)
    assert any(rule.valid_from > now.date() for rule in known)


def test_cases_and_components_lie_in_the_cell_they_name(demo: Connection) -> None:
    for table in ("cases", "component", "facility"):
        astray = _rows(
            demo,
            f"SELECT t.id FROM {table} t WHERE t.grid_code IS DISTINCT FROM (SELECT g.code"
            " FROM grid_cell g WHERE g.geom && t.geom AND ST_Intersects(g.geom, t.geom)"
            " ORDER BY g.code LIMIT 1)",
        )
        assert astray == [], table


def test_a_case_about_a_component_names_the_nearest_of_its_class(demo: Connection) -> None:
    wrong = _rows(
        demo,
        "SELECT c.id FROM cases c WHERE c.kind = 'component' AND c.component_id IS DISTINCT FROM"
        " (SELECT k.id FROM component k WHERE k.class_code = c.class_code"
        "  AND ST_DWithin(k.geom_work, c.geom_work, 30)"
        "  ORDER BY ST_Distance(k.geom_work, c.geom_work), k.id LIMIT 1)",
    )
    assert wrong == []
    assert _rows(demo, "SELECT 1 FROM cases WHERE component_id IS NOT NULL LIMIT 1")


def test_the_labels_of_components_are_those_of_the_sql(
    fresh_demo_database: ClusterUrls,
) -> None:
    owner = make_engine(fresh_demo_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        label = load_sql("gis.components", "label_minzoom")
        assert conn.execute(label).rowcount == 0
        conn.execute(text("UPDATE component SET minzoom = 0"))
        assert conn.execute(label).rowcount > 500
    owner.dispose()


def test_the_labels_follow_the_stored_web_coordinates(demo: Connection) -> None:
    import numpy as np

    rows = _rows(
        demo, "SELECT ST_X(geom_3857), ST_Y(geom_3857), minzoom FROM component ORDER BY id"
    )
    table = np.array(rows, dtype=float)
    assert minzooms(table[:, :2]).tolist() == table[:, 2].astype(int).tolist()


def test_everything_says_that_it_is_generated(demo: Connection) -> None:
    assert _rows(demo, "SELECT 1 FROM dataset WHERE NOT generated") == []
    assert read_setting(demo, "demo")["size"] == "tiny"
    assert _rows(demo, "SELECT 1 FROM person WHERE NOT demo OR password_hash IS NOT NULL") == []
    for table in ("road", "building", "water_green", "parcel", "component", "pipe_segment"):
        assert _rows(demo, f"SELECT DISTINCT dataset_id FROM {table}") == [("demo",)]


def test_photos_of_the_histories_are_stored_and_needed_ones_are_there(demo: Connection) -> None:
    needing = [str(m) for m, row in MOVES.items() if "photo" in row.needs]
    without = _rows(
        demo,
        "SELECT e.case_id, e.move FROM case_event e WHERE e.move = ANY(:moves) AND NOT EXISTS"
        " (SELECT FROM attachment a WHERE a.case_id = e.case_id AND a.event_seq = e.seq)",
        moves=needing,
    )
    assert without == []


def _guest(conn: Connection, role: Role) -> Actor:
    row = conn.execute(
        text(
            "SELECT p.id, p.name, p.department_id, array_agg(o.area_code) AS areas FROM person p"
            " JOIN post o ON o.person_id = p.id WHERE p.login = :login GROUP BY p.id"
        ),
        {"login": f"demo.{role}"},
    ).one()
    department = row.department_id if role is Role.HANDLER else None
    return Actor(
        person_id=row.id,
        name=row.name,
        login=f"demo.{role}",
        department_id=row.department_id,
        roles=frozenset({role}),
        scope=scope_of(row.areas, department),
    )


def test_the_next_real_case_goes_on_from_the_last_number(demo: Connection) -> None:
    actor = _guest(demo, Role.SUPERVISOR)
    last, lon, lat, at = demo.execute(
        text(
            "SELECT number, ST_X(geom), ST_Y(geom), reported_at FROM cases"
            " WHERE grid_code ^@ ANY(:scope) ORDER BY reported_at DESC LIMIT 1"
        ),
        {"scope": actor.scope.as_list()},
    ).one()
    known = {number for (number,) in _rows(demo, "SELECT number FROM cases")}
    report = NewCase(kind=Kind.EVENT, class_code="0110", lon=lon, lat=lat, text="x")
    made = report_case(demo, actor=actor, report=report, key="k" * 20, now=at)
    prefix, _, serial = made.number.rpartition("-")
    assert made.number not in known and last.startswith(prefix)
    assert f"{prefix}-{int(serial) - 1:04d}" in known


_HASH = """
SELECT string_agg(md5(CAST(t AS text)), '' ORDER BY md5(CAST(t AS text))) FROM "{table}" t
"""
_KEPT = ("alembic_version", "spatial_ref_sys")


def _content(engine: Engine) -> dict[str, object]:
    with engine.connect() as conn:
        tables = _rows(
            conn,
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " CAST('public' AS regnamespace) AND NOT relname ^@ 'procrastinate'",
        )
        return {
            str(t): conn.execute(text(_HASH.format(table=t))).scalar()
            for (t,) in tables
            if t not in _KEPT
        }


def test_the_same_seed_and_moment_give_the_same_rows_and_a_second_load_none(
    fresh_database: ClusterUrls,
) -> None:
    engine = make_engine(fresh_database.owner_url, pool_size=2, statement_timeout_ms=0)
    contents = []
    for _ in range(2):
        loaded = load_demo(engine, size="tiny", seed=5, now=NOW, progress=_quiet)
        assert loaded.fresh and loaded.rows["cases"] == 60
        contents.append(_content(engine))
        again = load_demo(engine, size="tiny", seed=5, now=NOW, progress=_quiet)
        assert not again.fresh and _content(engine) == contents[-1]
        _empty(engine)
    assert contents[0] == contents[1]
    engine.dispose()


def _empty(engine: Engine) -> None:
    with engine.begin() as conn:
        names = _rows(
            conn,
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " CAST('public' AS regnamespace) AND NOT relname ^@ 'procrastinate'"
            " AND relname <> ALL(:kept)",
            kept=[*_KEPT, "case_class", "handling_rule", "code_value"],
        )
        listed = ", ".join(f'"{name}"' for (name,) in names)
        conn.execute(text(f"TRUNCATE {listed} RESTART IDENTITY CASCADE"))


def test_another_demo_or_real_persons_are_not_overwritten(
    fresh_demo_database: ClusterUrls,
) -> None:
    engine = make_engine(fresh_demo_database.owner_url, pool_size=2, statement_timeout_ms=0)
    with pytest.raises(Refused, match="holds the demo “tiny”"):
        load_demo(engine, size="small", now=NOW, progress=_quiet)
    with transaction(engine) as conn:
        conn.execute(text("DELETE FROM setting WHERE key = 'demo'"))
    with pytest.raises(Refused, match="real data .0 persons, 60 cases, 31 grids"):
        load_demo(engine, size="tiny", now=NOW, progress=_quiet)
    engine.dispose()


def test_a_load_that_fails_leaves_the_database_empty(fresh_database: ClusterUrls) -> None:
    engine = make_engine(fresh_database.owner_url, pool_size=2, statement_timeout_ms=0)

    def stumble(line: str) -> None:
        if "components" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(engine, size="tiny", now=NOW, progress=stumble)
    with engine.connect() as conn:
        assert _rows(conn, "SELECT count(*) FROM person") == [(0,)]
        assert read_setting(conn, "demo") is None
    assert load_demo(engine, size="tiny", now=NOW, progress=_quiet).fresh
    engine.dispose()
