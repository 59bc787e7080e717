"""
Rows for tests: `make_…(conn, **overrides)` inserts one thing and answers it.

Plain functions over SQL: what is not said takes a value that is valid on its own. The little
district of the factories lies at (116.40, 39.90): cells are squares of about 100 m, numbered
west to east and south to north by `make_cell(conn, x=…, y=…)`, so that neighbours share edges.
"""

import hashlib
import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role, Scope

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
"""Wednesday 18 November 2026, 10:30 in the district."""
TODAY = date(2026, 11, 18)
DISTRICT, STREET, COMMUNITY = "110101", "110101001", "110101001001"
WEST, SOUTH, STEP = 116.40, 39.90, 0.001

_serial = itertools.count(1)


def _insert(conn: Connection, table: str, row: dict[str, Any], returning: str = "id") -> Any:
    """Insert a row; a value that is a tuple (sql, params) is written as that expression."""
    params: dict[str, Any] = {}
    values = []
    for name, value in row.items():
        if isinstance(value, tuple):
            values.append(value[0])
            params.update(value[1])
        else:
            values.append(f":{name}")
            params[name] = value
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(values)})"
    return conn.execute(text(f"{sql} RETURNING {returning}"), params).scalar_one()


def _fill(defaults: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    return {**defaults, **overrides}


_EMPTY = """
DO $$ DECLARE one record; filled boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT oid, CAST(oid AS regclass) AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = CAST('public' AS regnamespace)
    AND NOT relname ^@ 'procrastinate' AND relname NOT IN ('case_class', 'handling_rule',
      'code_value', 'workday', 'alembic_version', 'spatial_ref_sys') LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', one.name) INTO filled;
    IF filled THEN
      EXECUTE format('DELETE FROM %%s', one.name);
      PERFORM setval(d.objid, 1, false) FROM pg_depend d JOIN pg_class s ON s.oid = d.objid
        WHERE s.relkind = 'S' AND d.refobjid = one.oid AND d.deptype IN ('a', 'i');
    END IF;
  END LOOP;
END $$"""


def empty_out(conn: Connection) -> None:
    """
    Remove every row that is no code table, as the owner: after a test that had to commit.

    Much quicker than a database of the test's own, and than TRUNCATE, which makes new files for
    every table and index whether there was a row or not.
    """
    conn.exec_driver_sql(_EMPTY)


def set_setting(conn: Connection, key: str, value: object) -> None:
    """Write one setting of the district."""
    conn.execute(
        text(
            "INSERT INTO setting (key, value, changed_at)"
            " VALUES (:key, CAST(:value AS jsonb), :now)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        ),
        {"key": key, "value": json.dumps(value), "now": NOW},
    )


def make_areas(conn: Connection) -> None:
    """City, district, street and community of the factories; does nothing the second time."""
    rows = [
        ("1101", 1, None, "北京市", "Beijing"),
        (DISTRICT, 2, "1101", "东城区", "Dongcheng"),
        (STREET, 3, DISTRICT, "东华门街道", "Donghuamen Street"),
        (COMMUNITY, 4, STREET, "多福巷社区", "Duofuxiang"),
    ]
    for code, level, parent, zh, en in rows:
        make_area(conn, code=code, level=level, parent_code=parent, name_zh=zh, name_en=en)


def make_area(conn: Connection, **overrides: Any) -> str:
    """One area without geometry; answers its code."""
    row = _fill(
        {"code": COMMUNITY, "level": 4, "parent_code": None, "name_zh": "区", "name_en": "Area"},
        overrides,
    )
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    conn.execute(text(f"INSERT INTO area ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"), row)
    return str(row["code"])


def grid_code(x: int = 0, y: int = 0, community: str = COMMUNITY) -> str:
    """The code that `make_cell` gives the square in column x, row y."""
    return f"{community}{y * 10 + x + 1:03d}"


def middle(x: float = 0, y: float = 0) -> tuple[float, float]:
    """Longitude and latitude of the middle of a square."""
    return round(WEST + (x + 0.5) * STEP, 7), round(SOUTH + (y + 0.5) * STEP, 7)


def make_cell(conn: Connection, x: int = 0, y: int = 0, **overrides: Any) -> str:
    """One unit grid, a square of 0.001 degrees; answers its code."""
    make_areas(conn)
    west, south = WEST + x * STEP, SOUTH + y * STEP
    row = _fill(
        {
            "code": grid_code(x, y),
            "edition": "2013",
            "district_code": DISTRICT,
            "street_code": STREET,
            "community_code": COMMUNITY,
            "area_m2": 9500.0,
            "geom": (
                "ST_MakeEnvelope(:west, :south, :east, :north, 4490)",
                {"west": west, "south": south, "east": west + STEP, "north": south + STEP},
            ),
        },
        overrides,
    )
    return str(_insert(conn, "grid_cell", row, "code"))


def make_department(conn: Connection, **overrides: Any) -> int:
    """One department; answers its id."""
    n = next(_serial)
    row = _fill(
        {
            "code": f"D{n}",
            "kind": "department",
            "name_zh": f"部门{n}",
            "name_en": f"Department {n}",
        },
        overrides,
    )
    return int(_insert(conn, "department", row))


def make_person(
    conn: Connection,
    *,
    roles: tuple[Role, ...] = (),
    area_code: str = DISTRICT,
    cells: tuple[str, ...] = (),
    **overrides: Any,
) -> int:
    """One active person, a post per role over `area_code`, cells to walk; answers the id."""
    n = next(_serial)
    row = _fill({"login": f"person{n}", "name": f"Person {n}", "created_at": NOW}, overrides)
    if "department_id" not in row:
        row["department_id"] = make_department(conn)
    person_id = int(_insert(conn, "person", row))
    for role in roles:
        _insert(conn, "post", {"person_id": person_id, "role": str(role), "area_code": area_code})
    for cell in cells:
        _insert(conn, "supervisor_cell", {"person_id": person_id, "grid_code": cell}, "person_id")
    return person_id


def make_actor(
    conn: Connection,
    *roles: Role,
    scope: tuple[str, ...] | None = None,
    cells: tuple[str, ...] = (),
    **overrides: Any,
) -> Actor:
    """
    A signed-in person with these roles.

    The scope is `scope`, or the cells, or the whole district; a handler sees
    the cases of the own department only.
    """
    department = overrides.pop("department_id", None) or make_department(conn)
    n = next(_serial)
    named = _fill({"login": f"actor{n}", "name": f"Actor {n}"}, overrides)
    person_id = make_person(conn, roles=roles, cells=cells, department_id=department, **named)
    prefixes = scope if scope is not None else (cells or (DISTRICT,))
    narrowed = department if roles == (Role.HANDLER,) else None
    return Actor(
        person_id=person_id,
        name=named["name"],
        login=named["login"],
        department_id=department,
        roles=frozenset(roles),
        scope=Scope(tuple(prefixes), narrowed),
    )


def standing_in(actor: Actor, *absent: int | None) -> Actor:
    """The same person while doing the work of others too."""
    others = frozenset(person for person in absent if person is not None)
    return replace(actor, scope=replace(actor.scope, stands_for=others))


def make_shift(conn: Connection, **overrides: Any) -> int:
    """One shift, 08:00 to 20:00; answers its id."""
    n = next(_serial)
    row = _fill(
        {
            "code": f"S{n}",
            "name_zh": "白班",
            "name_en": "Day",
            "starts": time(8),
            "ends": time(20),
        },
        overrides,
    )
    return int(_insert(conn, "shift", row))


def put_on_duty(
    conn: Connection, person_id: int, *, day: date = TODAY, shift_id: int | None = None
) -> int:
    """Enter a person in the roster of a day; answers the shift."""
    shift = shift_id or make_shift(conn)
    row = {"person_id": person_id, "day": day, "shift_id": shift}
    _insert(conn, "duty", row, "shift_id")
    return shift


def make_dispatch_rule(conn: Connection, **overrides: Any) -> int:
    """One dispatch rule, for everything unless said otherwise; answers its id."""
    row = _fill({"area_code": "", "kind": "event", "edition": "2013", "class_code": ""}, overrides)
    if "department_id" not in row:
        row["department_id"] = make_department(conn)
    return int(_insert(conn, "dispatch_rule", row))


def make_component(conn: Connection, *, lon: float, lat: float, **overrides: Any) -> int:
    """One component at a point, class 0101 in the first cell; answers its id."""
    n = next(_serial)
    row = _fill(
        {
            "code": f"1101010101{n:06d}",
            "edition": "2013",
            "class_code": "0101",
            "grid_code": grid_code(),
            "geom": ("ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)", {"lon": lon, "lat": lat}),
        },
        overrides,
    )
    return int(_insert(conn, "component", row))


def make_file(
    conn: Connection, content: bytes | None = None, *, sent: bool = True, **overrides: Any
) -> str:
    """
    One stored photo (its row, not its bytes); answers the sha256.

    `sent`: by everybody there is so far, so that they may attach it.
    """
    sha256 = hashlib.sha256(content or f"photo {next(_serial)}".encode()).hexdigest()
    row = _fill(
        {
            "sha256": sha256,
            "original_sha256": hashlib.sha256(sha256.encode()).hexdigest(),
            "media_type": "image/jpeg",
            "size_bytes": 1000,
            "width_px": 640,
            "height_px": 480,
            "uploaded_at": NOW,
        },
        overrides,
    )
    _insert(conn, "stored_file", row, "sha256")
    if sent:
        conn.execute(
            text("INSERT INTO file_upload SELECT :sha256, id, :now FROM person"),
            {"sha256": row["sha256"], "now": NOW},
        )
    return str(row["sha256"])


def make_case(conn: Connection, **overrides: Any) -> int:
    """
    One case, as it stands, without any history; answers its id.

    For queues and statistics. A case with a true history is made by the
    commands (`report_case`, `move_case`).
    """
    n = next(_serial)
    lon, lat = overrides.pop("at", middle())
    state = str(overrides.get("state", "REPORTED"))
    ended = {
        "NOT_ACCEPTED", "NOT_FILED", "SELF_HANDLED", "CANCELLED", "CLOSED", "FORCED_CLOSED",
        "MERGED",
    }  # fmt: skip
    row = _fill(
        {
            "number": f"{STREET}-261118-{n:04d}",
            "district_code": DISTRICT,
            "street_code": STREET,
            "community_code": COMMUNITY,
            "grid_code": grid_code(),
            "kind": "event",
            "edition": "2013",
            "class_code": "0101",
            "description": "暴露垃圾",
            "source": "supervisor",
            "state": state,
            "open": state not in ended,
            "reported_at": NOW - timedelta(hours=1),
            "changed_at": NOW - timedelta(hours=1),
            "geom": ("ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)", {"lon": lon, "lat": lat}),
        },
        overrides,
    )
    return int(_insert(conn, "cases", row))
