"""After a load by any way: rows along the curve, labels of scale, and no work the second time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, text

from gis.components.thinning import minzooms
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.errors import Forbidden
from gis.tiles import settle as settling
from gis.tiles.settle import SCATTERED, scatter_of, settle
from tests import factories as make

ROWS = 3_000
NOW = datetime(2026, 11, 20, tzinfo=UTC)
SCATTERED_LOAD = text(
    "INSERT INTO component (code, edition, class_code, grid_code, geom)"
    " SELECT 'C' || n, '2013', '0101', :cell,"
    " ST_SetSRID(ST_MakePoint(116.4 + (n * 7919 % 1009) / 5000.0,"
    "                         39.9 + (n * 104729 % 997) / 5000.0), 4490)"
    " FROM generate_series(1, :rows) AS n"
)


@pytest.fixture
def owner(fresh_database: ClusterUrls) -> Iterator[Engine]:
    """A database into which somebody copied components in no order, without labels."""
    engine = make_engine(fresh_database.owner_url, pool_size=2, statement_timeout_ms=0)
    with engine.begin() as conn:
        make.make_cell(conn)
        conn.execute(SCATTERED_LOAD, {"cell": make.grid_code(), "rows": ROWS})
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _few_rows_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "SMALL_ROWS", 1_000)


def _labels(conn: Connection) -> tuple[np.ndarray, np.ndarray]:
    rows = conn.execute(
        text("SELECT ST_X(geom_3857), ST_Y(geom_3857), minzoom FROM component ORDER BY id")
    ).all()
    return np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])


def test_a_load_without_order_is_put_in_order_and_labelled(owner: Engine) -> None:
    with owner.connect() as conn:
        assert scatter_of(conn, "component") > SCATTERED
    done = settle(owner, now=NOW, say=lambda _: None)
    assert done.rewritten == ("component",)
    assert done.relabelled > 0
    assert done.placed == 1
    with owner.connect() as conn:
        assert scatter_of(conn, "component") < SCATTERED / 2
        assert conn.execute(text("SELECT count(*) FROM component")).scalar() == ROWS
        assert conn.execute(text("SELECT count(label_3857) FROM grid_cell")).scalar() == 1
        points, labels = _labels(conn)
    assert labels.tolist() == minzooms(points).tolist()


def test_settling_again_does_nothing(owner: Engine) -> None:
    settle(owner, now=NOW, say=lambda _: None)
    versions = text("SELECT layer, version FROM layer_version ORDER BY 1")
    with owner.connect() as conn:
        before = conn.execute(versions).all()
    done = settle(owner, now=NOW, say=lambda _: None)
    assert (done.relabelled, done.placed, done.rewritten) == (0, 0, ())
    with owner.connect() as conn:
        assert conn.execute(versions).all() == before
        left = text("SELECT count(*) FROM pg_indexes WHERE indexname = 'settle_curve'")
        assert conn.execute(left).scalar() == 0


def test_the_tiles_of_what_was_relabelled_end(owner: Engine) -> None:
    settle(owner, now=NOW, say=lambda _: None)
    with owner.connect() as conn:
        held = {r.layer for r in conn.execute(text("SELECT layer FROM layer_version"))}
    assert {"component", "grid_cell"} <= held


def test_a_role_that_does_not_own_the_tables_is_told_the_way_out(
    owner: Engine, fresh_database: ClusterUrls
) -> None:
    app = make_engine(fresh_database.app_url, pool_size=1)
    try:
        with pytest.raises(Forbidden, match="WANMI_OWNER_DATABASE_URL"):
            settle(app, now=NOW, say=lambda _: None)
    finally:
        app.dispose()
