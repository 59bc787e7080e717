"""The list of cases: filter, table, pages, files."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.queries import find_cases
from gis.cases.desks.screen import filter_lines
from gis.cases.lists import Page
from gis.ui.bulk_form import bulk_form
from gis.ui.case_files import file_buttons
from gis.ui.case_filter import Names, asked_filter, filter_form, names_for
from gis.ui.case_rows import show_rows
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.saved_filters import saved_filters
from gis.ui.session import still_here
from gis.ui.words import _, local_number, locale

KEY = "cases"
_AFTER = f"{KEY}.after"


def _mark(wanted: CaseFilter) -> str | None:
    """Where the page in hand begins; a page belongs to one filter."""
    of, mark = st.session_state.get(_AFTER, (None, None))
    return mark if of == wanted else None


def _turn(wanted: CaseFilter, mark: str | None) -> None:
    st.session_state[_AFTER] = (wanted, mark)


def _pager(wanted: CaseFilter, page: Page) -> None:
    turned = _mark(wanted) is not None
    if not turned and page.next_after is None:
        return
    with st.container(horizontal=True):
        st.button(
            _("First page"), key=f"{KEY}.first", disabled=not turned, on_click=_turn,
            args=(wanted, None),
        )  # fmt: skip
        st.button(
            _("Next page"), key=f"{KEY}.next", disabled=page.next_after is None, on_click=_turn,
            args=(wanted, page.next_after),
        )  # fmt: skip


def _said(wanted: CaseFilter, names: Names, page: Page) -> None:
    lines = filter_lines(wanted, locale=locale(), names=names.by_field())
    count = local_number(len(page.rows)) + ("+" if page.next_after else "")
    st.caption(escape_markdown(_("{count} cases").format(count=count) + " · " + " · ".join(lines)))


def _read(actor: Actor, wanted: CaseFilter, now: datetime) -> Page | None:
    with shown_errors(), unit_of_work() as conn:
        return find_cases(conn, actor=actor, wanted=wanted, now=now, after=_mark(wanted))
    return None


def _several(actor: Actor, chosen: list[str]) -> None:
    """The form for several cases once more than one is ticked."""
    if not actor.may(Permission.MOVE_CASES):
        return
    if len(chosen) < 2 and f"{KEY}.bulk.done" not in st.session_state:
        return
    with st.container(border=True):
        if bulk_form(actor, chosen, key=f"{KEY}.bulk"):
            st.session_state[f"{KEY}.turn"] += 1
            st.rerun(scope="fragment")


@st.fragment
def case_list() -> None:
    """The list below the guard of its page; a fragment, so that the rest stays as it is."""
    actor, now = still_here(), datetime.now(UTC)
    wanted = asked_filter()
    names = names_for(actor, wanted)
    filter_form(wanted, names, key=KEY)
    with st.popover(_("Saved filters"), icon=":material/bookmark:"):
        saved_filters(actor, "list", wanted, key=f"{KEY}.saved")
    page = _read(actor, wanted, now)
    if page is None:
        return
    if not page.rows:
        st.info(_("No case fits this filter. Leave something out, or show all instead of open."))
        return
    _said(wanted, names, page)
    turn = st.session_state.setdefault(f"{KEY}.turn", 0)
    table = f"{KEY}.table.{turn}"
    chosen = show_rows(page.rows, now=now, key=table, columns=wanted.columns)
    _pager(wanted, page)
    _several(actor, chosen)
    if actor.may(Permission.EXPORT):
        file_buttons(wanted, names, key=KEY)
