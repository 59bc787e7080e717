"""Put the little district of `tests.small_district` into the tables, before any build."""

import shapely
from sqlalchemy import Connection, text

from tests.small_district import COMMUNITIES, DISTRICT, ROADS, STREETS

_AREA = text(
    "INSERT INTO area (code, level, parent_code, name_zh, name_en, geom) VALUES"
    " (:code, :level, :parent, :name, :name, ST_Multi(ST_GeomFromWKB(:wkb, 4490)))"
)
_ROAD = text(
    "INSERT INTO road (class, rank, suspect_shortcut, geom)"
    " VALUES (:highway, 1, :suspect, ST_GeomFromWKB(:wkb, 4490))"
)


def insert_small_district(conn: Connection, district: str = DISTRICT) -> None:
    """City, district, streets with outline, communities without; roads."""

    def here(code: str) -> str:
        return code.replace(DISTRICT, district)

    top = {"code": district[:4], "level": 1, "parent": None, "name": "城市", "wkb": None}
    if conn.scalar(text("SELECT 1 FROM area WHERE code = :code"), {"code": top["code"]}) is None:
        conn.execute(_AREA, top)
    rows = [{"code": district, "level": 2, "parent": district[:4], "name": "小区", "wkb": None}]
    for street in STREETS.to_crs(4490).itertuples(index=False):
        shape = shapely.to_wkb(street.geometry)
        code = here(street.street_code)
        rows.append({"code": code, "level": 3, "parent": district, "name": "街道", "wkb": shape})
    for row in COMMUNITIES.itertuples(index=False):
        code, parent = here(row.community_code), here(row.street_code)
        rows.append({"code": code, "level": 4, "parent": parent, "name": row.name, "wkb": None})
    conn.execute(_AREA, rows)
    lines = ROADS.to_crs(4490)
    conn.execute(
        _ROAD,
        [
            {"highway": r.highway, "suspect": bool(r.suspect_shortcut), "wkb": r.geometry.wkb}
            for r in lines.itertuples(index=False)
        ],
    )
