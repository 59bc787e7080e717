"""What the battery has to know of the demo district before it begins."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

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
    department: int
    condition: int
    points: tuple[tuple[float, float], ...]


def look(conn: Connection) -> District:
    """Read them, and put the supervisor on duty around the clock."""
    people = {row.role: row.id for row in conn.execute(_PEOPLE)}
    supervisor = people["supervisor"]
    shift = conn.execute(_ROUND_THE_CLOCK).scalar_one()
    conn.execute(_ON_DUTY, {"person": supervisor, "shift": shift})
    return District(
        supervisor,
        conn.execute(_DEPARTMENT, {"person": people["handler"]}).scalar_one(),
        conn.execute(_CONDITION, {"code": CLASS}).scalar_one(),
        tuple((row.lon, row.lat) for row in conn.execute(_CELLS, {"person": supervisor})),
    )
