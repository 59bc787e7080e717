"""Whether the process lives, and whether it can do its work."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime


def test_the_process_answers_without_the_database(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    close_runtime()
    assert web.get("/healthz").json() == {"status": "ok"}
    answer = web.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["ok"] is False


def test_ready_means_a_database_with_our_schema_and_room_on_the_disk(web: TestClient) -> None:
    answer = web.get("/readyz")
    assert answer.status_code == 200
    checks = answer.json()["checks"]
    assert set(checks) == {"disk", "database", "schema", "worker", "calendar"}
    assert checks["worker"]["ok"] is False  # none runs here
    assert "postgres" not in answer.text


def test_a_schema_of_another_version_is_not_ready(
    web: TestClient, module_database: ClusterUrls
) -> None:
    owner = make_engine(module_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        ours = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        conn.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        assert web.get("/readyz").status_code == 503
    finally:
        with owner.begin() as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": ours})
        owner.dispose()


def test_the_worker_s_last_sign_and_the_calendar_s_end_are_shown(
    web: TestClient, web_database: Engine
) -> None:
    now = datetime.now(UTC)
    with web_database.begin() as conn:
        conn.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:now)"), {"now": now}
        )
        conn.execute(text("DELETE FROM workday"))
        conn.execute(
            text("INSERT INTO workday VALUES (CAST(:now AS date) + 20, true, 'test')"),
            {"now": now},
        )
    checks = web.get("/readyz").json()["checks"]
    assert checks["worker"]["ok"] is True
    assert checks["worker"]["value"] < 60
    assert checks["calendar"] == {"ok": True, "value": 20, "needed": False}
