"""The parts of the statistics page: filters, headline, table, trend, the cases behind a number."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from gis.errors import Term
from gis.evaluation.figures import CONDITIONS, SHARES
from gis.evaluation.model import Grouping, Period
from gis.evaluation.screen import GROUPING_NAMES, formulas, headers, shown_figures, table
from gis.exchange.sheets import csv_bytes, xlsx_bytes
from gis.ui.counted_cases import case_table
from gis.ui.db import escape_markdown
from gis.ui.words import _, local_number, local_share, locale

PRESETS = (7, 30, 90)
TABLE_PX = 420
TREND_COLOUR = "#0f766e"


@dataclass(frozen=True)
class Question:
    """What the person asks: rows, days, part of the district, and the figure in focus."""

    grouping: Grouping
    first: date
    last: date
    area: str
    figure: str


def area_names(streets: pd.DataFrame) -> dict[str, str]:
    """The areas to choose from: everything, then the streets by code."""
    names = streets["name_zh" if locale() == "zh-CN" else "name_en"]
    return {"": _("All areas of your posts")} | dict(zip(streets["code"], names, strict=True))


def filters(today: date, areas: dict[str, str]) -> Question:
    """
    The filter row.

    `areas` maps the codes a person may pick to their names; "" is all of them.
    The figure is chosen in `headline`, where its number stands.
    """
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
    grouping = left.selectbox(
        _("Rows"),
        list(Grouping),
        format_func=lambda g: GROUPING_NAMES[g].text(locale()),
        key="statistics.grouping",
    )
    area = middle.selectbox(
        _("Area"), list(areas), format_func=lambda code: areas[code], key="statistics.area"
    )
    with right:
        first, last = _days(today)
    figure = st.session_state.get("statistics.figure") or "logged"
    return Question(grouping or Grouping.STREET, first, last, area or "", figure)


def _days(today: date) -> tuple[date, date]:
    choice, dates = st.columns(2, vertical_alignment="bottom")
    span = choice.selectbox(
        _("Period"),
        [*PRESETS, 0],
        index=1,
        format_func=lambda n: _("Last {n} days").format(n=n) if n else _("From … to …"),
        key="statistics.span",
    )
    if span:
        return today - timedelta(days=span - 1), today
    picked: Any = dates.date_input(
        _("Days"),
        (today - timedelta(days=29), today),
        format="YYYY-MM-DD",
        key="statistics.days",
    )
    days = tuple(picked) if isinstance(picked, tuple) else (picked,)
    return (days[0], days[-1]) if days else (today, today)


def figure_text(value: float | None, figure: str) -> str:
    """A figure as people read it: 1,234 or 87 %; a dash where there is nothing to divide."""
    if value is None or pd.isna(value):
        return "–"
    return local_share(value) if figure in SHARES else local_number(value)


def headline(sums: dict[str, float | None]) -> str:
    """The figures of everything chosen; picking one puts it on map, trend and case list."""
    words = {f.id: f for f in shown_figures()}
    picked = st.segmented_control(
        _("Figure on the map, the trend and the list"),
        list(CONDITIONS),
        default="logged",
        format_func=lambda f: f"{words[f].name.text(locale())} **{figure_text(sums[f], f)}**",
        key="statistics.figure",
    )
    share = words["on_time_share"]
    st.caption(
        f"{share.name.text(locale())} {figure_text(sums['on_time_share'], share.id)}"
        f" = {share.formula.text(locale())}"
    )
    return str(picked or "logged")


def group_table(frame: pd.DataFrame) -> str | None:
    """The ranked table; answers the key of the row that was picked, None without a pick."""
    shown = table(frame, locale())
    titles = headers(locale())
    config: dict[str, Any] = {
        name: st.column_config.Column(title, width="small")
        for name, title in zip(shown.columns, titles, strict=True)
    }
    config["group"] = st.column_config.TextColumn(titles[0], pinned=True)
    for share in SHARES:
        title = titles[list(shown.columns).index(share)]
        config[share] = st.column_config.ProgressColumn(
            title, min_value=0, max_value=1, format="percent", width=96
        )
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        height="content" if 33 * (len(shown) + 1) < TABLE_PX else TABLE_PX,
        placeholder="–",
        column_config=config,
        column_order=["group", *SHARES, *CONDITIONS],
        on_select="rerun",
        selection_mode="single-row",
        key="statistics.table",
    )
    rows = [row for row in event.selection.rows if row < len(shown)]
    return None if not rows else str(shown["key"].iloc[rows[0]])


def name_of_row(frame: pd.DataFrame, key: str) -> str:
    """What the table calls the row with this key."""
    shown = table(frame, locale())
    return str(shown.loc[shown["key"] == key, "group"].iloc[0])


def export_buttons(frame: pd.DataFrame, question: Question, exported_at: str) -> None:
    """CSV and XLSX of the table on screen, with what its numbers mean."""
    shown, titles = table(frame, locale()), headers(locale())
    notes = [
        f"{question.first} – {question.last}",
        question.area or _("All areas of your posts"),
        *formulas(locale()),
        exported_at,
    ]
    name = f"wanmi-{question.grouping}-{question.first}-{question.last}"
    left, right, _rest = st.columns([1, 1, 4])
    left.download_button(
        _("CSV"), lambda: csv_bytes(shown, titles), f"{name}.csv", "text/csv", key="statistics.csv"
    )
    right.download_button(
        _("XLSX"),
        lambda: xlsx_bytes(shown, titles, title=_("Statistics"), notes=notes),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key="statistics.xlsx",
    )


def trend_chart(days: pd.DataFrame, name: Term, period: Period) -> None:
    """Cases per day as bars from zero; weeks beyond three months, so that bars stay readable."""
    if days.empty:
        st.caption(_("This figure is a state at the end of the period; it has no trend."))
        return
    unit = "yearweek" if period.days > max(PRESETS) else "yearmonthdate"
    frame = days.assign(day=pd.to_datetime(days["day"]))
    chart = (
        alt.Chart(frame)
        .mark_bar(color=TREND_COLOUR)
        .encode(
            x=alt.X(f"{unit}(day):T", title=_("Day"), axis=alt.Axis(format="%m-%d")),
            y=alt.Y("sum(cases):Q", title=_("{figure} (cases)").format(figure=name.text(locale()))),
            tooltip=[
                alt.Tooltip(f"{unit}(day):T", title=_("Day"), format="%Y-%m-%d"),
                alt.Tooltip("sum(cases):Q", title=_("Cases")),
            ],
        )
        .properties(height=220)
    )
    st.altair_chart(chart, width="stretch")


def case_list(cases: pd.DataFrame, title: str) -> None:
    """The cases one number counts, each number a link to its case."""
    st.subheader(escape_markdown(title))
    if cases.empty:
        st.info(_("No case is counted here. Choose a longer period or another row."))
        return
    case_table(
        cases,
        {
            "kind": _("Class"),
            "grid_code": _("Unit grid"),
            "reported_at": _("Reported"),
            "due_at": _("Limit"),
            "handled_at": _("Handled"),
            "closed_at": _("Closed"),
        },
    )
