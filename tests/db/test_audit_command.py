"""`audit verify` finds what somebody with the database's highest rights changed."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gis.__main__ import main
from gis.audit.trail import record
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_verify_passes_an_honest_trail_and_names_a_changed_event(
    fresh_database: ClusterUrls,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: object,
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app_url)
    monkeypatch.setenv("WANMI_OWNER_DATABASE_URL", fresh_database.owner_url)
    monkeypatch.setenv("WANMI_HOME", str(tmp_path))
    app = make_engine(fresh_database.app_url, pool_size=1)
    with app.begin() as conn:
        for action in ("report", "register", "file"):
            record(
                conn,
                subject_type="case",
                subject_id=7,
                actor_id=None,
                role="system",
                action=action,
                at=NOW,
            )
    app.dispose()
    close_runtime()
    try:
        assert main(["audit", "verify", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"events": 3, "broken": []}
        admin = make_engine(fresh_database.superuser_url, pool_size=1)
        with admin.begin() as conn:
            conn.execute(text("UPDATE audit_event SET action = 'close' WHERE seq = 2"))
        admin.dispose()
        assert main(["audit", "verify", "--json"]) == 1
        (link,) = json.loads(capsys.readouterr().out)["broken"]
        assert (link["seq"], link["fault"]) == (2, "content")
    finally:
        close_runtime()
