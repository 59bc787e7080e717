"""Reading components, within the area of whoever asks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Scope
from gis.components.model import Component
from gis.db.sqlfile import load_sql
from gis.errors import NotFound, Term
from gis.i18n import N_

MOST = 500
"""Components that one answer holds."""

_READ = load_sql(__package__, "components")


def component_by_code(conn: Connection, code: str, *, scope: Scope) -> Component:
    """
    The component with this code.

    Raises
    ------
    NotFound
        When there is none, or none in the scope: the answer does not tell which.
    """
    found = _rows(conn, code=code, scope=scope, limit=1)
    if not found:
        raise NotFound(N_("There is no component {code} in your area."), code=code)
    return _component(found[0])


def components_in_grid(
    conn: Connection, grid_code: str, *, scope: Scope, class_code: str = "", limit: int = 100
) -> list[Component]:
    """Components of a unit grid by class and code; `class_code` is a prefix of the class."""
    wanted = {"grid_code": grid_code, "class_code": class_code}
    rows = _rows(conn, **wanted, scope=scope, limit=min(limit, MOST))
    return [_component(row) for row in rows]


def _rows(
    conn: Connection,
    *,
    scope: Scope,
    code: str | None = None,
    grid_code: str | None = None,
    class_code: str = "",
    limit: int,
) -> Sequence[Row[Any]]:
    params = {"code": code, "grid_code": grid_code, "class_code": class_code, "limit": limit}
    return conn.execute(_READ, params | {"scope": scope.as_list()}).all()


def _component(row: Row[Any]) -> Component:
    department = Term(row.department_zh, row.department_en) if row.department_zh else None
    return Component(
        code=row.code,
        edition=row.edition,
        class_code=row.class_code,
        class_name=Term(row.class_zh or row.class_code, row.class_en or row.class_code),
        grid_code=row.grid_code,
        state=row.state,
        department=department,
        installed_on=row.installed_on,
        lon=row.lon,
        lat=row.lat,
    )
