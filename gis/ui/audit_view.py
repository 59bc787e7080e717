"""The auditor's page in parts: findings about photos, figures of supervisors, the sample."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor
from gis.cases.evidence.audit import (
    MOST,
    Behind,
    Compared,
    Comparison,
    Drawn,
    Figure,
    Flagged,
    compare_supervisors,
    flagged_findings,
    sample_to_audit,
    steps_behind,
)
from gis.cases.evidence.deviation import Spread
from gis.cases.evidence.model import FindingKind
from gis.cases.evidence.words import KIND_NAMES
from gis.cases.screen import span_words
from gis.cases.settings import CaseSettings
from gis.cases.workflow import MOVES
from gis.errors import Term
from gis.ui.case_link import case_link
from gis.ui.case_view import case_panel
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.finding_view import finding_sheet
from gis.ui.words import _, local_number, local_share, name_of, zone

HEIGHT_PX = 520
FIGURE_NAMES: Final[Mapping[Figure, Term]] = {
    Figure.PASS_RATE: Term("核查通过率", "Pass rate"),
    Figure.DISTANCE: Term("拍摄距离中位数", "Median distance"),
    Figure.REUSE: Term("照片重复率", "Re-use rate"),
}


def period(settings: CaseSettings, now: datetime) -> tuple[datetime, datetime]:
    """How far back the page looks; the district's setting stands there first."""
    days = st.number_input(
        _("Days to look back"), min_value=1, max_value=730, value=settings.audit_period_days,
        key="audit.days", width=160,
    )  # fmt: skip
    return now - timedelta(days=int(days)), now + timedelta(minutes=1)


def _table(rows: Sequence[Mapping[str, Any]], config: Mapping[str, Any], key: str) -> int | None:
    """A table of which one row is in hand; answers its place, the first without a choice."""
    frame = pd.DataFrame(list(rows))
    for name in ("at", "reported_at"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone())
    event: Any = st.dataframe(
        frame,
        hide_index=True,
        height="content" if 36 * (len(rows) + 1) < HEIGHT_PX else HEIGHT_PX,
        column_config=dict(config),
        on_select="rerun",
        selection_mode="single-row",
        key=key,
    )
    chosen = [row for row in event.selection.rows if row < len(rows)]
    return chosen[0] if chosen else (0 if rows else None)


def _most(found: Sequence[object]) -> None:
    if len(found) >= MOST:
        st.caption(_("The newest {n} are shown.").format(n=MOST))


# ------------------------------------------------------------------ findings


def findings(actor: Actor, starts: datetime, ends: datetime) -> None:
    """The flagged findings at the left, one with its photo and the decision at the right."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = st.pills(
            _("Kinds"), list(FindingKind), selection_mode="multi", key="audit.kinds",
            format_func=lambda kind: name_of(KIND_NAMES[kind]),
        )  # fmt: skip
        decided = st.toggle(_("Decided ones"), key="audit.decided")
    found: list[Flagged] = []
    with shown_errors(), unit_of_work() as conn:
        found = flagged_findings(
            conn, scope=actor.scope, starts=starts, ends=ends, decided=decided,
            kinds=tuple(kinds) or tuple(FindingKind),
        )  # fmt: skip
    if not found:
        st.success(_("Nothing is flagged here in this time."))
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        chosen = _table([_finding_cells(one) for one in found], _finding_columns(), "audit.list")
        _most(found)
    with right:
        if chosen is not None:
            finding_sheet(actor, found[chosen])


def _off(metres: float | None, minutes: float | None) -> str:
    """How far or how long a photo is off; empty where neither is known."""
    if metres is not None:
        return f"{local_number(metres)} m"
    return name_of(span_words(timedelta(minutes=minutes))) if minutes is not None else ""


def _finding_cells(one: Flagged) -> dict[str, Any]:
    return {
        "kind": name_of(KIND_NAMES[one.kind]),
        "off": _off(one.metres, one.minutes),
        "who": one.person or _("System"),
        "move": name_of(one.step),
        "at": one.at,
        "number": one.number,
    }


def _finding_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "kind": column.TextColumn(_("Finding"), pinned=True),
        "off": column.TextColumn(_("Off by")),
        "who": column.TextColumn(_("Who")),
        "move": column.TextColumn(_("Step")),
        "at": column.DatetimeColumn(_("When"), format="MM-DD HH:mm"),
        "number": column.TextColumn(_("Case number")),
    }


# ------------------------------------------------------------------ supervisors


def supervisors(actor: Actor, starts: datetime, ends: datetime, settings: CaseSettings) -> None:
    """Everybody's figures, those who are out first, and the steps behind a figure."""
    found = Comparison((), {})
    with shown_errors(), unit_of_work() as conn:
        found = compare_supervisors(
            conn, scope=actor.scope, starts=starts, ends=ends, settings=settings
        )
    if not found.people:
        st.info(_("Nobody verified or checked anything in this time."))
        return
    usual = [_usual(figure, found.usual.get(figure), settings) for figure in Figure]
    st.caption("  \n".join(usual))
    left, right = st.columns([6, 5], gap="medium")
    with left:
        chosen = _table([_person_cells(p, settings) for p in found.people], _people_columns(),
                        "audit.people")  # fmt: skip
    with right:
        if chosen is not None:
            _behind(actor, found.people[chosen], starts, ends)


