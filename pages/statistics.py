"""Statistics: how many cases, where, how fast, and which cases stand behind each number."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from gis.accounts.model import Permission
from gis.evaluation.dispatching import dispatch_quality, dispatched_wrongly
from gis.evaluation.figures import figures
from gis.evaluation.model import period_of
from gis.evaluation.queries import cases_behind, figures_by_group, totals, trend
from gis.evaluation.satisfaction import cases_answered, satisfaction
from gis.evaluation.screen import formulas
from gis.grids.queries import areas_of_level, extent_of
from gis.ui import statistics_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.dispatch_quality_view import dispatch_section
from gis.ui.satisfaction_view import satisfaction_section
from gis.ui.session import open_page
from gis.ui.statistics_map import choropleth
from gis.ui.words import _, local_time, locale, zone

actor = open_page(_("Statistics"), Permission.VIEW_STATISTICS)
now = datetime.now(UTC)

with shown_errors(), unit_of_work() as conn:
    streets = areas_of_level(conn, 3, scope=actor.scope)

question = view.filters(now.astimezone(zone()).date(), view.area_names(streets))
answer = None
with shown_errors():
    period = period_of(question.first, question.last, zone())
    focus: dict[str, Any] = {"period": period, "scope": actor.scope, "area": question.area}
    with unit_of_work() as conn:
        groups = figures_by_group(conn, grouping=question.grouping, **focus)
        days = trend(conn, figures=(question.figure,), zone=zone().key, **focus)
        answer = extent_of(conn, scope=actor.scope, prefix=question.area), groups, days
if answer is None:
    st.stop()

bounds, groups, days = answer
figure = view.headline(totals(groups))
name = figures()[figure].name
left, right = st.columns([3, 5])
with left:
    choropleth(groups, figure, bounds, question)
with right:
    key = view.group_table(groups)
    if actor.may(Permission.EXPORT):
        view.export_buttons(groups, question, local_time(now))
view.trend_chart(days, name, period)

with shown_errors():
    with unit_of_work() as conn:
        behind = cases_behind(conn, figure=figure, grouping=question.grouping, key=key, **focus)
    row = _("all rows") if key is None else view.name_of_row(groups, key)
    view.case_list(behind, f"{name.text(locale())} · {row}")
with shown_errors():
    with unit_of_work() as conn:
        quality = dispatch_quality(conn, **focus)
        wrong = dispatched_wrongly(conn, **focus)
    dispatch_section(quality, wrong)
with shown_errors():
    with unit_of_work() as conn:
        said = satisfaction(conn, **focus), cases_answered(conn, **focus)
    satisfaction_section(*said)
with st.expander(_("What the figures mean")):
    st.markdown("\n".join(f"- {line}" for line in formulas(locale())))
