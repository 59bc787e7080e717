"""What is asked of two streets where one call is not enough; rows that have to be there first."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.accounts.roster import read_week
from gis.cases.cell_edge.queries import edge_of_case
from gis.cases.evidence import audit
from gis.cases.settings import CaseSettings
from gis.catalog.layers import layers
from gis.dispatch.dry_run import dry_run
from gis.dispatch.rule_drafts import RuleDraft
from gis.errors import NotFound
from gis.evaluation.dispatching import dispatch_quality, dispatched_wrongly
from gis.tiles import case_days, identify, selection, values
from tests import factories as make
from tests.db.other_street import (
    NOW,
    OTHER_CASE,
    OTHER_CELL,
    OTHER_STREET,
    WEEK,
    ZONE,
    Other,
    draw,
)


def people_of_week(conn: Connection, who: Actor) -> Any:
    week = read_week(
        conn, role=Role.SUPERVISOR, area_code="", scope=who.scope, first_day=date(2026, 11, 16)
    )
    return week.people, week.cells, week.covered


def merged_in_other(conn: Connection, other: Other) -> int:
    """A second case of the other street, merged into its first one, which was answered."""
    merged = conn.execute(
        text("SELECT id FROM cases WHERE number = :n"), {"n": f"{OTHER_STREET}-261117-0002"}
    ).scalar()
    if merged is None:
        return 0
    conn.execute(
        text(
            "WITH m AS (INSERT INTO case_merge (case_id, into_id, since) VALUES (:m, :t, :now))"
            " INSERT INTO case_reply (case_id, about_id, kind, words, made_at)"
            " VALUES (:m, :t, 'written', 'words', :now)"
        ),
        {"m": merged, "t": other.case, "now": NOW},
    )
    return int(merged)


def into_other(conn: Connection, other: Other) -> int:
    merged_in_other(conn, other)
    return other.case


def features_seen(conn: Connection, who: Actor, other: Other) -> list[str]:
    """The sources of which somebody is shown the other street's row."""
    seen = []
    for layer in layers().values():
        for source in layer.sources:
            if source.name not in other.features:
                continue
            try:
                identify.feature(
                    conn, layer, source.name, id_in_tiles(source.name, other), actor=who
                )
            except NotFound:
                continue
            seen.append(source.name)
    return seen


def reports_by_day(conn: Connection, who: Actor) -> Any:
    case_days.forget()
    return case_days.case_days(conn, actor=who, level=3, days=90, now=NOW, zone=ZONE)


def selected(conn: Connection, who: Actor, *names: str) -> list[list[list[str]]]:
    """What the layers, or all protected ones, hold in a box around both cells."""
    draw(conn, make.DISTRICT, "POLYGON((116.3 39.8,116.5 39.8,116.5 40,116.3 40,116.3 39.8))")
    ring = [[116.39, 39.89], [116.42, 39.89], [116.42, 39.92], [116.39, 39.92]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    return [
        selection.select_in(conn, layer, polygon, actor=who, locale="en").texts()
        for layer in layers().values()
        if layer.is_scoped and (not names or layer.id in names)
    ]


def dry_run_of(conn: Connection, who: Actor) -> Any:
    """A rule that all cases of the own area would follow instead of none."""
    make.make_department(conn, code="DRY")
    drafts = [RuleDraft(who.scope.prefixes[0], "event", "", "DRY")]
    found = dry_run(conn, actor=who, drafts=drafts, last=100, now=NOW)
    return found.cases, found.changed, [case.number for case in found.listed]


def quality(conn: Connection, who: Actor, other: Other) -> Any:
    """First dispatches, of which the other street's went wrong."""
    conn.execute(
        text(
            "INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role,"
            " department_id) SELECT c.id, s.seq, s.move, '', '', :now, 'system', s.department"
            " FROM cases c, (VALUES (2, 'dispatch', NULL), (3, 'ask_return', NULL),"
            " (4, 'dispatch', CAST(:d AS bigint))) s (seq, move, department)"
            " WHERE c.number = :number"
        ),
        {"now": NOW, "d": other.department, "number": OTHER_CASE},
    )
    asked_for = {"period": WEEK, "scope": who.scope}
    return dispatch_quality(conn, **asked_for), dispatched_wrongly(conn, **asked_for).to_csv()


def id_in_tiles(source: str, other: Other) -> int:
    return int(OTHER_CELL) if source == "grid" else other.features[source]


def codes_seen(conn: Connection, who: Actor) -> list[Any]:
    conn.execute(
        text("UPDATE pipe_segment SET kind = 'WS' WHERE grid_code = :c"), {"c": OTHER_CELL}
    )
    return [values.codes_in_use(conn, layer, scope=who.scope) for layer in layers().values()]


MONTH = {"starts": NOW - timedelta(days=30), "ends": NOW + timedelta(days=1)}


def drawn(conn: Connection, who: Actor) -> Any:
    other = {"n": f"{OTHER_STREET}-261117-0002"}
    conn.execute(text("UPDATE cases SET state = 'SELF_HANDLED' WHERE number = :n"), other)
    everything = CaseSettings(self_handled_sample_percent=100)
    return audit.sample_to_audit(conn, scope=who.scope, starts=MONTH["starts"], settings=everything)


def edge_kept(conn: Connection, who: Actor, other: Other) -> Any:
    conn.execute(
        text("INSERT INTO case_cell_edge (case_id, accuracy_m, chosen_cell, candidates)"
             " SELECT id, 9, grid_code, '[]' FROM cases WHERE id = :id"),
        {"id": other.case},
    )  # fmt: skip
    return edge_of_case(conn, other.case, scope=who.scope, person_id=who.person_id)
