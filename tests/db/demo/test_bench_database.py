"""The databases of the benchmarks are built once and taken again while nothing changed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.demo import bench_database
from gis.demo.bench_database import ensure_bench_database, name_of


def test_a_bench_database_is_built_once_and_again_when_its_state_changed(
    cluster: ClusterUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    now = datetime.now(UTC)
    state = bench_database._state("tiny", 1) + str(now)
    monkeypatch.setattr(bench_database, "_state", lambda _size, _seed: state)

    def ensure() -> ClusterUrls:
        return ensure_bench_database(
            cluster, "tiny", work_srid=4548, now=now, progress=said.append, seed=1
        )

    urls = ensure()
    assert said[0] == f"building {name_of('tiny')}"
    said.clear()
    assert ensure() == urls and said == []
    engine = make_engine(urls.app_url, pool_size=1)
    with engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM cases")).scalar() == 60
        assert conn.execute(text("SELECT current_database()")).scalar() == "wanmi_bench_tiny"
    engine.dispose()
    admin = make_engine(cluster.superuser_url, pool_size=1)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("DROP DATABASE wanmi_bench_tiny WITH (FORCE)")
    admin.dispose()
