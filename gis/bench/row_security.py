"""
What row-level security under the explicit scope costs: an experiment, not a promise.

    python -m gis.bench.row_security [--rows 1000000]

Makes its own copy of `cases` (columns, generated geometries, indexes) in the schema
`row_security_bench`, fills it, runs each query as the application role with and without a policy
in shuffled pairs, prints one JSON object a line and removes the schema. The answer stands in
docs/decisions/.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, TextClause, text

from gis.bench.pairs import measure_pairs, ratio_of_blocks
from gis.config import read_settings
from gis.db.cluster import ensure_started
from gis.db.engine import make_engine

SCHEMA = "row_security_bench"
DISTRICTS = 16
STREETS = 17
COST_ALLOWED = 1.10
"""More than this over the explicit filter alone, and the policy stays out."""

_FILL = """
INSERT INTO {schema}.cases (number, district_code, street_code, community_code, grid_code, kind,
    edition, class_code, source, state, open, reported_at, due_at, changed_at, geom)
SELECT 'n' || n, left(s.code, 6), s.code, s.code || '001',
       s.code || '001' || lpad(CAST(n % 250 AS text), 3, '0'), 'event', '2013', '0101',
       'supervisor', CASE WHEN n % 20 = 0 THEN 'FILED' ELSE 'CLOSED' END, n % 20 = 0,
       at.moment, at.moment + interval '8 hours', at.moment,
       ST_SetSRID(ST_MakePoint(116 + s.d * 0.05 + random() * 0.05, 39.7 + random() * 0.3), 4490)
FROM generate_series(1, :rows) n
CROSS JOIN LATERAL (
    SELECT CAST(n % {districts} AS int) AS d,
           '1101' || lpad(CAST(n % {districts} + 1 AS text), 2, '0')
                  || lpad(CAST(n / {districts} % {streets} + 1 AS text), 3, '0') AS code) s
CROSS JOIN LATERAL (
    SELECT CAST('2026-11-22' AS timestamptz) - n * interval '8 seconds' AS moment) at
"""

_POLICY = (
    "CREATE POLICY in_scope ON {schema}.cases USING"
    " (grid_code ^@ ANY(string_to_array(current_setting('app.scope', true), '|')))"
)

_SCOPE = "grid_code ^@ ANY(CAST(:scope AS text[]))"
QUERIES = {
    "queue": text(
        f"SELECT id, number, due_at FROM {SCHEMA}.cases WHERE open AND state = 'FILED'"
        f" AND {_SCOPE} ORDER BY due_at, id LIMIT 50"
    ),
    "list": text(
        f"SELECT id, number, state FROM {SCHEMA}.cases WHERE reported_at >= :since AND {_SCOPE}"
        " ORDER BY reported_at DESC, id LIMIT 50"
    ),
    "map": text(
        f"SELECT id, state FROM {SCHEMA}.cases WHERE open AND geom_3857 &&"
        f" ST_Transform(ST_MakeEnvelope(116.01, 39.8, 116.03, 39.82, 4490), 3857) AND {_SCOPE}"
        " LIMIT 5000"
    ),
    "number": text(f"SELECT id, state FROM {SCHEMA}.cases WHERE number = :number AND {_SCOPE}"),
    "count": text(
        f"SELECT state, count(*) FROM {SCHEMA}.cases WHERE {_SCOPE}"
        " AND reported_at >= :since GROUP BY state"
    ),
}
PARAMS = {"scope": ["110101"], "since": "2026-11-01", "number": "n160000"}


@contextmanager
def ground(owner: Engine, app_role: str, rows: int) -> Iterator[None]:
    """The copy of `cases` with its rows; gone afterwards."""
    with owner.begin() as conn:
        conn.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        conn.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        conn.execute(text(f"CREATE TABLE {SCHEMA}.cases (LIKE public.cases INCLUDING ALL)"))
        fill = _FILL.format(schema=SCHEMA, districts=DISTRICTS, streets=STREETS)
        conn.execute(text(fill), {"rows": rows})
        conn.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {app_role}"))
        conn.execute(text(f"GRANT SELECT ON {SCHEMA}.cases TO {app_role}"))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"VACUUM ANALYZE {SCHEMA}.cases"))
    try:
        yield
    finally:
        with owner.begin() as conn:
            conn.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def set_policy(owner: Engine, *, on: bool) -> None:
    """Switch the policy; the owner itself is never subject to it."""
    with owner.begin() as conn:
        conn.execute(text(f"DROP POLICY IF EXISTS in_scope ON {SCHEMA}.cases"))
        conn.execute(text(f"ALTER TABLE {SCHEMA}.cases DISABLE ROW LEVEL SECURITY"))
        if on:
            conn.execute(text(_POLICY.format(schema=SCHEMA)))
            conn.execute(text(f"ALTER TABLE {SCHEMA}.cases ENABLE ROW LEVEL SECURITY"))


def _ask(conn: Connection, query: TextClause, *, with_scope: bool) -> int:
    with conn.begin():
        if with_scope:
            conn.execute(text("SELECT set_config('app.scope', '110101', true)"))
        return len(conn.execute(query, PARAMS).all())


def measure(owner: Engine, app: Engine, rounds: int) -> Iterator[dict[str, object]]:
    """
    One line per query: medians with and without the policy, and their ratio.

    Row-level security belongs to the table, so the ways cannot alternate within one table: a
    view without it would not be the same plan. The policy is switched between short blocks
    instead, in both orders, and the ratio is the median over the blocks.
    """
    for name, query in QUERIES.items():
        found: dict[bool, list[dict[str, float]]] = {False: [], True: []}
        counts = set()
        for order in [(False, True), (True, False)] * 3:
            for on in order:
                set_policy(owner, on=on)
                with app.connect() as conn:
                    counts.add(_ask(conn, query, with_scope=on))
                    way = _way(conn, query, on=on)
                    _, medians = measure_pairs({"way": way}, rounds=rounds, blocks=1)
                found[on].append(medians[0])
        if len(counts) != 1:
            msg = f"{name}: the policy changes the answer: {counts}"
            raise RuntimeError(msg)
        blocks = [
            {"with": on["way"], "without": off["way"]}
            for on, off in zip(found[True], found[False], strict=True)
        ]
        ratio = ratio_of_blocks(blocks, "with", "without")
        yield {
            "query": name,
            "rows": counts.pop(),
            "explicit_ms": round(min(b["without"] for b in blocks), 3),
            "explicit_and_policy_ms": round(min(b["with"] for b in blocks), 3),
            "ratio": round(ratio, 2),
            "within_cost": ratio <= COST_ALLOWED,
        }


def _way(conn: Connection, query: TextClause, *, on: bool) -> Callable[[int], object]:
    return lambda _n: _ask(conn, query, with_scope=on)


def main() -> int:
    """Run the experiment on the project's own cluster."""
    parser = argparse.ArgumentParser(description="what row-level security costs")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    urls = ensure_started(read_settings().home)
    owner = make_engine(urls.owner_url, pool_size=2, statement_timeout_ms=0)
    app = make_engine(urls.app_url, pool_size=2)
    with ground(owner, "wanmi_app", args.rows):
        for line in measure(owner, app, args.rounds):
            print(json.dumps(line), flush=True)
    owner.dispose()
    app.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
