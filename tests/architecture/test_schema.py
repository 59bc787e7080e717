"""The tables that the code knows and those that the migrations make are the same."""

import importlib
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from gis.config import CHECKOUT
from gis.db.metadata import metadata

NOT_OURS = ("procrastinate_", "alembic_version", "spatial_ref_sys")


def _load_all_tables() -> None:
    for file in sorted((CHECKOUT / "gis").rglob("tables.py")):
        importlib.import_module(".".join(file.relative_to(CHECKOUT).with_suffix("").parts))
    importlib.import_module("gis.db.settings")


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    if kind == "table":
        return not (name or "").startswith(NOT_OURS)
    # Indexes are written by hand in the migrations (spatial, partial, trigram) and defaults
    # belong to the database: columns, types, keys and nullability are compared.
    return kind not in {"index", "unique_constraint", "foreign_key_constraint"}


def test_metadata_and_migrations_agree(owner_engine: Engine) -> None:
    _load_all_tables()
    with owner_engine.connect() as conn:
        context = MigrationContext.configure(
            conn, opts={"include_object": _is_ours, "compare_type": True}
        )
        found = compare_metadata(context, metadata)
    assert not found, "\n".join(str(difference) for difference in found)


def test_every_table_belongs_to_a_room(owner_engine: Engine) -> None:
    _load_all_tables()
    made = {t for t in inspect(owner_engine).get_table_names() if not t.startswith(NOT_OURS)}
    assert made == set(metadata.tables)


def test_the_application_cannot_change_the_trail(engine: Engine) -> None:
    with engine.connect() as conn:
        for table in ("audit_event", "case_event", "case_clock_event"):
            rights = {
                right: conn.execute(
                    text("SELECT has_table_privilege(current_user, :t, :r)"),
                    {"t": table, "r": right},
                ).scalar()
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            }
            assert rights == {
                "SELECT": True, "INSERT": True, "UPDATE": False, "DELETE": False,
                "TRUNCATE": False,
            }, table  # fmt: skip


def test_the_application_cannot_make_tables(engine: Engine) -> None:
    with engine.connect() as conn:
        may = conn.execute(
            text("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
        ).scalar()
    assert may is False
