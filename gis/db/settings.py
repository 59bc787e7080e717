"""District settings: rows of `setting`, changed while the product runs."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, DateTime, Table, Text, select, text
from sqlalchemy.dialects.postgresql import JSONB

from gis.db.metadata import metadata

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", BigInteger),
)

DEFAULTS: dict[str, Any] = {
    "district_code": "110101",
    "edition": "2013",
    "time_zone": "Asia/Shanghai",
    "session_idle_minutes": 30,
    "session_absolute_hours": 12,
    "lockout_failures": 5,
    "lockout_minutes": 15,
}
"""What counts while a district has not said otherwise; other rooms bring their own defaults."""

_READ = text("SELECT key, value FROM setting WHERE key = ANY(CAST(:keys AS text[]))")
_WRITE = text(
    "INSERT INTO setting (key, value, changed_at, changed_by)"
    " VALUES (:key, CAST(:value AS jsonb), :now, :by)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
    " changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)


def read_setting(conn: Connection, key: str, default: Any = None) -> Any:
    """The value of one setting; `default`, or else the product's own, where the row is missing."""
    found = conn.execute(select(setting.c.value).where(setting.c.key == key)).one_or_none()
    if found is not None:
        return found.value
    return DEFAULTS.get(key) if default is None else default


def read_settings_of(conn: Connection, *keys: str) -> dict[str, Any]:
    """Several settings in one statement, with the product's own defaults."""
    stored = {row.key: row.value for row in conn.execute(_READ, {"keys": list(keys)})}
    return {key: stored.get(key, DEFAULTS.get(key)) for key in keys}


def write_setting(conn: Connection, key: str, value: Any, now: datetime, by: int | None) -> None:
    """Set one setting; `by` is the person who did, None the product itself."""
    conn.execute(
        _WRITE,
        {"key": key, "value": json.dumps(value, ensure_ascii=False), "now": now, "by": by},
    )
