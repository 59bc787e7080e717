"""What the battery has to know of the demo district before it begins."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from gis.accounts.sessions import open_session
from gis.db.settings import write_setting

CLASS = "0110"
"""暴露垃圾, exposed refuse: every edition has it."""
_PEOPLE = text(
    "SELECT DISTINCT ON (o.role) o.role, p.id FROM person p JOIN post o ON o.person_id = p.id"
    " WHERE p.demo AND p.active AND o.valid_to IS NULL ORDER BY o.role, o.id"
)
_CELLS = text(
    "SELECT ST_X(at.point) AS lon, ST_Y(at.point) AS lat FROM supervisor_cell s"
    " JOIN grid_cell g ON g.code = s.grid_code AND g.valid_to IS NULL"
    " CROSS JOIN LATERAL (SELECT ST_PointOnSurface(g.geom) AS point) AS at"
    " WHERE s.person_id = :person AND s.valid_to IS NULL ORDER BY g.code"
)
_DEPARTMENT = text("SELECT p.department_id FROM person p WHERE p.id = :person")
_SECOND = text(
    "SELECT p.id, p.department_id FROM person p JOIN post o ON o.person_id = p.id"
    " WHERE p.demo AND p.active AND o.role = 'handler' AND o.valid_to IS NULL"
    " AND p.department_id <> :department ORDER BY o.id LIMIT 1"
)
_CONDITION = text(
    "SELECT min(condition_no) FROM handling_rule WHERE kind = 'event' AND code = :code"
    " AND edition = '2013'"
)
_ROUND_THE_CLOCK = text(
    "INSERT INTO shift (code, name_zh, name_en, starts, ends)"
    " VALUES ('battery', '全天', 'All day', '00:00', '00:00') RETURNING id"
)
_ON_DUTY = text(
    "INSERT INTO duty (person_id, day, shift_id)"
    " SELECT :person, CURRENT_DATE + n, :shift FROM generate_series(-1, 2) AS n"
)


@dataclass(frozen=True)
class District:
    """Ids and places."""

    supervisor: int
    handler: int
    department: int
    second: int
    """A handler of another department, which assists."""
    assisting: int
    second_token: str
    condition: int
    points: tuple[tuple[float, float], ...]


def look(conn: Connection) -> District:
    """
    Read them, and put the supervisor on duty around the clock.

    This supervisor makes every check, and every self-handled case is in the auditor's sample.
    """
    now = datetime.now(UTC)
    for key, percent in (("other_grid_check_percent", 0), ("self_handled_sample_percent", 100)):
        write_setting(conn, key, percent, now, None)
    people = {row.role: row.id for row in conn.execute(_PEOPLE)}
    supervisor = people["supervisor"]
    shift = conn.execute(_ROUND_THE_CLOCK).scalar_one()
    conn.execute(_ON_DUTY, {"person": supervisor, "shift": shift})
    department = conn.execute(_DEPARTMENT, {"person": people["handler"]}).scalar_one()
    second = conn.execute(_SECOND, {"department": department}).one()
    token, _ = open_session(conn, person_id=second.id, now=now, demo=True)
    return District(
        supervisor=supervisor,
        handler=people["handler"],
        department=department,
        second=second.id,
        assisting=second.department_id,
        second_token=token,
        condition=conn.execute(_CONDITION, {"code": CLASS}).scalar_one(),
        points=tuple((r.lon, r.lat) for r in conn.execute(_CELLS, {"person": supervisor})),
    )
