"""On a case's page: that it was reported near the edge of a unit grid, and who chose which."""

from datetime import datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.cell_edge.queries import CellEdge, edge_of_case
from gis.cases.queries import CaseDetail
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_number, name_of


def near_edge_section(actor: Actor, detail: CaseDetail, _now: datetime) -> None:
    """Draws nothing for a case that lay clearly in its cell."""
    edge: CellEdge | None = None
    with shown_errors(), unit_of_work() as conn:
        edge = edge_of_case(conn, detail.case.id, scope=actor.scope, person_id=actor.person_id)
    if edge is None:
        return
    say = st.caption if edge.chosen_by else st.warning
    say(f"**{_('Near the edge of a grid')}**  \n{escape_markdown(_sentence(edge))}")


def _sentence(edge: CellEdge) -> str:
    cells = ", ".join(
        _("{code} {community} ({metres} m)").format(
            code=cell.grid_code,
            community=name_of(cell.community) if cell.community else "",
            metres=local_number(cell.distance_m),
        )
        for cell in edge.cells
    )
    if edge.chosen_by:
        who = _("{who} chose {code}.").format(who=edge.chosen_by, code=edge.chosen_cell)
    else:
        who = _(
            "Nobody was asked; the point decided: {code}. Check the grid before you go on."
        ).format(code=edge.chosen_cell)
    return _("Position within {metres} m; possible: {cells}. {who}").format(
        metres=local_number(edge.accuracy_m), cells=cells, who=who
    )