def _shown(figure: Figure, value: float | None) -> str:
    if figure is Figure.DISTANCE:
        return "–" if value is None else f"{local_number(value)} m"
    return local_share(value)


def _usual(figure: Figure, usual: Spread | None, settings: CaseSettings) -> str:
    name = name_of(FIGURE_NAMES[figure])
    if usual is None:
        return _("{figure}: too few to compare ({n} persons with {n} steps each).").format(
            figure=name, n=settings.audit_fewest
        )
    lowest = max(usual.lowest, 0.0)
    return _("{figure}: median {middle}; usual {lowest} to {highest}.").format(
        figure=name,
        middle=_shown(figure, usual.middle),
        lowest=_shown(figure, lowest if figure is Figure.PASS_RATE else 0.0),
        highest=_shown(
            figure, usual.highest if figure is Figure.DISTANCE else min(usual.highest, 1.0)
        ),
    )


def _person_cells(person: Compared, settings: CaseSettings) -> dict[str, Any]:
    def shown(figure: Figure) -> str:
        return _shown(figure, person.value(figure, fewest=settings.audit_fewest))

    return {
        "name": person.name,
        "out": [name_of(FIGURE_NAMES[figure]) for figure in Figure if figure in person.out],
        "checked": person.checked,
        "pass_rate": shown(Figure.PASS_RATE),
        "photos": person.photos,
        "distance": shown(Figure.DISTANCE),
        "reuse": shown(Figure.REUSE),
    }


def _people_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "name": column.TextColumn(_("Supervisor"), pinned=True),
        "out": column.ListColumn(_("Out of the usual")),
        "checked": column.NumberColumn(_("Cases checked")),
        "pass_rate": column.TextColumn(name_of(FIGURE_NAMES[Figure.PASS_RATE])),
        "photos": column.NumberColumn(_("Number of photos")),
        "distance": column.TextColumn(name_of(FIGURE_NAMES[Figure.DISTANCE])),
        "reuse": column.TextColumn(name_of(FIGURE_NAMES[Figure.REUSE])),
    }


def _behind(actor: Actor, person: Compared, starts: datetime, ends: datetime) -> None:
    st.markdown(f"**{_('Behind the figures of')}**")
    st.text(person.name)
    first = next((figure for figure in Figure if figure in person.out), Figure.PASS_RATE)
    figure = st.segmented_control(
        _("Figure"), list(Figure), default=first, required=True,
        format_func=lambda one: name_of(FIGURE_NAMES[one]), label_visibility="collapsed",
        key=f"audit.figure.{person.person_id}",
    )  # fmt: skip
    steps: list[Behind] = []
    with shown_errors(), unit_of_work() as conn:
        steps = steps_behind(
            conn, scope=actor.scope, person_id=person.person_id, figure=Figure(figure),
            starts=starts, ends=ends,
        )  # fmt: skip
    if not steps:
        st.caption(_("No step stands behind this figure."))
        return
    column = st.column_config
    chosen = _table(
        [
            {"number": s.number, "move": name_of(MOVES[s.move].label), "at": s.at,
             "off": _off(s.metres, None), "reused": s.reused}
            for s in steps
        ],
        {
            "number": column.TextColumn(_("Case number"), pinned=True),
            "move": column.TextColumn(_("Step")),
            "at": column.DatetimeColumn(_("When"), format="MM-DD HH:mm"),
            "off": column.TextColumn(_("Off by")),
            "reused": column.CheckboxColumn(_("Photo used before")),
        },
        f"audit.steps.{person.person_id}.{figure}",
    )  # fmt: skip
    _most(steps)
    if chosen is not None:
        case_link(steps[chosen].number)


# ------------------------------------------------------------------ self-handled cases


def sample(actor: Actor, starts: datetime, settings: CaseSettings) -> None:
    """The self-handled cases that were drawn, and the case in hand with its audit."""
    found: list[Drawn] = []
    with shown_errors(), unit_of_work() as conn:
        found = sample_to_audit(conn, scope=actor.scope, starts=starts, settings=settings)
    st.caption(
        _("{percent} % of the self-handled cases are drawn by their number.").format(
            percent=settings.self_handled_sample_percent
        )
    )
    if not found:
        st.success(_("Every drawn case of this time has been audited."))
        return
    left, right = st.columns([5, 5], gap="medium")
    with left:
        chosen = _table([_drawn_cells(one) for one in found], _drawn_columns(), "audit.sample")
        _most(found)
    with right:
        if chosen is not None:
            case_panel(actor, found[chosen].number, now=datetime.now(UTC))


def _drawn_cells(one: Drawn) -> dict[str, Any]:
    return {
        "number": one.number,
        "reported_at": one.reported_at,
        "class": name_of(one.class_name) if one.class_name else "",
        "who": one.reporter or _("System"),
        "grid": one.grid_code,
        "photos": one.photos,
    }


def _drawn_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "number": column.TextColumn(_("Case number"), pinned=True),
        "reported_at": column.DatetimeColumn(_("Reported"), format="MM-DD HH:mm"),
        "class": column.TextColumn(_("Class")),
        "who": column.TextColumn(_("Supervisor")),
        "grid": column.TextColumn(_("Grid")),
        "photos": column.NumberColumn(_("Number of photos")),
    }
