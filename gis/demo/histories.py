"""Cases with their whole histories, lived in memory and written by COPY."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from gis.cases.records import Case
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.tables import cases
from gis.db.sqlfile import load_sql
from gis.demo.copying import copy_rows, json_text, points_hex, set_sequences
from gis.demo.details import answer_questions, choose_cells, come_back
from gis.demo.dispatching import Chosen
from gis.demo.drafts import Draft, Drafting, give_numbers
from gis.demo.evidence import OwnPhotos
from gis.demo.ground import Ground
from gis.demo.living import Living
from gis.demo.people import People
from gis.demo.photos import draw_pictures, store_pictures
from gis.demo.replay import Life, Replay
from gis.demo.sizes import EDITION, Size, chance
from gis.demo.telling import Telling
from gis.standards.model import HandlingRule
from gis.standards.queries import active_classes, limits_of_class
from gis.worktime.queries import work_calendar

_CHAIN = load_sql(__package__, "chain_trail")
_SENT = load_sql(__package__, "photos_sent")
_EDGES = load_sql(__package__, "cell_edges")
_STAGING = text(
    "CREATE TEMPORARY TABLE demo_trail (subject_id bigint, seq int, at timestamptz,"
    " actor_id bigint, role text, action text, data jsonb) ON COMMIT DROP"
)


@dataclass(frozen=True)
class Scene:
    """What the lives of cases are played on."""

    ground: Ground
    people: People
    chosen: Chosen
    components: pd.DataFrame
    size: Size
    seed: int
    now: datetime
    files: Path | None


def live_cases(conn: Connection, scene: Scene) -> tuple[list[Life], OwnPhotos]:
    """Every case from its report to `now`, ids in the order of reporting; photos to look at."""
    drafting = Drafting(scene.ground, scene.components, scene.size, scene.seed, scene.now)
    drafts = drafting.all(scene.people.zone, scene.people.guest_community)
    details = chance(scene.seed, "details")
    come_back(drafts, scene.ground, details)
    answer_questions(drafts, details)
    choose_cells(drafts, scene.ground, details)
    give_numbers(drafts, scene.people.zone)
    replay = Replay(_rules(conn, drafts), work_calendar(conn), read_case_settings(conn))
    pictures = draw_pictures(scene.seed)
    store_pictures(conn, pictures, now=scene.now, files=scene.files)
    living = Living(
        replay,
        scene.people,
        scene.chosen,
        Telling(scene.ground, drafts, chance(scene.seed, "words")),
        pictures,
        {(str(c.kind), c.code): c.name.zh for c in active_classes(conn, EDITION)},
        chance(scene.seed, "lives"),
        scene.now,
    )
    lives = [living.live(number, draft) for number, draft in enumerate(drafts, start=1)]
    own = OwnPhotos(pictures, scene.files, chance(scene.seed, "own photos"), scene.now)
    own.choose(lives, scene.people)
    own.store(conn)
    return lives, own


def _rules(conn: Connection, drafts: Iterable[Draft]) -> dict[tuple[str, str], list[HandlingRule]]:
    used = sorted({(str(draft.kind), draft.class_code) for draft in drafts})
    return {
        (kind, code): limits_of_class(conn, kind=kind, edition=EDITION, code=code)
        for kind, code in used
    }


def write_lives(conn: Connection, lives: list[Life]) -> dict[str, int]:
    """Cases, events, photos of events, audit chains and the counters of numbers."""
    events = _event_frame(lives)
    counted = {
        "cases": copy_rows(conn, "cases", _case_frame(lives)),
        "case_event": copy_rows(conn, "case_event", events.drop(columns=["audit", "number"])),
        "attachment": copy_rows(conn, "attachment", _attachment_frame(lives)),
        "case_counter": copy_rows(conn, "case_counter", _counters(lives)),
    }
    conn.execute(_SENT)
    conn.execute(_EDGES, {"most_m": CaseSettings().near_edge_most_m})
    conn.execute(_STAGING)
    trail = events.rename(columns={"case_id": "subject_id", "move": "action"})
    trail = trail.assign(data=events["audit"])
    names = ["subject_id", "seq", "at", "actor_id", "role", "action", "data"]
    counted["audit_event"] = copy_rows(conn, "demo_trail", trail[names])
    conn.execute(text("ANALYZE demo_trail"))
    conn.execute(_CHAIN)
    set_sequences(conn, ("cases", "case_event", "attachment"))
    return counted


_AS_STORED = ({f.name for f in fields(Case)} & set(cases.columns.keys())) - {
    "kind", "state", "clock_left",
}  # fmt: skip
_WHOLE = (
    *("condition_no", "reporter_id", "supervisor_id", "department_id", "handler_id"),
    *("dispatch_rule_id", "changed_by", "component_id"),
)


def _case_frame(lives: list[Life]) -> pd.DataFrame:
    frame = pd.DataFrame([_case_row(life) for life in lives])
    lonlat = np.array([(life.draft.lon, life.draft.lat) for life in lives])
    times = [name for name in frame.columns if name.endswith("_at")]
    return frame.assign(
        geom=points_hex(lonlat),
        **{name: frame[name].astype("Int64") for name in _WHOLE},
        **{name: pd.to_datetime(frame[name], utc=True) for name in times},
    )


def _case_row(life: Life) -> dict[str, Any]:
    case = life.case
    row = {name: getattr(case, name) for name in sorted(_AS_STORED)}
    left = case.clock_left
    return row | {
        "kind": str(case.kind),
        "state": str(case.state),
        "clock_left": None if left is None else json_text(left),
        "description": life.text,
        "component_id": life.draft.component_id,
        "accuracy_m": life.draft.accuracy_m,
    }


def _event_frame(lives: list[Life]) -> pd.DataFrame:
    frame = pd.DataFrame(list(_event_rows(lives)))
    frame = frame.sort_values(["at", "case_id", "seq"], kind="stable").reset_index(drop=True)
    frame.insert(0, "id", range(1, len(frame) + 1))
    return frame.assign(
        actor_id=frame["actor_id"].astype("Int64"),
        department_id=frame["department_id"].astype("Int64"),
    )


def _event_rows(lives: list[Life]) -> Iterator[dict[str, Any]]:
    for life in lives:
        for seq, event in enumerate(life.events, start=1):
            step = event.step
            yield {
                "case_id": life.case.id,
                "seq": seq,
                "move": str(step.move),
                "from_state": event.from_state,
                "to_state": event.to_state,
                "at": step.at,
                "actor_id": step.actor_id,
                "role": str(step.role),
                "department_id": event.department_id,
                "note": event.note,
                "data": json_text(event.data),
                "audit": json_text(event.audit),
                "number": life.case.number,
            }


def _attachment_frame(lives: list[Life]) -> pd.DataFrame:
    rows = [
        (life.case.id, seq, purpose, sha, position)
        for life in lives
        for seq, event in enumerate(life.events, start=1)
        for position, (purpose, sha) in enumerate(event.photos, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["case_id", "event_seq", "purpose", "sha256", "position"])
    frame.insert(0, "id", range(1, len(frame) + 1))
    return frame


def _counters(lives: list[Life]) -> pd.DataFrame:
    """The last number of each street and day, so that the next real case goes on from it."""
    last = Counter(life.case.number.rpartition("-")[0] for life in lives)
    rows = [
        (prefix[:9], datetime.strptime(prefix[10:], "%y%m%d").date(), count)  # noqa: DTZ007
        for prefix, count in sorted(last.items())
    ]
    return pd.DataFrame(rows, columns=["street_code", "day", "last"])
