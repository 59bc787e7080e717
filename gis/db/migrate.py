"""Bring a database to this version's schema and give the application role its rights."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from gis.db.engine import make_engine

MIGRATIONS = Path(__file__).parent / "migrations"
APPEND_ONLY = ("audit_event", "case_event", "case_clock_event")
"""Tables the application role may read and add to, never change: the trail."""
_OWN_RELATIONS = text(
    "SELECT CAST(CAST(c.oid AS regclass) AS text), CAST(c.relkind AS text)"
    " FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
    " WHERE r.rolname = current_user AND c.relkind IN ('r', 'p', 'v', 'S')"
    " AND c.relnamespace = CAST('public' AS regnamespace) ORDER BY 1"
)
_LOCK = 0x57414E4D  # "WANM": concurrent first starts migrate one after the other


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def head() -> str:
    """The newest revision this version knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(conn: Connection) -> str | None:
    """The revision of a database; None when it has never been migrated."""
    if conn.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def grant(conn: Connection, app_role: str) -> None:
    """
    Give `app_role` data rights without DDL; the trail is insert-only.

    Idempotent. Nothing happens where owner and application are one role.
    """
    if conn.execute(text("SELECT current_user = :r"), {"r": app_role}).scalar():
        return
    role = conn.dialect.identifier_preparer.quote(app_role)
    for name, kind in conn.execute(_OWN_RELATIONS):
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if kind == "S":
            rights = "USAGE, SELECT"
        elif name in APPEND_ONLY:
            rights = "SELECT, INSERT"
        elif name == "alembic_version":
            rights = "SELECT"
        what = "SEQUENCE" if kind == "S" else "TABLE"
        conn.exec_driver_sql(f"REVOKE ALL ON {what} {name} FROM {role}")
        conn.exec_driver_sql(f"GRANT {rights} ON {what} {name} TO {role}")


def upgrade(owner_url: str, app_url: str, *, work_srid: int) -> str:
    """
    Migrate to the newest revision; returns it. Safe to run at the same time elsewhere.

    `work_srid` counts only when the database is new: it is part of the schema.
    """
    engine = make_engine(owner_url, pool_size=1, statement_timeout_ms=0)
    try:
        with engine.connect() as conn:
            conn.execute(text("SELECT pg_advisory_lock(:k)"), {"k": _LOCK})
            conn.commit()
            with conn.begin():
                config = _config()
                config.attributes.update(connection=conn, work_srid=work_srid)
                command.upgrade(config, "head")
                grant(conn, make_url(app_url).username or "")
            conn.execute(text("SELECT pg_advisory_unlock(:k)"), {"k": _LOCK})
            conn.commit()
    finally:
        engine.dispose()
    return head()
